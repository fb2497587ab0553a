import { expect, test as vitest } from "vitest";
import { energyDensity } from "../src/solve/fields.js";
import type { SolveOptions } from "../src/solve/options.js";
import { reactionFromEnergy, totalReaction } from "../src/solve/reaction.js";
import { solve as solveOn } from "../src/solve/solve.js";
import type { Vec3 } from "../src/volume/volume.js";
import type { Constraints, Solution, VoxelModel } from "../src/volume/voxelModel.js";
import { clampedCompression, constrain, modelOf, randomModel } from "./solveModels.js";
import { testDevice } from "./testDevice.js";

const cube: Vec3 = [0.5, 0.5, 0.5];
const brick: Vec3 = [0.5, 0.8, 1.1];
const total = (a: Float64Array) => a.reduce((sum, x) => sum + x, 0);

/** Position (mm) of a grid node. */
const place = (node: number, [nx, ny]: Vec3, h: Vec3): Vec3 => [
  (node % (nx + 1)) * h[0],
  (Math.floor(node / (nx + 1)) % (ny + 1)) * h[1],
  Math.floor(node / ((nx + 1) * (ny + 1))) * h[2],
];

/** Largest difference (mm) between a solution and a field given by position. */
function deviation(solution: Solution, size: Vec3, h: Vec3, field: (p: Vec3) => Vec3): number {
  let worst = 0;
  solution.node.forEach((n, at) => {
    field(place(n, size, h)).forEach((u, axis) => {
      worst = Math.max(worst, Math.abs(solution.displacement[3 * at + axis]! - u));
    });
  });
  return worst;
}

/** A field prescribed on the whole surface of the grid. */
const onSurface = (size: Vec3, h: Vec3, field: (p: Vec3) => Vec3): Constraints =>
  constrain(size, (i, j, k) =>
    [i, j, k].some((n, a) => n === 0 || n === size[a])
      ? field([i * h[0], j * h[1], k * h[2]]).map((u, axis) => [axis, u] as const)
      : [],
  );

const gpu = await testDevice();

for (const kernel of ["wasm", "webgpu", "typescript"] as const) {
  const tight = { kernel, tolerance: 1e-12 } as const;
  const test = vitest.skipIf(kernel === "webgpu" && !gpu);
  const solve = (model: VoxelModel, constraints: Constraints, options: SolveOptions) =>
    solveOn(model, constraints, options, gpu && { gpu });

  test.each([cube, brick])(
    `${kernel}: patch test, an affine field on the surface is taken up inside (${"%s"})`,
    async (...h) => {
      const size: Vec3 = [5, 4, 6];
      const field = ([x, y, z]: Vec3): Vec3 => [1e-3 * x + 2e-3 * y, -3e-3 * z + 1e-3 * y, 2e-3 * x - 1e-3 * z];
      const solution = await solve(
        modelOf(size, h as unknown as Vec3, () => 1000),
        onSurface(size, h as unknown as Vec3, field),
        tight,
      );
      expect(deviation(solution, size, h as unknown as Vec3, field)).toBeLessThan(1e-13); // of 1e-2: rounding
    },
  );

  test(`${kernel}: bars of any modulus side by side, without Poisson's effect, strain alike`, async () => {
    const { model } = randomModel([5, 4, 1], brick, 0.3);
    const size: Vec3 = [5, 4, 7];
    const columns = modelOf(size, brick, (x, y) => model.modulus.data[x + 5 * y]!, 0);
    const solution = await solve(columns, clampedCompression(size, -0.07), tight);
    expect(deviation(solution, size, brick, ([, , z]) => [0, 0, (-0.07 * z) / (7 * brick[2])])).toBeLessThan(1e-11);
    const area = brick[0] * brick[1];
    const force = (-0.07 / (7 * brick[2])) * area * model.modulus.data.reduce((sum, e) => sum + e, 0);
    expect(Math.abs(reactionFromEnergy(solution, -0.07) / force - 1)).toBeLessThan(1e-9);
  });

  test(`${kernel}: a rigid motion of both ends moves everything along and costs nothing`, async () => {
    const { model } = randomModel([6, 5, 6], brick, 0.2, 3);
    const field = ([x, y, z]: Vec3): Vec3 => [
      0.1 - 1e-3 * y + 3e-3 * z,
      0.2 + 1e-3 * x - 2e-3 * z,
      2e-3 * y - 3e-3 * x,
    ];
    const size = model.modulus.size;
    const ends = constrain(size, (i, j, k) =>
      k === 0 || k === size[2] ? field([i * brick[0], j * brick[1], k * brick[2]]).map((u, a) => [a, u] as const) : [],
    );
    const solution = await solve(model, ends, { ...tight, floating: "remove" });
    expect(deviation(solution, size, brick, field)).toBeLessThan(1e-9);
    expect(solution.strainEnergy).toBeLessThan(1e-12);
  });

  test(`${kernel}: a bar of two materials is two springs in series`, async () => {
    const size: Vec3 = [3, 3, 8];
    const model = modelOf(size, brick, (_x, _y, z) => (z < 3 ? 17000 : 300), 0);
    const guided = constrain(size, (_i, _j, k) => (k === 0 ? [[2, 0]] : k === 8 ? [[2, -0.1]] : []));
    const solution = await solve(model, guided, tight);
    const area = 9 * brick[0] * brick[1];
    const force = (-0.1 * area) / ((3 * brick[2]) / 17000 + (5 * brick[2]) / 300);
    expect(Math.abs(totalReaction(guided, solution, 2, (n) => n >= 16 * 8) / force - 1)).toBeLessThan(1e-10);
    expect(Math.abs(reactionFromEnergy(solution, -0.1) / force - 1)).toBeLessThan(1e-10);
  });

  test(`${kernel}: reactions balance, and the energy is the work of the ends`, async () => {
    const { model, constraints } = randomModel([7, 6, 8], brick, 0.35, 5);
    const solution = await solve(model, constraints, { ...tight, floating: "remove" });
    const largest = solution.reaction.reduce((m, r) => Math.max(m, Math.abs(r)), 0);
    for (const axis of [0, 1, 2] as const)
      expect(Math.abs(totalReaction(constraints, solution, axis))).toBeLessThan(1e-9 * largest);
    const work = 0.5 * total(solution.reaction.map((r, i) => r * constraints.value[i]!));
    expect(Math.abs(solution.strainEnergy / work - 1)).toBeLessThan(1e-10);
  });

  test(`${kernel}: a model with its axes exchanged gives the same answer`, async () => {
    const { model, constraints } = randomModel([5, 6, 7], brick, 0.3, 8);
    const straight = await solve(model, constraints, { ...tight, floating: "remove" });
    const { size, data } = model.modulus; // x, y, z become y, z, x
    const turned = modelOf(
      [size[2], size[0], size[1]],
      [brick[2], brick[0], brick[1]],
      (a, b, c) => data[b + size[0] * (c + size[1] * a)]!,
    );
    const turnedNode = (n: number) => {
      const i = n % (size[0] + 1);
      const j = Math.floor(n / (size[0] + 1)) % (size[1] + 1);
      const k = Math.floor(n / ((size[0] + 1) * (size[1] + 1)));
      return k + (size[2] + 1) * (i + (size[0] + 1) * j);
    };
    const moved: Constraints = {
      node: constraints.node.map(turnedNode),
      axis: constraints.axis.map((a) => (a + 1) % 3),
      value: constraints.value,
    };
    const other = await solve(turned, moved, { ...tight, floating: "remove" });
    expect(Math.abs(other.strainEnergy / straight.strainEnergy - 1)).toBeLessThan(1e-10);
    const largest = straight.reaction.reduce((m, r) => Math.max(m, Math.abs(r)), 0);
    for (const [i, r] of other.reaction.entries())
      expect(Math.abs(r - straight.reaction[i]!)).toBeLessThan(1e-8 * largest);
  });

  test(`${kernel}: guided ends leave rigid motions in the plane free; the answer has none of them`, async () => {
    const size: Vec3 = [6, 4, 5];
    const model = modelOf(size, brick, () => 1000, 0.3);
    const guided = constrain(size, (_i, _j, k) => (k === 0 ? [[2, 0]] : k === size[2] ? [[2, -0.05]] : []));
    const solution = await solve(model, guided, tight);
    const strain = -0.05 / (5 * brick[2]);
    const field = ([x, y, z]: Vec3): Vec3 => [
      -0.3 * strain * (x - 3 * brick[0]),
      -0.3 * strain * (y - 2 * brick[1]),
      strain * z,
    ];
    expect(deviation(solution, size, brick, field)).toBeLessThan(1e-10);
    expect(Math.abs(reactionFromEnergy(solution, -0.05) / (1000 * strain * 24 * brick[0] * brick[1]) - 1)).toBeLessThan(
      1e-10,
    );
  });

  test(`${kernel}: parts that hang together by an edge or a corner only are solved`, async () => {
    const size: Vec3 = [6, 6, 8];
    // a column, a block hinged to it by an edge, and a block hinged to that one by a corner
    const inside = (x: number, y: number, z: number) =>
      (x < 2 && y < 2) ||
      (x >= 2 && x < 4 && y >= 2 && y < 4 && z >= 2 && z < 5) ||
      (x >= 4 && y >= 4 && z >= 5 && z < 7);
    const model = modelOf(size, cube, (x, y, z) => (inside(x, y, z) ? 1000 : 0), 0.3);
    const ends = constrain(size, (i, j, k) =>
      i <= 2 && j <= 2 && (k === 0 || k === 8)
        ? [
            [0, 0],
            [1, 0],
            [2, k === 0 ? 0 : -0.04],
          ]
        : [],
    );
    const hinged = await solve(model, ends, { kernel, tolerance: 1e-10 });
    const alone = await solve(
      modelOf(size, cube, (x, y) => (x < 2 && y < 2 ? 1000 : 0)),
      ends,
      tight,
    );
    expect(hinged.strainEnergy / alone.strainEnergy).toBeGreaterThan(1); // a block on an edge can only stiffen it
    expect(hinged.strainEnergy / alone.strainEnergy).toBeLessThan(1.1);
  });

  test(`${kernel}: no displacement prescribed other than 0 gives 0`, async () => {
    const size: Vec3 = [3, 3, 3];
    const solution = await solve(
      modelOf(size, cube, () => 1),
      clampedCompression(size, 0),
      { kernel },
    );
    expect(solution.displacement.every((u) => u === 0)).toBe(true);
    expect([solution.residual, solution.iterations, solution.strainEnergy]).toEqual([0, 0, 0]);
  });

  test(`${kernel}: a single voxel, and a grid of odd size with one element in its corner, are solved`, async () => {
    for (const size of [
      [1, 1, 1],
      [3, 5, 1],
    ] as Vec3[]) {
      const model = modelOf(size, brick, (x, y) => (x === size[0] - 1 && y === size[1] - 1 ? 1000 : 0), 0);
      const solution = await solve(model, clampedCompression(size, -0.011), tight);
      expect(Math.abs(reactionFromEnergy(solution, -0.011) / (-1000 * 0.01 * brick[0] * brick[1]) - 1)).toBeLessThan(
        1e-12,
      );
    }
  });

  test(`${kernel}: what the answer says of itself is so`, async () => {
    const { model, constraints } = randomModel([6, 6, 6], cube, 0.3, 2);
    const solution = await solve(model, constraints, { kernel, tolerance: 1e-7, floating: "remove" });
    expect(solution.residualHistory[0]).toBe(1);
    expect(solution.residualHistory.length).toBe(solution.iterations + 1);
    expect(solution.residualHistory.at(-1)).toBe(solution.residual);
    expect(solution.residual).toBeLessThanOrEqual(1e-7);
    expect(solution.displacement.length).toBe(3 * solution.nodes);
    expect([solution.kernel, solution.threads]).toEqual([kernel, 1]);
    expect(solution.node.every((n, at) => at === 0 || n > solution.node[at - 1]!)).toBe(true);
    expect(solution.memoryBytes).toBeGreaterThan(24 * solution.nodes);
  });
}

vitest.each([cube, brick])(
  "the fast kernels and their twin agree on random porous models of four decades (%d × %d × %d)",
  async (...h) => {
    for (const seed of [1, 2]) {
      const { model, constraints } = randomModel([8, 7, 9], h as unknown as Vec3, 0.45, seed);
      const options = { tolerance: 1e-10, floating: "remove" } as const;
      const slow = await solveOn(model, constraints, { ...options, kernel: "typescript" });
      for (const kernel of gpu ? (["wasm", "webgpu"] as const) : (["wasm"] as const)) {
        const fast = await solveOn(model, constraints, { ...options, kernel }, gpu && { gpu });
        expect(Math.abs(fast.strainEnergy / slow.strainEnergy - 1)).toBeLessThan(1e-9);
        // not the displacements: such dust has hinges about which parts turn freely
        const [a, b] = [energyDensity(model, fast).data, energyDensity(model, slow).data];
        const largest = b.reduce((m, d) => Math.max(m, d), 0);
        for (const [v, d] of a.entries()) expect(Math.abs(d - b[v]!)).toBeLessThan(1e-6 * largest);
        expect(fast.iterations).toBeLessThan(slow.iterations / 5); // dust of four decades is the worst there is
      }
    }
  },
);
