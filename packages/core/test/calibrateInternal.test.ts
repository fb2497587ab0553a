import { expect, test } from "vitest";
import { attenuation, type Material, tissues } from "../src/calibrate/attenuation.js";
import { densityAt, densitySdAt } from "../src/calibrate/curve.js";
import { mixtureCurve, solveInternal } from "../src/calibrate/internal.js";
import { fitLine } from "../src/linalg/leastSquares.js";
import { normal } from "./normal.js";

/** Tissues of a published scan (sub-verse004 of VerSe, internal calibration by Ogo). */
const verse004 = { adipose: -82.579, air: -956.834, blood: 39.249, cortical: 1226.214, muscle: 24.561 };

test("the published scan gives the published energy, R² and lines, to the printed digits", () => {
  const { internal, evidence } = solveInternal({ kind: "internal", hu: verse004 });
  expect(internal!.effectiveEnergyKeV).toBe(97);
  expect(evidence!.r2!.toFixed(6)).toBe("0.998965");
  expect(internal!.attenuationSlope.toExponential(4)).toBe("1.6103e-5");
  expect(internal!.attenuationIntercept.toFixed(6)).toBe("0.171240");
  expect(internal!.massDensitySlope.toFixed(6)).toBe("0.000893");
  expect(internal!.massDensityIntercept.toFixed(6)).toBe("0.968731");
});

test("and the published densities in both reference materials, to the printed digits", () => {
  const k = solveInternal({ kind: "internal", hu: verse004 }).curve;
  const ha = solveInternal({ kind: "internal", hu: verse004, reference: "HA" }).curve;
  const published = [
    [-80, "1.6", "1.4"],
    [0, "37.0", "32.2"],
    [100, "88.6", "77.2"],
    [200, "148.3", "129.3"],
    [300, "216.2", "188.4"],
    [600, "469", "408"],
    [1000, "919", "801"],
  ] as const;
  for (const [hu, inK, inHa] of published) {
    const digits = inK.includes(".") ? 1 : 0;
    expect(densityAt(k, hu).toFixed(digits)).toBe(inK);
    expect(densityAt(ha, hu).toFixed(digits)).toBe(inHa);
  }
});

test("log-log interpolation gives 96.5 keV and changes density by less than 1 %", () => {
  const linear = solveInternal({ kind: "internal", hu: verse004 }).curve;
  const { curve, internal } = solveInternal({ kind: "internal", hu: verse004, interpolation: "log-log" });
  expect(internal!.effectiveEnergyKeV).toBe(96.5);
  for (const hu of [0, 100, 300, 1000]) {
    expect(Math.abs(densityAt(curve, hu) / densityAt(linear, hu) - 1)).toBeLessThan(0.01);
    expect(densityAt(curve, hu)).not.toBe(densityAt(linear, hu));
  }
});

test("attenuation: the tabulated values, and between them by the named interpolation", () => {
  const at = (energy: number) =>
    (["adipose", "air", "blood", "cortical", "muscle", "K2HPO4", "HA", "triglyceride", "water"] as Material[]).map(
      (m) => attenuation(m, energy),
    );
  expect(at(60)).toEqual([0.1974, 0.1875, 0.2057, 0.3148, 0.2048, 0.389, 0.4067, 0.1945, 0.2059]);
  expect(at(80)).toEqual([0.18, 0.1662, 0.1827, 0.2229, 0.1823, 0.2508, 0.2589, 0.1789, 0.1837]);
  expect(at(100)).toEqual([0.1688, 0.1541, 0.1695, 0.1855, 0.1693, 0.1972, 0.2019, 0.1683, 0.1707]);
  expect([attenuation("cortical", 10), attenuation("cortical", 200)]).toEqual([28.51, 0.1309]);
  for (const [material, linear, logLog] of [
    ["cortical", 0.26885, "0.2616"],
    ["water", 0.1948, "0.1937"],
  ] as const) {
    expect(attenuation(material, 70)).toBeCloseTo(linear, 12);
    expect(attenuation(material, 70, "log-log").toFixed(4)).toBe(logLog);
  }
});

test("relative to water, fat only gains and mineral only loses with energy, as the photoelectric effect fades", () => {
  const energies = [20, 30, 40, 50, 60, 80, 100, 150, 200]; // a slip in one tabulated value breaks the order
  const relative = (material: Material) => energies.map((e) => attenuation(material, e) / attenuation("water", e));
  for (const material of ["adipose", "triglyceride"] as const)
    expect(relative(material)).toEqual([...relative(material)].sort((p, q) => p - q));
  for (const material of ["cortical", "K2HPO4", "HA"] as const)
    expect(relative(material)).toEqual([...relative(material)].sort((p, q) => q - p));
});

test("each tabulated value lies where the cubic through its neighbours in log-log puts it", () => {
  // Attenuation is smooth between edges: a slip of one digit stands out. The widest gaps bend by 3.1 %.
  const energies = [10, 15, 20, 30, 40, 50, 60, 80, 100, 150, 200];
  const log = energies.map(Math.log);
  const materials: Material[] = [...tissues, "water", "triglyceride", "K2HPO4", "HA"];
  for (const material of materials)
    for (let i = 1; i < energies.length - 1; i++) {
      const near = [i - 2, i - 1, i + 1, i + 2].filter((j) => j >= 0 && j < energies.length);
      const share = (j: number) =>
        near.reduce((p, k) => (k === j ? p : (p * (log[i]! - log[k]!)) / (log[j]! - log[k]!)), 1);
      const guess = near.reduce((sum, j) => sum + share(j) * Math.log(attenuation(material, energies[j]!)), 0);
      const error = Math.abs(Math.exp(guess) / attenuation(material, energies[i]!) - 1);
      expect(error).toBeLessThan(energies[i]! >= 40 && energies[i]! <= 100 ? 0.005 : 0.035);
    }
});

test("three tissues are enough when air and cortical bone are among them", () => {
  const { adipose, air, cortical } = verse004;
  const { evidence, internal, curve } = solveInternal({ kind: "internal", hu: { adipose, air, cortical } });
  expect(evidence).toMatchObject({ n: 3, degreesOfFreedom: 1, unit: "cm2/g" });
  expect(Math.abs(internal!.effectiveEnergyKeV - 97)).toBeLessThan(3);
  expect(curve.covariance).not.toBeNull();
});

test("tissues that fix no energy are refused instead of calibrated at 10 keV", () => {
  const { air: _, ...hu } = verse004;
  expect(() => solveInternal({ kind: "internal", hu })).toThrow(/fix no effective energy.*30 keV.*give air/);
});

test("unknown, missing, mixed-up and impossible tissues are refused", () => {
  const solve = (hu: Record<string, number>) => () => solveInternal({ kind: "internal", hu });
  expect(solve({ ...verse004, liver: 60 })).toThrow(/tissue "liver" is unknown.*air, adipose, muscle, blood, cortical/);
  expect(solve({ air: -957, cortical: 1226 })).toThrow(/only air and cortical is given.*at least three/);
  expect(solve({})).toThrow(/no tissue is given/);
  expect(solve({ ...verse004, blood: Number.NaN })).toThrow(/HU of blood is NaN/);
  expect(solve({ ...verse004, adipose: 40, muscle: -80 })).toThrow(/adipose \(40 HU\) is not darker than muscle/);
  expect(solve({ ...verse004, muscle: 39.249 })).not.toThrow(); // equal values are no obstacle
  const bad = { kind: "internal", hu: verse004 } as const;
  expect(() => solveInternal({ ...bad, energyWindowKeV: [5, 100] })).toThrow(/5 to 100 keV is not within 10 to 200/);
  expect(() => solveInternal({ ...bad, interpolation: "cubic" as "linear" })).toThrow(/"cubic" is unknown/);
});

test("enhanced blood is noticed", () => {
  const { findings } = solveInternal({ kind: "internal", hu: { ...verse004, blood: 180 } });
  expect(findings.map((f) => f.code)).toContain("calibration-contrast-agent");
});

test("the SD of the mixture curve is what noise in both regressions makes of it", () => {
  // 4000 trials: an SD is known to 1.1 %, the mean of 3-dof variances to 1.3 %; 5 % on the SD is more than 3 of both.
  const hu = [-950, -80, 25, 40, 1200];
  const draw = normal(7);
  const [uFat, perMineral, trials] = [0.1697, 28_000, 4000];
  const sums = { density: 0, square: 0, predicted: 0 };
  for (let t = 0; t < trials; t++) {
    const shared = hu.map(() => draw());
    const u = fitLine(
      hu,
      hu.map((h, i) => 1.6e-5 * h + 0.1712 + 3e-4 * shared[i]!),
    )!;
    const rho = fitLine(
      hu,
      hu.map((h, i) => 8.9e-4 * h + 0.9687 + 0.01 * (draw() - shared[i]!)),
    )!; // correlated with u
    const curve = mixtureCurve(u, rho, uFat, perMineral);
    const density = densityAt(curve, 300);
    sums.density += density / trials;
    sums.square += density ** 2 / trials;
    sums.predicted += densitySdAt(curve, 300)! ** 2 / trials;
  }
  const seen = Math.sqrt(sums.square - sums.density ** 2);
  expect(Math.abs(Math.sqrt(sums.predicted) / seen - 1)).toBeLessThan(0.05);
});
