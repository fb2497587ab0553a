import { readdirSync, readFileSync } from "node:fs";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { SpondylError } from "../src/error.ts";
import { type ImportedScan, importScan } from "../src/import/importScan.ts";
import type { ScanFile } from "../src/import/scanFile.ts";
import { indexToWorld, type Vec3, worldToIndex } from "../src/volume/volume.ts";
import { dataPath, haveData } from "./data.ts";
import { bodyHu, columns, dicomFile, rows, Syntax, series, slice, sliceTags } from "./dicomWriter.ts";

const codes = ({ quality }: ImportedScan) => quality.findings.map((f) => f.code);
const failure = (files: readonly ScanFile[], options = {}) =>
  importScan(files, options).then(
    () => expect.unreachable("the import should have failed"),
    (error: SpondylError) => {
      expect(error).toBeInstanceOf(SpondylError);
      return error;
    },
  );

/** Every voxel whose whole neighbourhood was imaged must hold the body's CT number at its own place. */
function worstError({ scan }: ImportedScan, inside: (index: Vec3) => boolean = () => true): number {
  let worst = 0;
  const [nx, ny, nz] = scan.size;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        if (!inside([i, j, k])) continue;
        const [x, y, z] = indexToWorld(scan, [i, j, k]);
        worst = Math.max(worst, Math.abs(scan.data[i + nx * (j + ny * k)]! - bodyHu(x, y, z)));
      }
  return worst;
}

test("a sound series: every voxel holds the CT number of its place, and nothing is found", async () => {
  const scan = await importScan(series(10, (k) => ({ position: [-7, 12, -30 + k], spacing: [0.5, 2] })));
  expect(scan.scan.size).toEqual([columns, rows, 10]);
  expect(scan.scan.spacing).toEqual([0.5, 2, 1]);
  expect(scan.scan.origin).toEqual([-7, 12, -30]);
  expect(worstError(scan)).toBe(0);
  expect(scan.quality.findings).toEqual([]);
  expect(scan.quality.acquisition).toMatchObject({
    images: 10,
    kernel: "B30f",
    tubeVoltageKv: 120,
    compression: "none",
  });
});

test("the order of the files does not matter: slices stand by position, not by number or name", async () => {
  const files = series(8, (k) => ({ tags: { "00200013": ["IS", `${(k * 5) % 8}`] } }));
  const shuffled = [3, 7, 0, 5, 1, 6, 2, 4].map((k) => files[k]!);
  expect((await importScan(shuffled)).scan.data).toEqual((await importScan(files)).scan.data);
});

test("coronal and oblique slices lie where their headers say", async () => {
  const coronal = await importScan(series(8, (k) => ({ position: [0, -k, 40], orientation: [1, 0, 0, 0, 0, -1] })));
  expect(worstError(coronal)).toBe(0);
  expect(codes(coronal)).toContain("non-axial");
  const c = Math.cos(0.3),
    s = Math.sin(0.3); // turned about the patient's left
  const oblique = await importScan(
    series(8, (k) => ({ position: [0, -s * k, c * k], orientation: [1, 0, 0, 0, c, s] })),
  );
  expect(worstError(oblique)).toBeLessThan(0.5 + 1e-4); // stored values are rounded to whole HU
  expect(codes(oblique)).not.toContain("gantry-tilt");
});

test("a missing slice is an error that names its neighbours", async () => {
  const error = await failure(series(12).filter((_, k) => k !== 7));
  expect(error.code).toBe("bad-input");
  expect(error.message).toMatch(/1 slices are missing.*slice6\.dcm and slice8\.dcm.*2\.000 mm apart/);
  expect(error.details.missing).toBe(1);
});

test("a missing slice is seen without the images' numbers, too", async () => {
  for (const tag of [undefined, ["IS", "1"]] as const) {
    const files = series(12, () => ({ tags: { "00200013": tag } })).filter((_, k) => k !== 7);
    expect((await failure(files)).details.missing).toBe(1);
  }
});

test("several missing slices side by side are counted", async () => {
  expect((await failure(series(20).filter((_, k) => k < 5 || k > 7))).details.missing).toBe(3);
});

test("every second slice missing for a while: the jumping numbers tell it from a change of spacing", async () => {
  const error = await failure(series(20).filter((_, k) => ![8, 10, 12].includes(k)));
  expect(error.details.missing).toBe(3);
});

test("varying spacing is resampled to the finest, and said; a linear body comes out exact", async () => {
  const z = (k: number) => (k < 6 ? k : 6 + 2 * (k - 6)); // 1 mm, then 2 mm
  const scan = await importScan(series(12, (k) => ({ position: [0, 0, z(k)] })));
  expect(scan.scan.size[2]).toBe(17);
  expect(scan.scan.spacing[2]).toBe(1);
  expect(scan.quality.findings).toContainEqual(
    expect.objectContaining({ code: "varying-spacing", severity: "repaired" }),
  );
  expect(worstError(scan)).toBeLessThan(1e-4); // float32 rounding
});

test("positions that are merely rounded are even", async () => {
  const scan = await importScan(series(30, (k) => ({ position: [0, 0, Math.round(62.5 * k) / 100] })));
  expect(codes(scan)).not.toContain("varying-spacing");
  expect(scan.scan.size[2]).toBe(30);
});

test("gantry tilt is de-sheared, and said: a body linear in x, y and z comes out exact wherever it was imaged", async () => {
  const tilt = (15 * Math.PI) / 180;
  const orientation = [1, 0, 0, 0, Math.cos(tilt), Math.sin(tilt)];
  const scan = await importScan(
    series(10, (k) => ({ position: [0, 0, 3 * k], orientation, tags: { "00180050": ["DS", "3"] } })),
  );
  const finding = scan.quality.findings.find((f) => f.code === "gantry-tilt");
  expect(finding?.severity).toBe("repaired");
  expect(finding?.message).toContain("15.0 degrees");
  expect(scan.quality.acquisition?.gantryTiltDegrees).toBe(15);
  expect(scan.scan.spacing[2]).toBeCloseTo(3 * Math.cos(tilt), 8);
  const drift = 3 * Math.sin(tilt); // pixels per slice, towards the back
  const [, , n] = scan.scan.size;
  const imaged = ([, j, k]: Vec3) => {
    const y = j - drift * k; // row of the slice itself
    return y >= 0 && y <= rows - 1;
  };
  expect(n).toBe(10);
  expect(worstError(scan, imaged)).toBeLessThan(0.5 + 1e-3); // stored values are whole HU; a mean of them errs no more
  expect(scan.scan.data.filter((v) => v === -1024).length).toBeGreaterThan(0); // the corners that no slice reached
});

test("slices tilted sideways are de-sheared along the rows", async () => {
  const tilt = 0.2;
  const orientation = [Math.cos(tilt), 0, Math.sin(tilt), 0, 1, 0];
  const scan = await importScan(series(6, (k) => ({ position: [0, 0, 2 * k], orientation })));
  const drift = 2 * Math.sin(tilt); // pixels per slice
  const imaged = ([i, , k]: Vec3) => i - drift * k >= 0 && i - drift * k <= columns - 1;
  expect(scan.scan.size).toEqual([columns + Math.ceil(5 * drift), rows, 6]);
  expect(worstError(scan, imaged)).toBeLessThan(0.5 + 1e-3);
});

test("a point keeps its place through the de-shearing", async () => {
  const tilt = (20 * Math.PI) / 180;
  const orientation = [1, 0, 0, 0, Math.cos(tilt), -Math.sin(tilt)];
  const ball = (x: number, y: number, z: number) => 1000 * Math.exp(-((x - 8) ** 2 + (y - 6) ** 2 + (z - 9) ** 2) / 8);
  const { scan } = await importScan(series(20, (k) => ({ position: [0, 0, k], orientation, hu: ball })));
  const centre = [0, 0, 0];
  let mass = 0;
  for (let n = 0; n < scan.data.length; n++) {
    const w = Math.max(0, scan.data[n]!);
    const [nx, ny] = scan.size;
    const p = indexToWorld(scan, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]);
    mass += w;
    for (let a = 0; a < 3; a++) centre[a]! += w * p[a]!;
  }
  expect(Math.hypot(centre[0]! / mass - 8, centre[1]! / mass - 6, centre[2]! / mass - 9)).toBeLessThan(0.1); // mm: a tenth of a pixel
});

test("exact copies are dropped with a note; another image at the same place is an error", async () => {
  const copied = await importScan([...series(8), { ...slice(3), name: "again.dcm" }]);
  expect(codes(copied)).toContain("copies-dropped");
  expect(copied.scan.size[2]).toBe(8);
  const error = await failure([...series(8), { ...slice(3, { position: [0, 0, 3], hu: () => 7 }), name: "other.dcm" }]);
  expect(error.message).toMatch(/slice3\.dcm and other\.dcm/);
  expect(error.code).toBe("bad-input");
});

test("several series are an error that lists them; the option chooses by number, UID or place in the list", async () => {
  const second = series(6, () => ({
    hu: () => 100,
    tags: { "0020000e": ["UI", "9.9"], "00200011": ["IS", "8"], "0008103e": ["LO", "Bone"] },
  }));
  second[0] = slice(0, { hu: () => 50, tags: { "0020000e": ["UI", "9.9"], "00200011": ["IS", "8"] } }); // not constant
  const files = [...series(8), ...second];
  const error = await failure(files);
  expect(error.code).toBe("bad-option");
  expect(error.message).toMatch(/#1, number 4, 8 images.*"Spine 1\.0"[\s\S]*#2, number 8, 6 images/);
  for (const wanted of ["8", "9.9", "#2"]) {
    const scan = await importScan(files, { series: wanted });
    expect(scan.scan.size[2]).toBe(6);
    expect(codes(scan)).toContain("images-skipped");
  }
  expect((await failure(files, { series: "77" })).message).toContain('series "77" names 0 of the 2');
});

test("scouts, derived images, other modalities and other files are left out with a note", async () => {
  const scout = slice(3, {
    orientation: [1, 0, 0, 0, 0, -1],
    tags: { "00080008": ["CS", "ORIGINAL\\PRIMARY\\LOCALIZER"], "0020000e": ["UI", "7"] },
  });
  const reformat = slice(4, { tags: { "00080008": ["CS", "DERIVED\\SECONDARY\\MPR"], "0020000e": ["UI", "8"] } });
  const pet = slice(5, { tags: { "00080060": ["CS", "PT"], "0020000e": ["UI", "5"] } });
  const report = { name: "report.dcm", bytes: dicomFile({ "00080060": ["CS", "SR"] }) };
  const text = { name: "readme.txt", bytes: strToU8("hello") };
  const scan = await importScan([...series(8), scout, reformat, pet, report, text]);
  expect(scan.scan.size[2]).toBe(8);
  const skipped = scan.quality.findings.find((f) => f.code === "images-skipped")!.message;
  expect(skipped).toMatch(/1 of another modality; 1 scouts.*; 1 of other series/);
  expect(codes(scan)).toContain("files-skipped");
});

test("a series that is all derived is read with a warning", async () => {
  const scan = await importScan(series(8, () => ({ tags: { "00080008": ["CS", "DERIVED\\PRIMARY\\AXIAL"] } })));
  expect(codes(scan)).toEqual(["derived-images"]);
});

test("short series beside the long one need no choice; a derived one is taken where it is the only long one", async () => {
  const other = { "0020000e": ["UI", "7"], "00200011": ["IS", "1"] } as const;
  const scan = await importScan([...series(8), ...series(2, () => ({ tags: other }))]);
  expect(scan.scan.size[2]).toBe(8);
  const derived = series(8, () => ({ tags: { "00080008": ["CS", "DERIVED\\PRIMARY\\AXIAL"] } }));
  const reformatted = await importScan([...derived, ...series(2, () => ({ tags: other }))]);
  expect(codes(reformatted)).toEqual(["images-skipped", "derived-images"]);
});

test("an original series goes before one derived from it; the option still reaches the derived one", async () => {
  const tags = {
    "00080008": ["CS", "DERIVED\\PRIMARY\\AXIAL"],
    "0020000e": ["UI", "7"],
    "00200011": ["IS", "9"],
  } as const;
  const files = [...series(7, () => ({ tags })), ...series(8)];
  expect((await importScan(files)).scan.size[2]).toBe(8);
  expect((await importScan(files, { series: "9" })).scan.size[2]).toBe(7);
});

test("unspecified units are taken for HU with a warning", async () => {
  expect(codes(await importScan(series(8, () => ({ tags: { "00281054": ["LO", "US"] } }))))).toEqual([
    "unspecified-units",
  ]);
});

test("images without any UID are one series", async () => {
  const scan = await importScan(series(8, () => ({ tags: { "0020000e": ["UI", ""] } })));
  expect(codes(scan)).toEqual(["no-series-uid"]);
});

test.each<[string, Parameters<typeof series>[1], RegExp]>([
  ["another modality", () => ({ tags: { "00080060": ["CS", "MR"] } }), /modality MR, not CT/],
  ["no modality", () => ({ tags: { "00080060": undefined } }), /modality \(none named\), not CT/],
  ["no slope", () => ({ tags: { "00281053": undefined } }), /RescaleSlope \(0028,1053\).*cannot be turned into HU/],
  ["no intercept", () => ({ tags: { "00281052": undefined } }), /RescaleIntercept \(0028,1052\)/],
  ["values that are no HU", () => ({ tags: { "00281054": ["LO", "Z_EFF"] } }), /type "Z_EFF" instead of HU/],
  ["no position", () => ({ tags: { "00200032": undefined } }), /ImagePositionPatient/],
  ["no orientation", () => ({ tags: { "00200037": undefined } }), /ImageOrientationPatient/],
  ["no pixel spacing", () => ({ tags: { "00280030": undefined } }), /PixelSpacing/],
  [
    "mixed orientations",
    (k) => (k === 4 ? { orientation: [1, 0, 0, 0, 0, -1] } : {}),
    /different orientations.*7 of.*1 of.*slice4/,
  ],
  ["mixed spacings", (k) => (k === 4 ? { spacing: [1, 1.1] } : {}), /different pixel spacings/],
  ["mixed sizes", (k) => (k === 4 ? { tags: { "00280010": ["US", rows - 1] } } : {}), /different sizes.*16 x 11/],
  ["colour pictures", () => ({ tags: { "00280002": ["US", 3] } }), /localizers or colour pictures/],
  ["32 bits", () => ({ tags: { "00280100": ["US", 32] } }), /bytes of pixels instead of|32 bits per pixel/],
  [
    "unread syntax",
    () => ({ syntax: "1.2.840.10008.1.2.4.100" }),
    /transfer syntax 1\.2\.840\.10008\.1\.2\.4\.100, which is not read/,
  ],
])("%s: a clear error", async (_, change, message) => {
  expect((await failure(series(8, change))).message).toMatch(message);
});

test("too few slices, and one voxel value only, are errors", async () => {
  expect((await failure(series(4))).message).toMatch(/4 slices; a vertebra needs 5/);
  expect((await failure(series(8, () => ({ hu: () => 40 })))).message).toMatch(/every voxel is 40/);
});

test("a cut-off file is an error that names it, wherever it was cut", async () => {
  const files = series(8);
  for (const part of [0.4, 0.7, 0.99]) {
    const { name, bytes } = files[5]!;
    const cut = { name, bytes: bytes.subarray(0, Math.floor(part * bytes.length)) };
    const error = await failure([...files.slice(0, 5), cut, ...files.slice(6)]);
    expect(error.code).toBe("bad-input");
    expect(error.message).toContain("slice5.dcm");
  }
});

test("no images at all, and no files, are clear errors", async () => {
  expect((await failure([])).message).toMatch(/no image among 0 files/);
  expect((await failure([{ name: "sr.dcm", bytes: dicomFile({ "00080060": ["CS", "SR"] }) }])).message).toMatch(
    /hold no images/,
  );
});

test("lossy compression, contrast, kernel, voltage, thickness and field of view are reported", async () => {
  const tags = {
    "00180010": ["LO", "APPLIED"],
    "00180050": ["DS", "0.6"],
    "00180060": ["DS", "80"],
    "00181100": ["DS", "350"],
    "00181210": ["SH", "B70f"],
    "00282110": ["CS", "01"],
    "00181120": ["DS", "12"],
  } as const;
  const scan = await importScan(series(8, () => ({ tags })));
  expect(codes(scan).sort()).toEqual(["contrast", "lossy", "sharp-kernel", "slice-gaps", "tilt-tag", "tube-voltage"]);
  expect(scan.quality.acquisition).toMatchObject({
    reconstructionDiameterMm: 350,
    sliceThicknessMm: 0.6,
    compression: "lossy",
    contrast: true,
  });
  expect(scan.quality.fieldOfViewMm).toEqual([16, 12, 8]);
});

test("padding becomes air, unless its value is one that tissue has", async () => {
  const outside = (x: number, y: number, z: number) => (x < 2 ? -2000 : bodyHu(x, y, z));
  const signed = { "00280103": ["US", 1], "00281052": ["DS", "0"] } as const;
  const raw = (x: number, y: number, z: number) => outside(x, y, z) - 1024; // stored without the offset, signed
  const padded = await importScan(
    series(8, () => ({ hu: raw, tags: { ...signed, "00280120": ["SS", 0x10000 - 2000] } })),
  );
  expect(codes(padded)).toEqual(["padding"]);
  expect(padded.quality.minimumHu).toBe(-1024);
  const unnamed = await importScan(series(8, () => ({ hu: raw, tags: signed })));
  expect(codes(unnamed)).toEqual(["below-air"]);
  expect(unnamed.scan.data).toEqual(padded.scan.data);
  const tissue = await importScan(series(8, () => ({ tags: { "00280120": ["US", 1024] } }))); // 0 HU
  expect(codes(tissue)).toEqual(["padding-ignored"]);
  expect(worstError(tissue)).toBe(0);
});

test("nothing that names the patient reaches the result", async () => {
  const { quality } = await importScan(series(8));
  expect(JSON.stringify(quality)).not.toMatch(/Secret|12345|Spine|1\.2\.3/);
});

test("a zip of the folder gives the same volume, whatever systems added to it", async () => {
  const files = series(8);
  const zip = zipSync(
    Object.fromEntries([...files.map((f) => [`ct/${f.name}`, f.bytes]), ["__MACOSX/ct/._slice0.dcm", strToU8("x")]]),
  );
  const scan = await importScan([{ name: "ct.zip", bytes: zip }]);
  expect(scan.scan.data).toEqual((await importScan(files)).scan.data);
  expect(codes(scan)).toEqual([]);
  expect((await failure([{ name: "ct.zip", bytes: zip.subarray(0, 900) }])).message).toMatch(
    /ct\.zip \(900 bytes\) is cut off/,
  );
});

test("a multi-frame enhanced CT is read frame by frame", async () => {
  const files = series(8);
  const plain = await importScan(files);
  const { "00200032": _p, "00200037": _o, "00280030": _s, "00281052": _i, "00281053": _r, ...common } = sliceTags(0);
  const frame = (k: number) =>
    ({
      "00209113": ["SQ", [{ "00200032": ["DS", `0\\0\\${7 - k}`] }]], // stored head first
    }) as const;
  const shared = {
    "00209116": ["SQ", [{ "00200037": ["DS", "1\\0\\0\\0\\1\\0"] }]],
    "00289110": ["SQ", [{ "00280030": ["DS", "1\\1"], "00180050": ["DS", "1"] }]],
    "00289145": ["SQ", [{ "00281052": ["DS", "-1024"], "00281053": ["DS", "1"] }]],
  } as const;
  const pixels = new Uint8Array(8 * 2 * rows * columns);
  for (let k = 0; k < 8; k++) {
    const values = Uint16Array.from(
      { length: rows * columns },
      (_, n) => plain.scan.data[n + (7 - k) * rows * columns]! + 1024,
    );
    pixels.set(new Uint8Array(values.buffer), k * 2 * rows * columns);
  }
  const bytes = dicomFile(
    {
      ...common,
      "00280008": ["IS", "8"],
      "52009229": ["SQ", [shared]],
      "52009230": ["SQ", Array.from({ length: 8 }, (_, k) => frame(k))],
      "7fe00010": ["OW", pixels],
    },
    Syntax.explicit,
  );
  const scan = await importScan([{ name: "enhanced.dcm", bytes }]);
  expect(scan.scan).toEqual(plain.scan);
});

test("an abort stops the import", async () => {
  const stop = new AbortController();
  const running = importScan(series(40), {}, { signal: stop.signal, progress: () => stop.abort(new Error("enough")) });
  await expect(running).rejects.toThrow("enough");
});

test.skipIf(!haveData)("a real JPEG-2000 series: 20 slices at their places, in HU", async () => {
  const folder = dataPath("totalsegmentator-example-ct", "example_ct_dicom");
  const files = readdirSync(folder).map((name) => ({ name, bytes: new Uint8Array(readFileSync(`${folder}/${name}`)) }));
  const { scan, quality } = await importScan(files);
  expect(scan.size).toEqual([512, 512, 20]);
  expect(scan.spacing).toEqual([0.9765625, 0.9765625, 2]);
  expect(scan.origin).toEqual([-249.51171875, -437.51171875, -804.5]);
  // the sum of all voxels as another decoder (GDCM in ITK) gives it, whose voxels are equal one by one
  expect(scan.data.reduce((sum, v) => sum + v, 0)).toBe(2096491781 - 1024 * scan.data.length);
  expect(quality.acquisition).toMatchObject({
    images: 20,
    kernel: "Br38f 3",
    tubeVoltageKv: 120,
    contrast: true,
    compression: "lossless",
  });
  expect(quality.findings.map((f) => f.code)).toEqual(["no-series-uid", "contrast", "overlap"]);
  expect(worldToIndex(scan, [-249.51171875, -437.51171875, -766.5])[2]).toBeCloseTo(19, 9);
});
