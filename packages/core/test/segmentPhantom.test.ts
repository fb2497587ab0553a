import { expect, test } from "vitest";
import { angle } from "../src/linalg/vec3.js";
import { phantom } from "../src/phantom/phantom.js";
import { segment } from "../src/segment/segment.js";
import { maskVolumeMm3 } from "../src/volume/statistics.js";

const degree = Math.PI / 180;

// End-plates that lie nearly in the slices are known within half a slice: 0.5 mm over their 33 mm is 0.9 degrees. The
// two of a vertebra seldom err the same way. In oblique poses the steps of the slices average out.
test.each([
  { level: "T11", seed: 1, pose: {}, within: 1 },
  { level: "L4", seed: 2, pose: {}, within: 1 },
  { level: "T12", seed: 2, pose: { tiltDeg: 15, bendDeg: 7, turnDeg: 10 }, within: 0.6 },
] as const)(
  "phantom $level, seed $seed: the axes are known within $within degrees, the wedge within 2 and the body within 10 %",
  async ({ level, seed, pose, within }) => {
    const { labels, truths } = await phantom({ level, seed, pose, truthSpacingMm: 0.6 });
    const { vertebra, evidence } = await segment(labels, { level });
    for (const axis of ["right", "anterior", "cranial"] as const)
      expect(angle(vertebra.frame[axis], truths.frame[axis]) / degree).toBeLessThan(within);
    expect(Math.abs(evidence.wedgeDeg - Math.abs(truths.dimensions.wedgeDeg))).toBeLessThan(2); // the two errors above add up
    const excess = maskVolumeMm3(vertebra.body, vertebra.grid) / truths.bodyVolumeMm3 - 1;
    expect(Math.abs(excess)).toBeLessThan(0.1); // the pedicles' roots in front of the back wall count as body
  },
);
