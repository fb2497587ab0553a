import { expect, test } from "vitest";
import { calibrate } from "../src/calibrate/calibrate.js";
import { densityAt, densitySdAt } from "../src/calibrate/curve.js";
import { insertMeans } from "../src/calibrate/insertMeans.js";
import type { CalibrationMethod, Insert, Rod } from "../src/calibrate/method.js";
import { solveInserts, solveMindways } from "../src/calibrate/phantom.js";
import { identityDirection, type Quantity, type Volume } from "../src/volume/volume.js";
import { normal } from "./normal.js";

function image<Q extends Quantity>(quantity: Q, values: ArrayLike<number>): Volume<Q> {
  const grid = { size: [values.length, 1, 1], spacing: [1, 1, 1], origin: [0, 0, 0] } as const;
  return { quantity, data: Float32Array.from(values), ...grid, direction: identityDirection() };
}
const scan = (...values: number[]) => image("HU", values);

const inserts: Insert[] = [0, 50, 100, 200, 400].map((density) => ({ hu: (density + 5) / 0.8, density }));

test("inserts on a line give that line, applied to every voxel, and no residual", async () => {
  const result = await calibrate(scan(-20, 0, 100.5, 700), { kind: "inserts", inserts, reference: "HA" });
  expect(result.density.quantity).toBe("mgHA/cm3");
  expect(result.reference).toBe("HA");
  expect(
    [...result.density.data].map((v, i) => v - (0.8 * [-20, 0, 100.5, 700][i]! - 5)).every((d) => Math.abs(d) < 1e-4),
  ).toBe(true);
  expect(result.evidence).toMatchObject({ unit: "mg/cm3", n: 5, degreesOfFreedom: 3 });
  expect(result.evidence!.residualSd!).toBeLessThan(1e-9);
  expect(result.voxelsAboveCalibrated).toBe(1); // 700 HU; the brightest insert is at 506
  expect(result.findings.map((f) => f.code)).toEqual(["calibration-extrapolated"]);
});

test("the predicted SD of density is the one that noisy inserts show", () => {
  // 4000 trials: an SD is known to 1.1 %, the mean of 3-dof variances to 1.3 %; 5 % on the SD is more than 3 of both.
  expectSd(3, (noise) => solveInserts(inserts.map((p) => ({ ...p, hu: p.hu + 4 * noise() }))));
});

test("so is that of two inserts whose uncertainty is given", () => {
  const pair = [inserts[0]!, inserts[3]!].map((p, i) => ({ ...p, sdHu: [2, 6][i]! }));
  expectSd(4, (noise) => solveInserts(pair.map((p) => ({ ...p, hu: p.hu + p.sdHu * noise() }))));
});

const rods: Rod[] = [
  { hu: 0, density: -50, water: 1012 },
  { hu: 0, density: -53, water: 1057 },
  { hu: 0, density: 59, water: 1104 },
  { hu: 0, density: 157, water: 1120 },
  { hu: 0, density: 376, water: 923 },
].map((rod) => ({ ...rod, hu: rod.water + 1.6 * rod.density - 1100 })); // made-up rods with σ_ref = 1.6, β_ref = −1100

test("Mindways: water is taken off, the slope and offset are corrected", () => {
  const { curve, mindways, reference } = solveMindways(rods);
  expect(mindways!.sigmaRef).toBeCloseTo(1.6, 12);
  expect(mindways!.betaRef).toBeCloseTo(-1100, 9);
  expect(mindways!.sigmaCt).toBeCloseTo(1.3826, 12);
  expect(mindways!.betaCt).toBeCloseTo(-100.4, 9);
  expect(densityAt(curve, 100)).toBeCloseTo((100 + 100.4) / 1.3826, 9);
  expect(reference).toBe("K2HPO4");
});

test("Mindways: the predicted SD is the one that noisy rods show", () => {
  expectSd(5, (noise) => solveMindways(rods.map((rod) => ({ ...rod, hu: rod.hu + 3 * noise() }))));
});

/** Compares the SD of the density at 250 HU over trials with the root mean square of the predicted ones. */
function expectSd(seed: number, solve: (noise: () => number) => ReturnType<typeof solveInserts>) {
  const noise = normal(seed);
  const trials = Array.from({ length: 4000 }, () => {
    const { curve } = solve(noise);
    return { density: densityAt(curve, 250), variance: densitySdAt(curve, 250)! ** 2 };
  });
  const mean = (value: (trial: (typeof trials)[0]) => number) =>
    trials.reduce((sum, t) => sum + value(t), 0) / trials.length;
  const centre = mean((t) => t.density);
  const seen = Math.sqrt(mean((t) => (t.density - centre) ** 2));
  const predicted = Math.sqrt(mean((t) => t.variance));
  expect(Math.abs(predicted / seen - 1)).toBeLessThan(0.05);
}

test("an insert known less well pulls less", () => {
  const off = inserts.map((p, i) => (i === 4 ? { ...p, hu: p.hu + 30 } : p));
  const wrongAt = (sd: number) => {
    const { curve } = solveInserts(off.map((p, i) => ({ ...p, sdHu: i === 4 ? sd : 1 })));
    return Math.abs(densityAt(curve, 250) - 195);
  };
  expect(wrongAt(30)).toBeLessThan(0.05 * wrongAt(1));
});

test("a given line is applied, and its SDs propagate as those of independent numbers", async () => {
  const line: CalibrationMethod = { kind: "line", slope: 0.75, intercept: -3, slopeSd: 0.01, interceptSd: 2 };
  const result = await calibrate(scan(0, 200), line);
  expect([...result.density.data]).toEqual([-3, 147]);
  expect(densitySdAt(result.curve, 200)).toBeCloseTo(Math.hypot(0.01 * 200, 2), 12);
  expect(result.evidence).toBeNull();
  const bare = await calibrate(scan(0), { kind: "line", slope: 0.75, intercept: -3 });
  expect(densitySdAt(bare.curve, 200)).toBeNull();
  expect(bare.findings[0]!.code).toBe("calibration-uncertainty-unknown");
});

test("a density image is taken as it is, in the named material, K2HPO4 by default", async () => {
  const values = [-31.5, 0, 250.25, -3000];
  const k = await calibrate(image("grey", values), { kind: "density" });
  expect([...k.density.data]).toEqual(values);
  expect(k.density.quantity).toBe("mgK2HPO4/cm3");
  const ha = await calibrate(scan(1), { kind: "density", reference: "HA" });
  expect(ha.density.quantity).toBe("mgHA/cm3");
});

test("padding below −1024 HU counts as air: the quadratic would turn it into bone", async () => {
  const hu = { air: -957, adipose: -83, blood: 39, muscle: 25, cortical: 1226 };
  const result = await calibrate(scan(-1024, -3024), { kind: "internal", hu });
  expect(result.density.data[1]).toBe(result.density.data[0]);
  expect(densityAt(result.curve, -3024)).toBeGreaterThan(1000);
  expect(result.density.data[1]).toBeLessThan(0);
  expect(result.voxelsBelowLowestHu).toBe(1);
  expect(result.published!.sdMgPerCm3).toBe(17.8);
});

test("the result tabulates the curve with its SD", async () => {
  const noisy = inserts.map((p, i) => ({ ...p, hu: p.hu + [3, -2, 1, -4, 2][i]! }));
  const { table, curve } = await calibrate(scan(0), { kind: "inserts", inserts: noisy }, { tableHu: [0, 600] });
  expect(table.map((row) => row.hu)).toEqual([0, 600]);
  expect(table[1]!.density).toBe(densityAt(curve, 600));
  expect(table[1]!.densitySd!).toBeGreaterThan(table[0]!.densitySd!); // further from the inserts' middle
});

test("no method, or an unknown one, names the option and the five ways in one line", async () => {
  for (const method of [undefined, { kind: "guess" } as unknown as CalibrationMethod])
    await expect(calibrate(scan(0), method)).rejects.toThrow(
      /^calibrate: .*--calibration.*inserts.*mindways.*internal.*line.*density.*$/,
    );
});

test("a line that gives no possible density is refused, with the line: too steep, in g/cm³, far off at water", async () => {
  const refuse = (slope: number, intercept: number, message: RegExp) =>
    expect(calibrate(scan(0), { kind: "line", slope, intercept })).rejects.toMatchObject({
      code: "bad-option",
      message: expect.stringMatching(message),
    });
  await refuse(1e300, 0, /the line 1e\+300·HU \+ 0 gives 1e\+303 mg\/cm³ at 1000 HU/);
  await refuse(1e307, 0, /gives Infinity mg/);
  await refuse(8e-4, -3e-3, /gives 0\.797 mg\/cm³ at 1000 HU, where 100 to 3160.*not g\/cm³/);
  await refuse(0.8, -1000, /gives -1000 mg\/cm³ at 0 HU/);
  const slip = inserts.map((p) => ({ ...p, density: p.density / 1000 }));
  await expect(calibrate(scan(0), { kind: "inserts", inserts: slip })).rejects.toThrow(/not g\/cm³/);
  const odd = await calibrate(scan(1), { kind: "line", slope: 8e-4, intercept: 0 }, { possible: [] });
  expect(odd.density.data[0]).toBeCloseTo(8e-4, 9);
});

test("a voxel that gives no possible density is named; metal on an extended CT scale is let pass", async () => {
  const line = { kind: "line", slope: 0.8, intercept: 0 } as const;
  await expect(calibrate(scan(0, 3e8), line)).rejects.toThrow(/voxel \(1, 0, 0\).*300000000.*240000000 mg/);
  await expect(calibrate(image("grey", [1e30]), { kind: "density" })).rejects.toThrow(/no density/);
  const hu = { air: -957, adipose: -83, blood: 39, muscle: 25, cortical: 1226 };
  const metal = await calibrate(scan(32767), { kind: "internal", hu });
  expect(metal.density.data[0]).toBeGreaterThan(1e5);
});

test("inserts that fix no line are refused", () => {
  const bad =
    (...points: readonly Partial<Insert>[]) =>
    () =>
      solveInserts(points as Insert[]);
  expect(bad()).toThrow(/number of inserts is 0/);
  expect(bad({ hu: 100, density: 80 })).toThrow(/number of inserts is 1.*two or more/);
  expect(bad({ hu: 100, density: 80 }, { hu: 100, density: 160 })).toThrow(/fix no line/);
  expect(bad({ hu: 100, density: 80 }, { hu: 200, density: 80 })).toThrow(/fix no line/); // same density
  expect(bad({ hu: 200, density: 80 }, { hu: 100, density: 160 })).toThrow(/fix no line/); // falls
  expect(bad({ hu: Number.NaN, density: 80 }, { hu: 100, density: 160 })).toThrow(/insert 1 has hu = NaN/);
  expect(bad({ hu: 0, density: 0, sdHu: 0 }, { hu: 100, density: 160, sdHu: 1 })).toThrow(/SD of 0 HU/);
  expect(bad({ hu: 0, density: 0 }, { hu: 100, density: 160, sdHu: 1 })).toThrow(/1 of 2 inserts have an SD/);
  expect(() => solveMindways(rods.map((rod) => ({ ...rod, water: 1 })))).toThrow(/water density is 1\./);
});

test("points that scatter, and lines without uncertainty, are noticed", () => {
  const scattered = inserts.map((p, i) => ({ ...p, hu: p.hu + 90 * (-1) ** i }));
  expect(solveInserts(scattered).findings.map((f) => f.code)).toContain("calibration-poor-fit");
  expect(solveInserts(inserts.slice(0, 2)).findings.map((f) => f.code)).toEqual(["calibration-uncertainty-unknown"]);
});

test("a line that falls, and one SD without the other, are refused", async () => {
  await expect(calibrate(scan(0), { kind: "line", slope: -1, intercept: 0 })).rejects.toThrow(/positive slope/);
  await expect(calibrate(scan(0), { kind: "line", slope: 1, intercept: 0, slopeSd: 1 })).rejects.toThrow(/both/);
  const endless = { kind: "line", slope: 1, intercept: 0, slopeSd: Number.POSITIVE_INFINITY, interceptSd: 1 } as const;
  await expect(calibrate(scan(0), endless)).rejects.toThrow(/SDs are Infinity and 1/);
});

test("an image that is no CT, another material than declared, and NaN are refused", async () => {
  await expect(calibrate(image("grey", [0]), { kind: "inserts", inserts })).rejects.toThrow(/holds grey, not HU/);
  await expect(calibrate(image("mgHA/cm3", [0]), { kind: "density" })).rejects.toThrow(
    /holds mgHA\/cm3, but is declared mgK2HPO4/,
  );
  await expect(calibrate(image("label", [0]) as unknown as Volume<"HU">, { kind: "density" })).rejects.toThrow(
    /no density/,
  );
  await expect(calibrate(scan(1, Number.NaN), { kind: "inserts", inserts })).rejects.toThrow(/voxel \(1, 0, 0\).*NaN/);
});

test("the scan is left alone", async () => {
  const given = scan(-2000, 0, 100);
  const copy = Float32Array.from(given.data);
  const { density } = await calibrate(given, { kind: "density" });
  expect(density.data).not.toBe(given.data);
  await calibrate(given, { kind: "inserts", inserts });
  expect(given.data).toEqual(copy);
});

test("it stops when told to, also half-way", async () => {
  const early = new AbortController();
  early.abort();
  await expect(calibrate(scan(0), { kind: "density" }, {}, { signal: early.signal })).rejects.toThrow(/abort/i);
  const stop = new AbortController();
  const seen: number[] = [];
  const big = { ...scan(), data: new Float32Array(40_000_000), size: [400, 400, 250] } as const;
  const progress = (done: number) => {
    seen.push(done);
    stop.abort();
  };
  await expect(calibrate(big, { kind: "density" }, {}, { signal: stop.signal, progress })).rejects.toThrow(/abort/i);
  expect(seen).toHaveLength(1);
});

test("insert means: the mean and noise of each region, whatever lies around", () => {
  const draw = normal(11);
  const labels = Array.from({ length: 6000 }, (_, i) => (i < 2000 ? 0 : i < 5000 ? 1 : 2));
  const values = labels.map((label) => [5000, 120, 480][label]! + 15 * draw());
  const [a, b] = insertMeans(
    scan(...values),
    image("label", labels),
    new Map([
      [1, 100],
      [2, 400],
    ]),
  );
  expect([a!.voxels, b!.voxels, a!.density, b!.density]).toEqual([3000, 1000, 100, 400]);
  expect(a!.sdHu!).toBeCloseTo(a!.voxelSdHu / Math.sqrt(3000), 12);
  expect(Math.abs(a!.hu - 120)).toBeLessThan(4 * a!.sdHu!);
  expect(Math.abs(b!.hu - 480)).toBeLessThan(4 * b!.sdHu!);
  expect(Math.abs(a!.voxelSdHu / 15 - 1)).toBeLessThan(0.05); // SD of an SD: 1.3 % of 3000 voxels
  expect(solveInserts([a!, b!]).curve.covariance).not.toBeNull();
});

test("insert means: a noiseless scan works, an empty region and another grid are refused", () => {
  const labels = image("label", [1, 1, 2, 2, 3]);
  const ct = scan(10, 10, 200, 200, 0);
  expect(
    insertMeans(
      ct,
      labels,
      new Map([
        [1, 0],
        [2, 150],
      ]),
    ).map((m) => [m.hu, m.sdHu]),
  ).toEqual([
    [10, undefined],
    [200, undefined],
  ]);
  expect(() => insertMeans(ct, labels, new Map([[3, 0]]))).toThrow(/label 3 has 1 voxels/);
  expect(() => insertMeans(ct, labels, new Map([[9, 0]]))).toThrow(/label 9 has 0 voxels/);
  expect(() => insertMeans(ct, image("label", [1, 1]), new Map())).toThrow(/do not lie on the scan's grid/);
});
