import { expect, test } from "vitest";
import { rotate, unit } from "../src/linalg/vec3.js";
import { boundingBox, boxSize, cropMask, cropToBox, padBox, uncropMask } from "../src/volume/crop.js";
import { resample, resampleMask } from "../src/volume/resample.js";
import type { Grid, Vec3, Volume } from "../src/volume/volume.js";
import { identityDirection, indexToWorld, voxelCount } from "../src/volume/volume.js";

/** Direction matrix of axes turned by an angle about an axis. */
function turned(axis: Vec3, radians: number): Float64Array {
  const [x, y, z] = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as Vec3[]
  ).map((v) => rotate(v, unit(axis), radians));
  return Float64Array.of(x![0], y![0], z![0], x![1], y![1], z![1], x![2], y![2], z![2]);
}

function volumeOf(grid: Grid, value: (p: Vec3) => number): Volume<"HU"> {
  const data = new Float32Array(voxelCount(grid.size));
  for (let k = 0, n = 0; k < grid.size[2]; k++)
    for (let j = 0; j < grid.size[1]; j++)
      for (let i = 0; i < grid.size[0]; i++, n++) data[n] = value(indexToWorld(grid, [i, j, k]));
  return { quantity: "HU", data, ...grid };
}

const grid: Grid = {
  size: [20, 24, 18],
  spacing: [1, 0.8, 1.5],
  origin: [-9, 4, 30],
  direction: turned([1, 2, 3], 0.4),
};

test("a grid maps to itself without changing a bit", () => {
  const scan = volumeOf(grid, ([x, y, z]) => Math.sin(x) + y * z);
  expect(resample(scan, grid).data).toEqual(scan.data);
  expect(resample(scan, grid, { interpolation: "nearest" }).data).toEqual(scan.data);
});

test("a linear field survives any turn, shift and spacing", () => {
  const field = ([x, y, z]: Vec3) => 3 + 2 * x - y + 0.5 * z;
  const centre = indexToWorld(grid, [10, 12, 9]);
  const inner: Grid = { size: [9, 7, 8], spacing: [0.7, 0.9, 0.6], origin: centre, direction: turned([0, -1, 1], 1.1) };
  const corner = indexToWorld(inner, [4, 3, 3.5]);
  const target: Grid = {
    ...inner,
    origin: [2 * centre[0] - corner[0], 2 * centre[1] - corner[1], 2 * centre[2] - corner[2]],
  };
  const got = resample(volumeOf(grid, field), target, { outside: Number.NaN });
  const want = volumeOf(target, field);
  const worst = got.data.reduce((w, v, n) => Math.max(w, Math.abs(v - want.data[n]!)), 0);
  expect(worst).toBeLessThan(1e-4); // f32 values of about 100
});

test("nearest takes the voxel whose cell holds the point, and outside is outside", () => {
  const line: Volume<"label"> = {
    quantity: "label",
    data: Float32Array.of(1, 2, 3),
    size: [3, 1, 1],
    spacing: [2, 2, 2],
    origin: [0, 0, 0],
    direction: identityDirection(),
  };
  const fine: Grid = { size: [10, 1, 1], spacing: [0.8, 1, 1], origin: [-1.3, 0, 0], direction: identityDirection() };
  expect([...resample(line, fine, { outside: 9 }).data]).toEqual(
    [9, 1, 1, 2, 2, 2, 3, 3, 9, 9].map((v, n) => {
      const x = -1.3 + 0.8 * n;
      return x < -1 || x >= 5 ? 9 : Math.floor((x + 1) / 2) + 1 || v;
    }),
  );
});

test("labels refuse linear interpolation", () => {
  const label: Volume<"label"> = {
    quantity: "label",
    data: new Float32Array(1),
    size: [1, 1, 1],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: identityDirection(),
  };
  expect(() => resample(label, label, { interpolation: "linear" })).toThrow(/labels cannot be interpolated/);
});

test("a ball keeps its volume on a finer, turned grid", () => {
  const coarse: Grid = {
    size: [40, 40, 40],
    spacing: [1, 1, 1],
    origin: [-19.5, -19.5, -19.5],
    direction: identityDirection(),
  };
  const ball = Uint8Array.from(volumeOf(coarse, (p) => (Math.hypot(...p) < 14 ? 1 : 0)).data);
  const direction = turned([1, 1, 0], 0.7);
  const fine: Grid = {
    size: [80, 80, 80],
    spacing: [0.5, 0.5, 0.5],
    origin: indexToWorld({ ...coarse, origin: [0, 0, 0], spacing: [0.5, 0.5, 0.5], direction }, [-39.5, -39.5, -39.5]),
    direction,
  };
  const count = (m: Uint8Array) => m.reduce((s, v) => s + v, 0);
  expect(Math.abs(count(resampleMask(ball, coarse, fine)) / 8 / count(ball) - 1)).toBeLessThan(0.01); // the surface is a voxel's jitter: 1 % of the volume
});

test("a crop stays where it was, also beyond the grid, and comes back", () => {
  const scan = volumeOf(grid, ([x, y, z]) => x + 10 * y + 100 * z);
  const box = { lower: [3, -2, 5], upper: [9, 7, 21] } as const;
  const crop = cropToBox(scan, box, -1);
  expect(crop.size).toEqual([6, 9, 16]);
  const at = indexToWorld(crop, [1, 4, 2]);
  expect(crop.data[1 + 6 * (4 + 9 * 2)]).toBeCloseTo(at[0] + 10 * at[1] + 100 * at[2], 3);
  expect(crop.data[0]).toBe(-1);
  const mask = new Uint8Array(voxelCount(grid.size));
  mask[4 + 20 * (3 + 24 * 6)] = 1;
  mask[8 + 20 * (6 + 24 * 17)] = 1;
  expect(uncropMask(cropMask(mask, grid.size, box), box, grid.size)).toEqual(mask);
  expect(boundingBox(mask, grid.size)).toEqual({ lower: [4, 3, 6], upper: [9, 7, 18] });
});

test("a box is padded in mm and stops at the grid", () => {
  const box = padBox({ lower: [2, 5, 5], upper: [18, 10, 10] }, grid, 3);
  expect(box).toEqual({ lower: [0, 1, 3], upper: [20, 14, 12] }); // 3 mm are 3, 4 and 2 voxels
  expect(boxSize(padBox(box, grid, 3, { beyond: true }))).toEqual([26, 21, 13]);
  expect(boundingBox(new Uint8Array(8), [2, 2, 2])).toBeUndefined();
});
