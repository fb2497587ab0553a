import { expect, test } from "vitest";
import { failureReadouts } from "../src/assess/failureReadouts.js";
import type { Motion } from "../src/load/rigidEnds.js";
import type { Equilibrium, Reached } from "../src/solve/path/equilibrium.js";
import { followPath } from "../src/solve/path/followPath.js";
import { prescribedHelm } from "../src/solve/path/steering.js";

const load = { name: "tension", inferior: "fixed", superior: "fixed", motion: [0, 0, 1, 0, 0, 0] } as const;

/** A spring of 1 N/mm whose damage D = rate·(q − 0.2)² begins at 0.2 mm, with all energies in closed form. */
function softeningSpring(rate: number): Equilibrium {
  let [accepted, now] = [0, 0];
  const damage = (q: number) => rate * Math.max(0, q - 0.2) ** 2;
  // the integral of q²/2·dD/dq from 0.2 mm
  const dissipated = (q: number) => (q > 0.2 ? rate * (q ** 4 / 4 - (0.2 * q ** 3) / 3 + 0.2 ** 4 / 12) : 0);
  const state = (q: number): Reached => {
    const force = (1 - damage(q)) * q;
    const [motion, resultant]: Motion[] = [
      [0, 0, q, 0, 0, 0],
      [0, 0, force, 0, 0, 0],
    ];
    const counts = { iterations: 1, solverIterations: 1, residual: 0, damagedMm3: 0, failedMm3: 0 };
    return {
      share: q,
      motion: motion!,
      resultant: resultant!,
      storedNMm: (force * q) / 2,
      dissipatedNMm: dissipated(q),
      ...counts,
    };
  };
  return {
    reach: async (_, share, dissipateNMm) => {
      now = share;
      while (dissipateNMm > 0 && dissipated(now) < dissipated(accepted) + dissipateNMm) now += 1e-4;
      return state(now);
    },
    accept: () => {
      accepted = now;
    },
    save: () => ({}),
    restore: () => {},
    fields: () => ({ damage: new Float32Array(1), failedAt: new Float32Array(1), voxel: new Uint32Array(1) }),
    displacement: () => new Float64Array(1),
    memoryBytes: 0,
  };
}

test.each([2, 5, 50])("in %i steps, a curve is followed closely to where it yields", async (steps) => {
  const options = { steps, brokenBelow: 0.1, leading: 2, stiffness: 1, control: "displacement" } as const;
  const { points } = await followPath(softeningSpring(2), prescribedHelm(load), options, () => {});
  const { yield: read } = failureReadouts(points, { leading: 2, stiffness: 1, heightMm: 50, rimMm: 1 }); // 0.1 mm of offset
  let q = 0.2;
  while (2 * (q - 0.2) ** 2 * q < 0.1) q += 1e-6; // the load lost is the stiffness times the offset
  expect(Math.abs(read!.displacement / q - 1)).toBeLessThan(0.01);
  expect(points.length).toBeLessThan(steps + 20);
});

// From hardly any damage in a step to more than a step may dissipate: somewhere in between damage is only just noticed.
test.each([0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1, 3])(
  "by dissipation, damage at a rate of %s ends no path early",
  async (rate) => {
    const options = { steps: 10, brokenBelow: 0.5, leading: 2, stiffness: 1, control: "dissipation" } as const;
    const { end, points } = await followPath(softeningSpring(rate), prescribedHelm(load), options, () => {});
    expect(end).toBe(rate > 1 ? "broken" : "target");
    expect(points.length).toBeLessThan(60);
  },
);
