import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Quantity, type Volume, writeNifti } from "@spondyl/core";
import { afterAll, expect, test } from "vitest";
import { series } from "../../core/test/dicomWriter.js";
import { infoCommand } from "../src/commands/info.js";
import { readScanFiles, readText, writeAtomically } from "../src/files.js";

const folder = mkdtempSync(join(tmpdir(), "spondyl-info-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...parts: string[]) => join(folder, ...parts);

const info = (path: string, given: Record<string, string> = {}) =>
  infoCommand.run([path], given, { say: () => {}, stage: () => {} });

function image<Q extends Quantity>(quantity: Q, value: (n: number) => number): Volume<Q> {
  const direction = Float64Array.of(0, 0, -1, 1, 0, 0, 0, -1, 0); // to P, I and R
  const data = Float32Array.from({ length: 120 }, (_, n) => value(n));
  return { quantity, data, size: [6, 5, 4], spacing: [0.5, 0.5, 3], origin: [-10, 5, 2], direction };
}

test("a DICOM folder with sub-folders: geometry, acquisition and findings", async () => {
  mkdirSync(at("ct", "a"), { recursive: true });
  const files = series(8, () => ({ tags: { "00180010": ["LO", "Iomeron"] } }));
  for (const [k, f] of files.entries()) writeFileSync(at("ct", k % 2 ? "a" : "", f.name), f.bytes);
  writeFileSync(at("ct", "notes.txt"), "not an image");
  const { data, text } = await info(at("ct"));
  expect(data).toMatchObject({
    format: "dicom",
    size: [16, 12, 8],
    spacingMm: [1, 1, 1],
    acquisition: { images: 8, tubeVoltageKv: 120, contrast: true },
    findings: [{ code: "files-skipped" }, { code: "contrast", severity: "warning" }],
  });
  expect(text).toMatch(/voxels {10}16 x 12 x 8/);
  expect(text).toMatch(/grid axes {7}L, P, S/);
  expect(text).toMatch(/warning {2}A contrast agent/);
  expect(JSON.parse(JSON.stringify(data))).toEqual(data); // nothing that JSON cannot hold
  expect(`${text}${JSON.stringify(data)}`).not.toMatch(/Secret|ID-12345/);
});

test("a NIfTI scan: axes as they are stored, coarse voxels are found", async () => {
  writeFileSync(at("ct.nii.gz"), writeNifti(image("HU", (n) => 20 * n - 1000)));
  const { data, text } = await info(at("ct.nii.gz"));
  expect(data).toMatchObject({ format: "nifti", minimumHu: -1000, maximumHu: 1380 });
  expect(text).toMatch(/grid axes {7}P, I, R/);
  expect(text).toMatch(/too coarse/);
});

test("a label map: its labels with their voxels; a density: its range", async () => {
  writeFileSync(at("seg.nii.gz"), writeNifti(image("label", (n) => (n < 7 ? 20 : n < 10 ? 21 : 0))));
  const labels = await info(at("seg.nii.gz"), { quantity: "label" });
  expect(labels.data.labels).toEqual([
    { label: 20, voxels: 7 },
    { label: 21, voxels: 3 },
  ]);
  writeFileSync(at("bmd.nii.gz"), writeNifti(image("mgHA/cm3", (n) => n)));
  expect((await info(at("bmd.nii.gz"), { quantity: "mgHA/cm3" })).data).toMatchObject({ minimum: 0, maximum: 119 });
  await expect(info(at("bmd.nii.gz"))).rejects.toThrow(/holds mgHA\/cm3, but HU is needed/);
  await expect(info(at("bmd.nii.gz"), { quantity: "kg" })).rejects.toThrow(/"kg" is unknown/);
});

test("an .mhd brings its raw file along", async () => {
  const header =
    "ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementSpacing = 1 1 1\nElementType = MET_SHORT\nElementDataFile = body.raw\n";
  writeFileSync(at("body.mhd"), header);
  writeFileSync(at("body.raw"), new Uint8Array(Int16Array.from({ length: 8 }, (_, n) => 100 * n - 300).buffer));
  expect((await info(at("body.mhd"))).data).toMatchObject({ format: "metaimage", minimumHu: -300, maximumHu: 400 });
  rmSync(at("body.raw"));
  await expect(info(at("body.mhd"))).rejects.toMatchObject({
    code: "bad-input",
    message: expect.stringMatching(/body\.raw does not exist/),
  });
});

test("a missing path, an empty folder and a file that is no image are clear errors", async () => {
  await expect(info(at("nowhere"))).rejects.toMatchObject({
    code: "bad-input",
    message: expect.stringMatching(/nowhere does not exist/),
  });
  mkdirSync(at("empty"));
  await expect(info(at("empty"))).rejects.toThrow(/no image among 0 files/);
  writeFileSync(at("text.txt"), "hello");
  await expect(info(at("text.txt"))).rejects.toThrow(/no image among 1 files \(text\.txt\)/);
  await expect(readText(at("nothing.csv"))).rejects.toMatchObject({ code: "bad-input" });
});

test("files come in the order of their names, with their bytes", async () => {
  const files = await readScanFiles(at("ct"));
  expect(files.map((f) => f.name)).toEqual([...files.map((f) => f.name)].sort());
  expect(files[0]!.bytes.constructor).toBe(Uint8Array);
});

test("a file is written whole, in folders made for it, and replaces what was there", async () => {
  await writeAtomically(at("new", "deep", "a.txt"), "first");
  await writeAtomically(at("new", "deep", "a.txt"), new TextEncoder().encode("second"));
  expect(readFileSync(at("new", "deep", "a.txt"), "utf8")).toBe("second");
  expect(readdirSync(at("new", "deep"))).toEqual(["a.txt"]);
});

test("what cannot be written says so, and leaves nothing behind", async () => {
  writeFileSync(at("file"), "x");
  const failed = (path: string) => ({ code: "write-failed", message: expect.stringContaining(path) });
  await expect(writeAtomically(at("file", "below.txt"), "y")).rejects.toMatchObject(failed("below.txt"));
  mkdirSync(at("taken", "full"), { recursive: true });
  await expect(writeAtomically(at("taken"), "y")).rejects.toMatchObject(failed("taken"));
  expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
});

test("an abort leaves what was there", async () => {
  const reason = new Error("stopped");
  await expect(writeAtomically(at("file"), "new", AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(readFileSync(at("file"), "utf8")).toBe("x");
});
