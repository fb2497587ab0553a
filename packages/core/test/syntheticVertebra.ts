import { rotate, unit } from "../src/linalg/vec3.js";
import type { AnatomicalFrame } from "../src/volume/frame.js";
import type { Grid, Vec3, Volume } from "../src/volume/volume.js";
import { identityDirection, indexToWorld, voxelCount } from "../src/volume/volume.js";

/**
 * A lumbar vertebra of plain solids in its own axes (mm): x to its left, y to the back, z to the head, the body's centre
 * at 0. Body 44 x 30 mm across, 26 mm high at its middle; its end-plates may be tilted towards each other.
 */
export interface Shape {
  readonly wedge?: number; // radians between the end-plates, lower in front
  readonly arch?: "closed" | "open" | "none"; // open: lamina and spinous process are taken away
}

export type Place = "outside" | "body" | "posterior";

/** Which part holds the point. */
export function partAt([x, y, z]: Vec3, { wedge = 0, arch = "closed" }: Shape = {}): Place {
  const side = Math.abs(x);
  const roof = 13 + Math.tan(wedge / 2) * y;
  const kidney = (x / 22) ** 2 + (y / 15) ** 2 <= 1 && Math.hypot(x, y - 23) > 11; // hollow towards the canal
  if (kidney && Math.abs(z) <= roof) return "body";
  const block = (x0: number, x1: number, y0: number, y1: number, z0: number, z1: number) =>
    side >= x0 && side <= x1 && y >= y0 && y <= y1 && z >= z0 && z <= z1;
  const pedicle = block(10, 17, 6, 28, 1, 11);
  const lamina =
    y > 24 && Math.hypot(x / 17, (y - 24) / 13) <= 1 && Math.hypot(x / 12, (y - 24) / 9) > 1 && Math.abs(z) <= 8;
  const processes =
    block(14, 38, 25, 30, 1, 7) ||
    block(9, 15, 29, 36, -22, 2) ||
    block(12, 18, 26, 33, 4, 19) ||
    block(0, 3, 31, 56, -15, 1);
  if (arch === "none") return "outside";
  if (arch === "open") return pedicle || block(14, 38, 25, 30, 1, 7) ? "posterior" : "outside";
  return pedicle || lamina || processes ? "posterior" : "outside";
}

/** Axes of a vertebra whose own axes were turned by `angle` radians about `axis`, its body's centre at `centre`. */
export function turnedFrame(centre: Vec3, axis: Vec3, angle: number): AnatomicalFrame {
  const turn = (v: Vec3) => rotate(v, unit(axis), angle);
  return { centre, right: turn([-1, 0, 0]), anterior: turn([0, -1, 0]), cranial: turn([0, 0, 1]) };
}

/** The vertebra in a label map with voxels along L, P and S. `label` of each part; by default both parts have label 21, VerSe's L2. */
export function labelMap(
  frame: AnatomicalFrame,
  {
    spacing = [1, 1, 1],
    label = { body: 21, posterior: 21 },
    ...shape
  }: Shape & {
    readonly spacing?: Vec3;
    readonly label?: { readonly body: number; readonly posterior: number };
  } = {},
): Volume<"label"> {
  const reach = 68; // mm from the centre to every side
  const size = spacing.map((s) => Math.ceil((2 * reach) / s)) as unknown as Vec3;
  const grid: Grid = {
    size,
    spacing,
    direction: identityDirection(),
    origin: [frame.centre[0] - reach, frame.centre[1] - reach, frame.centre[2] - reach],
  };
  const data = new Float32Array(voxelCount(size));
  for (let k = 0, n = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, n++) {
        const at = ownAxes(frame, indexToWorld(grid, [i, j, k]));
        if (Math.abs(at[2]) > 25 || Math.abs(at[0]) > 40) continue; // beyond all solids: saves half the time
        const part = partAt(at, shape);
        if (part !== "outside") data[n] = label[part];
      }
  return { quantity: "label", data, ...grid };
}

/** Position in the vertebra's own axes (left, posterior, cranial). */
export function ownAxes({ centre, right, anterior, cranial }: AnatomicalFrame, p: Vec3): Vec3 {
  const [x, y, z] = [p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]];
  const along = (a: Vec3) => x * a[0] + y * a[1] + z * a[2];
  return [-along(right), -along(anterior), along(cranial)];
}
