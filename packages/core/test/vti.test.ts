import { unzlibSync } from "fflate";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { fromBase64 } from "../src/formats/base64.js";
import { type VtiArray, writeVti } from "../src/formats/vti.js";
import type { Grid } from "../src/volume/volume.js";

const grid: Grid = {
  size: [3, 4, 5],
  spacing: [0.5, 0.6, 0.7],
  origin: [-10, 20, 30],
  direction: Float64Array.of(0.6, -0.8, 0, 0.8, 0.6, 0, 0, 0, 1),
};
const numbers = (length: number) => Float32Array.from({ length }, (_, n) => Math.fround(n / 7));
const energy: VtiArray = { name: "energy <MPa>", data: numbers(60) };
const stress: VtiArray = { name: "stressMPa", data: numbers(360), components: 6 };
const displacement: VtiArray = { name: "displacementMm", data: numbers(3 * 4 * 5 * 6), components: 3, at: "node" };

/** Bytes of inline data: one uncompressed piece, or a header and zlib blocks (VTK file formats). */
function decode(base64: string, compressed: boolean): Uint8Array {
  const words = (text: string) => new Uint32Array(fromBase64(text).buffer);
  if (!compressed) {
    const bytes = fromBase64(base64);
    expect(new DataView(bytes.buffer).getUint32(0, true)).toBe(bytes.length - 4);
    return bytes.subarray(4);
  }
  const blocks = words(base64.slice(0, 16))[0]!; // 16 characters hold the first three words
  const headerLength = 4 * Math.ceil((4 * (3 + blocks)) / 3);
  const [, size, last, ...packed] = words(base64.slice(0, headerLength));
  const body = fromBase64(base64.slice(headerLength));
  let at = 0;
  const parts: Uint8Array[] = [];
  for (const length of packed) {
    parts.push(unzlibSync(body.subarray(at, at + length)));
    at += length;
    expect(parts.at(-1)!.length).toBe(parts.length < blocks || last === 0 ? size : last);
  }
  expect(at).toBe(body.length);
  return Uint8Array.from(parts.flatMap((p) => [...p]));
}

function read(file: Uint8Array) {
  const { document } = parseHTML(new TextDecoder().decode(file).replace(/^<\?xml.*\?>\n/, ""));
  const find = (selector: string) => document.querySelector(selector)!;
  const compressed = find("VTKFile").hasAttribute("compressor");
  const array = (name: string) => {
    const element = [...document.querySelectorAll("DataArray")].find((e) => e.getAttribute("Name") === name)!;
    return { element, bytes: decode(element.textContent!, compressed), parent: element.parentElement!.localName };
  };
  return { find, array };
}

test.each([true, false])(
  "voxels are cells and nodes their corners; every array comes back (compress: %s)",
  (compress) => {
    const { find, array } = read(writeVti([energy, stress, displacement], grid, { compress }));
    const image = find("ImageData");
    expect(image.getAttribute("WholeExtent")).toBe("0 3 0 4 0 5");
    expect(image.getAttribute("Direction")!.split(" ").map(Number)).toEqual([...grid.direction]);
    const corner = image.getAttribute("Origin")!.split(" ").map(Number);
    // half a voxel back along each turned axis: -(0.6·0.25 − 0.8·0.3), -(0.8·0.25 + 0.6·0.3), -0.35
    for (const [axis, x] of [-9.91, 19.62, 29.65].entries()) expect(corner[axis]).toBeCloseTo(x, 12);
    for (const { name, data, components = 1, at = "voxel" } of [energy, stress, displacement]) {
      const found = array(name);
      expect(new Float32Array(found.bytes.slice().buffer)).toEqual(data);
      expect(found.element.getAttribute("NumberOfComponents")).toBe(String(components));
      expect(found.parent.toLowerCase()).toBe(at === "node" ? "pointdata" : "celldata");
    }
  },
);

test("voxels as points sit at the voxel centres", () => {
  const { find, array } = read(writeVti([energy], grid, { voxelsAs: "point" }));
  expect(find("Piece").getAttribute("Extent")).toBe("0 2 0 3 0 4");
  expect(find("ImageData").getAttribute("Origin")).toBe("-10 20 30");
  expect(array(energy.name).parent.toLowerCase()).toBe("pointdata");
});

test("blocks of the compressed data join again", () => {
  const big: Grid = { ...grid, size: [128, 128, 40] }; // 2.6 MB: two whole blocks and a rest
  const data = Float32Array.from({ length: 128 * 128 * 40 }, (_, n) => n % 1013);
  const { array } = read(writeVti([{ name: "a", data }], big));
  expect(Buffer.compare(array("a").bytes, new Uint8Array(data.buffer))).toBe(0);
});

test("arrays that do not fit, names given twice and nodes between points are refused", () => {
  expect(() => writeVti([{ ...energy, components: 3 }], grid)).toThrow(/60 values where the grid needs 180/);
  expect(() => writeVti([energy, { ...energy }], grid)).toThrow(/two arrays/);
  expect(() => writeVti([displacement], grid, { voxelsAs: "point" })).toThrow(/as cells/);
});
