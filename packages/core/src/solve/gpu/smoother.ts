import { constants } from "../../gpu/buffer.js";
import type { Gpu } from "../../gpu/gpu.js";
import { type Launch, launch, workgroupsFor } from "../../gpu/launch.js";
import { type DeviceLevel, sweepLaunch } from "./deviceLevel.js";
import { Finish, sweepStep } from "./sweep.js";

/** A part of the cycle on one level, and in which of its two x it leaves the answer. */
export interface Smoothed {
  readonly launches: readonly Launch[];
  readonly x: 0 | 1;
}

// Chebyshev's polynomials of the fourth kind, as in assembly/smoother.ts: d = directionFactor·d + residualFactor·D⁻¹·r
const directionFactor = (k: number): number => (k === 1 ? 0 : (2 * k - 3) / (2 * k + 1));
const residualFactor = (k: number, bound: number): number => (8 * k - 4) / ((2 * k + 1) * bound);

/** x = S·b from x = 0. */
export function smoothFromZero(gpu: Gpu, firstStep: GPUComputePipeline, level: DeviceLevel): Smoothed {
  const factor = constants(gpu, Float32Array.of(residualFactor(1, level.bound)));
  const buffers = [factor, level.inverseDiagonal, level.right, level.direction, level.x[0]];
  const first = launch(gpu, firstStep, buffers, workgroupsFor(level.unknowns));
  const rest = smoothSteps(gpu, level, 2, 0);
  return { launches: [first, ...rest.launches], x: rest.x };
}

/** x = x + S·(b − K·x). */
export const smooth = (gpu: Gpu, level: DeviceLevel, x: 0 | 1): Smoothed => smoothSteps(gpu, level, 1, x);

function smoothSteps(gpu: Gpu, level: DeviceLevel, from: number, start: 0 | 1): Smoothed {
  const launches: Launch[] = [];
  let x = start;
  for (let k = from; k <= level.degree; k++) {
    const other = x === 0 ? 1 : 0;
    const step = sweepStep(Finish.smooth, directionFactor(k), residualFactor(k, level.bound));
    launches.push(sweepLaunch(gpu, level, step, level.x[x], level.x[other]));
    x = other;
  }
  return { launches, x };
}
