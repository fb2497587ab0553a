import { expect, test } from "vitest";
import { exportCalculix } from "../src/export/calculix.js";
import { encodeLines } from "../src/export/encodeLines.js";
import { hexMesh } from "../src/export/hexMesh.js";
import { type MaterialTable, materialTable } from "../src/export/materialTable.js";
import { mixedCase, textOf } from "./exportCases.js";
import { lcg, modelOf } from "./solveModels.js";

const random = lcg(3);
const continuous = modelOf([12, 10, 8], [1, 1, 1], () => (random() < 0.2 ? 0 : 10 ** (1 + 3 * random()))); // 10 MPa to 10 GPa
const mesh = hexMesh(continuous);
const moduli = Float32Array.from(mesh.voxel, (v) => continuous.modulus.data[v]!);
const sum = (values: Iterable<number>) => [...values].reduce((total, v) => total + v, 0);

/** Every element is in one material, and `ofElement` says which. */
function expectPartition({ materials, ofElement }: MaterialTable): void {
  const seen = materials.flatMap(({ elements }, m) => Array.from(elements, (e) => [e, m]));
  expect(seen.sort(([a], [b]) => a! - b!)).toEqual(Array.from(ofElement, (m, e) => [e, m]));
}

test("few moduli keep their values, one material each, softest first", () => {
  const given = mixedCase();
  const table = materialTable(hexMesh(given.model), given);
  expectPartition(table);
  const pairs = table.materials.map((m) => [m.modulusMPa, m.yieldMPa]);
  const wanted = new Set(
    Array.from(given.model.modulus.data, (e, v) => (e > 0 ? `${e} ${given.yieldMPa![v]}` : "")).filter((p) => p !== ""),
  );
  expect(new Set(pairs.map((p) => p.join(" ")))).toEqual(wanted);
  expect(pairs).toEqual([...pairs].sort(([a, y], [b, z]) => a! - b! || y! - z!));
  expect(table.findings).toEqual([]);
});

test.each([16, 100, 512])("%i classes: means keep the sum of the moduli, and no ratio is left wide", (most) => {
  const table = materialTable(mesh, { model: continuous }, { materials: most });
  expectPartition(table);
  expect(table.materials.length).toBeLessThanOrEqual(most);
  expect(sum(table.materials.map((m) => m.modulusMPa * m.elements.length)) / sum(moduli)).toBeCloseTo(1, 12);
  const width = 1000 ** (1 / most); // the range is at most 10 to 10 000 MPa
  table.ofElement.forEach((m, e) => {
    const ratio = table.materials[m]!.modulusMPa / moduli[e]!;
    expect(Math.max(ratio, 1 / ratio)).toBeLessThan(width * (1 + 1e-6));
  });
  expect(table.findings).toMatchObject([{ code: "moduli-binned", severity: "note" }]);
});

test("the finding and the deck say how far a modulus may be changed", async () => {
  const made = await exportCalculix({ title: "", model: continuous, constraints: none }, { materials: 16 });
  const table = materialTable(mesh, { model: continuous }, { materials: 16 });
  const changes = Array.from(table.ofElement, (m, e) => Math.abs(table.materials[m]!.modulusMPa / moduli[e]! - 1));
  const worst = Math.max(...changes);
  const message = made.findings[0]!.message;
  expect(worst).toBeGreaterThan(0.1);
  expect(Number(/up to ([\d.]+) %/.exec(message)![1]) / (100 * worst)).toBeCloseTo(1, 1);
  expect(textOf(made.chunks)).toContain(`** ${message}`);
});
const none = { node: Uint32Array.of(), axis: Uint8Array.of(), value: Float64Array.of() };

test("elastic and plastic elements never share a material, however few there may be", () => {
  const yieldMPa = continuous.modulus.data.map((e, v) => (v % 3 ? 0.01 * e * (1 + (v % 7)) : 0));
  for (const most of [2, 5, 40]) {
    const table = materialTable(mesh, { model: continuous, yieldMPa }, { materials: most });
    expectPartition(table);
    expect(table.materials.length).toBeLessThanOrEqual(most);
    table.ofElement.forEach((m, e) => {
      expect(table.materials[m]!.yieldMPa > 0).toBe(yieldMPa[mesh.voxel[e]!]! > 0);
    });
  }
});

test.each([
  [{ materials: 1 }, undefined, /1 materials/],
  [{ materials: 2.5 }, undefined, /whole number/],
  [{}, new Float32Array(3), /3 yield stresses for 960 voxels/],
  [{}, new Float32Array(960).fill(-1), /yield stress of voxel 0 is -1/],
] as const)("refused with the cure: %o", (options, yieldMPa, message) => {
  expect(() => materialTable(mesh, { model: continuous, ...(yieldMPa && { yieldMPa }) }, options)).toThrow(message);
});

test("a long text comes in pieces that join to its lines", async () => {
  const lines = Array.from({ length: 300_000 }, (_, n) => `line ${n}, µ`);
  const chunks = await encodeLines(lines);
  expect(chunks.length).toBeGreaterThan(3);
  expect(textOf(chunks)).toBe(`${lines.join("\n")}\n`);
});

test("an abort stops it between two pieces", async () => {
  const abort = new AbortController();
  function* endless() {
    for (let n = 0; ; n++) {
      if (n === 200_000) abort.abort(new Error("stopped"));
      yield "a line of some length";
    }
  }
  await expect(encodeLines(endless(), { signal: abort.signal })).rejects.toThrow("stopped");
});
