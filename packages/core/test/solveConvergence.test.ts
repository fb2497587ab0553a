import { expect, test } from "vitest";
import { reactionFromEnergy } from "../src/solve/reaction.js";
import { solve } from "../src/solve/solve.js";
import type { Vec3 } from "../src/volume/volume.js";
import type { Solution } from "../src/volume/voxelModel.js";
import { constrain, modelOf } from "./solveModels.js";

/**
 * u = ∇φ with φ harmonic is in equilibrium without body forces: div u = 0 and curl u = 0.
 * φ = exp(√2·x)·sin(y)·sin(z).
 */
const exact = ([x, y, z]: Vec3): Vec3 => {
  const e = Math.exp(Math.SQRT2 * x);
  return [Math.SQRT2 * e * Math.sin(y) * Math.sin(z), e * Math.cos(y) * Math.sin(z), e * Math.sin(y) * Math.cos(z)];
};

/** ‖u − exact‖ in L2 over the unit cube, at 3×3×3 Gauss points of each element. */
function l2Error({ node, displacement }: Solution, n: number, h: Vec3): number {
  const position = new Map(Array.from(node, (id, at) => [id, at]));
  const points = [-Math.sqrt(0.6), 0, Math.sqrt(0.6)].map((x) => (1 + x) / 2);
  const weights = [5 / 18, 8 / 18, 5 / 18];
  let sum = 0;
  for (let e = 0; e < n ** 3; e++) {
    const corner = [e % n, Math.floor(e / n) % n, Math.floor(e / (n * n))] as const;
    const at = Array.from({ length: 8 }, (_, a) => {
      const [i, j, k] = [corner[0] + (a & 1), corner[1] + ((a >> 1) & 1), corner[2] + (a >> 2)];
      return position.get(i + (n + 1) * (j + (n + 1) * k))!;
    });
    for (let q = 0; q < 27; q++) {
      const [p, r, s] = [q % 3, Math.floor(q / 3) % 3, Math.floor(q / 9)];
      const [x, y, z] = [points[p]!, points[r]!, points[s]!];
      const want = exact([(corner[0] + x) * h[0], (corner[1] + y) * h[1], (corner[2] + z) * h[2]]);
      const weight = weights[p]! * weights[r]! * weights[s]! * h[0] * h[1] * h[2];
      for (let c = 0; c < 3; c++) {
        const shape = (a: number) => (a & 1 ? x : 1 - x) * ((a >> 1) & 1 ? y : 1 - y) * (a >> 2 ? z : 1 - z);
        const u = at.reduce((total, n0, a) => total + shape(a) * displacement[3 * n0 + c]!, 0);
        sum += weight * (u - want[c]!) ** 2;
      }
    }
  }
  return Math.sqrt(sum);
}

test.each([
  [[1, 1, 1], "wasm"],
  [[1, 1.5, 0.7], "wasm"],
  [[1, 1, 1], "typescript"],
] as [Vec3, "wasm" | "typescript"][])(
  "a manufactured solution converges at order 2 in L2 (%j, %s)",
  async (lengths, kernel) => {
    const errors: number[] = [];
    for (const n of [4, 8, 16]) {
      const h = lengths.map((l) => l / n) as unknown as Vec3;
      const surface = constrain([n, n, n], (i, j, k) =>
        [i, j, k].some((x) => x === 0 || x === n)
          ? exact([i * h[0], j * h[1], k * h[2]]).map((u, axis) => [axis, u] as const)
          : [],
      );
      const solution = await solve(
        modelOf([n, n, n], h, () => 1000),
        surface,
        { kernel, tolerance: 1e-9 },
      );
      errors.push(l2Error(solution, n, h));
    }
    for (const [coarse, fine] of [
      [errors[0]!, errors[1]!],
      [errors[1]!, errors[2]!],
    ] as const)
      expect(Math.abs(Math.log2(coarse / fine) - 2)).toBeLessThan(0.1);
  },
);

test("a cantilever converges to Timoshenko's beam at order 2", async () => {
  const [length, width, E, tip] = [8, 1, 1000, 0.1]; // mm, mm, MPa, mm; ν = 0: the clamp disturbs nothing
  const stiffness: number[] = [];
  for (const n of [2, 4, 8]) {
    const size: Vec3 = [n, n, length * n];
    const h = width / n;
    const ends = constrain(size, (_i, _j, k) =>
      k === 0
        ? [
            [0, 0],
            [1, 0],
            [2, 0],
          ]
        : k === length * n
          ? [[0, tip]]
          : [],
    );
    const solution = await solve(
      modelOf(size, [h, h, h], () => E, 0),
      ends,
      { tolerance: 1e-8 },
    );
    stiffness.push(reactionFromEnergy(solution, tip) / tip);
  }
  const bending = length ** 3 / (3 * E * (width ** 4 / 12));
  const shear = length / ((5 / 6) * (E / 2) * width ** 2);
  const beam = 1 / (bending + shear);
  const [a, b, c] = stiffness as [number, number, number];
  expect(Math.abs(Math.log2((a - b) / (b - c)) - 2)).toBeLessThan(0.15); // hexahedra lock as (h/width)²
  expect(Math.abs((c + (c - b) / 3) / beam - 1)).toBeLessThan(2e-3); // extrapolated; the beam is a theory itself
});
