import { expect, test } from "vitest";
import { loadShares, midShare } from "../src/assess/loadShare.js";
import { atFifthOfPercent, crawford, pistoia } from "../src/assess/strength.js";
import { Compartment } from "../src/volume/compartment.js";
import { identityDirection } from "../src/volume/volume.js";

const grid = { size: [10, 1, 3], spacing: [0.5, 2, 1], origin: [0, 0, 0], direction: identityDirection() } as const;

test("springs in parallel share the load as their stiffness: σ = E·ε", () => {
  const strain = -0.002;
  const compartments = Float32Array.from({ length: 30 }, (_, n) =>
    n % 10 < 3 ? Compartment.bodyShell : Compartment.bodyCore,
  );
  const E = (c: number) => (c === Compartment.bodyShell ? 4000 : 300);
  const stress = compartments.map((c) => strain * E(c));
  const shares = loadShares(
    { ...grid, quantity: "MPa", data: stress },
    { ...grid, quantity: "label", data: compartments },
  );
  const shell = 3 * 4000,
    core = 7 * 300;
  expect(shares).toHaveLength(3);
  expect(midShare(shares)?.levelMm).toBe(1.5);
  for (const s of shares) {
    expect(s.shellPercent).toBeCloseTo((100 * shell) / (shell + core), 4); // f32 stresses
    expect(s.shellPercent + s.corePercent + s.posteriorPercent).toBeCloseTo(100, 9);
    expect(s.forceN).toBeCloseTo(strain * (shell + core), 4); // 1 mm² a voxel
  }
});

test("processes above and below the body carry nothing and move no section", () => {
  const tall = { ...grid, size: [10, 1, 9] as const }; // body in layers 3 to 5, a process in all nine
  const compartments = Float32Array.from({ length: 90 }, (_, v) =>
    v % 10 === 9 ? Compartment.posteriorShell : v >= 30 && v < 60 ? Compartment.bodyCore : 0,
  );
  const stress = compartments.map((c) => (c === Compartment.bodyCore ? -1 : c ? -1e-9 : 0)); // rounding in the process
  const shares = loadShares(
    { ...tall, quantity: "MPa", data: stress },
    { ...tall, quantity: "label", data: compartments },
  );
  expect(shares).toHaveLength(3);
  expect(midShare(shares)?.levelMm).toBe(4.5);
  expect(midShare(shares)?.corePercent).toBeCloseTo(100, 5);
});

test("layers with a cap are not the bone's", () => {
  const compartments = new Float32Array(30).fill(Compartment.bodyCore);
  compartments[2] = Compartment.superiorCap;
  const stress = new Float32Array(30).fill(-1);
  expect(
    loadShares({ ...grid, quantity: "MPa", data: stress }, { ...grid, quantity: "label", data: compartments }),
  ).toHaveLength(2);
});

test("Pistoia under uniform strain fails at F·0.007/ε", () => {
  const strain = 0.002;
  const modulus = Float32Array.from({ length: 1000 }, (_, n) => 100 + n);
  const energy = modulus.map((E) => 0.5 * E * strain ** 2);
  const estimate = pistoia(energy, modulus, -500);
  expect(estimate.loadN).toBeCloseTo((500 * 0.007) / strain, 2); // f32 energies
  expect(estimate.effectiveStrain).toBeCloseTo(strain, 8);
});

test("Pistoia takes the strain that the stated share of the bone exceeds, and leaves voids out", () => {
  const modulus = Float32Array.from({ length: 2000 }, (_, n) => (n % 2 ? 0 : 1000));
  const energy = modulus.map((E, n) => 0.5 * E * (n / 2e5) ** 2); // strains 0 to 0.01, evenly
  expect(pistoia(energy, modulus, 1, { volumePercent: 10 }).effectiveStrain).toBeCloseTo(0.009, 4); // one in a thousand
  expect(() => pistoia(energy, modulus, 1, { volumePercent: 0 })).toThrow(/percentage/);
  expect(() => pistoia([0], [0], 1)).toThrow(/no bone/);
});

test("linear estimates scale with stiffness and height", () => {
  expect(crawford(12000, 29).loadN).toBeCloseTo(0.0068 * 12000 * 29, 9);
  expect(atFifthOfPercent(12000, 29).loadN).toBeCloseTo(696, 9);
});
