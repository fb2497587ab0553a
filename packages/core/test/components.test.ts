import { expect, test } from "vitest";
import { components, largestComponent } from "../src/volume/components.js";
import type { Vec3 } from "../src/volume/volume.js";
import { random } from "./random.js";

test("faces, edges and corners join as the connectivity says", () => {
  const size: Vec3 = [2, 2, 2];
  const pair = (a: number, b: number) => Uint8Array.from({ length: 8 }, (_, n) => (n === a || n === b ? 1 : 0));
  const counts = (b: number) => ([6, 18, 26] as const).map((c) => components(pair(0, b), size, c).count);
  expect(counts(1)).toEqual([1, 1, 1]); // (1,0,0)
  expect(counts(3)).toEqual([2, 1, 1]); // (1,1,0)
  expect(counts(7)).toEqual([2, 2, 1]); // (1,1,1)
  const anti = ([6, 18, 26] as const).map((c) => components(pair(1, 6), size, c).count); // (1,0,0) and (0,1,1)
  expect(anti).toEqual([2, 2, 1]);
});

test("a comb whose teeth meet at the far end is one piece, and does not wrap around the border", () => {
  const size: Vec3 = [9, 5, 1];
  const comb = Uint8Array.from({ length: 45 }, (_, n) =>
    n % 2 === ((n - (n % 9)) / 9) % 2 || n >= 36 ? ((n % 9) % 2 === 0 || n >= 36 ? 1 : 0) : (n % 9) % 2 === 0 ? 1 : 0,
  );
  expect(components(comb, size, 6).count).toBe(1);
  const ends = Uint8Array.from({ length: 6 }, (_, n) => (n === 2 || n === 3 ? 1 : 0)); // end of row 0, start of row 1
  expect(components(ends, [3, 2, 1], 26).count).toBe(2);
});

test.each([6, 18, 26] as const)("%i-connected parts are those of a flood fill, largest first", (connectivity) => {
  const size: Vec3 = [12, 10, 9];
  const next = random(7);
  const mask = Uint8Array.from({ length: 1080 }, () => (next() < 0.22 ? 1 : 0));
  const { label, count, sizes } = components(mask, size, connectivity);
  const flood = floodSizes(mask, size, connectivity).sort((a, b) => b - a);
  expect([...sizes]).toEqual(flood);
  expect(count).toBe(flood.length);
  for (let c = 1; c <= count; c++) expect(label.reduce((s, v) => s + (v === c ? 1 : 0), 0)).toBe(sizes[c - 1]);
  expect(largestComponent(mask, size, connectivity).reduce((s, v) => s + v, 0)).toBe(flood[0]);
});

/** Sizes of the parts, by a plain flood fill: the readable twin. */
function floodSizes(mask: Uint8Array, [nx, ny, nz]: Vec3, connectivity: number): number[] {
  const reach = { 6: 1, 18: 2, 26: 3 }[connectivity]!;
  const left = new Set([...mask.keys()].filter((n) => mask[n]));
  const found: number[] = [];
  for (const seed of left) {
    const queue = [seed];
    left.delete(seed);
    for (const n of queue)
      for (let z = -1; z <= 1; z++)
        for (let y = -1; y <= 1; y++)
          for (let x = -1; x <= 1; x++) {
            if (Math.abs(x) + Math.abs(y) + Math.abs(z) > reach) continue;
            const [i, j, k] = [(n % nx) + x, (Math.floor(n / nx) % ny) + y, Math.floor(n / (nx * ny)) + z];
            const m = i + nx * (j + ny * k);
            if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz || !left.delete(m)) continue;
            queue.push(m);
          }
    found.push(queue.length);
  }
  return found;
}
