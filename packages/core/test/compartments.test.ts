import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compartments } from "../src/compartments/compartments.js";
import { corticalShell } from "../src/compartments/shell.js";
import { readNifti } from "../src/formats/nifti.js";
import { segment } from "../src/segment/segment.js";
import { alignVertebra } from "../src/volume/alignVertebra.js";
import { Compartment } from "../src/volume/compartment.js";
import { depthIn } from "../src/volume/distance.js";
import { intersection, maskCount, maskOf } from "../src/volume/mask.js";
import { resample } from "../src/volume/resample.js";
import type { Vertebra } from "../src/volume/vertebra.js";
import type { Density, Volume } from "../src/volume/volume.js";
import { dataPath, haveData } from "./data.js";
import { labelMap, turnedFrame } from "./syntheticVertebra.js";

const degree = Math.PI / 180;

/** A vertebra whose outer 2 mm hold 600 mg/cm³ and whose inside holds 100, and its density. */
async function knownBone(turn: number, wedge = 0): Promise<{ vertebra: Vertebra; density: Density }> {
  const map = labelMap(turnedFrame([5, 20, -30], [1, 0.5, 0.2], turn), { wedge, label: { body: 1, posterior: 2 } });
  const parts = {
    name: "user",
    title: "parts",
    levels: {},
    parts: { body: [1], posterior: [2] },
    ignored: new Set<number>(),
  };
  const { vertebra } = await segment(map, { level: "L2", convention: parts });
  const depth = depthIn(vertebra.whole, vertebra.grid);
  const data = Float32Array.from(depth, (d) => (d === 0 ? 0 : d <= 2 ? 600 : 100));
  return { vertebra, density: { quantity: "mgHA/cm3", data, ...vertebra.grid } };
}

test("the shell is what is dense near the surface: nothing deeper, nothing of the surface left out", async () => {
  const { vertebra, density } = await knownBone(0);
  const depth = depthIn(vertebra.whole, vertebra.grid);
  const at = (mask: Uint8Array, low: number, high: number) => {
    const voxels = [...mask.keys()].filter((n) => depth[n]! > low && depth[n]! <= high);
    return voxels.filter((n) => mask[n]).length;
  };
  const all = (low: number, high: number) => at(vertebra.whole, low, high);
  const dense = corticalShell(vertebra.whole, density);
  expect([at(dense, 0, 2), at(dense, 2, 99)]).toEqual([all(0, 2), 0]); // 600 to 2 mm deep, 100 beyond
  const soft = corticalShell(vertebra.whole, { ...density, data: density.data.map(() => 50) });
  expect([at(soft, 0, 1), at(soft, 1, 99)]).toEqual([all(0, 1), 0]); // the outer voxel all the same
  const blastic = corticalShell(vertebra.whole, { ...density, data: density.data.map(() => 900) });
  expect([at(blastic, 0, 3), at(blastic, 3.01, 99)]).toEqual([all(0, 3), 0]); // never deeper than 3 mm
});

test("compartments share the vertebra out, with the densities that were put in", async () => {
  const { vertebra, density } = await knownBone(0.2);
  const { statistics: s, core, labels, from, densityUnit } = await compartments(vertebra, density);
  expect([from, densityUnit]).toEqual(["density", "mgHA/cm3"]);
  expect(s.bodyCore.count + s.bodyShell.count).toBe(maskCount(vertebra.body));
  expect(s.whole.count).toBe(maskCount(vertebra.whole));
  expect([s.bodyShell.mean, s.bodyShell.sd, s.bodyCore.mean, core.mean, core.sd]).toEqual([600, 0, 100, 100, 0]);
  expect(s.posteriorShell.mean).toBe(600);
  expect(labels.data.every((v, n) => (v === Compartment.outside) === !vertebra.whole[n])).toBe(true);
});

test("heights, depth and width are those of the solid, however it lies", async () => {
  const { vertebra, density } = await knownBone(0.4);
  const { shape } = await compartments(vertebra, density);
  for (const height of [shape.heightMm, shape.anteriorHeightMm, shape.middleHeightMm, shape.posteriorHeightMm])
    expect(Math.abs(height - 26)).toBeLessThan(1); // voxels of 1 mm
  expect(Math.abs(shape.widthMm - 44)).toBeLessThan(1.5);
  expect(Math.abs(shape.depthMm - 28.2)).toBeLessThan(1.5); // -15 to 13.2, 5 mm beside the canal's middle
  const area = await compartments(vertebra, density).then((c) => c.shape.superiorEndPlateMm2);
  expect(Math.abs(area / (maskCount(vertebra.body) / 26) - 1)).toBeLessThan(0.03); // a prism: area = volume / height
  expect(Math.abs(shape.superiorEndPlateMm2 / shape.inferiorEndPlateMm2 - 1)).toBeLessThan(0.03);
});

test("a wedge is lower in front by its angle", async () => {
  const { vertebra, density } = await knownBone(0, 14 * degree);
  const { shape } = await compartments(vertebra, density);
  const at = (share: number) => 26 + 2 * Math.tan(7 * degree) * (-15 + share * 27); // height at a share of the depth
  expect(Math.abs(shape.anteriorHeightMm - at(0.175))).toBeLessThan(1);
  expect(Math.abs(shape.middleHeightMm - at(0.5))).toBeLessThan(1);
  expect(Math.abs(shape.posteriorHeightMm - at(0.825))).toBeLessThan(1);
});

test("a density on another grid is refused", async () => {
  const { vertebra, density } = await knownBone(0);
  await expect(compartments(vertebra, { ...density, spacing: [1, 1, 2] })).rejects.toThrow(/Resample the density/);
});

const benchmark = (kind: string) =>
  readFileSync(dataPath("verse004-L2-spinefe-benchmark", `sub-verse004_0000_vertebra_21_${kind}.nii.gz`));

test.skipIf(!haveData)("benchmark L2: the mask's own compartments, as published", async () => {
  const six = readNifti(benchmark("seg"), "label"),
    scan = readNifti(benchmark("im"), "mgK2HPO4/cm3");
  const { vertebra } = await segment(six, { level: "L2", image: scan });
  const density = resample(scan, vertebra.grid);
  const { statistics: s, shape, core, from, labels } = await compartments(vertebra, density);
  expect(from).toBe("labels");
  const means = [s.bodyCore, s.bodyShell, s.posteriorCore, s.posteriorShell].map((p) => Math.round(10 * p.mean) / 10);
  expect(means).toEqual([75.5, 181.1, 232.0, 414.8]);
  expect(s.bodyCore.count).toBe(22553);
  expect(core.mean).toBeGreaterThan(55);
  expect(core.mean).toBeLessThan(s.bodyCore.mean); // clear of the shell's blur
  expect(Math.abs(shape.heightMm - 27)).toBeLessThan(1.5); // model height 29 mm is bone and discs, rim to rim
  // the mask's shell is the outermost two voxels; the published rule gives a thinner one on the body
  const two = await compartments(vertebra, density, { asLabelled: false, shellLeastMm: 2, shellMostMm: 2 });
  const dice = (code: number, other: typeof two) => {
    const a = maskOf(labels, code),
      b = maskOf(other.labels, code);
    return (2 * maskCount(intersection(a, b))) / (maskCount(a) + maskCount(b));
  };
  expect(dice(Compartment.bodyShell, two)).toBeGreaterThan(0.93);
  const rule = await compartments(vertebra, density, { asLabelled: false });
  expect(rule.statistics.bodyShell.volumeMm3).toBeLessThan(s.bodyShell.volumeMm3);
  expect(dice(Compartment.bodyCore, rule)).toBeGreaterThan(0.9);
});

test("aligned, the vertebra stands along its grid with the same volume, parts and density", async () => {
  const { vertebra, density } = await knownBone(0.45);
  const aligned = alignVertebra(vertebra, { marginMm: 8 });
  const { direction, size, spacing } = aligned.grid;
  const axis = (n: number) => [direction[n]!, direction[3 + n]!, direction[6 + n]!];
  expect(axis(0)).toEqual(vertebra.frame.right.map((c) => -c));
  expect(axis(2)).toEqual([...vertebra.frame.cranial]);
  expect(spacing).toEqual([1, 1, 1]);
  for (const part of ["whole", "body", "posterior"] as const)
    expect(Math.abs(maskCount(aligned[part]) / maskCount(vertebra[part]) - 1)).toBeLessThan(0.01);
  expect(maskCount(aligned.body) + maskCount(aligned.posterior)).toBe(maskCount(aligned.whole));
  expect(depthIn(aligned.whole, aligned.grid, { beyond: 1 }).every(Number.isFinite)).toBe(true);
  expect(size[2]).toBeGreaterThanOrEqual(Math.floor(22 + 19 + 2 * 8)); // processes from -22 to 19, and the margins
  const before = await compartments(vertebra, density),
    after = await compartments(aligned, resample(density as Volume<"mgHA/cm3">, aligned.grid));
  expect(Math.abs(after.core.mean - before.core.mean)).toBeLessThan(0.5);
  expect(Math.abs(after.shape.heightMm - before.shape.heightMm)).toBeLessThan(0.7);
});

test("holes of a mask are no surface: they are named, and the core keeps its place and its density", async () => {
  const { vertebra, density } = await knownBone(0);
  const { body, whole, grid } = vertebra;
  const depth = depthIn(body, grid);
  const missing = (n: number) => depth[n]! > 1 && (n * 2654435761) % 4294967296 < 0.03 * 4294967296; // 3 %, scattered
  const punched = (mask: Uint8Array) => mask.map((m, n) => (m && !missing(n) ? 1 : 0));
  const before = await compartments(vertebra, density);
  const after = await compartments({ ...vertebra, body: punched(body), whole: punched(whole) }, density);
  expect(before.findings).toEqual([]);
  expect(after.core.count / before.core.count).toBeCloseTo(0.97, 2);
  expect([after.core.mean, after.core.sd]).toEqual([100, 0]);
  expect(after.coreMask.every((m, n) => !m || before.coreMask[n])).toBe(true);
  expect(after.statistics.bodyShell.count / before.statistics.bodyShell.count).toBeGreaterThan(0.97); // no shell about a hole
  expect(after.statistics.bodyShell.count).toBeLessThanOrEqual(before.statistics.bodyShell.count);
  expect(after.findings.map((f) => [f.code, f.severity])).toEqual([["holes-in-body", "warning"]]);
  const holes = maskCount(body) - after.statistics.body.count;
  expect(after.findings[0]!.message).toContain(`${(holes / 1000).toPrecision(2)} cm³`); // voxels of 1 mm³
});

test("the core lies at least so deep as the result says, and an empty one is refused", async () => {
  const { vertebra, density } = await knownBone(0);
  const depth = depthIn(vertebra.body, vertebra.grid);
  const { coreDepthMm, coreMask } = await compartments(vertebra, density);
  expect(coreDepthMm).toBe(4);
  expect(Math.min(...depth.filter((_, n) => coreMask[n]))).toBe(4); // 1 mm voxels: some lie just so deep
  expect(depth.every((d, n) => d < 4 || coreMask[n])).toBe(true);
  expect((await compartments(vertebra, density, { coreDepthMm: 6 })).coreDepthMm).toBe(6);
  const deepest = depth.reduce((a, b) => Math.max(a, b), 0);
  await expect(compartments(vertebra, density, { coreDepthMm: deepest + 1 })).rejects.toThrow(/smaller coreDepthMm/);
  await expect(compartments(vertebra, density, { coreDepthMm: Number.NaN })).rejects.toThrow(/core depth of NaN/);
});

test("the threshold of the cortex is in K2HPO4, and meets hydroxyapatite converted", async () => {
  const { vertebra, density } = await knownBone(0);
  const as = (quantity: Density["quantity"], value: number) =>
    ({ ...density, quantity, data: density.data.map(() => value) }) as Density;
  const shellOf = async (d: Density, options = {}) => {
    const { statistics: s, shellRule } = await compartments(vertebra, d, options);
    return { voxels: s.bodyShell.count + s.posteriorShell.count, shellRule };
  };
  const thin = await shellOf(as("mgK2HPO4/cm3", 199)),
    thick = await shellOf(as("mgK2HPO4/cm3", 201));
  expect(thin.shellRule).toEqual({ cortexMgPerCm3: 200, shellLeastMm: 1, shellMostMm: 3 });
  expect(thick.voxels).toBeGreaterThan(1.5 * thin.voxels);
  const ha = await shellOf(as("mgHA/cm3", 220)); // 183 in K2HPO4
  expect(ha.voxels).toBe(thin.voxels);
  expect(ha.shellRule).toMatchObject({ k2hpo4PerHa: 0.83 });
  expect(ha.shellRule?.cortexMgPerCm3).toBeCloseTo(200 / 0.83, 9);
  expect((await shellOf(as("mgHA/cm3", 243))).voxels).toBe(thick.voxels);
  expect((await shellOf(as("mgHA/cm3", 190), { k2hpo4PerHa: 1.11 })).voxels).toBe(thick.voxels); // equal attenuation
});
