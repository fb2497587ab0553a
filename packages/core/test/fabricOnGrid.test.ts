import { expect, test } from "vitest";
import { rotate, unit } from "../src/linalg/vec3.js";
import { axialFabric, fabricTensor } from "../src/material/fabricTensor.js";
import { fabricOnGrid } from "../src/pipeline/fabricOnGrid.js";
import { identityDirection, type Vec3, type Volume } from "../src/volume/volume.js";

const image = (value: (z: number) => number, size: Vec3 = [4, 4, 8]): Volume<"fraction"> => ({
  quantity: "fraction",
  size,
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: identityDirection(),
  data: Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, n) =>
    value(Math.floor(n / (size[0] * size[1]))),
  ),
});

const axes = (
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const
).map((e) => rotate(e, unit([1, 2, 3]), 0.7));
const turn = Float64Array.from({ length: 9 }, (_, i) => axes[i % 3]![Math.floor(i / 3)]!); // columns
const grid = {
  size: [2, 2, 2] as Vec3,
  spacing: [0.5, 0.5, 0.5] as Vec3,
  origin: [1.5, 1.5, 2] as Vec3,
  direction: turn,
};

test("struts along an axis of a turned grid lie along that axis there", () => {
  for (const axis of [0, 1, 2]) {
    const values = [0.8, 0.8, 0.8].map((m, a) => (a === axis ? 1.4 : m)) as unknown as Vec3;
    const world = fabricTensor(values, turn); // columns of the rotation: the axes of the grid
    const maps = fabricOnGrid(
      [...world].map((m) => image(() => m)),
      grid,
      () => new Float64Array(6),
    );
    const want = fabricTensor(values, identityDirection());
    for (let v = 0; v < 8; v++) for (let c = 0; c < 6; c++) expect(maps[c]![v]).toBeCloseTo(want[c]!, 5);
  }
});

test("where no fabric is known, the usual one is taken", () => {
  const usual = axialFabric(1.48);
  const world = axialFabric(3);
  const images = [...world].map((m) => image((z) => (z < 4 ? m : 0)));
  const level = {
    ...grid,
    direction: identityDirection(),
    size: [1, 1, 8] as Vec3,
    spacing: [1, 1, 1] as Vec3,
    origin: [1, 1, 0] as Vec3,
  };
  const maps = fabricOnGrid(images, level, () => usual);
  for (let z = 0; z < 8; z++) expect(maps[2]![z]).toBeCloseTo(z < 4 ? world[2]! : usual[2]!, 6);
});

test("five images, or six of two grids, are no fabric", () => {
  const five = Array.from({ length: 5 }, () => image(() => 1));
  expect(() => fabricOnGrid(five, grid, () => new Float64Array(6))).toThrow(/these are 5/);
  expect(() => fabricOnGrid([...five, image(() => 1, [4, 4, 9])], grid, () => new Float64Array(6))).toThrow(
    /different grids/,
  );
});
