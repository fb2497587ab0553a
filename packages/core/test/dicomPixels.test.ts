import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { importScan } from "../src/import/importScan.ts";
import { decodeJpeg } from "../src/import/jpeg.ts";
import { decodeRle } from "../src/import/rle.ts";
import type { ScanFile } from "../src/import/scanFile.ts";
import {
  bytesOf,
  columns,
  dicomFile,
  rows,
  Syntax,
  series,
  shorts,
  slice,
  sliceTags,
  storedPixels,
  type Tags,
} from "./dicomWriter.ts";
import { encodeLossless, encodeSequential } from "./jpegWriter.ts";

const require = createRequire(import.meta.url);

/** A body with edges and noise, -1000 to 3000 HU: smooth ones would let coding errors pass. */
const rough = (x: number, y: number, z: number) => ((Math.abs(x * 7919 + y * 104729 + z * 1299709) * 31) % 4000) - 1000;

type Encode = (stored: readonly number[], k: number) => Uint8Array | readonly Uint8Array[];

/** The rough body as a series whose slices are coded. */
function coded(syntax: string, encode: Encode, tags: Tags = {}, count = 6): ScanFile[] {
  return Array.from({ length: count }, (_, k) => {
    const frames = encode(storedPixels({ position: [0, 0, k], hu: rough }), k);
    return {
      name: `slice${k}.dcm`,
      bytes: dicomFile(sliceTags(k, { tags }), syntax, Array.isArray(frames) ? frames : [frames as Uint8Array]),
    };
  });
}

const plain = () => importScan(series(6, () => ({ hu: rough })));

test.each([
  ["implicit little endian", Syntax.implicit],
  ["deflated", Syntax.deflated],
  ["explicit big endian", Syntax.bigEndian],
])("%s gives the same volume as explicit little endian", async (_, syntax) => {
  const scan = await importScan(series(6, () => ({ hu: rough, syntax })));
  expect(scan.scan).toEqual((await plain()).scan);
});

test("RLE gives the same voxels: literal runs, repeats, and frames split into two byte planes", async () => {
  const scan = await importScan(coded(Syntax.rle, encodeRle));
  expect(scan.scan).toEqual((await plain()).scan);
  expect(scan.quality.acquisition?.compression).toBe("lossless");
});

test("PackBits: a repeat, a literal run and the no-operation byte", () => {
  const header = new Uint8Array(64);
  header.set([1, 0, 0, 0, 64]);
  const packed = Uint8Array.of(254, 7, 128, 1, 3, 4); // 7 7 7, nothing, 3 4
  expect(decodeRle(bytesOf([header, packed]), 5, 1)).toEqual(Uint8Array.of(7, 7, 7, 3, 4));
  expect(decodeRle(bytesOf([header, packed]), 6, 1)).toBeUndefined();
});

test.each([1, 2, 3, 4, 5, 6, 7])("JPEG lossless with predictor %i gives the same voxels", async (predictor) => {
  const scan = await importScan(coded(Syntax.jpegLossless, (stored) => encodeLossless(stored, columns, predictor)));
  expect(scan.scan).toEqual((await plain()).scan);
});

test("JPEG lossless: restart markers, and differences over the whole range of 16 bits", () => {
  const samples = Uint16Array.from({ length: 16 * 12 }, (_, n) => (n * 40503) & 0xffff);
  samples.set([0, 65535, 32767, 65535, 32768, 0], 40); // 32768 is the difference of size 16
  for (const restart of [0, 1, 3])
    for (const predictor of [1, 2, 4, 7])
      expect(decodeJpeg(encodeLossless(samples, 16, predictor, restart)).samples).toEqual(samples);
});

test("a frame in several fragments is joined", async () => {
  const split: Encode = (stored) => {
    const whole = encodeLossless(stored, columns, 1);
    return [whole.subarray(0, 100), whole.subarray(100)];
  };
  expect((await importScan(coded(Syntax.jpegLossless, split))).scan).toEqual((await plain()).scan);
});

test("JPEG-LS gives the same voxels", async () => {
  const { JpegLSEncoder } = await require("@cornerstonejs/codec-charls/wasmjs")(quiet());
  const scan = await importScan(coded(Syntax.jpegLs, (stored) => encodeWasm(new JpegLSEncoder(), stored, false)));
  expect(scan.scan).toEqual((await plain()).scan);
});

test("JPEG-2000 gives the same voxels, stored with and without a sign", async () => {
  const { J2KEncoder } = await require("@cornerstonejs/codec-openjpeg/wasmjs")(quiet());
  const unsigned = await importScan(coded(Syntax.jpeg2000, (stored) => encodeWasm(new J2KEncoder(), stored, false)));
  expect(unsigned.scan).toEqual((await plain()).scan);
  const tags = { "00280103": ["US", 1], "00281052": ["DS", "0"] } as const;
  const minus = (stored: readonly number[]) => stored.map((v) => v - 1024);
  const signed = await importScan(
    coded(Syntax.jpeg2000, (stored) => encodeWasm(new J2KEncoder(), minus(stored), true), tags),
  );
  expect(signed.scan).toEqual(unsigned.scan);
});

test("JPEG-2000 that may be lossy is flagged unless its header says that it is not", async () => {
  const { J2KEncoder } = await require("@cornerstonejs/codec-openjpeg/wasmjs")(quiet());
  const encode: Encode = (stored) => encodeWasm(new J2KEncoder(), stored, false);
  const codes = async (tags: Tags) =>
    (await importScan(coded(Syntax.jpeg2000Lossy, encode, tags))).quality.findings.map((f) => f.code);
  expect(await codes({})).toEqual(["lossy"]);
  expect(await codes({ "00282110": ["CS", "00"] })).toEqual([]);
});

test("12 bits in the upper part of a word: sign and unused bits are settled", async () => {
  const tags = {
    "00280101": ["US", 12],
    "00280102": ["US", 15],
    "00280103": ["US", 1],
    "00281052": ["DS", "0"],
  } as const;
  const files = Array.from({ length: 6 }, (_, k) => {
    const hu = storedPixels({
      position: [0, 0, k],
      hu: (x, y, z) => Math.max(-2000, Math.min(2000, rough(x, y, z))),
    }).map((v) => v - 1024);
    const pixels = shorts(
      hu.map((v) => (v << 4) | 9),
      false,
    ); // the lower four bits are not part of the value
    return { name: `s${k}`, bytes: dicomFile({ ...sliceTags(k, { tags }), "7fe00010": ["OW", pixels] }) };
  });
  const clipped = await importScan(
    series(6, () => ({ hu: (x, y, z) => Math.max(-2000, Math.min(2000, rough(x, y, z))) })),
  );
  expect((await importScan(files)).scan).toEqual(clipped.scan);
});

/** Amplitude of the cosine (u, v) in a block of 8 x 8 whose quantised coefficient times step is one. */
const cosine = (n: number, u: number, x: number) =>
  (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16) + 0 * n;

test.each([8, 12] as const)("lossy JPEG of %i bits: each coefficient is its cosine", (bits) => {
  const step = 3,
    level = 1 << (bits - 1);
  const zigzagUv = [
    [0, 0],
    [1, 0],
    [0, 1],
    [0, 2],
    [1, 1],
    [2, 0],
  ]; // the first six places, (u across, v down)
  for (const [k, [u, v]] of zigzagUv.entries()) {
    const block = new Array<number>(64).fill(0);
    block[k] = -37;
    const { samples, width, height } = decodeJpeg(encodeSequential([block, block], 13, 8, bits, step)); // the second block is cut at 13
    expect([width, height]).toEqual([13, 8]);
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 13; x++)
        expect(samples[13 * y + x]).toBe(Math.round(level - 37 * step * cosine(0, u!, x % 8) * cosine(0, v!, y)));
  }
});

test("lossy JPEG: long runs of zeros and the last coefficient", () => {
  const block = new Array<number>(64).fill(0);
  block[0] = 5;
  block[63] = 20; // (7, 7), after 62 zeros
  const { samples } = decodeJpeg(encodeSequential([block], 8, 8, 12, 2));
  for (let n = 0; n < 64; n++) {
    const x = n % 8,
      y = (n - x) / 8;
    expect(samples[n]).toBe(Math.round(2048 + 10 / 8 + 40 * cosine(0, 7, x) * cosine(0, 7, y)));
  }
});

test("a lossy JPEG series is read and flagged", async () => {
  const blocks = [1, 2, 3, 4].map((n) => [-400 * n, ...new Array<number>(63).fill(0)]);
  const scan = await importScan(coded(Syntax.jpegExtended, () => encodeSequential(blocks, columns, rows, 12, 8)));
  expect(scan.quality.findings.map((f) => f.code)).toEqual(["lossy"]);
  expect(scan.quality.acquisition?.compression).toBe("lossy");
});

test.each([
  ["RLE", Syntax.rle, encodeRle],
  ["JPEG", Syntax.jpegLossless, (stored: readonly number[]) => encodeLossless(stored, columns, 1)],
  ["JPEG-2000", Syntax.jpeg2000, () => Uint8Array.from({ length: 300 }, (_, n) => n & 255)],
  ["JPEG-LS", Syntax.jpegLs, () => Uint8Array.from({ length: 300 }, (_, n) => n & 255)],
])("damaged %s pixels are an error that names the file", async (_, syntax, encode) => {
  const files = coded(syntax, (stored, k) => {
    const whole = encode(stored);
    return k === 3 || whole.length === 300 ? whole.subarray(0, Math.floor(0.6 * whole.length)) : whole;
  });
  await expect(importScan(files)).rejects.toMatchObject({
    code: "bad-input",
    message: expect.stringMatching(/slice[03]\.dcm is damaged/),
  });
});

test("a JPEG-2000 file that is cut off is an error, though its decoder would fill the rest in", async () => {
  const { J2KEncoder } = await require("@cornerstonejs/codec-openjpeg/wasmjs")(quiet());
  const files = coded(Syntax.jpeg2000, (stored) => encodeWasm(new J2KEncoder(), stored, false));
  const last = files[5]!;
  for (const missing of [40, 100, 300]) {
    const cut = { ...last, bytes: last.bytes.subarray(0, last.bytes.length - missing) };
    await expect(importScan([...files.slice(0, 5), cut])).rejects.toThrow(/slice5\.dcm .* is cut off or damaged/);
  }
});

test("a file cut off between two fragments is an error: what is there decodes, but it is not all", async () => {
  const split: Encode = (stored) => {
    const whole = encodeLossless(stored, columns, 1);
    return [whole, new Uint8Array(50)]; // the image is in the first
  };
  const files = coded(Syntax.jpegLossless, split);
  await importScan(files);
  const cut = files.map((f, k) => (k === 2 ? { ...f, bytes: f.bytes.subarray(0, f.bytes.length - 50 - 16) } : f));
  await expect(importScan(cut)).rejects.toThrow(/slice2\.dcm .* is cut off or damaged/);
});

test("coded pixels of another size than the header's are an error", async () => {
  const files = coded(Syntax.jpegLossless, (stored) => encodeLossless(stored.slice(0, 10 * columns), columns, 1));
  await expect(importScan(files)).rejects.toThrow(/16 x 10 .* instead of 16 x 12/);
});

test("frames may differ in how they are coded", async () => {
  const raw = series(6, () => ({ hu: rough }));
  const rle = coded(Syntax.rle, encodeRle);
  const mixed = raw.map((f, k) => (k % 2 ? rle[k]! : f));
  expect((await importScan(mixed)).scan).toEqual((await plain()).scan);
});

test("JPEG processes that are not read say so", () => {
  const progressive = encodeLossless(new Uint16Array(64), 8, 1);
  progressive[3] = 0xc2;
  expect(() => decodeJpeg(progressive)).toThrow(/process 0xffc2 is not read/);
  expect(() => decodeJpeg(slice(0).bytes)).toThrow();
});

const quiet = () => ({ print() {}, printErr() {} }); // anew each time: the loaders write into it

interface WasmEncoder {
  getDecodedBuffer(frame: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  setDecompositions?(levels: number): void;
  encode(): void;
}

function encodeWasm(encoder: WasmEncoder, stored: readonly number[], isSigned: boolean): Uint8Array {
  const frame = {
    width: columns,
    height: rows,
    bitsPerSample: 16,
    componentCount: 1,
    isSigned,
    isUsingColorTransform: false,
  };
  encoder.getDecodedBuffer(frame).set(shorts(stored, false));
  encoder.setDecompositions?.(1); // of JPEG-2000: the slices are small
  encoder.encode();
  return encoder.getEncodedBuffer().slice();
}

/** Two planes of bytes, high first, in PackBits: repeats where three or more bytes are alike, literal runs elsewhere. */
function encodeRle(stored: readonly number[]): Uint8Array {
  const planes = [8, 0].map((shift) => packBits(stored.map((v) => (v >> shift) & 255)));
  const header = new DataView(new ArrayBuffer(64));
  header.setUint32(0, 2, true);
  header.setUint32(4, 64, true);
  header.setUint32(8, 64 + planes[0]!.length, true);
  return bytesOf([new Uint8Array(header.buffer), ...planes]);
}

function packBits(bytes: readonly number[]): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run++;
    if (run >= 3) out.push(257 - run, bytes[at]!);
    else out.push(run - 1, ...bytes.slice(at, at + run));
    at += run;
  }
  if (out.length % 2) out.push(128);
  return Uint8Array.from(out);
}
