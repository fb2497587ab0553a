import { unzlibSync } from "fflate";
import { expect, test } from "vitest";
import { exportVtu } from "../src/export/vtu.js";
import { fromBase64 } from "../src/formats/base64.js";
import type { Vec3 } from "../src/volume/volume.js";
import { expectSameModel, mixedCase, type ReadModel, textOf } from "./exportCases.js";

const types = {
  Float32: Float32Array,
  Float64: Float64Array,
  UInt8: Uint8Array,
  Int32: Int32Array,
} as const;

/** Numbers of an inline array of few bytes: a header of one block, then the block. */
function numbers(xml: string, name: string): number[] {
  const [, type, base64] = new RegExp(`<DataArray type="(\\w+)" Name="${name}"[^>]*format="binary">([^<]*)<`).exec(
    xml,
  )!;
  expect([...new Uint32Array(fromBase64(base64!.slice(0, 16)).buffer)][0]).toBe(1);
  const bytes = unzlibSync(fromBase64(base64!.slice(24))); // 16 bytes of header are 24 characters
  return [...new types[type as keyof typeof types](bytes.slice().buffer)];
}
const rows = (list: readonly number[], length: number): number[][] =>
  Array.from({ length: list.length / length }, (_, r) => list.slice(length * r, length * (r + 1)));

function read(xml: string): ReadModel {
  const [prescribed, mm] = [numbers(xml, "prescribed"), numbers(xml, "prescribedMm")];
  const [moduli, yields] = [numbers(xml, "modulusMPa"), numbers(xml, "yieldMPa")];
  const cells = rows(numbers(xml, "connectivity"), 8);
  expect(numbers(xml, "offsets")).toEqual(cells.map((_, e) => 8 * (e + 1)));
  expect(new Set(numbers(xml, "types"))).toEqual(new Set([12])); // VTK_HEXAHEDRON
  return {
    nodes: new Map(rows(numbers(xml, "Points"), 3).map((x, i) => [i, x as unknown as Vec3])),
    elements: cells.map((nodes, e) => ({ nodes, modulusMPa: moduli[e]!, yieldMPa: yields[e]! })),
    held: prescribed.flatMap((is, i) => (is ? [{ node: Math.floor(i / 3), axis: i % 3, valueMm: mm[i]! }] : [])),
    reaction: numbers(xml, "reaction").flatMap((is, i) => (is ? [i] : [])),
  };
}

test("the file is the model, each voxel with its own modulus and yield stress", async () => {
  const given = mixedCase();
  const { chunks, nodes, elements } = await exportVtu(given);
  const xml = textOf(chunks);
  expectSameModel(read(xml), given);
  expect(xml).toContain(`<Piece NumberOfPoints="${nodes}" NumberOfCells="${elements}">`);
});

test("where it lies in the patient is told beside it", async () => {
  const xml = textOf((await exportVtu(mixedCase())).chunks);
  const field = (name: string) => new RegExp(`Name="${name}"[^>]*>([^<]*)<`).exec(xml)![1]!.split(" ").map(Number);
  expect(field("lpsOriginMm")).toEqual([10.375, -20.25, 29.375]);
  expect(field("lpsDirection")).toEqual([0, -1, 0, 1, 0, 0, 0, 0, 1]);
  expect(field("poisson")).toEqual([0.25]);
});
