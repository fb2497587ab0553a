import { readFileSync } from "node:fs";
import { gzipSync } from "fflate";
import { expect, test } from "vitest";
import { niftiHeader, readNifti, writeNifti } from "../src/formats/nifti.ts";
import { indexToWorld, type Volume } from "../src/volume/volume.ts";
import { dataPath, haveData } from "./data.ts";
import { gridDifference, mirrored, sample, stored, type TypeName, turned } from "./formatFixtures.ts";

const codes = {
  int8: 256,
  uint8: 2,
  int16: 4,
  uint16: 512,
  int32: 8,
  uint32: 768,
  int64: 1024,
  uint64: 1280,
  float32: 16,
  float64: 64,
};

interface Header {
  size?: readonly number[];
  type?: TypeName;
  datatype?: number; // overrides the type's code
  big?: boolean;
  pixdim?: readonly number[]; // [0] is qfac
  qform?: readonly number[]; // b, c, d, x, y, z
  sform?: readonly number[]; // 12 numbers, row by row
  scale?: readonly [number, number];
  units?: number;
  offset?: number;
  magic?: string;
  values?: readonly number[];
}

const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** A NIfTI-1 file, field by field. */
function nifti1(h: Header = {}): Uint8Array {
  const {
    size = [2, 2, 2],
    type = "int16",
    big = false,
    pixdim = [1, 1, 1, 1],
    offset = 352,
    values = [1, 2, 3, 4, 5, 6, 7, 8],
  } = h;
  const data = stored(values, type, big);
  const view = new DataView(new ArrayBuffer(offset + data.length));
  const i16 = (at: number, v: number) => view.setInt16(at, v, !big);
  const f32 = (at: number, list: readonly number[]) => {
    for (const [n, v] of list.entries()) view.setFloat32(at + 4 * n, v, !big);
  };
  view.setInt32(0, 348, !big);
  for (const [n, v] of [size.length, ...size].entries()) i16(40 + 2 * n, v);
  i16(70, h.datatype ?? codes[type]);
  f32(76, pixdim);
  f32(108, [offset, ...(h.scale ?? [0, 0])]);
  view.setUint8(123, h.units ?? 2);
  i16(252, h.qform ? 1 : 0);
  i16(254, h.sform ? 1 : 0);
  f32(256, h.qform ?? []);
  f32(280, h.sform ?? []);
  new Uint8Array(view.buffer).set(new TextEncoder().encode(h.magic ?? "n+1"), 344);
  new Uint8Array(view.buffer).set(data, offset);
  return new Uint8Array(view.buffer);
}

/** The same as NIfTI-2, with an sform only. */
function nifti2(sform: readonly number[], values: readonly number[], big: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(544 + 8 * values.length));
  view.setInt32(0, 540, !big);
  new Uint8Array(view.buffer).set([0x6e, 0x2b, 0x32, 0, 13, 10, 26, 10], 4);
  view.setInt16(12, 64, !big);
  for (const [n, v] of [3, 2, 2, 2, 1, 1, 1, 1].entries()) view.setBigInt64(16 + 8 * n, BigInt(v), !big);
  view.setBigInt64(168, 544n, !big);
  view.setInt32(348, 1, !big);
  for (const [n, v] of sform.entries()) view.setFloat64(400 + 8 * n, v, !big);
  view.setInt32(500, 2, !big);
  new Uint8Array(view.buffer).set(stored(values, "float64", big), 544);
  return new Uint8Array(view.buffer);
}

test.each([
  turned(),
  mirrored(turned(2.5)),
  Float64Array.of(0, 0, -1, 1, 0, 0, 0, -1, 0),
  Float64Array.of(-1, 0, 0, 0, -1, 0, 0, 0, 1),
])("what is written reads back: voxels bit for bit, the grid to the float32 of the header (%#)", (direction) => {
  for (const volume of [
    sample("HU", direction),
    sample("mgHA/cm3", direction, (n) => n / 7 - 1),
    sample("label", direction, (n) => n * 11),
  ]) {
    const back = readNifti(writeNifti(volume), volume.quantity);
    expect(back.data).toEqual(volume.data);
    expect(gridDifference(back, volume)).toBeLessThan(5e-7);
    expect(readNifti(writeNifti(volume, { compress: false }), volume.quantity)).toEqual(back);
  }
});

test("qform and sform say the same: a reader of either finds the same grid", () => {
  for (const radians of [0, 0.4, 1.7, 3.1, Math.PI, -2.2])
    for (const direction of [turned(radians), mirrored(turned(radians))]) {
      const file = writeNifti(sample("HU", direction), { compress: false });
      const qformOnly = file.slice();
      new DataView(qformOnly.buffer).setInt16(254, 0, true);
      expect(niftiHeader(qformOnly).orientation).toBe("qform");
      expect(gridDifference(readNifti(qformOnly, "HU"), readNifti(file, "HU"))).toBeLessThan(2e-6); // float32 quaternion
    }
});

test("the smallest type that keeps every value is written", () => {
  const typeOf = (value: (n: number) => number) => niftiHeader(writeNifti(sample("grey", turned(), value))).type;
  expect(typeOf((n) => n)).toBe("uint8");
  expect(typeOf((n) => n - 1)).toBe("int16");
  expect(typeOf((n) => 2000 * n)).toBe("uint16");
  expect(typeOf((n) => 40000 * (n % 2) - 1)).toBe("int32");
  expect(typeOf((n) => n + 0.5)).toBe("float32");
  expect(typeOf((n) => n * 1e10)).toBe("float32");
});

test("the same volume gives the same bytes", () => {
  expect(writeNifti(sample("HU"))).toEqual(writeNifti(sample("HU")));
});

test("R, A, S in the file become L, P, S: a voxel lies where the matrix puts it", () => {
  const sform = [0, 0, 2, 10, 3, 0, 0, 20, 0, 4, 0, 30]; // i goes to A by 3, j to S by 4, k to R by 2
  const volume = readNifti(nifti1({ sform }), "HU");
  expect(volume.spacing).toEqual([3, 4, 2]);
  expect(indexToWorld(volume, [0, 0, 0])).toEqual([-10, -20, 30]);
  expect(indexToWorld(volume, [1, 1, 1])).toEqual([-12, -23, 34]);
  expect(volume.data[1 + 2 * (1 + 2 * 0)]).toBe(4); // x fastest
});

test("qform: a quarter turn about S, by its quaternion; qfac -1 mirrors the third axis", () => {
  const h = Math.SQRT1_2;
  const qform = [0, 0, h, 5, 6, 7];
  const volume = readNifti(nifti1({ qform, pixdim: [1, 2, 3, 4] }), "HU"); // x goes to A, y to L
  const p = indexToWorld(volume, [1, 1, 1]);
  for (const [a, want] of [-5 + 3, -6 - 2, 7 + 4].entries()) expect(p[a]).toBeCloseTo(want, 6);
  const mirror = readNifti(nifti1({ qform, pixdim: [-1, 2, 3, 4] }), "HU");
  expect(indexToWorld(mirror, [0, 0, 1])[2]).toBeCloseTo(7 - 4, 6);
});

test("the sform goes before the qform, the bare spacing comes last and is said", () => {
  const both = nifti1({ sform: [2, ...identity.slice(1)], qform: [0, 0, 0, 9, 9, 9] });
  expect(niftiHeader(both).grid.spacing[0]).toBe(2);
  const bare = niftiHeader(nifti1({ pixdim: [0, 1, 2, 3] }));
  expect(bare.orientation).toBe("none");
  expect(bare.grid.spacing).toEqual([1, 2, 3]);
  const empty = nifti1({ sform: identity.map(() => 0), pixdim: [1, 1, 2, 3] }); // a code without a matrix
  expect(niftiHeader(empty).grid.spacing).toEqual([1, 2, 3]);
});

test("units: metres and microns become mm", () => {
  expect(readNifti(nifti1({ sform: identity, units: 1 }), "HU").spacing).toEqual([1000, 1000, 1000]);
  const micron = readNifti(nifti1({ sform: identity.map((v) => 30 * v), units: 3 | 8 }), "HU"); // time in seconds, too
  expect(micron.spacing).toEqual([0.03, 0.03, 0.03]);
});

test.each(Object.keys(codes) as TypeName[])("%s is read in both byte orders", (type) => {
  const values = type.startsWith("u") ? [0, 1, 2, 3, 100, 5, 127, 7] : [0, -1, 2, 3, -100, 5, 127, 7];
  for (const big of [false, true]) {
    const file = nifti1({ type, big, values, sform: identity });
    expect([...readNifti(file, "grey").data]).toEqual(values);
    expect([...readNifti(gzipSync(file), "grey").data]).toEqual(values);
  }
});

test("NIfTI-2, in both byte orders", () => {
  for (const big of [false, true]) {
    const volume = readNifti(nifti2([0.1, 0, 0, 1, 0, 0.2, 0, 2, 0, 0, 0.3, 3], [1, 2, 3, 4, 5, 6, 7, 8.5], big), "HU");
    expect(volume.spacing).toEqual([0.1, 0.2, 0.3]);
    expect(volume.origin).toEqual([-1, -2, 3]);
    expect([...volume.data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8.5]);
  }
});

test("slope and intercept scale; slope 0 means none", () => {
  const first = (scale: readonly [number, number]) => readNifti(nifti1({ scale, sform: identity }), "HU").data[2];
  expect(first([2, -1024])).toBe(3 * 2 - 1024);
  expect(first([0, 5])).toBe(3);
  expect(first([Number.NaN, 5])).toBe(3);
});

test("one frame in four dimensions is an image, and so is a file with an extension before the voxels", () => {
  expect(readNifti(nifti1({ size: [2, 2, 2, 1] }), "HU").size).toEqual([2, 2, 2]);
  expect([...readNifti(nifti1({ offset: 384 }), "HU").data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("bytes inside a larger buffer are read from their own start", () => {
  const file = nifti1({ sform: identity });
  const padded = new Uint8Array(file.length + 6);
  padded.set(file, 3);
  expect(readNifti(padded.subarray(3, 3 + file.length), "HU").data).toEqual(readNifti(file, "HU").data);
});

test("axes that are all but orthogonal become so; sheared ones are refused", () => {
  const skew = (c: number) => [1, c, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
  const { direction } = readNifti(nifti1({ sform: skew(5e-4) }), "HU");
  const column = (a: number, b: number) => [0, 3, 6].reduce((s, r) => s + direction[r + a]! * direction[r + b]!, 0);
  expect(Math.abs(column(0, 1))).toBeLessThan(1e-15);
  expect(() => readNifti(nifti1({ sform: skew(0.1) }), "HU")).toThrow(/sheared.*84\.29 degrees/);
});

test.each<[string, Uint8Array, string, RegExp]>([
  ["no NIfTI", new TextEncoder().encode("hello".repeat(100)), "bad-input", /no NIfTI file \(500 bytes/],
  ["an empty file", new Uint8Array(0), "bad-input", /0 bytes/],
  ["no signature", nifti1({ magic: "abc" }), "bad-input", /no NIfTI signature \("abc"/],
  ["a header/image pair", nifti1({ magic: "ni1" }), "unsupported", /\.hdr\/\.img/],
  [
    "a cut-off file",
    nifti1().subarray(0, 360),
    "bad-input",
    /cut off: 2 x 2 x 2 voxels of int16 need 16 bytes, 8 are there/,
  ],
  ["colour", nifti1({ datatype: 128 }), "unsupported", /data type 128/],
  ["several frames", nifti1({ size: [2, 2, 1, 2] }), "unsupported", /more than one frame/],
  ["an impossible size", nifti1({ size: [2, -2, 2] }), "bad-input", /impossible size 2 x -2 x 2/],
  ["no spacing", nifti1({ pixdim: [1, 0, 1, 1] }), "bad-input", /no usable voxel size/],
  [
    "NaN",
    nifti1({ type: "float32", values: [1, 2, Number.NaN, 4, 5, Number.NaN, 7, 8] }),
    "bad-input",
    /2 of 8 voxels are not finite.*voxel \(0, 1, 0\)/,
  ],
  [
    "infinity",
    nifti1({ type: "float64", values: [1e300, 2, 3, 4, 5, 6, 7, 8] }),
    "bad-input",
    /1 of 8 voxels are not finite/,
  ],
])("%s is a clear error", (_, file, code, message) => {
  expect(() => readNifti(file, "HU")).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});

test("a damaged or cut-off gzip is told from its checksum", () => {
  const file = gzipSync(nifti1({ values: Array.from({ length: 8 }, (_, n) => n * 31), sform: identity }));
  expect(() => readNifti(file.subarray(0, file.length - 20), "HU")).toThrow(/gzip: .* is cut off or damaged/);
  const flipped = file.slice();
  flipped[flipped.length - 6]! ^= 1; // in the checksum: the data are no longer what was packed
  expect(() => readNifti(flipped, "HU")).toThrow(/gzip/);
});

test("a gzip of several members is one file", () => {
  const file = nifti1({ sform: identity });
  const parts = [gzipSync(file.subarray(0, 100)), gzipSync(file.subarray(100))];
  const joined = new Uint8Array(parts[0]!.length + parts[1]!.length);
  joined.set(parts[0]!);
  joined.set(parts[1]!, parts[0]!.length);
  expect(readNifti(joined, "HU").data).toEqual(readNifti(file, "HU").data);
});

test("a file that names its quantity is not read as another", () => {
  const file = writeNifti(sample("mgHA/cm3"));
  expect(() => readNifti(file, "mgK2HPO4/cm3")).toThrow(/holds mgHA\/cm3, but mgK2HPO4\/cm3 is needed/);
  expect(readNifti(file, "grey").quantity).toBe("grey");
});

test("a volume too long for the format is refused", () => {
  const long = { ...sample("HU"), size: [40000, 1, 1], data: new Float32Array(40000) } as Volume;
  expect(() => writeNifti(long)).toThrow(/32767/);
});

test.skipIf(!haveData)("real files: the published grids and values", () => {
  const l2 = readNifti(
    readFileSync(dataPath("verse004-L2-spinefe-benchmark", "sub-verse004_0000_vertebra_21_im.nii.gz")),
    "mgK2HPO4/cm3",
  );
  const seg = readNifti(
    readFileSync(dataPath("verse004-L2-spinefe-benchmark", "sub-verse004_0000_vertebra_21_seg.nii.gz")),
    "label",
  );
  expect(l2.size).toEqual([100, 89, 74]);
  const mean = (label: number) => {
    let sum = 0,
      n = 0;
    for (let i = 0; i < seg.data.length; i++) if (seg.data[i] === label) [sum, n] = [sum + l2.data[i]!, n + 1];
    return sum / n;
  };
  for (const [label, want] of [
    [1, 75.5],
    [2, 181.1],
    [3, 232.0],
    [4, 414.8],
  ])
    expect(mean(label!)).toBeCloseTo(want!, 1); // README of the data
  const pir = readNifti(readFileSync(dataPath("tptbox-ct-L3", "sub-ct_label-22_ct.nii.gz")), "HU");
  expect([...pir.direction]).toEqual([0, 0, -1, 1, 0, 0, 0, -1, 0]); // grid axes to P, I, R
});
