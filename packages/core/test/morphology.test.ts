import { expect, test } from "vitest";
import { maskCount } from "../src/volume/mask.js";
import {
  close,
  dilate,
  dilateSteps,
  erode,
  erodeSteps,
  fillHoles,
  fillHolesInSlices,
  open,
} from "../src/volume/morphology.js";
import { centroid, percentile, statistics } from "../src/volume/statistics.js";
import type { Grid, Vec3, Volume } from "../src/volume/volume.js";
import { identityDirection } from "../src/volume/volume.js";
import { random } from "./random.js";

const grid: Grid = {
  size: [31, 31, 31],
  spacing: [1, 0.5, 2],
  origin: [-15, -7.5, -30],
  direction: identityDirection(),
};
const shape = (inside: (x: number, y: number, z: number) => boolean, { size, spacing, origin }: Grid = grid) =>
  Uint8Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => {
    const [i, j, k] = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
    return inside(origin[0] + i * spacing[0], origin[1] + j * spacing[1], origin[2] + k * spacing[2]) ? 1 : 0;
  });

test("a point grown by r mm is the ball of radius r, whatever the spacing", () => {
  const point = shape((x, y, z) => x === 0 && y === 0 && z === 0);
  expect(dilate(point, grid, 5)).toEqual(shape((x, y, z) => x * x + y * y + z * z <= 25));
});

test("a box eroded by r mm is the box of the voxels further than r from the first ones outside", () => {
  const box = shape((x, y, z) => Math.abs(x) <= 10 && Math.abs(y) <= 6 && Math.abs(z) <= 20);
  expect(erode(box, grid, 3)).toEqual(shape((x, y, z) => Math.abs(x) <= 7 && Math.abs(y) <= 3 && Math.abs(z) <= 18)); // less a voxel step: 11, 6.5, 22 are outside
});

test("opening drops a thin bar, closing fills a thin gap, each leaves the block", () => {
  const block = (x: number, y: number) => Math.abs(x) <= 8 && Math.abs(y) <= 4;
  const withBar = shape((x, y, z) => Math.abs(z) <= 16 && (block(x, y) || (y === 0 && x > 0)));
  expect(maskCount(open(withBar, grid, 1.2))).toBeLessThanOrEqual(
    maskCount(shape((x, y, z) => block(x, y) && Math.abs(z) <= 16)),
  );
  expect(open(withBar, grid, 1.2)[15 + 13 + 31 * (15 + 31 * 15)]).toBe(0);
  const gap = shape((x, y, z) => Math.abs(z) <= 16 && block(x, y) && y !== 0);
  expect(close(gap, grid, 0.6)).toEqual(shape((x, y, z) => Math.abs(z) <= 16 && block(x, y)));
});

test("opening and closing are idempotent, and erosion is the dual of dilation", () => {
  const next = random(5);
  const noise = shape(() => next() < 0.6);
  expect(open(open(noise, grid, 1), grid, 1)).toEqual(open(noise, grid, 1));
  expect(close(close(noise, grid, 1), grid, 1)).toEqual(close(noise, grid, 1));
  const inverse = noise.map((m) => 1 - m);
  expect(erode(noise, grid, 1.1, { beyond: 1 })).toEqual(dilate(inverse, grid, 1.1).map((m) => 1 - m));
});

test("steps follow the connectivity: octahedron, cube", () => {
  const one: Grid = { ...grid, spacing: [1, 1, 1], origin: [-15, -15, -15] };
  const point = shape((x, y, z) => x === 0 && y === 0 && z === 0, one);
  expect(dilateSteps(point, one.size, 4, 6)).toEqual(
    shape((x, y, z) => Math.abs(x) + Math.abs(y) + Math.abs(z) <= 4, one),
  );
  expect(dilateSteps(point, one.size, 4, 26)).toEqual(
    shape((x, y, z) => Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) <= 4, one),
  );
  const cube = dilateSteps(point, one.size, 9, 26);
  expect(erodeSteps(cube, one.size, 4, 6)).toEqual(dilateSteps(point, one.size, 5, 26));
  const full = new Uint8Array(cube.length).fill(1);
  expect(maskCount(erodeSteps(full, one.size, 1))).toBe(29 ** 3);
  expect(maskCount(erodeSteps(full, one.size, 1, 6, { beyond: 1 }))).toBe(31 ** 3);
});

test("a cavity is filled, a tunnel only in the slices that close it", () => {
  const cavity = shape(
    (x, y, z) => Math.hypot(x, y) <= 6 && Math.abs(z) <= 20 && !(Math.hypot(x, y) < 3 && Math.abs(z) < 10),
  );
  expect(fillHoles(cavity, grid.size)).toEqual(shape((x, y, z) => Math.hypot(x, y) <= 6 && Math.abs(z) <= 20));
  const tube = shape((x, y, z) => Math.hypot(x, y) <= 6 && Math.hypot(x, y) >= 3 && Math.abs(z) <= 20);
  expect(fillHoles(tube, grid.size)).toEqual(tube);
  expect(fillHolesInSlices(tube, grid.size, 2)).toEqual(shape((x, y, z) => Math.hypot(x, y) <= 6 && Math.abs(z) <= 20));
  expect(fillHolesInSlices(tube, grid.size, 0)).toEqual(tube);
  const along = (axis: 0 | 1 | 2) => fillHolesInSlices(cavity, grid.size, axis);
  expect(along(0)).toEqual(along(1));
});

test("statistics are those of the numbers", () => {
  const size: Vec3 = [5, 1, 1];
  const scan: Volume<"HU"> = {
    quantity: "HU",
    data: Float32Array.of(4, 1e6, 2, 6, 8),
    size,
    spacing: [2, 1, 3],
    origin: [10, 0, 0],
    direction: identityDirection(),
  };
  const mask = Uint8Array.of(1, 0, 1, 1, 1);
  expect(statistics(scan, mask)).toEqual({
    count: 4,
    volumeMm3: 24,
    mean: 5,
    sd: Math.sqrt(20 / 3),
    min: 2,
    max: 8,
    median: 5,
  });
  expect(percentile([0, 10], 25)).toBe(2.5);
  expect(statistics(scan, new Uint8Array(5)).mean).toBeNaN();
  expect(centroid(mask, scan)).toEqual([14.5, 0, 0]);
  expect(centroid(new Uint8Array(5), scan)).toBeUndefined();
});
