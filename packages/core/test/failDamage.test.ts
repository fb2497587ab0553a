import { expect, test } from "vitest";
import type { Material } from "../src/material/material.js";
import { quasiBrittle } from "../src/material/quasiBrittle.js";
import { curveStress } from "../src/material/softening.js";
import { tissueDamage } from "../src/material/tissueDamage.js";
import { damageField } from "../src/solve/path/damageField.js";
import { fail } from "../src/solve/path/fail.js";
import { findRuns } from "../src/solve/runs.js";
import { voxelLevel } from "../src/solve/voxelLevel.js";
import type { Vec3 } from "../src/volume/volume.js";
import { guided, specimen } from "./failInputs.js";
import { lcg, modelOf } from "./solveModels.js";

const h = 0.05; // mm
const E = 12_700; // MPa
const law = { youngMPa: E, poisson: 0.3, tensionStrain: 0.004, compressionStrain: 0.008, hardening: 0.05 };
const softening = { tensionPeakStrain: 0.02, compressionPeakStrain: 0.03, fractureEnergyNPerMm: 0.3, residual: 1e-4 };

const block = (size: Vec3) => modelOf(size, [h, h, h], () => E);

for (const kernel of ["wasm", "typescript"] as const)
  test.each([
    ["tension", 1, 0.004, 0.02],
    ["compression", -1, 0.008, 0.03],
  ] as const)(
    `${kernel}: a block in uniaxial %s follows onset, hardening and softening`,
    async (_, sign, onset, peak) => {
      const size: Vec3 = [2, 2, 1]; // one layer: more of them would soften in one alone
      const length = size[2] * h;
      const input = specimen(block(size), [0, 0, sign * 0.35 * length, 0, 0, 0]);
      const material = { law: "tissue-damage", ...law, ...softening } as const;
      const options = { steps: 60, kernel, brokenBelow: 0.02, tolerance: 1e-6 };
      const { points, end } = await fail({ ...input, material }, options);
      const peakMPa = E * onset * (1 + 0.05 * (peak / onset - 1));
      const curve = { hardening: 0.05, peakStrain: peak / onset, failureStrain: (2 * 0.3) / (peakMPa * h) / onset };
      expect(end).toBe("broken");
      for (const p of points.slice(1)) {
        const strain = Math.abs(p.motion[2]) / length;
        const stress = Math.abs(p.resultant[2]) / (size[0] * size[1] * h * h);
        const want = Math.max(E * onset * curveStress(curve, strain / onset), softening.residual * E * strain);
        expect(Math.abs(stress - want)).toBeLessThan(1e-4 * peakMPa);
      }
    },
  );

test.each([0.2, 0.1, 0.05])(
  "a bar that breaks takes G_f times its section, whatever its elements: %s mm",
  async (edge) => {
    const count = Math.round(1 / edge);
    const weak = Math.floor(count / 2); // 2 % less stiff, and so less strong at the same strain
    const model = modelOf([1, 1, count], [edge, edge, edge], (_x, _y, z) => (z === weak ? 0.98 * E : E), 0);
    const fractureEnergyNPerMm = 0.4;
    const brittle = { ...law, poisson: 0, hardening: 0, tensionPeakStrain: 0, compressionPeakStrain: 0 };
    const { points } = await fail(
      {
        ...specimen(model, [0, 0, 0.022, 0, 0, 0]),
        material: { law: "tissue-damage", ...brittle, fractureEnergyNPerMm, residual: 1e-5 },
      },
      { steps: 200, brokenBelow: 0.001, tolerance: 1e-5 },
    );
    const last = points.at(-1)!;
    const fracture = 0.98 * fractureEnergyNPerMm * edge * edge; // N mm
    expect(Math.abs(last.dissipatedNMm / fracture - 1)).toBeLessThan(0.02);
    expect(Math.abs(last.workNMm / fracture - 1)).toBeLessThan(0.02);
  },
);

test("what damage dissipates does not depend on how the material is held sideways", () => {
  const made = tissueDamage({ ...law, ...softening, bandMm: h });
  const dissipated = (direction: readonly number[]) => {
    const scale = (t: number) => Float64Array.from(direction, (d) => t * d);
    let energy = 0;
    let before = 0;
    for (let t = 0; t < 1; t += 1e-4) {
      const strain = scale(t + 5e-5);
      const now = made.damage(strain, made.loading(strain));
      const [x, y, z] = strain as unknown as [number, number, number];
      const lambda = (E * 0.3) / (1.3 * 0.4);
      energy += (0.5 * lambda * (x + y + z) ** 2 + (E / 2.6) * (x * x + y * y + z * z)) * (now - before);
      before = now;
    }
    return energy;
  };
  const free = dissipated([-0.3, -0.3, 1, 0, 0, 0]);
  expect(Math.abs(dissipated([0, 0, 1, 0, 0, 0]) / free - 1)).toBeLessThan(1e-3);
  expect(Math.abs(dissipated([-0.3, 0, 1, 0, 0, 0]) / free - 1)).toBeLessThan(1e-3);
});

test("control by dissipation follows a bar back where its load falls more steeply than it unloads", async () => {
  const [count, edge] = [40, 0.05]; // 2 mm, of which one element breaks
  const model = modelOf([1, 1, count], [edge, edge, edge], (_x, _y, z) => (z === 20 ? 0.98 * E : E), 0);
  const brittle = { ...law, poisson: 0, hardening: 0, tensionPeakStrain: 0, compressionPeakStrain: 0 };
  const fractureEnergyNPerMm = 0.08;
  const { points, end } = await fail(
    {
      ...specimen(model, [0, 0, 0.012, 0, 0, 0]),
      material: { law: "tissue-damage", ...brittle, fractureEnergyNPerMm, residual: 1e-4 },
    },
    { steps: 40, control: "dissipation", tolerance: 1e-4, brokenBelow: 0.05 },
  );
  expect(end).toBe("broken");
  const peakMPa = 0.98 * E * 0.004;
  const opened = (2 * 0.98 * fractureEnergyNPerMm) / peakMPa; // mm, strain of the broken element times its edge
  let turnedBack = false;
  for (const p of points.slice(1)) {
    const stress = p.resultant[2] / edge ** 2;
    const elastic = (stress / E) * edge * (count - 1);
    const broken = stress < peakMPa && p.dissipatedNMm > 0;
    const own = broken ? opened - (stress / peakMPa) * (opened - 0.004 * edge) : (stress / (0.98 * E)) * edge;
    expect(Math.abs(p.motion[2] - elastic - own)).toBeLessThan(2e-3 * 0.008);
    expect(Math.abs(p.energyError)).toBeLessThan(0.01);
  }
  for (let i = 1; i < points.length; i++) turnedBack ||= points[i]!.motion[2] < points[i - 1]!.motion[2];
  expect(turnedBack).toBe(true); // 2·G_f·E/σ² = 0.8 mm of bar could have been broken stably
});

test("control by dissipation keeps a follower's proportions, and the energy in balance", async () => {
  const random = lcg(5);
  const model = modelOf([6, 6, 8], [h, h, h], () => (random() < 0.35 ? 0 : E));
  const arm = 0.03; // mm, in flexion
  const input = specimen(model, [0, 0, -0.06, 0, 0, 0], guided, { leftArmMm: arm, posteriorArmMm: 0 });
  const { points } = await fail(
    { ...input, material: { law: "tissue-damage", ...law, ...softening } },
    { steps: 20, control: "dissipation", floating: "remove" },
  );
  const most = Math.max(...points.map((p) => p.storedNMm));
  expect(points.at(-1)!.dissipatedNMm).toBeGreaterThan(most);
  for (const [i, { resultant, energyError, dissipatedNMm }] of points.entries()) {
    if (i === 0) continue;
    expect(Math.abs(resultant[3] / -resultant[2] / arm - 1)).toBeLessThan(0.01);
    expect(Math.abs(energyError)).toBeLessThan(0.01);
    expect(dissipatedNMm - points[i - 1]!.dissipatedNMm).toBeLessThan(0.3 * most);
  }
});

test("control by dissipation is refused where the law is no damage", async () => {
  const input = {
    ...specimen(block([1, 1, 1]), [0, 0, 0.01, 0, 0, 0]),
    material: { law: "von-mises", yieldMPa: 9 },
  } as const;
  await expect(fail(input, { control: "dissipation" })).rejects.toThrow(
    /for damage laws, not for "von-mises".*Leave it out/,
  );
});

test("unloading and loading again goes along the secant and dissipates nothing; going further does", () => {
  const level = voxelLevel(
    findRuns([3, 3, 3], () => true),
    [h, h, h],
  );
  const field = damageField(
    { spacing: [h, h, h], poisson: 0.3 },
    level,
    tissueDamage({ ...law, ...softening, bandMm: h }),
  );
  const random = lcg(3);
  const u = Float64Array.from({ length: 3 * level.stride }, () => 0.01 * h * (random() - 0.5));
  const moduli = new Float32Array(27).fill(E);
  const state = (factor: number, damage: Float32Array) => ({ u: u.map((x) => factor * x), damage });
  const grown = (factor: number, least: Float32Array) => {
    const damage = new Float32Array(27);
    field.grow(state(factor, least).u, least, damage);
    return state(factor, damage);
  };
  const loaded = grown(1, new Float32Array(27));
  expect(loaded.damage.some((d) => d > 0.01)).toBe(true);
  for (const factor of [0.5, 0, -0.2, 1]) {
    const back = grown(factor, loaded.damage);
    expect(back.damage).toEqual(loaded.damage);
    expect(field.dissipated(loaded, back, moduli)).toBe(0);
  }
  expect(field.dissipated(loaded, grown(1.2, loaded.damage), moduli)).toBeGreaterThan(0);
});

test("elements that are told to stay elastic do, in any strain", async () => {
  const input = specimen(block([2, 2, 2]), [0, 0, 0.04 * 2 * h, 0, 0, 0]);
  const material = { law: "tissue-damage", ...law, ...softening } as const;
  const options = { steps: 4, tolerance: 1e-6 };
  const elastic = await fail({ ...input, material: { ...material, damageable: new Float32Array(8) } }, options);
  const last = elastic.points.at(-1)!;
  expect(last.damagedMm3).toBe(0);
  expect(Math.abs(last.resultant[2] / (elastic.stiffness * last.motion[2]) - 1)).toBeLessThan(1e-5);
  const half = Float32Array.from({ length: 8 }, (_, v) => (v < 4 ? 1 : 0)); // the lower layer alone
  const { fields } = await fail({ ...input, material: { ...material, damageable: half } }, options);
  fields.voxel.forEach((v, e) => {
    expect(fields.damage[e]! > 0).toBe(v < 4);
  });
});

test("a path can be stopped within a step", async () => {
  const input = specimen(block([20, 20, 20]), [0, 0, 0.3 * h, 0, 0, 0]);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 0);
  let points = 0;
  const path = fail(
    { ...input, material: { law: "tissue-damage", ...law, ...softening } },
    { steps: 2, tolerance: 1e-8 },
    { signal: stop.signal, onPoint: () => points++ },
  );
  await expect(path).rejects.toThrow(/abort/i);
  expect(points).toBe(0);
});

test.each([
  ["tissue-damage", { residual: 0 }, /residual of tissue-damage is 0. Give 0.000001 or more and less than 1/],
  ["tissue-damage", { residual: 2 }, /less than 1/],
  ["tissue-damage", { compressionStrain: -0.0083 }, /compressionStrain of tissue-damage is -0.0083. Give more than 0/],
  ["tissue-damage", { hardening: -0.5 }, /0 or more/],
  ["tissue-damage", { tensionStrain: Number.NaN }, /is NaN/],
  ["tissue-damage", { hardning: 0.3 }, /no constant "hardning". It has: youngMPa,/],
  ["quasi-brittle", { criticalDamage: 5 }, /1 at most/],
  ["quasi-brittle", { exponent: 0 }, /more than 0/],
] as const)("%s with %j is refused with what it may be", async (name, constants, message) => {
  const material = { law: name, ...constants } as Material;
  const path = fail({ ...specimen(block([2, 2, 2]), [0, 0, 0.01, 0, 0, 0]), material });
  await expect(path).rejects.toThrow(message);
});

test("quasi-brittle: the area under the uniaxial curve is the fracture energy over the element", () => {
  const made = quasiBrittle({ youngMPa: E, poisson: 0.3, fractureEnergyNPerMm: 0.3, bandMm: h });
  const uniaxial = (e: number) => Float64Array.of(-0.3 * e, -0.3 * e, e, 0, 0, 0);
  for (const sign of [1, -1]) {
    let energy = 0;
    const de = 1e-5;
    for (let e = de / 2; e < 2; e += de) {
      const strain = uniaxial(sign * e);
      const damage = made.damage(strain, made.loading(strain));
      if (damage > 1 - 2e-3) break;
      energy += (1 - damage) * E * e * de;
    }
    expect(Math.abs(energy * h - 0.3)).toBeLessThan(1e-3);
  }
});

test("elements too large for their fracture energy are refused with the largest that would do", () => {
  expect(() => tissueDamage({ ...law, ...softening, bandMm: 5 })).toThrow(/less than .* mm/);
});
