import { expect, test } from "vitest";
import { fail } from "../src/solve/path/fail.js";
import { nonLocalAverage } from "../src/solve/path/nonLocal.js";
import { findRuns } from "../src/solve/runs.js";
import { voxelLevel } from "../src/solve/voxelLevel.js";
import type { Vec3 } from "../src/volume/volume.js";
import { specimen } from "./failInputs.js";
import { lcg, modelOf } from "./solveModels.js";

const rounding = 2 ** -20; // sums of a few hundred terms, f32
const E = 12_700; // MPa
const brittle = {
  law: "tissue-damage",
  youngMPa: E,
  tensionStrain: 0.004,
  compressionStrain: 0.008,
  hardening: 0,
  tensionPeakStrain: 0,
  compressionPeakStrain: 0,
  residual: 1e-4,
} as const;

test("a uniform field stays as it is, beside voids and at the border of the grid", () => {
  const random = lcg(2);
  const runs = findRuns([12, 9, 7], () => random() < 0.4);
  const average = nonLocalAverage(voxelLevel(runs, [0.1, 0.1, 0.2]), [0.1, 0.1, 0.2], 0.25);
  for (const value of average(new Float32Array(runs.elements).fill(3)))
    expect(Math.abs(value / 3 - 1)).toBeLessThan(rounding);
});

test("a spike in the bulk spreads to a Gaussian of its length, and nothing is lost", () => {
  const spacing: Vec3 = [0.1, 0.2, 0.1];
  const runs = findRuns([33, 17, 33], () => true);
  const spike = new Float32Array(runs.elements);
  spike[16 + 33 * (8 + 17 * 16)] = 1;
  const spread = nonLocalAverage(voxelLevel(runs, spacing), spacing, 0.2)(spike);
  const moment = (axis: number, power: number) =>
    spread.reduce((sum, w, v) => {
      const place = [(v % 33) - 16, (Math.floor(v / 33) % 17) - 8, Math.floor(v / 33 / 17) - 16][axis]!;
      return sum + w * (place * spacing[axis]!) ** power;
    }, 0);
  expect(Math.abs(moment(0, 0) - 1)).toBeLessThan(1e-3); // weights are cut at 4ℓ
  for (const axis of [0, 1, 2]) {
    expect(Math.abs(moment(axis, 1))).toBeLessThan(1e-6);
    expect(Math.abs(Math.sqrt(moment(axis, 2)) / 0.2 - 1)).toBeLessThan(0.01);
  }
});

test("a mean reaches neither beyond four lengths nor into voids", () => {
  const runs = findRuns([20, 1, 1], (v) => v !== 4);
  const value = new Float32Array(19);
  value[0] = 1;
  const spread = nonLocalAverage(voxelLevel(runs, [1, 1, 1]), [1, 1, 1], 2)(value);
  expect(spread.slice(0, 8).every((w) => w > 0)).toBe(true);
  expect(spread.slice(8).every((w) => w === 0)).toBe(true);
});

test.each([0.05, 0.025])("a bar that breaks by a mean takes G_f times its section: elements of %s mm", async (edge) => {
  const lengthMm = 1.5;
  const count = Math.round(lengthMm / edge);
  const model = modelOf(
    [1, 1, count],
    [edge, edge, edge],
    (_x, _y, z) => (Math.abs((z + 0.5) * edge - lengthMm / 2) < 0.05 ? 0.95 * E : E),
    0,
  );
  const { points, end } = await fail(
    {
      ...specimen(model, [0, 0, 0.06, 0, 0, 0]),
      material: { ...brittle, fractureEnergyNPerMm: 0.4 },
    },
    { steps: 200, brokenBelow: 0.02, tolerance: 1e-4, nonLocalMm: 0.1 },
  );
  const { dissipatedNMm, energyError } = points.at(-1)!;
  expect(end).toBe("broken");
  expect(Math.abs(dissipatedNMm / 0.4 / edge ** 2 - 1)).toBeLessThan(0.1);
  expect(Math.abs(energyError)).toBeLessThan(0.03);
});

test("a notched plate takes about one energy by a mean, and without one that halves with its elements", async () => {
  /** Of a plate of 1.6 × 1.6 mm, notched 0.4 mm deep and drawn until it breaks, per thickness; N. */
  const dissipated = async (edge: number, nonLocalMm?: number) => {
    const count = Math.round(1.6 / edge);
    const model = modelOf([count, 1, count], [edge, edge, edge], (x, _y, z) =>
      (x + 0.5) * edge < 0.4 && Math.abs((z + 0.5) * edge - 0.8) < 0.1 ? 0 : E,
    );
    const fractureEnergyNPerMm = nonLocalMm ? 0.4 : 0.6 * edge; // without, the same curve in elements of any size
    const { points, end } = await fail(
      { ...specimen(model, [0, 0, 0.05, 0, 0, 0]), material: { ...brittle, fractureEnergyNPerMm } },
      { steps: 120, brokenBelow: 0.1, ...(nonLocalMm && { nonLocalMm }) },
    );
    expect(end).toBe("broken"); // the last tenth needs damage to be damped
    return points.at(-1)!.dissipatedNMm / edge;
  };
  const local = (await dissipated(0.05)) / (await dissipated(0.1));
  const mean = (await dissipated(0.05, 0.15)) / (await dissipated(0.1, 0.15));
  expect(Math.abs(local - 0.5)).toBeLessThan(0.05);
  expect(Math.abs(mean - 1)).toBeLessThan(0.1);
});

test("plasticity refuses a mean", async () => {
  const model = modelOf([1, 1, 2], [1, 1, 1], () => E);
  const input = { ...specimen(model, [0, 0, 0.01, 0, 0, 0]), material: { law: "von-mises", yieldMPa: 10 } as const };
  await expect(fail(input, { nonLocalMm: 1 })).rejects.toThrow(/for damage laws/);
});
