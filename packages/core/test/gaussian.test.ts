import { expect, test } from "vitest";
import { random } from "../src/random.js";
import { gaussianBlur } from "../src/volume/gaussian.js";
import { identityDirection, type Vec3, type Volume } from "../src/volume/volume.js";

const rounding = 2 ** -22; // a few roundings to f32

test("the sum of all voxels is kept, also beside the border", () => {
  const volume = filled([9, 7, 5], [0.5, 1, 2], random(1).uniform);
  const blurred = gaussianBlur(volume, [1.1, 2.5, 6]);
  expect(Math.abs(sum(blurred) / sum(volume) - 1)).toBeLessThan(rounding);
});

test("a constant stays constant with both borders", () => {
  for (const border of ["reflect", "wrap"] as const) {
    const blurred = gaussianBlur(
      filled([6, 5, 4], [1, 1, 1], () => 3),
      [1, 1, 1],
      border,
    );
    for (const value of blurred.data) expect(Math.abs(value / 3 - 1)).toBeLessThan(rounding);
  }
});

test("with zeros beyond the border, a block blurs as it does inside a larger empty grid", () => {
  const block = filled([6, 5, 4], [1, 1, 1], random(3).uniform);
  const larger = filled([26, 25, 24], [1, 1, 1], () => 0);
  const at = (n: number) => 10 + (n % 6) + 26 * (10 + (Math.floor(n / 6) % 5) + 25 * (10 + Math.floor(n / 30)));
  block.data.forEach((value, n) => {
    larger.data[at(n)] = value;
  });
  const [inside, alone] = [gaussianBlur(larger, [2, 1, 1]), gaussianBlur(block, [2, 1, 1], "zero")];
  alone.data.forEach((value, n) => {
    expect(Math.abs(value - inside.data[at(n)]!)).toBeLessThan(rounding);
  });
});

test.each([0.7, 1, 2.3])("an impulse spreads to the variance sigma² (sigma = %f voxels)", (voxels) => {
  const spacing: Vec3 = [0.6, 0.4, 0.5],
    size: Vec3 = [41, 41, 41];
  const impulse = filled(size, spacing, (n) => (n === 20 + 41 * (20 + 41 * 20) ? 1 : 0));
  const sigma: Vec3 = [voxels * spacing[0], voxels * spacing[1], voxels * spacing[2]];
  const { data } = gaussianBlur(impulse, sigma);
  for (const axis of [0, 1, 2] as const) {
    let variance = 0;
    for (let n = 0; n < data.length; n++) variance += data[n]! * ((Math.floor(n / 41 ** axis) % 41) - 20) ** 2;
    expect(Math.abs(Math.sqrt(variance) / voxels - 1)).toBeLessThan(0.01); // promised; the cut at 4 sigma takes 0.05 %
  }
});

test("a wave of the grid fades by exp(−(k·sigma)²/2)", () => {
  const k = (2 * Math.PI * 3) / 48,
    sigma = 2.2; // 3 periods on 48 voxels of 1 mm
  const wave = filled([48, 2, 2], [1, 1, 1], (n) => Math.cos(k * (n % 48)));
  const { data } = gaussianBlur(wave, [sigma, 0, 0], "wrap");
  const fade = Math.exp(-0.5 * (k * sigma) ** 2);
  for (let i = 0; i < 48; i++) expect(Math.abs(data[i]! - fade * Math.cos(k * i))).toBeLessThan(2e-4); // cut at 4 sigma
});

test("sigma 0 leaves an axis alone, and the input is never touched", () => {
  const volume = filled([4, 4, 4], [1, 1, 1], random(2).uniform),
    before = volume.data.slice();
  const same = gaussianBlur(volume, [0, 0, 0]);
  expect(same.data).toEqual(before);
  expect(same.data).not.toBe(volume.data);
  gaussianBlur(volume, [1, 1, 1]);
  expect(volume.data).toEqual(before);
});

test("a sigma that is negative or no number is refused", () => {
  const volume = filled([2, 2, 2], [1, 1, 1], () => 1);
  for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => gaussianBlur(volume, [1, bad, 1])).toThrow(expect.objectContaining({ code: "bad-option" }));
});

function filled(size: Vec3, spacing: Vec3, value: (n: number) => number): Volume<"grey"> {
  const data = Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => value(n));
  return { quantity: "grey", data, size, spacing, origin: [0, 0, 0], direction: identityDirection() };
}

const sum = (volume: Volume) => volume.data.reduce((total, v) => total + v, 0);
