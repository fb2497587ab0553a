import { zlibSync } from "fflate";
import { expect, test } from "vitest";
import { metaImageDataFile, readMetaImage, writeMetaImage } from "../src/formats/metaImage.ts";
import { indexToWorld } from "../src/volume/volume.ts";
import { bytesOf } from "./dicomWriter.ts";
import { mirrored, sample, stored, type TypeName, turned } from "./formatFixtures.ts";

const values = [1, 2, 3, 4, 5, 6, 7, 8];
const plain = {
  ObjectType: "Image",
  NDims: "3",
  BinaryData: "True",
  BinaryDataByteOrderMSB: "False",
  CompressedData: "False",
  TransformMatrix: "1 0 0 0 1 0 0 0 1",
  Offset: "10 20 30",
  ElementSpacing: "3 4 2",
  DimSize: "2 2 2",
  ElementType: "MET_SHORT",
};

function metaImage(
  changes: Record<string, string | undefined> = {},
  data = stored(values, "int16"),
  file = "LOCAL",
): Uint8Array {
  const fields = Object.entries({ ...plain, ...changes, ElementDataFile: file }).filter(([, v]) => v !== undefined);
  return bytesOf([new TextEncoder().encode(fields.map(([k, v]) => `${k} = ${v}\n`).join("")), data]);
}

test.each([turned(), mirrored(turned(2))])(
  "what is written reads back exactly, the grid to rounding (%#)",
  (direction) => {
    for (const volume of [
      sample("HU", direction),
      sample("MPa", direction, (n) => n / 7),
      sample("label", direction, (n) => n * 300),
    ]) {
      const back = readMetaImage(writeMetaImage(volume), volume.quantity);
      expect(back.data).toEqual(volume.data);
      expect(back.spacing).toEqual(volume.spacing);
      expect(back.origin).toEqual(volume.origin);
      for (let n = 0; n < 9; n++) expect(back.direction[n]).toBeCloseTo(direction[n]!, 14);
    }
  },
);

test("the matrix lists one grid axis after the other, in LPS", () => {
  const volume = readMetaImage(metaImage({ TransformMatrix: "0 1 0 0 0 1 1 0 0" }), "HU"); // i to P, j to S, k to L
  expect(indexToWorld(volume, [1, 0, 0])).toEqual([10, 23, 30]);
  expect(indexToWorld(volume, [0, 1, 0])).toEqual([10, 20, 34]);
  expect(indexToWorld(volume, [0, 0, 1])).toEqual([12, 20, 30]);
});

test.each<[string, TypeName]>([
  ["MET_UCHAR", "uint8"],
  ["MET_SHORT", "int16"],
  ["MET_USHORT", "uint16"],
  ["MET_INT", "int32"],
  ["MET_FLOAT", "float32"],
  ["MET_DOUBLE", "float64"],
])("%s is read in both byte orders, plain and compressed", (type, name) => {
  for (const big of [false, true])
    for (const packed of [false, true]) {
      const data = stored(values, name, big);
      const file = metaImage(
        {
          ElementType: type,
          BinaryDataByteOrderMSB: big ? "True" : "False",
          CompressedData: packed ? "True" : "False",
        },
        packed ? zlibSync(data) : data,
      );
      expect([...readMetaImage(file, "HU").data]).toEqual(values);
    }
});

test("an .mhd takes its raw file; header size -1 means that the data end the file", () => {
  const header = metaImage({ HeaderSize: "-1" }, new Uint8Array(0), "body.raw");
  expect(metaImageDataFile(header)).toBe("body.raw");
  expect([
    ...readMetaImage(header, "HU", bytesOf([Uint8Array.of(5, 5, 5, 5, 5), stored(values, "int16")])).data,
  ]).toEqual(values);
  expect(() => readMetaImage(header, "HU")).toThrow(/data file "body\.raw", which was not given/);
  expect(metaImageDataFile(metaImage())).toBeUndefined();
});

test.each<[string, Uint8Array, string, RegExp]>([
  ["no MetaImage", new TextEncoder().encode("NRRD0004"), "bad-input", /no MetaImage/],
  ["a cut-off header", metaImage().subarray(0, 60), "bad-input", /no ElementDataFile/],
  ["cut-off data", metaImage({}, stored(values.slice(1), "int16")), "bad-input", /need 16 bytes, 14 are there/],
  [
    "cut-off compressed data",
    metaImage({ CompressedData: "True" }, zlibSync(stored(values, "int16")).subarray(0, 12)),
    "bad-input",
    /cut off/,
  ],
  ["a list of files", metaImage({}, new Uint8Array(0), "slice%03d.raw 1 20 1"), "unsupported", /list of slice files/],
  ["text data", metaImage({ BinaryData: "False" }), "unsupported", /text data/],
  ["colour", metaImage({ ElementNumberOfChannels: "3" }), "unsupported", /3 values per voxel/],
  ["two axes", metaImage({ NDims: "2" }), "unsupported", /2 axes/],
  ["another type", metaImage({ ElementType: "MET_STRING" }), "unsupported", /MET_STRING/],
  ["an impossible size", metaImage({ DimSize: "2 0 2" }), "bad-input", /impossible size 2 0 2/],
  ["sheared", metaImage({ TransformMatrix: "1 0 0 0.5 1 0 0 0 1" }), "unsupported", /sheared/],
])("%s is a clear error", (_, file, code, message) => {
  expect(() => readMetaImage(file, "HU")).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});

test("a file that names its quantity is not read as another", () => {
  expect(() => readMetaImage(writeMetaImage(sample("MPa")), "HU")).toThrow(/holds MPa/);
});

test.each(["Offset = 1 2", "ElementSpacing = 1 1", "TransformMatrix = 1 0 0 0"])("%s: too few numbers", (field) => {
  const header = `ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementType = MET_UCHAR\n${field}\nElementDataFile = LOCAL\n`;
  const file = Uint8Array.from([...new TextEncoder().encode(header), 0, 0, 0, 0, 0, 0, 0, 1]);
  expect(() => readMetaImage(file, "grey")).toThrow(/no usable voxel size.*or origin/);
});
