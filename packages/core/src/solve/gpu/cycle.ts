import type { Gpu } from "../../gpu/gpu.js";
import type { Launch } from "../../gpu/launch.js";
import { type DeviceLevel, residualLaunch } from "./deviceLevel.js";
import type { DirectSolver } from "./directSolver.js";
import type { DeviceTransfer } from "./interpolation.js";
import { type Smoothed, smooth, smoothFromZero } from "./smoother.js";

/** The levels of the multigrid cycle on the GPU, level 0 first; transfer i lies below level i. */
export interface DeviceLevels {
  readonly firstStep: GPUComputePipeline; // see `firstStepShader`
  readonly levels: readonly DeviceLevel[];
  readonly transfers: readonly DeviceTransfer[];
  readonly direct: DirectSolver;
}

/** How often a level visits the one below, as in assembly/cycle.ts: from the second of the aggregated levels on twice. */
const repeats = (level: number): number => (level <= 2 ? 1 : 2);

/** One multigrid V-cycle in f32: x of level 0 = V · its right-hand side. The launches do not depend on the numbers. */
export const vCycle = (gpu: Gpu, all: DeviceLevels): Smoothed => cycleFrom(gpu, all, 0);

function cycleFrom(gpu: Gpu, all: DeviceLevels, at: number): Smoothed {
  const level = all.levels[at]!;
  const { restrict, prolong } = all.transfers[at]!;
  const first = smoothFromZero(gpu, all.firstStep, level);
  const launches = [...first.launches];
  let x = first.x;
  for (let time = 0; time < repeats(at); time++) {
    launches.push(residualLaunch(gpu, level, level.x[x]), restrict);
    const lower = solveBelow(gpu, all, at + 1);
    const after = smooth(gpu, level, x);
    launches.push(...lower.launches, prolong(lower.x, level.x[x]), ...after.launches);
    x = after.x;
  }
  return { launches, x };
}

function solveBelow(
  gpu: Gpu,
  all: DeviceLevels,
  at: number,
): { readonly launches: readonly Launch[]; readonly x: GPUBuffer } {
  const level = all.levels[at];
  if (!level) return all.direct;
  const { launches, x } = cycleFrom(gpu, all, at);
  return { launches, x: level.x[x] };
}
