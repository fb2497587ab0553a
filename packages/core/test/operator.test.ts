import { expect, test } from "vitest";
import { read, write } from "../src/gpu/buffer.js";
import { type Gpu, release, setUpOn } from "../src/gpu/gpu.js";
import { submit } from "../src/gpu/launch.js";
import { applyElements, listElements } from "../src/solve/elementOperator.js";
import { type DeviceLevels, multigridCycle } from "../src/solve/gpu/cycle.js";
import { deviceHierarchy } from "../src/solve/gpu/deviceHierarchy.js";
import { type DeviceLevel, sweepLaunch } from "../src/solve/gpu/deviceLevel.js";
import { Finish, sweepStep } from "../src/solve/gpu/sweep.js";
import { buildHierarchy, elementModuli, type Hierarchy } from "../src/solve/hierarchy.js";
import { instantiate } from "../src/solve/kernel.js";
import { inverseDiagonal, layOut } from "../src/solve/layout.js";
import { activeNodes } from "../src/solve/nodes.js";
import { checkProblem, type Problem } from "../src/solve/problem.js";
import { fixedPositions } from "../src/solve/system.js";
import { transfer } from "../src/solve/transfer.js";
import type { Vec3 } from "../src/volume/volume.js";
import { lcg, randomModel } from "./solveModels.js";
import { testDevice } from "./testDevice.js";

const gpu = await testDevice();

/** A porous random model, its memory, and a random vector on its nodes, [3·position + axis]. */
function setUp(spacing: Vec3, size: Vec3 = [13, 9, 10], voidShare = 0.4) {
  const { model, constraints } = randomModel(size, spacing, voidShare);
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

  test.skipIf(!gpu)(`${spacing.join(" × ")}: the GPU's operator is the textbook's on the free unknowns`, async () => {
    const set = setUp(spacing);
    const { problem, node, hierarchy, x } = set;
    const want = applyElements(listElements(problem, node), x);
    const slotted = new Float32Array(3 * hierarchy.fine.stride);
    scatter(hierarchy, x, slotted);
    const got = await onDevice(set, async (device, { levels }) => product(device, levels[0]!, slotted));
    const free = collect(
      hierarchy,
      Float32Array.from(hierarchy.fixed[0], (f) => 1 - f),
    );
    const masked = want.map((force, i) => force * free[i]!);
    expect(distance(collect(hierarchy, got), masked)).toBeLessThan(5e-7); // as the WASM kernel in f32
  });

  test.skipIf(!gpu)(`${spacing.join(" × ")}: level 1 is the same on the GPU, split nodes too`, async () => {
    const set = setUp(spacing);
    const { hierarchy, layout, kernel } = set;
    const random = lcg(3);
    const x = Float32Array.from({ length: 3 * hierarchy.coarse.level.stride }, () => random() - 0.5);
    const words = new Int32Array(layout.memory.buffer, layout.coarse, 20);
    new Float32Array(layout.memory.buffer, words[13]!, x.length).set(x);
    kernel.applySingle(layout.coarse, words[13]!, words[14]!);
    const want = new Float32Array(layout.memory.buffer, words[14]!, x.length);
    const got = await onDevice(set, async (device, { levels }) => product(device, levels[1]!, x));
    const fixed = hierarchy.fixed[1];
    const masked = Float64Array.from(want, (force, i) => (fixed[i] ? 0 : force));
    expect(distance(Float64Array.from(got), masked)).toBeLessThan(1e-6);
  });
}

test.skipIf(!gpu).each([
  ["cubes", [0.05, 0.05, 0.05], [13, 9, 10], 0.4, 1],
  ["bricks", [0.4, 0.7, 1.3], [13, 9, 10], 0.4, 1],
  ["all levels", [0.4, 0.7, 1.3], [28, 28, 28], 0.6, 3],
] as [string, Vec3, Vec3, number, number][])(
  "the multigrid cycle is the same on the GPU: %s",
  async (_, spacing, size, voidShare, aggregated) => {
    const set = setUp(spacing, size, voidShare);
    const { hierarchy, layout, kernel, problem, node } = set;
    expect(hierarchy.sparse.length).toBe(aggregated);
    const { buffer } = layout.memory;
    const length = 3 * hierarchy.fine.stride;
    const displacement = new Float64Array(buffer, layout.displacement, length);
    const { unknown, value } = fixedPositions(problem, node);
    unknown.forEach((u, at) => {
      displacement[(u % 3) * hierarchy.fine.stride + hierarchy.slots[Math.floor(u / 3)]!] = value[at]!;
    });
    const norm = kernel.start();
    const right = Float32Array.from(new Float64Array(buffer, layout.residual, length), (r) => r / norm);
    kernel.iterate();
    const direction = new Int32Array(buffer, layout.root, 7)[6]!; // the first one is what the cycle makes of the residual
    const want = collect(hierarchy, new Float32Array(buffer, direction, length));
    const got = await onDevice(set, async (device, all) => {
      const { launches, x } = multigridCycle(device, all);
      write(device, all.levels[0]!.right, right);
      submit(device, launches);
      return read(device, all.levels[0]!.x[x], length);
    });
    expect(distance(collect(hierarchy, got), want)).toBeLessThan(5e-6); // f32 through all levels; 2e-7 found
  },
);

/** Puts a model's levels on the device for as long as the work takes. */
async function onDevice<T>(
  { problem, hierarchy, layout }: ReturnType<typeof setUp>,
  work: (device: Gpu, all: DeviceLevels) => Promise<T>,
): Promise<T> {
  const inverseDiagonals = [
    inverseDiagonal(layout, layout.fine, 3 * hierarchy.fine.stride),
    inverseDiagonal(layout, layout.coarse, 3 * hierarchy.coarse.level.stride),
  ] as const;
  return setUpOn(gpu!, async (device) => {
    const parts = { moduli: elementModuli(problem), inverseDiagonals };
    const result = await work(device, await deviceHierarchy(device, problem, hierarchy, parts));
    release(device);
    return result;
  });
}

async function product(device: Gpu, level: DeviceLevel, x: Float32Array): Promise<Float32Array> {
  write(device, level.x[0], x);
  submit(device, [sweepLaunch(device, level, sweepStep(Finish.product), level.x[0], level.product)]);
  return read(device, level.product, level.unknowns);
}
