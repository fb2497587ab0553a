import { expect, test } from "vitest";
import { component, displacementField, energyDensity, strain, stress } from "../src/solve/fields.js";
import { totalReaction } from "../src/solve/reaction.js";
import { solve } from "../src/solve/solve.js";
import type { Vec3 } from "../src/volume/volume.js";
import { constrain, modelOf, randomModel } from "./solveModels.js";

const h: Vec3 = [0.5, 0.8, 1.1];
const single = 1e-6; // the fields are f32

test("free lateral faces: the stress is uniaxial, the strain has Poisson's ratio, the density is σ²/2E", async () => {
  const size: Vec3 = [4, 3, 5];
  const model = modelOf(size, h, () => 2000, 0.25);
  const guided = constrain(size, (_i, _j, k) => (k === 0 ? [[2, 0]] : k === 5 ? [[2, -0.055]] : []));
  const solution = await solve(model, guided, { tolerance: 1e-12 });
  const [e, s] = [strain(model, solution), stress(model, solution)];
  const wantStrain = [0.0025, 0.0025, -0.01, 0, 0, 0];
  const wantStress = [0, 0, -20, 0, 0, 0];
  for (let v = 0; v < 60; v++)
    for (let c = 0; c < 6; c++) {
      expect(Math.abs(e.data[6 * v + c]! - wantStrain[c]!)).toBeLessThan(single * 0.01);
      expect(Math.abs(s.data[6 * v + c]! - wantStress[c]!)).toBeLessThan(single * 20);
    }
  expect(component(s, 2).data.every((x) => Math.abs(x + 20) < 20 * single)).toBe(true);
  for (const sampling of ["centre", "mean"] as const)
    for (const d of energyDensity(model, solution, sampling).data) expect(Math.abs(d / 0.1 - 1)).toBeLessThan(1e-5);
});

test("shear strains are engineering strains in the order yz, xz, xy", async () => {
  const size: Vec3 = [2, 2, 2];
  const model = modelOf(size, h, () => 1000, 0.3);
  const mu = 1000 / 2.6;
  const affine = constrain(size, (_i, j, k) => [
    [0, 0.01 * j * h[1] + 0.02 * k * h[2]],
    [1, 0.03 * k * h[2]],
    [2, 0],
  ]);
  const solution = await solve(model, affine);
  expect(Array.from(strain(model, solution).data.subarray(0, 6), (x) => Number(x.toFixed(7)) + 0)).toEqual([
    0, 0, 0, 0.03, 0.02, 0.01,
  ]);
  const shear = Array.from(stress(model, solution).data.subarray(3, 6));
  for (const [i, g] of [0.03, 0.02, 0.01].entries()) expect(Math.abs(shear[i]! / (mu * g) - 1)).toBeLessThan(single);
});

test("the density adds up to the strain energy, and is least at the centre", async () => {
  const { model, constraints } = randomModel([7, 6, 8], h, 0.35, 12);
  const solution = await solve(model, constraints, { tolerance: 1e-10, floating: "remove" });
  const volume = h[0] * h[1] * h[2];
  const mean = energyDensity(model, solution).data;
  const centre = energyDensity(model, solution, "centre").data;
  const sum = mean.reduce((total, d) => total + d * volume, 0);
  expect(Math.abs(sum / solution.strainEnergy - 1)).toBeLessThan(1e-6);
  for (const [v, d] of mean.entries()) expect(centre[v]!).toBeLessThanOrEqual(d * (1 + 1e-5));
});

test("the stress over any section carries the reaction", async () => {
  const { model, constraints } = randomModel([6, 6, 7], h, 0.2, 21);
  const solution = await solve(model, constraints, { tolerance: 1e-11, floating: "remove" });
  const top = totalReaction(constraints, solution, 2, (n) => n >= 49 * 7);
  const s = stress(model, solution).data;
  for (let z = 0; z < 7; z++) {
    let force = 0; // the mean over a layer of elements: the virtual work of a displacement that rises by 1 across it
    for (let v = 36 * z; v < 36 * (z + 1); v++) force += s[6 * v + 2]! * h[0] * h[1];
    expect(Math.abs(force / top - 1)).toBeLessThan(1e-5);
  }
});

test("displacements are given by grid node, along the grid or along L, P, S", async () => {
  const size: Vec3 = [2, 1, 1];
  const flat = modelOf(size, h, (x) => (x === 0 ? 1000 : 0), 0);
  const turned = { ...flat, modulus: { ...flat.modulus, direction: Float64Array.of(0, -1, 0, 1, 0, 0, 0, 0, 1) } };
  const moved = constrain(size, () => [
    [0, 0.1],
    [1, 0.2],
    [2, 0.3],
  ]);
  const solution = await solve(turned, moved);
  const round = (a: Float32Array) => Array.from(a, (x) => Number(x.toFixed(6)));
  expect(round(displacementField(turned, solution, "grid").subarray(0, 3))).toEqual([0.1, 0.2, 0.3]);
  expect(round(displacementField(turned, solution, "world").subarray(0, 3))).toEqual([-0.2, 0.1, 0.3]);
  expect(round(displacementField(turned, solution, "grid").subarray(6, 9))).toEqual([0, 0, 0]); // touches no element
});
