import { readFileSync } from "node:fs";
import { gzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import { writeMetaImage } from "../src/formats/metaImage.ts";
import { writeNifti } from "../src/formats/nifti.ts";
import { writeNrrd } from "../src/formats/nrrd.ts";
import { importScan } from "../src/import/importScan.ts";
import { importLabels, readVolume } from "../src/import/readVolume.ts";
import type { Quantity, Vec3, Volume } from "../src/volume/volume.ts";
import { dataPath, haveData } from "./data.ts";

/** Air around soft tissue with some bone, in HU, on an upright grid. */
function body<Q extends Quantity = "HU">(
  change: (hu: number, n: number) => number = (hu) => hu,
  quantity = "HU" as Q,
  spacing: Vec3 = [1, 1, 1],
): Volume<Q> {
  const hu = (n: number) => (n % 3 === 0 ? -1000 : n % 7 === 0 ? 900 : 40);
  const data = Float32Array.from({ length: 1000 }, (_, n) => change(hu(n), n));
  return {
    quantity,
    data,
    size: [10, 10, 10],
    spacing,
    origin: [1, 2, 3],
    direction: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
  };
}

const scanOf = (volume: Volume) => importScan([{ name: "scan.nii.gz", bytes: writeNifti(volume) }]);
const codes = async (volume: Volume) => (await scanOf(volume)).quality.findings.map((f) => f.code);

test.each([
  ["NIfTI", "nifti", writeNifti],
  ["NRRD", "nrrd", writeNrrd],
  ["MetaImage", "metaimage", writeMetaImage],
] as const)("%s is told by its content, alone or in a zip, whatever its name", async (_, format, write) => {
  const bytes = write(body());
  for (const files of [[{ name: "x", bytes }], [{ name: "x.zip", bytes: zipSync({ "deep/x": bytes }) }]]) {
    const { scan, quality } = await importScan(files);
    expect(scan).toEqual(body());
    expect(quality).toMatchObject({
      format,
      findings: [],
      minimumHu: -1000,
      maximumHu: 900,
      medianHu: 40,
      metalVoxels: 0,
    });
  }
});

test("an uncompressed file in a Node Buffer is read without changing it", async () => {
  const file = Buffer.from(writeNifti(body(), { compress: false }));
  const before = Buffer.from(file).toString("hex");
  expect((await importScan([{ name: "a.nii", bytes: file }])).scan).toEqual(body());
  expect(file.toString("hex")).toBe(before);
});

test("several images, or none, are errors", async () => {
  const bytes = writeNifti(body());
  await expect(
    importScan([
      { name: "a", bytes },
      { name: "b", bytes },
    ]),
  ).rejects.toThrow(/2 images were given \(a, b\)/);
  await expect(importScan([{ name: "a.txt", bytes: new Uint8Array(10) }])).rejects.toThrow(
    /no image among 1 files \(a\.txt\)/,
  );
});

test("a header with its data file, given as two files", async () => {
  const values = new Uint8Array(Int16Array.from(body().data).buffer);
  const nhdr =
    "NRRD0004\ntype: short\ndimension: 3\nspace: lps\nsizes: 10 10 10\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (1,2,3)\nendian: little\nencoding: gzip\ndata file: ./sub/v.raw.gz\n\n";
  const files = [
    { name: "d/v.nhdr", bytes: new TextEncoder().encode(nhdr) },
    { name: "d/sub/v.raw.gz", bytes: gzipSync(values) },
  ];
  expect((await importScan(files)).scan).toEqual(body());
});

test("metal is flagged with its voxels", async () => {
  const { quality } = await scanOf(body((hu, n) => (n >= 995 ? 3500 : hu)));
  expect(quality.metalVoxels).toBe(5);
  expect(quality.findings).toEqual([
    expect.objectContaining({
      code: "metal",
      severity: "warning",
      message: expect.stringMatching(/^5 voxels.*up to 3500/),
    }),
  ]);
});

test("values far below air become air, and that is said", async () => {
  const { scan, quality } = await scanOf(body((hu, n) => (n < 20 ? -3024 : hu)));
  expect(quality.findings).toEqual([expect.objectContaining({ code: "below-air", severity: "repaired" })]);
  expect([...scan.data.subarray(0, 20)]).toEqual(new Array(20).fill(-1024));
  expect(scan.data.subarray(20)).toEqual(body().data.subarray(20));
});

test("stored values without their rescale are an error; a masked image only a warning", async () => {
  await expect(scanOf(body((hu) => hu + 1024))).rejects.toThrow(/without their rescale intercept/);
  expect(await codes(body((hu) => Math.max(0, hu)))).toEqual(["no-air-or-fat"]);
});

test("coarse voxels, stored axes and a missing orientation are found", async () => {
  expect(await codes(body(undefined, "HU", [0.5, 0.5, 5]))).toEqual(["coarse"]);
  expect(await codes({ ...body(), direction: Float64Array.of(-1, 0, 0, 0, -1, 0, 0, 0, 1) })).toEqual(["stored-axes"]);
  const bare = writeNifti(body(), { compress: false });
  new DataView(bare.buffer).setInt32(252, 0, true); // neither qform nor sform
  const { quality } = await importScan([{ name: "a.nii", bytes: bare }]);
  expect(quality.findings.map((f) => f.code)).toContain("no-orientation");
});

test.each<[string, Volume, RegExp]>([
  ["a constant image", body(() => 7), /every voxel is 7/],
  ["a flat image", { ...body(), size: [100, 10, 1] }, /a picture, not a volume/],
  ["NaN", body((hu, n) => (n === 123 || n === 124 ? Number.NaN : hu)), /2 of 1000 voxels.*voxel \(3, 2, 1\)/],
  ["an image of something else", body((hu) => hu + 2000, "MPa"), /holds MPa, but HU is needed/],
])("%s is a clear error", async (_, volume, message) => {
  await expect(scanOf(volume)).rejects.toMatchObject({ code: "bad-input", message: expect.stringMatching(message) });
});

test("labels are whole numbers from 0", () => {
  const labels = (value: (n: number) => number) =>
    importLabels([{ name: "l", bytes: writeNifti(body((_, n) => value(n), "label")) }]);
  expect(labels((n) => n % 5).data[9]).toBe(4);
  expect(() => labels((n) => (n === 3 ? 1.5 : 0))).toThrow(/holds 1\.5, which is no label/);
  expect(() => labels((n) => (n === 3 ? -1 : 0))).toThrow(/holds -1/);
});

test("other quantities are read as they are", () => {
  const density = body((_, n) => n / 3, "mgHA/cm3");
  expect(readVolume([{ name: "d", bytes: writeNrrd(density) }], "mgHA/cm3")).toEqual(density);
});

test.skipIf(!haveData)("a real scan with metal, 3 mm voxels, and axes to R, A, S", async () => {
  const bytes = readFileSync(dataPath("totalsegmentator-example-ct", "example_ct.nii.gz"));
  const { scan, quality } = await importScan([{ name: "ct", bytes }]);
  expect(scan.size).toEqual([122, 101, 112]);
  expect(quality.findings.map((f) => f.code)).toEqual(["metal", "coarse", "stored-axes"]);
  const labels = importLabels([
    { name: "l", bytes: readFileSync(dataPath("totalsegmentator-example-ct", "totalseg_vertebrae.nii.gz")) },
  ]);
  expect(new Set(labels.data)).toEqual(new Set([0, 26, 27, 28, 29, 30, 31, 32, 33])); // README of the data
});
