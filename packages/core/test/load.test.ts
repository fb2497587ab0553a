import { expect, test } from "vitest";
import { planeEnds } from "../src/load/ends.js";
import { loadCaseOf } from "../src/load/loadRequest.js";
import {
  constraintsOf,
  type Motion,
  resultantOn,
  rigidEnds,
  specimenAxes,
  vertebraAxes,
} from "../src/load/rigidEnds.js";
import { fail } from "../src/solve/path/fail.js";
import { solve } from "../src/solve/solve.js";
import type { Vec3 } from "../src/volume/volume.js";
import { fixed, guided, specimen } from "./failInputs.js";
import { modelOf } from "./solveModels.js";

const E = 1000;
const tight = { tolerance: 1e-9 } as const;

/** Resultant on the superior end of a linear model under a motion. */
async function respond(
  size: Vec3,
  h: number,
  motion: Motion,
  conditions = guided,
  inside = (_x: number, _y: number) => true,
  nu = 0.3,
) {
  const model = modelOf(size, [h, h, h], (x, y) => (inside(x, y) ? E : 0), nu);
  const { ends } = specimen(model, motion, conditions);
  const solution = await solve(model, constraintsOf(ends, motion), tight);
  return { resultant: resultantOn(ends, solution.reaction), energy: solution.strainEnergy };
}

test("compression between guided ends: EA/L, and the work of the resultant is twice the energy", async () => {
  const { resultant, energy } = await respond([4, 4, 6], 0.5, [0, 0, -0.03, 0, 0, 0]);
  expect(resultant[2] / ((-0.03 * E * 4) / 3)).toBeCloseTo(1, 6);
  expect((resultant[2] * -0.03) / (2 * energy)).toBeCloseTo(1, 6);
  for (const m of [0, 1, 3, 4, 5]) expect(Math.abs(resultant[m]!)).toBeLessThan(1e-5);
});

test("flexion of a block is that of a beam, EI·θ/L, at the second order in its layers", async () => {
  const error = async (n: number) => {
    const size: Vec3 = [n, 2 * n, 3 * n]; // 1 mm wide, 2 deep, 3 long
    const turn = 0.01;
    const { resultant } = await respond(size, 1 / n, [0, 0, 0, turn, 0, 0]);
    const want = (E * (1 * 2 ** 3) * turn) / 12 / 3;
    return resultant[3] / want - 1;
  };
  const [coarse, fine] = [await error(2), await error(4)];
  expect(fine).toBeLessThan(0.02);
  expect(Math.log2(coarse / fine)).toBeGreaterThan(1.8);
});

test("torsion of a round bar is Saint-Venant's, G·J·θ/L, within what its voxels lack and add", async () => {
  const n = 20;
  const r = n / 2;
  const inside = (x: number, y: number) => (x + 0.5 - r) ** 2 + (y + 0.5 - r) ** 2 <= r * r;
  const turn = 0.01;
  const { resultant } = await respond([n, n, 12], 0.1, [0, 0, 0, 0, 0, turn], fixed, inside);
  let voxels = 0; // polar moment of the voxels, mm⁴
  for (let y = 0; y < n; y++)
    for (let x = 0; x < n; x++)
      if (inside(x, y)) voxels += 0.01 * (0.01 * ((x + 0.5 - r) ** 2 + (y + 0.5 - r) ** 2) + 0.01 / 6);
  const round = (Math.PI * 1 ** 4) / 2;
  const ratio = resultant[5] / (((E / 2.6) * round * turn) / 1.2);
  expect(Math.abs(voxels / round - 1)).toBeLessThan(0.02); // of their area: 1.5 % at ten voxels of radius
  expect(ratio).toBeLessThan(voxels / round); // the stepped rim carries less shear than a round one
  expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
});

test("each word moves the end the way it says", () => {
  const at = (direction: Parameters<typeof loadCaseOf>[0]["parts"][number]["direction"], unit: "deg" | "mm") =>
    loadCaseOf({ parts: [{ direction, amount: { unit, value: 1 } }] }, 30, fixed).motion;
  const size: Vec3 = [2, 2, 2];
  const model = modelOf(size, [1, 1, 1], () => E);
  const axes = specimenAxes(model.modulus.data, size, [1, 1, 1], 2);
  const ends = rigidEnds(planeEnds(model.modulus.data, size, 2), size, [1, 1, 1], axes, fixed);
  /** Displacement of a corner of the superior end: left or right, front (0) or back, axis 0 left, 1 posterior, 2 cranial. */
  const corner = (motion: Motion, i: number, j: number, axis: number) => {
    const value = constraintsOf(ends, motion).value;
    const node = i + 3 * (j + 3 * 2);
    return value[ends.node.findIndex((n, at) => n === node && ends.axis[at] === axis)]!;
  };
  expect(corner(at("flexion", "deg"), 1, 0, 2)).toBeLessThan(0); // the front goes down
  expect(corner(at("extension", "deg"), 1, 2, 2)).toBeLessThan(0); // the back goes down
  expect(corner(at("bending-left", "deg"), 2, 1, 2)).toBeLessThan(0); // the left side goes down
  expect(corner(at("torsion-left", "deg"), 1, 0, 0)).toBeGreaterThan(0); // the front goes left
  expect(corner(at("compression", "mm"), 1, 1, 2)).toBe(-1);
  expect(corner(at("shear-anterior", "mm"), 1, 1, 1)).toBe(-1);
});

test("the axes of a vertebra on its own grid are the grid's, about the middle of its body", () => {
  const frame = {
    centre: [10, -5, 3] as const,
    right: [-1, 0, 0] as const,
    anterior: [0, -1, 0] as const,
    cranial: [0, 0, 1] as const,
  };
  const grid = {
    size: [8, 8, 8] as const,
    spacing: [2, 2, 2] as const,
    origin: [3, -12, -4] as const,
    direction: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
  };
  const axes = vertebraAxes(frame, grid);
  [axes.left, axes.posterior, axes.cranial].forEach((v, row) => {
    v.forEach((x, c) => {
      expect(x).toBeCloseTo(row === c ? 1 : 0, 12);
    });
  });
  expect(axes.pivot).toEqual([8, 8, 8]);
});

test.each([0, 1, 2] as const)("a specimen along grid axis %s bends alike", async (axis) => {
  const size = [4, 6, 5] as const;
  const turned = (axis === 2
    ? [...size]
    : axis === 0
      ? [size[2], size[0], size[1]]
      : [size[1], size[2], size[0]]) as unknown as Vec3;
  const model = modelOf(turned, [1, 1, 1], () => E);
  const input = specimen(model, [0, 0, 0, 0.01, 0, 0], guided, undefined, axis);
  const solution = await solve(model, constraintsOf(input.ends, input.load.motion), tight);
  expect(resultantOn(input.ends, solution.reaction)[3]).toBeCloseTo(146.1609, 3); // EI·θ/L = 144, and what six layers lock by
});

test("a follower keeps moment to force in proportion, and tilts as an elastic block must", async () => {
  const model = modelOf([4, 6, 8], [1, 1, 1], () => E);
  const arm = 1.5; // mm, in flexion
  const input = specimen(model, [0, 0, -0.02, 0, 0, 0], guided, { leftArmMm: arm, posteriorArmMm: 0 });
  const { points } = await fail(
    { ...input, material: { law: "von-mises", yieldMPa: 1e6 } },
    { steps: 2, tolerance: 1e-6 },
  );
  const { motion, resultant } = points.at(-1)!;
  expect(resultant[3] / -resultant[2]).toBeCloseTo(arm, 4);
  expect(Math.abs(resultant[4] / resultant[2])).toBeLessThan(1e-4);
  expect(-motion[2] + arm * motion[3]).toBeCloseTo(0.02, 9); // the point of application
  const [area, inertia] = [24, (4 * 6 ** 3) / 12];
  expect(motion[3] / -motion[2] / ((arm * area) / inertia)).toBeCloseTo(1, 1); // bending locks by 1/(2·36)
});

test("loads that make no sense are refused with a cure", () => {
  const one = (direction: "flexion" | "compression" | "torsion-left", unit: "deg" | "mm" | "armMm", value = 1) =>
    ({ parts: [{ direction, amount: { unit, value } }] }) as const;
  expect(() => loadCaseOf(one("flexion", "mm"), 30, fixed)).toThrow(/degrees, or a lever arm/);
  expect(() => loadCaseOf(one("compression", "deg"), 30, fixed)).toThrow(/percent of the height/);
  expect(() => loadCaseOf(one("torsion-left", "deg"), 30, guided)).toThrow(/Set both to fixed/);
  expect(() => loadCaseOf(one("flexion", "armMm"), 30, guided)).toThrow(/go with compression alone/);
  expect(() => loadCaseOf({ parts: [], freeTilt: true }, 30, guided)).toThrow(/go with compression alone/);
  expect(() => loadCaseOf(one("flexion", "deg", 40), 30, guided)).toThrow(/20 degrees/);
  expect(() => loadCaseOf({ parts: [] }, 30, guided)).toThrow(/compression:2%/);
});
