import { expect, test } from "vitest";
import { applyElements, listElements } from "../src/solve/elementOperator.js";
import { buildHierarchy, type Hierarchy } from "../src/solve/hierarchy.js";
import { instantiate } from "../src/solve/kernel.js";
import { layOut } from "../src/solve/layout.js";
import { activeNodes } from "../src/solve/nodes.js";
import { checkProblem, type Problem } from "../src/solve/problem.js";
import { fixedPositions } from "../src/solve/system.js";
import { transfer } from "../src/solve/transfer.js";
import type { Vec3 } from "../src/volume/volume.js";
import { lcg, randomModel } from "./solveModels.js";

/** A porous random model, its memory, and a random vector on its nodes, [3·position + axis]. */
function setUp(spacing: Vec3) {
  const { model, constraints } = randomModel([13, 9, 10], spacing, 0.4);
  const problem = checkProblem(model, constraints, { floating: "remove" });
  const node = activeNodes(problem.runs);
  const hierarchy = buildHierarchy(problem, fixedPositions(problem, node));
  const layout = layOut(problem, hierarchy, hierarchy.sparse);
  const kernel = instantiate(layout.memory);
  kernel.enter(0, 1, layout.sync, layout.root);
  const random = lcg(7);
  return {
    problem,
    node,
    hierarchy,
    layout,
    kernel,
    x: Float64Array.from({ length: 3 * node.length }, () => random() - 0.5),
  };
}

const scatter = ({ fine, slots }: Hierarchy, x: Float64Array, to: Float32Array | Float64Array) =>
  x.forEach((value, i) => {
    to[(i % 3) * fine.stride + slots[Math.floor(i / 3)]!] = value;
  });
const collect = ({ fine, slots }: Hierarchy, from: Float32Array | Float64Array) =>
  Float64Array.from({ length: 3 * slots.length }, (_, i) => from[(i % 3) * fine.stride + slots[Math.floor(i / 3)]!]!);
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const distance = (a: Float64Array, b: Float64Array) => {
  const d = a.map((x, i) => x - b[i]!);
  return Math.sqrt(dot(d, d) / dot(b, b));
};

/** Trilinear interpolation by the records that the kernel reads, [3·position + axis]. */
function interpolate({ fine, coarse, slots }: Hierarchy, problem: Problem, xCoarse: Float32Array): Float64Array {
  const down = transfer(fine, coarse.level, (v) => problem.modulus[v]! > 0);
  const { stride } = coarse.level;
  const field = new Float64Array(3 * fine.stride).fill(Number.NaN); // every node must be written
  for (let axis = 0; axis < 3; axis++) {
    const at = (slot: number) => xCoarse[axis * stride + slot]!;
    for (let r = 0; r < down.rows.length; r += 8) {
      const [first, count, parity] = [down.rows[r]!, down.rows[r + 1]!, down.rows[r + 2]!];
      const mean = (I: number) => down.rows.subarray(r + 3, r + 7).reduce((sum, row) => sum + at(row + I), 0) / 4;
      for (let x = parity; x < parity + count; x++)
        field[axis * fine.stride + first + x - parity] = (mean(x >> 1) + mean((x + 1) >> 1)) / 2;
    }
    for (let n = 0; n < down.loose.length; n += 9) {
      const sum = down.loose.subarray(n + 1, n + 9).reduce((total, slot) => total + at(slot), 0);
      field[axis * fine.stride + down.loose[n]!] = sum / 8;
    }
  }
  return Float64Array.from(
    { length: 3 * slots.length },
    (_, i) => field[(i % 3) * fine.stride + slots[Math.floor(i / 3)]!]!,
  );
}

for (const spacing of [
  [0.05, 0.05, 0.05],
  [0.4, 0.7, 1.3],
] as Vec3[]) {
  test(`${spacing.join(" × ")}: the WASM operator is the textbook's, in f64 and f32`, () => {
    const { problem, node, hierarchy, layout, kernel, x } = setUp(spacing);
    const want = applyElements(listElements(problem, node), x);
    const { buffer } = layout.memory;
    const length = 3 * hierarchy.fine.stride;
    const words = new Int32Array(buffer, layout.fine, 20);
    scatter(hierarchy, x, new Float64Array(buffer, layout.displacement, length));
    kernel.applyDouble(layout.fine, layout.displacement, layout.force);
    expect(distance(collect(hierarchy, new Float64Array(buffer, layout.force, length)), want)).toBeLessThan(2e-15);

    scatter(hierarchy, x, new Float32Array(buffer, words[13]!, length));
    kernel.applySingle(layout.fine, words[13]!, words[14]!);
    const single = collect(hierarchy, new Float32Array(buffer, words[14]!, length));
    expect(distance(single, want)).toBeLessThan(5e-7); // a few roundings of 6e-8
  });

  test(`${spacing.join(" × ")}: level 1 is the exact Galerkin product: its energy is that of the interpolated field`, () => {
    const { problem, node, layout, hierarchy, kernel } = setUp(spacing);
    const { level } = hierarchy.coarse;
    expect(level.loose.element.length).toBeGreaterThan(0); // the model has split nodes: they are tested too
    const random = lcg(3);
    const xCoarse = Float32Array.from({ length: 3 * level.stride }, () => random() - 0.5);
    const { buffer } = layout.memory;
    const record = new Int32Array(buffer, layout.root, 2)[1]!;
    const words = new Int32Array(buffer, record, 20);
    new Float32Array(buffer, words[13]!, xCoarse.length).set(xCoarse);
    kernel.applySingle(record, words[13]!, words[14]!);
    const y = new Float32Array(buffer, words[14]!, xCoarse.length);
    const energy = y.reduce((sum, f, i) => sum + f * xCoarse[i]!, 0);

    const fine = interpolate(hierarchy, problem, xCoarse);
    const want = dot(fine, applyElements(listElements(problem, node), fine));
    expect(Math.abs(energy / want - 1)).toBeLessThan(1e-6); // f32
  });
}
