import { expect, test } from "vitest";
import { spectrumBound } from "../src/solve/coarsen.js";
import { hex8Stiffness } from "../src/solve/hex8.js";
import type { Vec3 } from "../src/volume/volume.js";
import { lcg } from "./solveModels.js";

const E = 12000;
const nu = 0.3;
const edges: Vec3 = [0.3, 0.5, 0.8];
const volume = edges[0] * edges[1] * edges[2];
const lambda = (E * nu) / ((1 + nu) * (1 - 2 * nu));
const mu = E / (2 * (1 + nu));
const rounding = 1e-13;

/** ½·uᵀKu of a displacement field given by position, mm. */
function energy(field: (x: number, y: number, z: number) => readonly number[]): number {
  const K = hex8Stiffness(edges, E, nu);
  const u = Array.from({ length: 8 }, (_, a) =>
    field((a & 1) * edges[0], ((a >> 1) & 1) * edges[1], (a >> 2) * edges[2]),
  ).flat();
  return 0.5 * u.reduce((sum, ur, r) => sum + ur * u.reduce((s, uc, c) => s + K[24 * r + c]! * uc, 0), 0);
}

test("uniaxial strain stores ½·(λ + 2μ)·ε²·V", () => {
  expect(Math.abs(energy((_x, y) => [0, 0.01 * y, 0]) / (0.5 * (lambda + 2 * mu) * 1e-4 * volume) - 1)).toBeLessThan(
    rounding,
  );
});

test("simple shear stores ½·μ·γ²·V", () => {
  expect(Math.abs(energy((_x, _y, z) => [0.01 * z, 0, 0]) / (0.5 * mu * 1e-4 * volume) - 1)).toBeLessThan(rounding);
});

test("the hourglass field (xy about the centre, 0, 0) stores its closed form", () => {
  const stored = energy((x, y) => [(x - edges[0] / 2) * (y - edges[1] / 2), 0, 0]); // one Gauss point would store 0
  const exact = (0.5 * volume * ((lambda + 2 * mu) * edges[1] ** 2 + mu * edges[0] ** 2)) / 12;
  expect(Math.abs(stored / exact - 1)).toBeLessThan(rounding);
});

test("the six rigid motions cost nothing", () => {
  const motions = [
    () => [1, 0, 0],
    () => [0, 1, 0],
    () => [0, 0, 1],
    (x: number, y: number) => [-y, x, 0],
    (x: number, _y: number, z: number) => [z, 0, -x],
    (_x: number, y: number, z: number) => [0, -z, y],
  ];
  for (const motion of motions) expect(Math.abs(energy(motion))).toBeLessThan(rounding * E);
});

test("a cube's spectral bound is (24/(1−2ν))/(16λ/3 + 64μ/3) in units of E", () => {
  const [l, m] = [lambda / E, mu / E];
  const exact = 24 / (1 - 2 * nu) / ((16 * l) / 3 + (64 * m) / 3); // the dilatation that alternates from node to node
  const bound = spectrumBound([1, 1, 1], nu, 0);
  expect(bound / exact).toBeGreaterThan(1);
  expect(bound / exact).toBeLessThan(1.002); // it is rounded up by a thousandth
});

test("a brick's spectral bound holds, and is nearly reached, for fields that alternate along each axis", () => {
  const K = hex8Stiffness(edges, E, nu);
  const bound = spectrumBound(edges, nu, 0);
  const random = lcg(4);
  let u = Array.from({ length: 24 }, () => random() - 0.5);
  let quotient = 0;
  for (let step = 0; step < 2000; step++) {
    const f = u.map((_, r) => u.reduce((sum, x, c) => sum + K[24 * r + c]! * x, 0));
    const energies = [f, u.map((x, r) => K[25 * r]! * x)].map((v) => v.reduce((sum, x, r) => sum + x * u[r]!, 0));
    quotient = energies[0]! / energies[1]!;
    expect(quotient).toBeLessThan(bound);
    u = f.map((x, r) => x / K[25 * r]!);
    const largest = Math.max(...u.map(Math.abs));
    u = u.map((x) => x / largest);
  }
  expect(quotient).toBeGreaterThan(0.998 * bound);
});

test.each([
  [[1, 1, 0], 1, 0.3],
  [[1, 1, 1], 0, 0.3],
  [[1, 1, 1], 1, 0.5],
  [[1, 1, 1], 1, -1],
] as [Vec3, number, number][])("edges %j, modulus %d, Poisson %d are refused", (h, e, p) => {
  expect(() => hex8Stiffness(h, e, p)).toThrow(/hex8: needs/);
});
