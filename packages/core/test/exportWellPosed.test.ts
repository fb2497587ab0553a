import { expect, test } from "vitest";
import { wellPosed } from "../src/export/wellPosed.js";
import { solve } from "../src/solve/solve.js";
import { freeMotions } from "../src/volume/rigidMotion.js";
import type { Vec3 } from "../src/volume/volume.js";
import type { Constraints } from "../src/volume/voxelModel.js";
import { clampedCompression, constrain, modelOf } from "./solveModels.js";

const size: Vec3 = [6, 5, 4];
const guided = constrain(size, (_i, _j, k) => (k === 0 ? [[2, 0]] : k === size[2] ? [[2, -0.01]] : []));
const bar = modelOf(size, [0.5, 0.6, 0.7], (x, y, z) => 1000 + 100 * x + 37 * y * z);
const added = (from: Constraints, to: Constraints) => to.node.length - from.node.length;

test("a model that is held stays as it is", () => {
  const constraints = clampedCompression(size, -0.01);
  const ready = wellPosed(bar, constraints);
  expect(ready.model).toBe(bar);
  expect(ready.constraints).toBe(constraints);
  expect(ready.findings).toEqual([]);
});

test("guided ends: three supports, that carry no force and change no energy", async () => {
  const { constraints, findings } = wellPosed(bar, guided);
  expect(added(guided, constraints)).toBe(3);
  expect(findings).toMatchObject([{ code: "rigid-motions-held", severity: "repaired" }]);
  const [free, held] = [await solve(bar, guided, tight), await solve(bar, constraints, tight)];
  expect(held.strainEnergy / free.strainEnergy).toBeCloseTo(1, 9);
  const largest = held.reaction.reduce((most, r) => Math.max(most, Math.abs(r)), 0);
  for (const force of held.reaction.slice(-3)) expect(Math.abs(force)).toBeLessThan(1e-6 * largest);
});
const tight = { tolerance: 1e-9 };

test("each part gets its own: two columns between guided ends need six", () => {
  const columns = modelOf(size, [1, 1, 1], (x) => (x === 1 || x === 4 ? 1000 : 0));
  const { constraints } = wellPosed(columns, guided);
  const x = Array.from(constraints.node.slice(guided.node.length), (n) => n % 7);
  expect(x.filter((i) => i <= 2)).toHaveLength(3);
  expect(x.filter((i) => i >= 4)).toHaveLength(3);
});

test("one held displacement leaves five motions", () => {
  const one = constrain(size, (i, j, k) => (i + j + k === 0 ? [[1, 0]] : []));
  expect(added(one, wellPosed(bar, one).constraints)).toBe(5);
  expect(freeMotions(new Float64Array(36))).toHaveLength(6);
});

test("parts that nothing holds are an error that names the cure, or are left out", () => {
  const constraints = clampedCompression([6, 5, 6], -0.01);
  const island = modelOf([6, 5, 6], [1, 1, 1], (x, _y, z) => (x < 3 || (x === 5 && z === 2) ? 1000 : 0));
  expect(() => wellPosed(island, constraints)).toThrow(/5 of 95 elements, in 1 separate parts.*floating to remove/);
  const { model, findings } = wellPosed(island, constraints, { floating: "remove" });
  expect(model.modulus.data.filter((e) => e > 0)).toHaveLength(90);
  expect(model.modulus.data.every((e, v) => e === (v % 6 < 3 ? 1000 : 0))).toBe(true);
  expect(findings).toMatchObject([{ code: "floating-removed", severity: "repaired" }]);
  const nothing = { node: Uint32Array.of(), axis: Uint8Array.of(), value: Float64Array.of() };
  expect(() => wellPosed(bar, nothing, { floating: "remove" })).toThrow(/held by no constraint/);
});

test("clusters that hang by an edge are told of", () => {
  const stairs = modelOf([2, 2, 2], [1, 1, 1], (x, y, z) => (x === y || z === 0 ? (x === y ? 1000 : 0) : 0));
  const ends = constrain([2, 2, 2], (_i, _j, k) =>
    k === 1
      ? []
      : [
          [0, 0],
          [1, 0],
          [2, -0.01 * k],
        ],
  );
  expect(wellPosed(stairs, ends).findings).toMatchObject([{ code: "hinges", severity: "note" }]);
});
