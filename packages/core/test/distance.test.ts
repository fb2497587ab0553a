import { expect, test } from "vitest";
import { depthIn, distanceTo } from "../src/volume/distance.js";
import type { Vec3 } from "../src/volume/volume.js";
import { random } from "./random.js";

const size: Vec3 = [13, 9, 11];
const spacing: Vec3 = [0.7, 1.3, 2.1];

test("the distance is that of brute force, to rounding", () => {
  const next = random(3);
  const mask = Uint8Array.from({ length: 13 * 9 * 11 }, () => (next() < 0.01 ? 1 : 0));
  const got = distanceTo(mask, { size, spacing });
  const at = (n: number) => [(n % 13) * 0.7, (Math.floor(n / 13) % 9) * 1.3, Math.floor(n / 117) * 2.1] as const;
  const seeds = [...mask.keys()].filter((n) => mask[n]).map(at);
  expect(seeds.length).toBeGreaterThan(3);
  for (let n = 0; n < mask.length; n++) {
    const p = at(n);
    const want = Math.min(...seeds.map((q) => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])));
    expect(Math.abs(got[n]! - want)).toBeLessThan(1e-5);
  }
});

test("nothing is infinitely far away; everything is at 0", () => {
  expect(distanceTo(new Uint8Array(8), { size: [2, 2, 2], spacing }).every((d) => d === Infinity)).toBe(true);
  expect(distanceTo(new Uint8Array(8).fill(1), { size: [2, 2, 2], spacing }).every((d) => d === 0)).toBe(true);
});

test("the border of the grid is a surface, unless the mask goes on beyond it", () => {
  const full = new Uint8Array(5 * 5 * 5).fill(1);
  const depth = depthIn(full, { size: [5, 5, 5], spacing: [1, 2, 3] });
  expect(depth[2 + 5 * (2 + 5 * 2)]).toBe(3); // 3 steps of 1 mm to beyond the first face, not 6 or 9
  expect(depthIn(full, { size: [5, 5, 5], spacing: [1, 2, 3] }, { beyond: 1 })[0]).toBe(Infinity);
});
