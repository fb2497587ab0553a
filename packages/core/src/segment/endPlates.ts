import { fitPlaneRobust, type Plane } from "../linalg/plane.js";
import { dot, negate } from "../linalg/vec3.js";
import { depthIn } from "../volume/distance.js";
import type { Vec3 } from "../volume/volume.js";
import { indexToWorld, worldToIndex } from "../volume/volume.js";
import type { WorkMask } from "./workMask.js";

/** Planes through the end-plates of a body, normals to the head. */
export interface EndPlates {
  readonly superior: Plane;
  readonly inferior: Plane;
}

const RIM = 3; // mm of the body's edge left out: rounded corners and osteophytes are not end-plate

const STEP = 1.5; // mm: voxel steps of thick slices are no outliers

/**
 * End-plates of a vertebra in its (nearly right) axes: above and below each point of the body's middle section, the
 * ends of the bone. Undefined when there are too few points.
 * @param inside a point in the middle of the body, mm, LPS
 * @param wall   y index of the body's posterior wall: what lies behind is left out, as pedicles reach higher
 */
export function fitEndPlates({ mask, grid }: WorkMask, inside: Vec3, wall: number): EndPlates | undefined {
  const [nx, ny, nz] = grid.size;
  const [, , zc] = worldToIndex(grid, inside).map(Math.round) as [number, number, number];
  const section = mask.slice(nx * ny * zc, nx * ny * (zc + 1));
  for (let n = 0; n < section.length; n++) if (Math.floor(n / nx) > wall) section[n] = 0;
  const depth = depthIn(section, { size: [nx, ny, 1], spacing: [1, 1, 1e6] });
  const tops: Vec3[] = [],
    bottoms: Vec3[] = [];
  for (let n = 0; n < section.length; n++) {
    if (depth[n]! <= RIM) continue;
    const x = n % nx,
      y = Math.floor(n / nx);
    let top = zc,
      bottom = zc;
    while (top + 1 < nz && mask[n + nx * ny * (top + 1)]) top++;
    while (bottom > 0 && mask[n + nx * ny * (bottom - 1)]) bottom--;
    tops.push(indexToWorld(grid, [x, y, top + 0.5]));
    bottoms.push(indexToWorld(grid, [x, y, bottom - 0.5]));
  }
  const superior = fitPlaneRobust(tops, { tolerance: STEP }),
    inferior = fitPlaneRobust(bottoms, { tolerance: STEP });
  if (!superior || !inferior || tops.length < 30) return undefined;
  const up: Vec3 = [grid.direction[2]!, grid.direction[5]!, grid.direction[8]!];
  return { superior: facing(superior, up), inferior: facing(inferior, up) };
}

const facing = (plane: Plane, up: Vec3): Plane =>
  dot(plane.normal, up) < 0 ? { ...plane, normal: negate(plane.normal) } : plane;
