import { expect, test } from "vitest";
import { random } from "../src/random.js";

test("the first bits of seed 0 are those of the published generator", () => {
  expect(random(0).bits()).toBe(0xfb52c520); // sfc32 seeded with three zeros, as in the Rust crate sfc-prng
});

test("the same seed and stream repeat; another seed, its upper bits or another stream differ", () => {
  const first = (seed: number, stream?: number) => {
    const { uniform } = random(seed, stream);
    return Array.from({ length: 8 }, uniform);
  };
  expect(first(7)).toEqual(first(7));
  for (const other of [first(8), first(7 + 2 ** 32), first(7, 1)]) expect(other).not.toEqual(first(7));
});

const n = 200_000;
const fourSigma = 4 / Math.sqrt(n); // of a mean of n values with standard deviation 1

test("uniform numbers lie in [0, 1) and have mean 1/2, variance 1/12 and no memory", () => {
  const { uniform } = random(42);
  const values = Float64Array.from({ length: n }, uniform);
  expect(values.every((v) => v >= 0 && v < 1)).toBe(true);
  const centred = values.map((v) => (v - 0.5) * Math.sqrt(12));
  expect(Math.abs(mean(centred))).toBeLessThan(fourSigma);
  expect(Math.abs(mean(centred.map((v) => v * v)) - 1)).toBeLessThan(fourSigma * Math.sqrt(0.8)); // Var(z²) = 9/5 − 1
  expect(Math.abs(mean(centred.map((v, i) => v * centred[(i + 1) % n]!)))).toBeLessThan(fourSigma);
});

test("normal numbers have the moments 0, 1, 0, 3 and the tails of the normal law", () => {
  const { normal } = random(42);
  const values = Float64Array.from({ length: n }, normal);
  const moment = (k: number) => mean(values.map((v) => v ** k));
  expect(Math.abs(moment(1))).toBeLessThan(fourSigma);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(fourSigma * Math.sqrt(2));
  expect(Math.abs(moment(3))).toBeLessThan(fourSigma * Math.sqrt(15));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(fourSigma * Math.sqrt(96));
  const beyond = mean(values.map((v) => (Math.abs(v) > 1.959964 ? 1 : 0)));
  expect(Math.abs(beyond - 0.05)).toBeLessThan(fourSigma * Math.sqrt(0.05 * 0.95));
});

const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
