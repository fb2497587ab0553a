import { expect, test } from "vitest";
import { SpondylError } from "../src/error.js";
import { addCaps } from "../src/mesh/caps.js";
import { Compartment } from "../src/volume/compartment.js";
import { identityDirection, type Volume } from "../src/volume/volume.js";

const n = 40;

/** A cylinder of radius 12 mm from z = 12 to 28 whose upper end-plate is a bowl 3 mm deep; voxels of 1 mm. */
function body(): Volume<"label"> {
  const data = new Float32Array(n ** 3);
  for (let k = 0, v = 0; k < n; k++)
    for (let j = 0; j < n; j++)
      for (let i = 0; i < n; i++, v++) {
        const r = Math.hypot(i - 19.5, j - 19.5);
        const top = 28 - 3 * (1 - (r / 12) ** 2);
        if (r < 12 && k >= 12 && k < top) data[v] = Compartment.bodyCore;
      }
  return {
    quantity: "label",
    data,
    size: [n, n, n],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: identityDirection(),
  };
}
const count = (v: Volume<"label">, label: number) => v.data.filter((c) => c === label).length;
const level = (v: Volume<"label">, k: number, label: number) =>
  v.data.subarray(n * n * k, n * n * (k + 1)).filter((c) => c === label).length;

test("a cap on a flat end-plate is a cylinder of its section and of thickness - intrusion", () => {
  const { compartments: capped } = addCaps(body(), { thicknessMm: 10, intrusionMm: 6 });
  const section = level(body(), 12, Compartment.bodyCore);
  expect(count(capped, Compartment.inferiorCap)).toBe(section * 4);
  for (const k of [8, 9, 10, 11]) expect(level(capped, k, Compartment.inferiorCap)).toBe(section);
});

test("a cap fills a concave end-plate and is flat outside", () => {
  const before = body();
  const { compartments: capped } = addCaps(before, { thicknessMm: 10, intrusionMm: 6 });
  const section = level(before, 12, Compartment.bodyCore);
  const voids = section * 16 - count(before, Compartment.bodyCore); // of the bowl, below the rim at level 27
  expect(count(capped, Compartment.superiorCap)).toBe(section * 4 + voids);
  expect(level(capped, 31, Compartment.superiorCap)).toBe(section);
  expect(level(capped, 32, Compartment.superiorCap)).toBe(0);
});

test("a cap does not replace bone", () => {
  const before = body();
  const { compartments: capped } = addCaps(before);
  expect(before.data.every((c, v) => c === 0 || capped.data[v] === c)).toBe(true);
});

test("the contact is the section, or what an intrusion of nothing reaches, and a warning says so", () => {
  const section = level(body(), 12, Compartment.bodyCore); // voxels of 1 mm²
  const full = addCaps(body());
  expect([full.inferiorAreaMm2, full.superiorAreaMm2, full.findings]).toEqual([section, section, []]);
  const shallow = addCaps(body(), { thicknessMm: 4, intrusionMm: 0 });
  expect(shallow.superiorAreaMm2).toBeLessThan(0.85 * section);
  expect(shallow.findings).toMatchObject([{ code: "cap-contact", severity: "warning" }]);
});

test("a lone spur beyond the rim moves neither end-plate nor cap", () => {
  const spurred = body();
  for (const k of [28, 29, 30, 31, 32, 33]) spurred.data[19 + n * (8 + n * k)] = Compartment.bodyShell;
  expect(level(addCaps(spurred).compartments, 31, Compartment.superiorCap)).toBe(
    level(addCaps(body()).compartments, 31, Compartment.superiorCap) - 1,
  );
});

test("no room, no body, no thickness: errors that say so", () => {
  expect(() => addCaps(body(), { thicknessMm: 30, intrusionMm: 1 })).toThrow(/image ends/);
  expect(() => addCaps({ ...body(), data: new Float32Array(n ** 3) })).toThrow(/no vertebral body/);
  expect(() => addCaps(body(), { thicknessMm: 5, intrusionMm: 6 })).toThrow(SpondylError);
});
