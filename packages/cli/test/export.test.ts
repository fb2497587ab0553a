import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportFormats, identityDirection, type Volume, writeNifti } from "@spondyl/core";
import { afterAll, expect, test } from "vitest";
import { exportCommand } from "../src/commands/export.js";

const folder = mkdtempSync(join(tmpdir(), "spondyl-export-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** A bar of 4 × 3 × 6 voxels of 0.5 mm whose modulus depends on the voxel. */
function bar(modulus: (v: number) => number, spacing = 0.5): Volume<"MPa"> {
  const data = Float32Array.from({ length: 72 }, (_, v) => modulus(v));
  const grid = { size: [4, 3, 6], spacing: [spacing, spacing, spacing], origin: [0, 0, 0] } as const;
  return { quantity: "MPa", data, ...grid, direction: identityDirection() };
}
writeFileSync(at("bar.nii.gz"), writeNifti(bar((v) => 1000 + v)));
const write = (given: Record<string, string>, image = "bar.nii.gz") =>
  exportCommand.run([at(image)], { ...given, out: at(given.out!) }, { say: () => {}, stage: () => {} });
const fileOf = (name: string) => readFileSync(at(name), "latin1");

test.each(exportFormats)("%s: one file that begins as its format does", async (format) => {
  const { data, text } = await write({ format, out: `whole/bar.${format}` });
  const begins = { febio: "<?xml", vtu: "<?xml", calculix: "*HEADING", abaqus: "*HEADING" } as Record<string, string>;
  expect(fileOf(`whole/bar.${format}`).startsWith(begins[format] ?? "\x89HDF")).toBe(true);
  expect(data).toMatchObject({ format, elements: 72, nodes: 5 * 4 * 7, findings: [] });
  expect(data.bytes).toBe(readFileSync(at(`whole/bar.${format}`)).length);
  expect(text).toContain("held at both ends");
  expect(readdirSync(at("whole")).filter((name) => name.includes("partial"))).toEqual([]);
});

test("the load is the one of solve: axis, ends, displacement, Poisson's ratio", async () => {
  const given = { axis: "x", inferior: "fixed", superior: "guided", displacement: "-0.02", poisson: "0.2" };
  const { data } = await write({ format: "calculix", out: "load.inp", ...given });
  const deck = fileOf("load.inp");
  expect(deck).toMatch(/\*ELASTIC\n1000, 0\.2/);
  const held = deck.slice(deck.indexOf("*BOUNDARY"), deck.indexOf("*NODE PRINT")).trim().split("\n").slice(1);
  expect(held).toHaveLength(4 * 7 * (3 + 1)); // low end: three axes; high end: one
  expect(held.filter((line) => line.endsWith(", 1, 1, -0.02"))).toHaveLength(4 * 7);
  expect(data.load).toMatchObject({
    axis: "x",
    heightMm: 2,
    lateralConstraint: expect.stringContaining("held at the"),
  });
});

test("no path gets into the file: it may name a patient", async () => {
  for (const format of exportFormats) {
    await write({ format, out: `path.${format}` });
    expect(fileOf(`path.${format}`)).not.toContain(folder);
    expect(fileOf(`path.${format}`)).not.toContain("bar.nii");
  }
});

test("rigid motions that the ends leave free are held, and the finding says so", async () => {
  const { data, text } = await write({ format: "calculix", inferior: "guided", superior: "guided", out: "guided.inp" });
  expect(data.findings).toMatchObject([{ code: "rigid-motions-held" }]);
  expect(text).toMatch(/repaired: .*3 rigid motions/);
});

test("--yield takes one number or an image on the same grid", async () => {
  await write({ format: "calculix", yield: "12.5", out: "number.inp" });
  expect(fileOf("number.inp").match(/\*PLASTIC\n12\.5, 0/g)).toHaveLength(72);
  writeFileSync(at("yield.nii.gz"), writeNifti(bar((v) => (v < 36 ? 0 : 20))));
  await write({ format: "calculix", yield: at("yield.nii.gz"), out: "image.inp" });
  expect(fileOf("image.inp").match(/\*PLASTIC\n20, 0/g)).toHaveLength(36);
});

test("--bins limits the materials, and the finding says what that changes", async () => {
  const { data, text } = await write({ format: "febio", bins: "8", out: "bins.feb" });
  expect(data.materials).toBeLessThanOrEqual(8);
  expect(text).toMatch(/note: The moduli were put into \d materials.*%/);
});

test("--min-modulus and --floating drop what they drop in solve", async () => {
  writeFileSync(at("island.nii.gz"), writeNifti(bar((v) => (v % 4 < 2 || v === 27 ? 1000 : v % 4 === 2 ? 3 : 0))));
  const given = { format: "vtu", minModulus: "10", out: "island.vtu" };
  await expect(write(given, "island.nii.gz")).rejects.toThrow(/1 of 37 elements.*floating to remove/);
  expect((await write({ ...given, floating: "remove" }, "island.nii.gz")).data).toMatchObject({ elements: 36 });
});

writeFileSync(at("coarse.nii.gz"), writeNifti(bar(() => 10, 0.6)));
test.each([
  [{ format: "ansys" }, /--format: "ansys" is unknown.*parosol, febio/],
  [{ format: "parosol", yield: "10" }, /ParOSol is linear.*another format/],
  [{ format: "calculix", yield: "-3" }, /--yield: "-3" is not a number from/],
  [{ format: "calculix", yield: "missing.nii" }, /missing\.nii does not exist/],
  [{ format: "calculix", yield: join(folder, "coarse.nii.gz") }, /another grid.*Resample/],
  [{ format: "calculix", bins: "1" }, /--bins: "1" is not a number from 2/],
  [
    { format: "calculix", load: "compression:2%+flexion:25mm" },
    /compression \+ flexion is a force that.*follows.*5deg/,
  ],
  [{ format: "calculix", load: "compression:2%+tilt:free" }, /with free tilt is a force.*solve --nonlinear/],
  [{ format: "calculix", displacement: "0" }, /1e-6 to 20 mm/],
] as const)("%o: an error that names the cure, and nothing is written", async (given, message) => {
  await expect(write({ ...given, out: "never.out" })).rejects.toThrow(message);
  expect(existsSync(at("never.out"))).toBe(false);
});

test("an output that is a folder, or cannot be, is refused before any work", async () => {
  await expect(write({ format: "vtu", out: "." }, "missing.nii")).rejects.toThrow(
    /is a folder. Give the name of a file/,
  );
  writeFileSync(at("taken"), "");
  await expect(write({ format: "vtu", out: "taken/bar.vtu" }, "missing.nii")).rejects.toThrow(/taken is a file/);
  const empty = exportCommand.run([at("bar.nii.gz")], { format: "vtu", out: "" }, { say: () => {}, stage: () => {} });
  await expect(empty).rejects.toThrow("--out is empty. Give a file.");
});
