import { gzipSync } from "fflate";
import { expect, test } from "vitest";
import { nrrdDataFile, readNrrd, writeNrrd } from "../src/formats/nrrd.ts";
import { indexToWorld } from "../src/volume/volume.ts";
import { bytesOf } from "./dicomWriter.ts";
import { mirrored, sample, stored, type TypeName, turned } from "./formatFixtures.ts";

const values = [1, 2, 3, 4, 5, 6, 7, 8];
const plain = {
  type: "int16",
  dimension: "3",
  space: "left-posterior-superior",
  sizes: "2 2 2",
  "space directions": "(3,0,0) (0,4,0) (0,0,2)",
  "space origin": "(10,20,30)",
  endian: "little",
  encoding: "raw",
};

function nrrd(
  changes: Record<string, string | undefined> = {},
  data = stored(values, "int16"),
  newline = "\n",
): Uint8Array {
  const fields = Object.entries({ ...plain, ...changes }).filter(([, v]) => v !== undefined);
  const text = ["NRRD0004", "# a comment", ...fields.map(([k, v]) => `${k}: ${v}`), "", ""].join(newline);
  return bytesOf([new TextEncoder().encode(text), data]);
}

test.each([turned(), mirrored(turned(2))])(
  "what is written reads back exactly, the grid to rounding (%#)",
  (direction) => {
    for (const volume of [
      sample("HU", direction),
      sample("MPa", direction, (n) => n / 7),
      sample("label", direction, (n) => n * 300),
    ]) {
      const back = readNrrd(writeNrrd(volume), volume.quantity);
      expect(back.data).toEqual(volume.data);
      expect(back.spacing).toEqual(volume.spacing);
      expect(back.origin).toEqual(volume.origin);
      for (let n = 0; n < 9; n++) expect(back.direction[n]).toBeCloseTo(direction[n]!, 14);
    }
  },
);

test.each([
  ["left-posterior-superior", [13, 24, 32]],
  ["right-anterior-superior", [-13, -24, 32]],
  ["RAS", [-13, -24, 32]],
  ["left-anterior-superior", [13, -24, 32]],
  [undefined, [13, 24, 32]],
])("in the space %s a voxel lies where the header puts it, in LPS", (space, want) => {
  expect(indexToWorld(readNrrd(nrrd({ space }), "HU"), [1, 1, 1])).toEqual(want);
});

test("bare spacings are a grid along L, P, S", () => {
  const volume = readNrrd(
    nrrd({ space: undefined, "space directions": undefined, "space origin": undefined, spacings: "1 2 3" }),
    "HU",
  );
  expect(volume.spacing).toEqual([1, 2, 3]);
  expect([...volume.direction]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
});

test("microns become mm", () => {
  expect(readNrrd(nrrd({ "space units": '"um" "um" "um"' }), "HU").spacing).toEqual([0.003, 0.004, 0.002]);
});

test.each<[string, TypeName]>([
  ["short", "int16"],
  ["unsigned char", "uint8"],
  ["ushort", "uint16"],
  ["int", "int32"],
  ["longlong", "int64"],
  ["float", "float32"],
  ["double", "float64"],
])("%s is read in both byte orders, raw and gzip", (type, name) => {
  for (const big of [false, true])
    for (const gz of [false, true]) {
      const data = stored(values, name, big);
      const file = nrrd(
        { type, endian: big ? "big" : "little", encoding: gz ? "gzip" : "raw" },
        gz ? gzipSync(data) : data,
      );
      expect([...readNrrd(file, "HU").data]).toEqual(values);
    }
});

test("windows line ends, and an axis of one component, are read", () => {
  expect([...readNrrd(nrrd({}, stored(values, "int16"), "\r\n"), "HU").data]).toEqual(values);
  const file = nrrd({ dimension: "4", sizes: "1 2 2 2", "space directions": "none (3,0,0) (0,4,0) (0,0,2)" });
  expect(readNrrd(file, "HU").spacing).toEqual([3, 4, 2]);
});

test("a detached header takes its data file, past what it says to skip", () => {
  const header = nrrd({ "data file": "body.raw", "byte skip": "3" }, new Uint8Array(0));
  expect(nrrdDataFile(header)).toBe("body.raw");
  const data = bytesOf([Uint8Array.of(9, 9, 9), stored(values, "int16")]);
  expect([...readNrrd(header, "HU", data).data]).toEqual(values);
  expect(() => readNrrd(header, "HU")).toThrow(/data file "body\.raw", which was not given/);
});

test.each<[string, Uint8Array, string, RegExp]>([
  ["no NRRD", new TextEncoder().encode("NIfTI"), "bad-input", /no NRRD/],
  ["cut off", nrrd({}, stored(values.slice(1), "int16")), "bad-input", /need 16 bytes, 14 are there/],
  [
    "cut-off gzip",
    nrrd({ encoding: "gzip" }, gzipSync(stored(values, "int16")).subarray(0, 20)),
    "bad-input",
    /cut off or damaged/,
  ],
  [
    "several components",
    nrrd({ dimension: "4", sizes: "3 2 2 2", "space directions": "none (3,0,0) (0,4,0) (0,0,2)" }),
    "unsupported",
    /3 x 2 x 2 x 2/,
  ],
  ["another space", nrrd({ space: "scanner-xyz" }), "unsupported", /scanner-xyz/],
  ["another encoding", nrrd({ encoding: "bzip2" }), "unsupported", /bzip2/],
  ["no byte order", nrrd({ endian: undefined }), "bad-input", /byte order/],
  ["no size", nrrd({ sizes: undefined }), "bad-input", /no "sizes"/],
  ["sheared", nrrd({ "space directions": "(1,0,0) (0.2,1,0) (0,0,1)" }), "unsupported", /sheared/],
  [
    "NaN",
    nrrd({ type: "float" }, stored([1, 2, 3, 4, 5, 6, 7, Number.NaN], "float32")),
    "bad-input",
    /1 of 8 voxels.*\(1, 1, 1\)/,
  ],
])("%s is a clear error", (_, file, code, message) => {
  expect(() => readNrrd(file, "HU")).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});

test("a file that names its quantity is not read as another", () => {
  expect(() => readNrrd(writeNrrd(sample("MPa")), "HU")).toThrow(/holds MPa/);
});
