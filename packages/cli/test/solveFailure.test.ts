import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readNifti, type Volume, writeNifti } from "@spondyl/core";
import { afterAll, expect, test } from "vitest";
import type { Context } from "../src/command.js";
import { solveCommand } from "../src/commands/solve.js";

const folder = mkdtempSync(join(tmpdir(), "spondyl-fail-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** A bar of 3 × 3 × 6 voxels of 0.1 mm. */
function bar(): Volume<"MPa"> {
  const direction = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  const data = new Float32Array(54).fill(10_000);
  return { quantity: "MPa", data, size: [3, 3, 6], spacing: [0.1, 0.1, 0.1], origin: [0, 0, 0], direction };
}
writeFileSync(at("bar.nii.gz"), writeNifti(bar()));

const quiet: Context = { say: () => {}, stage: () => {} };
const solveBar = (name: string, given: Record<string, string | boolean>, context = quiet) =>
  solveCommand.run([at("bar.nii.gz")], { out: at(name), inferior: "guided", superior: "guided", ...given }, context);
const result = (name: string) => JSON.parse(readFileSync(join(at(name), "result.json"), "utf8"));

test("a plastic bar: the limit is the yield stress times the section, in result, curve and table", async () => {
  const { text } = await solveBar("plastic", { load: "compression:3%", material: "tresca", yield: "100", steps: "10" });
  const r = result("plastic");
  expect(r.ultimateLoadN).toBeCloseTo(9, 3);
  expect(r.stiffnessNPerMm).toBeCloseTo((10_000 * 0.09) / 0.6, 2);
  expect(r.yieldLoadN).toBeCloseTo(9, 3);
  expect(r).toMatchObject({ load: { name: "compression", lateralConstraint: "free at both ends" }, end: "target" });
  expect(Object.keys(r.curve[0])).toEqual(
    expect.arrayContaining(["displacementMm", "displacementPercentHeight", "forceN", "momentNMm", "damagedVolumeMm3"]),
  );
  const rows = readFileSync(join(at("plastic"), "curve.csv"), "utf8")
    .trim()
    .split("\n");
  expect(rows).toHaveLength(r.curve.length + 1);
  expect(rows[0]).toMatch(/^share,displacementMm,displacementPercentHeight/);
  expect(text).toMatch(/ultimate +9\.00/);
});

test("damage is written as an image, and each load has its own words", async () => {
  await solveBar("damaged", { load: "compression:4%", material: "tissue-damage:compressionStrain=0.005", steps: "8" });
  const damage = readNifti(new Uint8Array(readFileSync(join(at("damaged"), "damage.nii.gz"))), "fraction");
  expect(Math.min(...damage.data)).toBeGreaterThan(0.5); // 4 % is eight times the onset, hardening 5 %
  const { data } = await solveBar("bent", { load: "flexion:2deg" });
  const beam = (10_000 * 0.3 ** 4) / 12 / 0.6; // EI/L
  expect(Math.abs((data.stiffnessNMmPerRad as number) / beam - 1)).toBeLessThan(0.07); // three layers lock by 6 %
  await solveBar("twisted", { load: "torsion:2deg+compression:1%", inferior: "fixed", superior: "fixed" });
  const twisted = result("twisted");
  expect(twisted.momentNMm[2]).toBeGreaterThan(0);
  expect(twisted.stiffnessNPerMm).toBeUndefined();
});

test("a path without a load compresses by 2 %", async () => {
  await solveBar("unloaded", { nonlinear: true, steps: "4" });
  expect(result("unloaded").load).toMatchObject({ name: "compression", displacementPercentHeight: -2 });
  await solveBar("moved", { nonlinear: true, steps: "4", displacement: "-0.006" });
  expect(result("moved").load.displacementPercentHeight).toBeCloseTo(-1, 6);
});

test.each([
  ["compression", -1],
  ["tension", 1],
])("signs of %s are as documented: load by its motion, curve by compression, readings above 0", async (load, sign) => {
  await solveBar(load, { nonlinear: true, load: `${load}:1%`, steps: "2" });
  const { curve, ...r } = result(load);
  expect(Math.sign(r.load.displacementMm)).toBe(sign);
  expect([curve.at(-1).displacementMm, curve.at(-1).forceN].map(Math.sign)).toEqual([-sign, -sign]);
  expect(Math.min(r.ultimateLoadN, r.ultimateDisplacementMm, r.stiffnessNPerMm)).toBeGreaterThan(0);
});

test("the lever arms of a following force are named by what they do, as predict names them", async () => {
  await solveBar("arms", { nonlinear: true, load: "compression:0.2%+extension:0.05mm+bending:0.02mm", steps: "2" });
  expect(result("arms").load.leverArmMm).toEqual({ flexion: -0.05, bendingLeft: 0.02 });
});

const path = { load: "compression:3%", material: "tissue-damage", steps: "12" };

/** A context that acts when so many points of a path have been found, and what it was told. */
function acting(act: (point: number, abort: AbortController) => void) {
  const abort = new AbortController();
  const heard: string[] = [];
  let points = 0;
  const stage = (name: string) => {
    if (name.startsWith("fail:")) act(++points, abort);
  };
  return { context: { signal: abort.signal, stage, say: (line: string) => void heard.push(line) }, heard };
}
const stopAt = (last: number) => (point: number, abort: AbortController) => {
  if (point === last) abort.abort(new Error("stopped"));
};

test("a path that was interrupted goes on from its checkpoint to the same result", async () => {
  const whole = await solveBar("whole", path);
  const { context } = acting(stopAt(5));
  await expect(solveBar("cut", { ...path, checkpoint: at("state") }, context)).rejects.toThrow("stopped");
  expect(existsSync(at("state"))).toBe(true);
  expect(existsSync(at("cut"))).toBe(false);
  const { context: again, heard } = acting(() => {});
  const resumed = await solveBar("resumed", { ...path, checkpoint: at("state") }, again);
  expect(heard.join()).toMatch(/going on from/);
  expect(resumed.data.curve).toEqual(whole.data.curve);
  expect(existsSync(at("state"))).toBe(false); // nothing is left to go on with
});

test("a checkpoint that cannot be written is told once, and the answer is not lost", async () => {
  const { context, heard } = acting((point) => {
    if (point === 1) mkdirSync(at("unkept")); // a folder takes the file's place
  });
  await solveBar("unkept-run", { ...path, checkpoint: at("unkept") }, context);
  expect(result("unkept-run").curve.at(-1).share).toBe(1);
  expect(heard.filter((line) => /state of the path is not kept.*unkept could not be written/.test(line))).toHaveLength(
    1,
  );
});

test("a checkpoint that could not be written hides no other error, and is written when it can be", async () => {
  const blocked = acting((point, abort) => {
    if (point === 1) mkdirSync(at("blocked"));
    stopAt(3)(point, abort);
  });
  const given = { ...path, checkpoint: at("blocked") };
  await expect(solveBar("blocked-run", given, blocked.context)).rejects.toThrow("stopped");
  rmdirSync(at("blocked"));
  const freed = acting((point, abort) => {
    if (point === 1) mkdirSync(at("blocked"));
    if (point === 3) rmdirSync(at("blocked"));
    stopAt(3)(point, abort);
  });
  await expect(solveBar("blocked-run", given, freed.context)).rejects.toThrow("stopped");
  const { context, heard } = acting(() => {});
  await solveBar("blocked-run", given, context);
  expect(heard.join()).toMatch(/going on from .*blocked/);
});

test("results that cannot be written leave the complete path's checkpoint, which is taken up at no cost", async () => {
  const { context, heard } = acting((point) => {
    if (point === 1) writeFileSync(at("full"), ""); // a file takes the folder's place
  });
  const given = { ...path, checkpoint: at("full-state") };
  await expect(solveBar("full", given, context)).rejects.toThrow(/full could not be written/);
  rmSync(at("full"));
  const { data } = await solveBar("full", given, {
    ...context,
    stage: (name) => expect(name).not.toMatch(/^fail:/), // no new step
  });
  expect(heard.join()).toMatch(/going on from .*full-state at 100/);
  expect(data.curve).toEqual((await solveBar("full-whole", path)).data.curve);
  expect(existsSync(at("full-state"))).toBe(false);
});

test("no path gets into the result of a path: it may name a patient", async () => {
  writeFileSync(at("yield.nii.gz"), writeNifti({ ...bar(), data: new Float32Array(54).fill(100) }));
  const given = { load: "compression:1%", material: "tresca", steps: "2", yield: at("yield.nii.gz") };
  await solveBar("nameless", { ...given, checkpoint: at("nameless-state") });
  expect(readFileSync(join(at("nameless"), "result.json"), "utf8")).not.toContain(folder);
  expect(result("nameless").provenance.options).toMatchObject({ material: "tresca", yield: "an image" });
});

test("where no checkpoint can be is told before any work", async () => {
  const { context } = acting(() => expect.fail("the path was begun"));
  mkdirSync(at("taken"));
  writeFileSync(at("plain"), "");
  for (const [checkpoint, message] of [
    [at("taken"), /taken is a folder. Give the name of a file/],
    [at("plain/state"), /plain is a file. Choose another --checkpoint/],
    ["", /--checkpoint is empty/],
  ] as const)
    await expect(solveBar("never", { ...path, checkpoint }, context)).rejects.toThrow(message);
  expect(existsSync(at("never"))).toBe(false);
});

test.each([
  ["both", { load: "compression:1%", displacement: "-0.01" }, /Give one of them/],
  ["no-yield", { material: "von-mises" }, /--yield/],
  ["follower", { load: "compression:1%+flexion:2mm" }, /Add --nonlinear/],
  ["sideways", { load: "torsion:1deg" }, /Set both to fixed/],
  ["ignored", { steps: "5" }, /--steps means nothing to a linear solution/],
  ["uncontrolled", { control: "dissipation" }, /--control means nothing to a linear solution. Add --nonlinear/],
  ["local", { nonLocal: "0.2" }, /--non-local means nothing to a linear solution/],
  ["elastic", { yield: "50" }, /--yield means nothing to a linear solution. Add --material/],
  ["unyielding", { material: "tissue-damage", yield: "50" }, /tissue-damage has no yield stress. Leave --yield out/],
  ["inexact", { nonlinear: true, tolerance: "1e-8" }, /--balance/],
  ["coarse", { material: "tissue-damage:fractureEnergyNPerMm=0.01" }, /make it less than/],
] as const)("%s: an error, and nothing is written", async (name, given, message) => {
  await expect(solveBar(name, given as Record<string, string | boolean>)).rejects.toThrow(message);
  expect(existsSync(at(name))).toBe(false);
});

test("a checkpoint of another run is refused and left alone", async () => {
  writeFileSync(at("foreign"), "not a checkpoint");
  await expect(solveBar("foreign-run", { nonlinear: true, checkpoint: at("foreign") })).rejects.toThrow(
    /no checkpoint/,
  );
  expect(readFileSync(at("foreign"), "utf8")).toBe("not a checkpoint");
});
