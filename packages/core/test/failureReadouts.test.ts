import { expect, test } from "vitest";
import { type CurveState, failureReadouts, rimOf } from "../src/assess/failureReadouts.js";
import { fracturePattern } from "../src/assess/fracturePattern.js";
import { Compartment } from "../src/volume/compartment.js";
import type { AnatomicalFrame } from "../src/volume/frame.js";
import { identityDirection, type Volume } from "../src/volume/volume.js";

/** A curve in compression from pairs of mm and N, work by the trapezoidal rule. */
function compression(pairs: readonly (readonly [number, number])[]): CurveState[] {
  let work = 0;
  return pairs.map(([d, f], i) => {
    if (i > 0) work += 0.5 * (f + pairs[i - 1]![1]) * (d - pairs[i - 1]![0]);
    return { motion: [0, 0, -d, 0, 0, 0], resultant: [0, 0, -f, 0, 0, 0], workNMm: work };
  });
}

test("a bilinear curve yields where the offset line meets its plateau", () => {
  const states = compression([
    [0, 0],
    [0.1, 1000],
    [0.6, 1000],
  ]);
  const read = failureReadouts(states, { leading: 2, stiffness: 10_000, heightMm: 25, rimMm: 1 });
  expect(read.yield!.load).toBeCloseTo(1000, 9); // 0.05 mm of offset: 0.15 mm
  expect(read.yield!.displacement).toBeCloseTo(0.15, 9);
  expect(read.atStrain19).toBeCloseTo(1000, 9); // 0.475 mm
  expect(read.peaked).toBe(false);
});

test("a curve with a peak: ultimate load, its displacement and the energy up to it", () => {
  const read = failureReadouts(
    compression([
      [0, 0],
      [0.1, 1000],
      [0.2, 1500],
      [0.3, 900],
    ]),
    { leading: 2, stiffness: 10_000, heightMm: 30, rimMm: 1 },
  );
  expect(read.ultimate).toEqual({ load: 1500, displacement: 0.2 });
  expect(read.energyToUltimateNMm).toBeCloseTo(50 + 125, 9);
  expect(read.peaked).toBe(true);
  expect(read.atStrain19).toBeUndefined(); // 0.57 mm is beyond the curve
});

test("a curve that snaps back meets the offset line on the way back", () => {
  const states = compression([
    [0, 0],
    [0.08, 7],
    [0.079, 4],
    [0.1, 3],
  ]);
  const read = failureReadouts(states, { leading: 2, stiffness: 100, heightMm: 10, rimMm: 1 });
  const { load, displacement } = read.yield!;
  expect(load).toBeCloseTo(7 - (3 * (0.08 - displacement)) / 0.001, 9); // on the second step
  expect(load).toBeCloseTo(100 * (displacement - 0.02), 9); // and on the line
});

test("the rim is as far from the axis of flexion as the body is deep, from that of lateral bending as it is wide", () => {
  const ends = { widthMm: 40, depthMm: 30 };
  expect([3, 4, 5].map((leading) => rimOf(leading, ends))).toEqual([15, 20, 20]);
});

test("a moment curve has its offset strain at the rim", () => {
  const states = [0, 0.01, 0.05].map((turn, i) => ({
    motion: [0, 0, 0, turn, 0, 0],
    resultant: [0, 0, 0, [0, 5000, 5000][i]!, 0, 0],
    workNMm: 0,
  }));
  const read = failureReadouts(states, { leading: 3, stiffness: 500_000, heightMm: 30, rimMm: 15 });
  expect(read.kind).toBe("moment");
  expect(read.yield!.displacement).toBeCloseTo(0.01 + 0.004, 9); // 0.002·30/15 rad
});

const frame: AnatomicalFrame = { centre: [0, 8.5, 0], right: [-1, 0, 0], anterior: [0, -1, 0], cranial: [0, 0, 1] };

/** A body of 10 × 18 × 10 voxels with a shell, damaged as told by depth from the front (0 to 1). */
function body(damageAt: (depth: number, shell: boolean) => number) {
  const size = [10, 18, 10] as const;
  const grid = { size, spacing: [1, 1, 1] as const, origin: [0, 0, 0] as const, direction: identityDirection() };
  const labels = new Float32Array(1800);
  const damage = new Float32Array(1800);
  for (let k = 0, n = 0; k < 10; k++)
    for (let j = 0; j < 18; j++)
      for (let i = 0; i < 10; i++, n++) {
        const shell = i === 0 || j === 0 || k === 0 || i === 9 || j === 17 || k === 9;
        labels[n] = shell ? Compartment.bodyShell : Compartment.bodyCore;
        damage[n] = damageAt(j / 17, shell);
      }
  return fracturePattern(
    { ...grid, quantity: "fraction", data: damage } as Volume<"fraction">,
    { ...grid, quantity: "label", data: labels } as Volume<"label">,
    frame,
  );
}

test.each([
  ["none", () => 0.001],
  ["crush", () => 0.05],
  ["anterior wedge", (d: number) => 0.2 * (1 - d)],
  ["biconcave", (d: number) => (Math.abs(d - 0.5) < 1 / 6 ? 0.2 : 0.05)],
  ["posterior", (d: number) => 0.08 * d],
  ["burst-like", (d: number, shell: boolean) => (shell && d > 0.9 ? 0.6 : 0.2)],
] as const)("damage is read as %s", (pattern, damageAt) => {
  expect(body(damageAt).pattern).toBe(pattern);
});
