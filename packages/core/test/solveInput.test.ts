import { expect, test } from "vitest";
import { SpondylError } from "../src/error.js";
import { buildHierarchy } from "../src/solve/hierarchy.js";
import { leastBytes } from "../src/solve/leastBytes.js";
import { allocate, refuseTooLarge, tellOutOfMemory } from "../src/solve/memory.js";
import { activeNodes } from "../src/solve/nodes.js";
import type { SolveOptions } from "../src/solve/options.js";
import { checkProblem } from "../src/solve/problem.js";
import { solve } from "../src/solve/solve.js";
import { fixedPositions } from "../src/solve/system.js";
import type { Vec3 } from "../src/volume/volume.js";
import type { Constraints, VoxelModel } from "../src/volume/voxelModel.js";
import { clampedCompression, constrain, modelOf, randomModel } from "./solveModels.js";

const size: Vec3 = [4, 4, 6];
const h: Vec3 = [1, 1, 1];
const block = modelOf(size, h, () => 1000);
const press = clampedCompression(size, -0.06);

async function refusal(model: VoxelModel, constraints: Constraints, options: SolveOptions = {}): Promise<SpondylError> {
  const error = await solve(model, constraints, options).then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(SpondylError);
  return error as SpondylError;
}

const withModulus = (voxel: number, modulus: number): VoxelModel => {
  const data = block.modulus.data.slice();
  data[voxel] = modulus;
  return { ...block, modulus: { ...block.modulus, data } };
};

test.each([
  ["modulus 0 everywhere", modelOf(size, h, () => 0), press, /modulus is 0 everywhere/],
  ["NaN modulus", withModulus(7, Number.NaN), press, /voxel 7 is NaN/],
  ["negative modulus", withModulus(7, -1), press, /voxel 7 is -1/],
  ["infinite modulus", withModulus(7, Infinity), press, /voxel 7 is Infinity/],
  ["Poisson 0.5", { ...block, poisson: 0.5 }, press, /Poisson's ratio 0.5/],
  ["Poisson NaN", { ...block, poisson: Number.NaN }, press, /Poisson's ratio NaN/],
  ["no spacing", { ...block, modulus: { ...block.modulus, spacing: [1, 0, 1] as Vec3 } }, press, /spacing 1 × 0 × 1/],
  ["moduli missing", { ...block, modulus: { ...block.modulus, data: new Float32Array(3) } }, press, /3 moduli for/],
  ["no constraint", block, constrain(size, () => []), /unconstrained/],
  [
    "node off the grid",
    block,
    { node: Uint32Array.of(9999), axis: Uint8Array.of(0), value: Float64Array.of(0) },
    /not on the grid/,
  ],
  ["axis 3", block, { node: Uint32Array.of(0), axis: Uint8Array.of(3), value: Float64Array.of(0) }, /not on the grid/],
  [
    "value NaN",
    block,
    { node: Uint32Array.of(0), axis: Uint8Array.of(0), value: Float64Array.of(Number.NaN) },
    /not on the grid/,
  ],
  ["lengths differ", block, { ...press, value: new Float64Array(1) }, /Give one of each/],
  [
    "contradiction",
    block,
    { node: Uint32Array.of(0, 0), axis: Uint8Array.of(1, 1), value: Float64Array.of(0, 1) },
    /node 0 is to move by 0 and by 1/,
  ],
] as [string, VoxelModel, Constraints, RegExp][])(
  "%s is refused before solving",
  async (_name, model, constraints, message) => {
    const error = await refusal(model, constraints);
    expect(error.code).toBe("bad-input");
    expect(error.message).toMatch(message);
  },
);

test.each([
  [{ tolerance: 0 }, /tolerance 0/],
  [{ tolerance: Number.NaN }, /tolerance NaN/],
  [{ maxIterations: 0.5 }, /maxIterations 0.5/],
  [{ kernel: "cuda" }, /kernel "cuda"/],
  [{ floating: "ignore" }, /floating "ignore"/],
] as [SolveOptions, RegExp][])("option %j is refused", async (options, message) => {
  const error = await refusal(block, press, options);
  expect(error.code).toBe("bad-option");
  expect(error.message).toMatch(message);
});

test("a part that nothing holds is an error that counts its elements, and can be removed", async () => {
  const island = modelOf([7, 4, 6], h, (x, y, z) => (x < 4 || (x === 6 && y < 2 && z === 3) ? 1000 : 0));
  const ends = clampedCompression([7, 4, 6], -0.06);
  const error = await refusal(island, ends);
  expect(error.code).toBe("bad-input");
  expect(error.details).toMatchObject({ elements: 2, parts: 1, ofElements: 98 });
  expect(error.message).toMatch(/2 of 98 elements.*remove/);
  const without = await solve(island, ends, { floating: "remove", tolerance: 1e-10 });
  const alone = await solve(block, press, { tolerance: 1e-10 });
  expect(without.elements).toBe(96);
  expect(Math.abs(without.strainEnergy / alone.strainEnergy - 1)).toBeLessThan(1e-10);
});

test("the same constraint given twice counts once", async () => {
  const twice: Constraints = {
    node: Uint32Array.of(...press.node, ...press.node),
    axis: Uint8Array.of(...press.axis, ...press.axis),
    value: Float64Array.of(...press.value, ...press.value),
  };
  const [once, both] = [await solve(block, press), await solve(block, twice)];
  expect(both.reaction.subarray(0, press.node.length)).toEqual(once.reaction);
  expect(both.reaction.subarray(press.node.length).every((r) => r === 0)).toBe(true);
});

test.each(["wasm", "typescript"] as const)(
  "%s: not converged is an error with the residual history",
  async (kernel) => {
    const { model, constraints } = randomModel([8, 8, 8], h, 0.4, 6);
    const error = await refusal(model, constraints, { kernel, maxIterations: 3, tolerance: 1e-9, floating: "remove" });
    expect(error.code).toBe("not-converged");
    const history = error.details.residualHistory as Float64Array;
    expect(history.length).toBe(4);
    expect(history[0]).toBe(1);
    expect(history[3]).toBeGreaterThan(1e-9);
  },
);

test("a model that 4 GiB cannot hold is refused with the bytes it needs", () => {
  const bytes = 5 * 2 ** 30;
  expect(() => allocate(bytes, 2e7)).toThrow(
    expect.objectContaining({ code: "out-of-memory", details: { bytes, elements: 2e7 } }),
  );
  expect(() => allocate(bytes, 2e7)).toThrow(/5.00 GiB.*4 GiB/);
});

test("the input is left as it was", async () => {
  const { model, constraints } = randomModel([6, 6, 6], h, 0.4, 9);
  const before = structuredClone({ model, constraints });
  await solve(model, constraints, { floating: "remove" });
  expect({ model, constraints }).toEqual(before);
});

test.each(["wasm", "typescript"] as const)("%s: an abort stops it, and progress rises to 1", async (kernel) => {
  const control = new AbortController();
  control.abort(new Error("enough"));
  await expect(solve(block, press, { kernel }, { signal: control.signal })).rejects.toThrow("enough");
  const { model, constraints } = randomModel([16, 16, 16], h, 0.3, 4);
  const late = new AbortController();
  const run = { signal: late.signal, progress: (done: number) => done > 0 && late.abort(new Error("later")) };
  await expect(solve(model, constraints, { kernel, tolerance: 1e-12, floating: "remove" }, run)).rejects.toThrow(
    "later",
  );
  const seen: number[] = [];
  await solve(block, press, { kernel }, { progress: (done) => void seen.push(done) });
  expect(seen.at(-1)).toBe(1);
  expect(seen.every((p) => p >= 0 && p <= 1)).toBe(true);
});

test("a model that cannot fit is refused before its matrices are formed, with the voxels that would", () => {
  const spacing: Vec3 = [0.05, 0.05, 0.06];
  expect(() => refuseTooLarge(1e7, 4 * 2 ** 30, spacing)).not.toThrow();
  expect(() => refuseTooLarge(3e7, 8 * 2 ** 30, spacing)).toThrow(
    /8.00 GiB of the 4 .*1\.33 times .*0\.0665 × 0\.0665 × 0\.0798/, // ∛(2/0.86)
  );
});

test("what a model takes at the least is not more than it takes, and most of it", async () => {
  for (const voids of [0, 0.5]) {
    const { model, constraints } = randomModel([32, 32, 32], h, voids, 5);
    const problem = checkProblem(model, constraints, { floating: "remove" });
    const { fine, coarse } = buildHierarchy(problem, fixedPositions(problem, activeNodes(problem.runs)));
    const { memoryBytes } = await solve(model, constraints, { floating: "remove" });
    const least = leastBytes(fine, coarse.level);
    expect(least).toBeLessThan(memoryBytes);
    expect(least).toBeGreaterThan(0.6 * memoryBytes);
  }
});

test("only a failed allocation is told as one", () => {
  expect(() => tellOutOfMemory(new RangeError("Array buffer allocation failed"), 1e7)).toThrow(/10000000 elements/);
  expect(() => tellOutOfMemory(new RangeError("Invalid array length"), 1e7)).toThrow(RangeError);
});
