import { expect, test } from "vitest";
import { axialConstraints, planeEnds, visibleEnds } from "../src/load/ends.js";
import type { Vec3 } from "../src/volume/volume.js";

const size: Vec3 = [4, 3, 5];
const full = new Uint8Array(60).fill(1);

test("the plane ends of a block are its two faces, along every axis", () => {
  for (const axis of [0, 1, 2] as const) {
    const face = ((size[0] + 1) * (size[1] + 1) * (size[2] + 1)) / (size[axis] + 1);
    const { inferior, superior } = planeEnds(full, size, axis);
    const stride = [1, 5, 20][axis]!;
    expect(inferior.length).toBe(face);
    expect(Array.from(superior)).toEqual(Array.from(inferior, (n) => n + stride * size[axis]));
  }
});

test("plane ends are the extreme planes alone; visible ends follow a step", () => {
  const step = full.map((_, n) => (n >= 48 && n % 12 >= 4 ? 0 : 1)); // the top layer keeps its first row alone
  expect(planeEnds(step, size, 2).superior.length).toBeLessThan(20);
  const visible = visibleEnds(step, step, size, 2, [1], [1]).superior;
  expect(visible.length).toBe(20 + 5); // all columns, and the shared row once on each level
});

test("a face under other bone is not visible", () => {
  const kind = full.map((_, n) => (n < 12 ? 5 : n >= 48 ? 2 : 6)); // kind 6 lies below a layer of kind 2
  expect(() => visibleEnds(full, kind, size, 2, [5], [6])).toThrow(/superior/);
});

test("guided ends hold one axis, fixed ends three; the moved end comes last", () => {
  const ends = planeEnds(full, size, 2);
  const c = axialConstraints(ends, { displacementMm: -0.2, inferior: "fixed", superior: "guided" });
  expect(c.node.length).toBe(3 * 20 + 20);
  expect(Array.from(c.value.subarray(60))).toEqual(Array(20).fill(-0.2));
  expect(c.axis.subarray(60).every((a) => a === 2)).toBe(true);
});

test("a model without elements has no ends", () => {
  expect(() => planeEnds(new Uint8Array(60), size, 2)).toThrow(/no elements/);
});
