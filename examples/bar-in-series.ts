/**
 * The solver alone: a bar of two materials between smooth platens, whose stiffness is known in closed form.
 * Without Poisson's effect the compliances add up: 1/K = L1/(E1·A) + L2/(E2·A).
 */
import assert from "node:assert/strict";
import { axialConstraints, identityDirection, planeEnds, reactionFromEnergy, solve, type Vec3 } from "@spondyl/core";

const size: Vec3 = [6, 6, 20]; // voxels of 0.5 mm
const data = Float32Array.from({ length: 720 }, (_, voxel) => (voxel < 360 ? 500 : 2000)); // MPa
const modulus = {
  quantity: "MPa",
  data,
  size,
  spacing: [0.5, 0.5, 0.5],
  origin: [0, 0, 0],
  direction: identityDirection(),
} as const;
const load = { displacementMm: -0.01, inferior: "guided", superior: "guided" } as const;

const solution = await solve({ modulus, poisson: 0 }, axialConstraints(planeEnds(data, size, 2), load));
const stiffness = reactionFromEnergy(solution, load.displacementMm) / load.displacementMm; // N/mm

const area = 9,
  half = 5; // mm², mm
assert(Math.abs(stiffness / (area / (half / 500 + half / 2000)) - 1) < 1e-5);
console.log(`${stiffness.toFixed(1)} N/mm after ${solution.iterations} iterations`);
