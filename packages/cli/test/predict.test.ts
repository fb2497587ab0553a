import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { indexToWorld, type Phantom, phantom, resample, type Vec3, type Volume, writeNifti } from "@spondyl/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { predictCommand } from "../src/commands/predict.js";

const folder = mkdtempSync(join(tmpdir(), "spondyl-predict-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...parts: string[]) => join(folder, ...parts);
const save = (name: string, volume: Volume) => writeFileSync(at(name), writeNifti(volume));

let made: Phantom;
let line: string; // the phantom's own calibration
beforeAll(async () => {
  made = await phantom({ level: "L2", seed: 11, truthSpacingMm: 0.6, ct: { spacing: [1, 1, 1.5] } });
  save("ct.nii.gz", made.scan);
  save("labels.nii.gz", made.labels);
  const { slope, intercept } = made.calibration; // HU per mg/cm³, and back
  line = `line:${1 / slope},${-intercept / slope}`;
});

let said: string[] = [];
const predict = (
  given: Record<string, string | boolean>,
  image = "ct.nii.gz",
  { stage = (_name: string): void => {}, signal = new AbortController().signal } = {},
) => {
  said = [];
  const options = { labels: at("labels.nii.gz"), level: "L2", calibration: line, voxel: "2.5", ...given };
  return predictCommand.run([at(image)], options, { say: (message) => said.push(message), stage, signal });
};

test("a CT and a label map give the result, the report, the fields and the surface", async () => {
  const { data, text } = await predict({ out: at("full") });
  const result = JSON.parse(readFileSync(at("full", "result.json"), "utf8"));
  expect(readdirSync(at("full")).sort()).toEqual([
    "compartments.nii.gz",
    "energy-density.nii.gz",
    "fields.vti",
    "modulus.nii.gz",
    "report.html",
    "result.json",
    "surface.glb",
    "surface.ply",
    "surface.stl",
  ]);
  expect(data).toMatchObject(result);
  expect(result).toMatchObject({
    case: { level: "L2", fidelity: "continuum", protocol: "spondyl" },
    load: { lateralConstraint: "free at both ends" },
  });
  const { linear, load, anatomy, bmd, loadShare, strength } = result;
  expect(linear.reactionN / -load.displacementMm).toBeCloseTo(linear.stiffnessNPerMm, 6);
  expect(load.displacementPercentHeight).toBeCloseTo((100 * load.displacementMm) / anatomy.heightMm, 9);
  expect(Math.abs(anatomy.heightMm - made.truths.bodyHeightMm)).toBeLessThan(2.5); // end-plates are bowls, voxels 1.5 mm
  expect(Math.abs(bmd.coreMgPerCm3 / made.truths.coreDensityMgPerCm3 - 1)).toBeLessThan(0.15); // blur of the shell
  expect(loadShare.cortexPercent + loadShare.corePercent + loadShare.posteriorPercent).toBeCloseTo(100, 6);
  const crawford = strength.find((s: { name: string }) => s.name === "crawford");
  expect(crawford.loadN).toBeCloseTo(0.0068 * linear.stiffnessNPerMm * anatomy.heightMm, 6);
  expect(text).toMatch(/not a medical device/i);
});

test("the report needs nothing from elsewhere and says that it is for research", () => {
  const html = readFileSync(at("full", "report.html"), "utf8");
  const holds = (what: RegExp | string) => (typeof what === "string" ? html.includes(what) : what.test(html));
  expect(holds(/(src|srcset)="(https?:)?\/\/|<link|<script|url\((https?:)?\/\//)).toBe(false);
  expect(holds(/Research use only/)).toBe(true);
  expect(holds(folder)).toBe(false);
});

test("the same input gives the same numbers", async () => {
  const pure = ({ data }: Awaited<ReturnType<typeof predict>>) => ({ ...data, out: "", provenance: {}, timesS: {} });
  expect(pure(await predict({ out: at("again") }))).toEqual(pure(await predict({ out: at("again2") })));
});

test("a turned patient has the same vertebra", async () => {
  const turned = await phantom({
    level: "L2",
    seed: 11,
    truthSpacingMm: 0.6,
    ct: { spacing: [1, 1, 1.5] },
    pose: { tiltDeg: 20, turnDeg: 10 },
  });
  save("turned.nii.gz", turned.scan);
  save("turned-labels.nii.gz", turned.labels);
  const { data: upright } = await predict({ out: at("upright") });
  const { data: tilted } = await predict({ out: at("tilted"), labels: at("turned-labels.nii.gz") }, "turned.nii.gz");
  const K = (data: Record<string, unknown>) => (data.linear as { stiffnessNPerMm: number }).stiffnessNPerMm;
  expect(Math.abs(K(tilted) / K(upright) - 1)).toBeLessThan(0.08); // 2.5 mm elements and other voxels of the scan
});

test("a mask of another grid is resampled, and the result says so", async () => {
  const { labels } = made;
  const finer = {
    // map keeps three values, which its type does not say

    ...labels,
    size: labels.size.map((n) => 2 * n) as unknown as Volume["size"],
    spacing: labels.spacing.map((h) => h / 2) as unknown as Volume["spacing"],
  };
  save("finer.nii.gz", resample(labels, finer));
  await predict({ out: at("resampled"), labels: at("finer.nii.gz") });
  expect(said.join()).toMatch(/resampled|another grid|other grid/i);
});

const otherLabels = (change: (labels: Volume<"label">) => Volume) => {
  save("changed.nii.gz", change(made.labels));
  return { labels: at("changed.nii.gz") };
};

test.each<[string, () => Record<string, string | undefined>, RegExp]>([
  ["no calibration", () => ({ calibration: undefined }), /insert.*Mindways|insert.*internal/is],
  ["a level that is not there", () => ({ level: "T7" }), /T7 is not in the mask/],
  ["a word that is no level", () => ({ level: "lumbar" }), /lumbar/],
  ["an empty mask", () => otherLabels((v) => ({ ...v, data: new Float32Array(v.data.length) })), /empty|no label/i],
  ["a mask of another patient", () => otherLabels((v) => ({ ...v, origin: [2000, 0, 0] })), /overlap|elsewhere|apart/i],
  ["a law of another density", () => ({ law: "morgan2003-spine" }), /rhoApp.*conversion/s],
  ["caps without a flat face", () => ({ capThickness: "3", capIntrusion: "5" }), /flat face/],
  ["a density that is none", () => ({ calibration: "line:0.45,-300" }), /holds -\d+ mgK2HPO4.*g\/cm³ or HU/s],
  [
    "a recipe and choices of its own",
    () => ({ protocol: "bonelab", level: "L2" }),
    /leaves no choice of voxelMm|six labels/,
  ],
  ["steps of a linear solution", () => ({ steps: "5" }), /--steps means nothing to a.*Add --load or --nonlinear/],
  ["control of a linear solution", () => ({ control: "dissipation" }), /--control means nothing/],
  ["a checkpoint of a linear solution", () => ({ checkpoint: at("nothing") }), /--checkpoint means nothing/],
  ["yield of linear caps", () => ({ capYield: "60" }), /--cap-yield means nothing to a linear solution/],
  ["yield of elastic caps", () => ({ capYield: "60", material: "fabric-damage" }), /nothing to fabric-damage/],
  ["discs that the mask does not have", () => ({ support: "discs", labels: at("alone.nii.gz") }), /no inferior disc/],
])("%s: an error that says what to do, and nothing is written", async (name, given, message) => {
  const out = at(name.replaceAll(" ", "-"));
  const alone = made.labels.data.map((v) => (v === made.truths.levelCode ? v : 0));
  save("alone.nii.gz", { ...made.labels, data: alone });
  const options = Object.fromEntries(Object.entries({ ...given(), out }).filter(([, v]) => v !== undefined));
  const without = name === "no calibration" ? { calibration: false } : {};
  await expect(predict({ ...options, ...without } as Record<string, string>)).rejects.toThrow(message);
  expect(existsSync(out)).toBe(false);
});

test("loads are followed to failure: curves, pattern, first failure, in result, table and report", async () => {
  const load = "compression:1.5%,compression:1.5%+flexion:12mm";
  const { data, text } = await predict({ out: at("broken"), load, steps: "6", voxel: "3" });
  const result = JSON.parse(readFileSync(at("broken", "result.json"), "utf8"));
  const [straight, bent] = result.failures;
  expect(result.ultimateLoadN).toBe(straight.ultimateLoadN);
  expect(result.curve).toEqual(straight.curve);
  expect(
    straight.stiffnessNPerMm / (data as { linear: { stiffnessNPerMm: number } }).linear.stiffnessNPerMm,
  ).toBeCloseTo(1, 3);
  expect(straight.ultimateLoadN).toBeGreaterThan(500);
  for (const c of bent.curve.slice(1)) expect(c.momentNMm[0] / c.forceN).toBeCloseTo(12, 1); // follows in proportion
  expect(bent.ultimateLoadN).toBeLessThan(straight.ultimateLoadN); // off the axis it bears less
  expect(straight.failedVolumeMm3.bodyCore).toBeGreaterThan(0);
  expect(["crush", "biconcave", "anterior wedge", "burst-like", "posterior"]).toContain(straight.pattern.name);
  expect(straight.firstFailure.compartment).toMatch(/body|posterior/);
  for (const name of ["curve-1.csv", "curve-2.csv", "damage-1.nii.gz", "damage-2.nii.gz"])
    expect(existsSync(at("broken", name))).toBe(true);
  const html = readFileSync(at("broken", "report.html"), "utf8");
  expect(html).toContain("Failure: compression");
  expect(html).toContain('id="figure-curve-2"');
  expect(text).toMatch(/ultimate/);
});

test("a density law without yield stress is refused for plasticity, with the laws that have one", async () => {
  const given = {
    out: at("no-yield"),
    nonlinear: true,
    law: "morgan2003-spine",
    conversion: "qct-to-ash-keyak1994+ash-to-app-ratio0.6",
  };
  await expect(predict(given)).rejects.toThrow(/no yield stress.*kopperdahl2002/);
  expect(existsSync(at("no-yield"))).toBe(false);
});

test("a path that is complete is not repeated when one after it was interrupted", async () => {
  const given = { load: "compression:0.1%,tension:0.1%", steps: "3", voxel: "4", checkpoint: at("paths") };
  const abort = new AbortController();
  const steps: string[] = [];
  const stage = (name: string) => {
    if (name.startsWith("fail:") && steps.push(name) === 4) abort.abort(new Error("stopped")); // the first of the second
  };
  const cut = predict({ ...given, out: at("cut-short") }, undefined, { stage, signal: abort.signal });
  await expect(cut).rejects.toThrow("stopped");
  expect(steps[2]).toMatch(/100 %/);
  expect([existsSync(at("paths")), existsSync(at("paths.2"))]).toEqual([true, true]);
  await predict({ ...given, out: at("cut-short") }, undefined, { stage });
  expect(said.join()).toMatch(/going on from .*paths at 100\.0 %.*going on from .*paths\.2 at 33/s);
  expect(steps).toHaveLength(6); // each step was taken once
  expect([existsSync(at("paths")), existsSync(at("paths.2"))]).toEqual([false, false]);
});

test("a measured fabric makes bone stronger along its struts; one of five images is refused", async () => {
  const write = (name: string, along: 0 | 2) => {
    mkdirSync(at(name), { recursive: true }); // the test may be tried again
    const { size, spacing, direction } = made.scan;
    const edges = size.map((n, a) => n * spacing[a]!) as unknown as Vec3; // one voxel as large as the scan
    const centre = indexToWorld(made.scan, size.map((n) => (n - 1) / 2) as unknown as Vec3);
    const grid = { size: [1, 1, 1], spacing: edges, origin: centre, direction } as const;
    ["xx", "yy", "zz", "yz", "xz", "xy"].forEach((component, c) => {
      const data = Float32Array.of(c === along ? 1.8 : c < 3 ? 0.6 : 0);
      writeFileSync(at(name, `${component}.nii.gz`), writeNifti({ quantity: "fraction", ...grid, data }));
    });
  };
  write("upright", 2);
  write("lateral", 0);
  const strength = async (fabric: string) => {
    await predict({
      out: at(`by-${fabric}`),
      fabric: at(fabric),
      material: "fabric-damage",
      load: "compression:1%",
      steps: "3",
    });
    const result = JSON.parse(readFileSync(at(`by-${fabric}`, "result.json"), "utf8"));
    expect(result.provenance.inputs.map((i: { role: string }) => i.role)).toContain("fabric");
    return result.ultimateLoadN as number;
  };
  expect(await strength("upright")).toBeGreaterThan(1.3 * (await strength("lateral")));
  rmSync(at("lateral", "yz.nii.gz"));
  const one = { out: at("never"), fabric: at("lateral"), load: "compression:1%" };
  await expect(predict({ ...one, material: "fabric-damage" })).rejects.toThrow(/no image called yz/);
  await expect(predict({ ...one, fabric: at("upright") })).rejects.toThrow(/means nothing to tresca.*Add --material/);
});
