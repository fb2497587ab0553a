import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Quantity, readNifti, type Volume, writeNifti } from "@spondyl/core";
import { afterAll, expect, test } from "vitest";
import { series } from "../../core/test/dicomWriter.js";
import { calibrateCommand } from "../src/commands/calibrate.js";

const folder = mkdtempSync(join(tmpdir(), "spondyl-calibrate-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);

/** A small block whose voxels count up from `first` in steps of 50. */
function image<Q extends Quantity>(quantity: Q, first: number): Volume<Q> {
  const data = Float32Array.from({ length: 60 }, (_, i) => first + 50 * i);
  const direction = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  return { quantity, data, size: [5, 4, 3], spacing: [0.5, 0.5, 1], origin: [-10, 5, 2], direction };
}

writeFileSync(file("ct.nii.gz"), writeNifti(image("HU", -1000)));
writeFileSync(file("phantom.csv"), "hu,density\n0,-4\n100,76\n500,396\n"); // 0.8·HU − 4

const said: string[] = [];
const run = (scan: string, given: Record<string, string>) =>
  calibrateCommand.run(
    [file(scan)],
    { out: file("density.nii.gz"), ...given },
    { say: (line) => said.push(line), stage: () => {} },
  );
const written = <Q extends Quantity>(quantity: Q) =>
  readNifti(new Uint8Array(readFileSync(file("density.nii.gz"))), quantity);

test("a CT and the inserts of its phantom give a density image on the same grid, and the line", async () => {
  const { data, text } = await run("ct.nii.gz", { calibration: `inserts:${file("phantom.csv")},HA` });
  const density = written("mgHA/cm3");
  const ct = image("HU", -1000);
  expect([density.size, density.spacing, density.origin]).toEqual([ct.size, ct.spacing, ct.origin]);
  density.data.forEach((value, i) => {
    expect(Math.abs(value - (0.8 * ct.data[i]! - 4))).toBeLessThan(1e-3); // single precision at 1600
  });
  expect(data).toMatchObject({ method: "inserts", reference: "HA", unit: "mgHA/cm3" });
  expect(data.slopeMgPerCm3PerHu as number).toBeCloseTo(0.8, 9);
  expect(data.interceptMgPerCm3 as number).toBeCloseTo(-4, 9);
  expect(JSON.parse(JSON.stringify(data)).table[1]).toMatchObject({ hu: 0 });
  expect(text).toMatch(/density = 0\.80000·HU − 4\.0000 {3}\(mgHA\/cm3\)/);
  expect(said.join()).toMatch(/brighter than the brightest/);
});

test("the patient's tissues: the published energy and the expected accuracy are shown", async () => {
  const tissues = "air=-956.834,adipose=-82.579,blood=39.249,muscle=24.561,cortical=1226.214";
  const { data, text } = await run("ct.nii.gz", { calibration: `internal:${tissues}` });
  expect(data).toMatchObject({ internal: { effectiveEnergyKeV: 97 }, published: { sdMgPerCm3: 17.8 } });
  expect(text).toMatch(/effective energy 97 keV/);
  expect(written("mgK2HPO4/cm3").data[20]).toBeCloseTo(37.0, 1); // 0 HU
});

test("a density image keeps its values, and need not look like a CT", async () => {
  writeFileSync(file("bmd.nii.gz"), writeNifti(image("grey", 10)));
  const { data } = await run("bmd.nii.gz", { calibration: "density" });
  expect(data).toMatchObject({ unit: "mgK2HPO4/cm3", method: "density" });
  expect(written("mgK2HPO4/cm3").data).toEqual(image("grey", 10).data);
});

test("no calibration names the option and the five ways in one line, and writes nothing", async () => {
  const out = file("none.nii.gz");
  await expect(run("ct.nii.gz", { out })).rejects.toThrow(
    /^.*--calibration.*inserts.*mindways.*internal.*line.*density.*$/,
  );
  await expect(run("ct.nii.gz", { out, calibration: "line:1e300,0" })).rejects.toThrow(/the line 1e\+300·HU/);
  await expect(run("ct.nii.gz", { out, calibration: "line:-1,0" })).rejects.toThrow(/positive slope/);
  expect(existsSync(out)).toBe(false);
});

test("an HA density image is not taken for K2HPO4, nor another output format for NIfTI", async () => {
  writeFileSync(file("ha.nii.gz"), writeNifti(image("mgHA/cm3", 0)));
  await expect(run("ha.nii.gz", { calibration: "density" })).rejects.toThrow(/mgHA\/cm3/);
  await expect(run("ct.nii.gz", { calibration: "line:1,0", out: "x.png" })).rejects.toThrow(/ends in \.nii\.gz/);
});

test("a place that cannot be written is refused before the scan is read", async () => {
  const calibration = "line:1,0";
  const early = (out: string) => expect(run("missing.nii.gz", { calibration, out })).rejects;
  await early("").toThrow(/--out is empty\. Give a file\./);
  await early(file("ct.nii.gz/density.nii.gz")).toThrow(/ct\.nii\.gz is a file/);
  mkdirSync(file("folder.nii.gz"));
  await early(file("folder.nii.gz")).toThrow(/is a folder/);
});

const numbered = (n: number) => ({ "00200011": ["IS", `${n}`], "0020000e": ["UI", `1.2.${n}`] }) as const;

test("--series picks one of several in a folder, as in info", async () => {
  mkdirSync(file("two"));
  for (const which of [4, 5])
    for (const { name, bytes } of series(5, () => ({ hu: (x) => 10 * which + x, tags: numbered(which) })))
      writeFileSync(join(file("two"), `${which}-${name}`), bytes);
  await expect(run("two", { calibration: "line:1,0" })).rejects.toThrow(/series/);
  const { data } = await run("two", { calibration: "line:1,0", series: "5" });
  expect(data).toMatchObject({ method: "line" });
  expect(written("mgK2HPO4/cm3").data[0]).toBe(50);
  expect(calibrateCommand.options.map((o) => o.flag)).toContain("--series <which>");
});
