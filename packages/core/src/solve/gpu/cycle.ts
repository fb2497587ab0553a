import type { Gpu } from "../../gpu/gpu.js";
import type { Launch } from "../../gpu/launch.js";
import { type DeviceLevel, residualLaunch, sweepLaunch } from "./deviceLevel.js";
import type { DirectSolver } from "./directSolver.js";
import type { DeviceTransfer } from "./interpolation.js";
import { type Smoothed, smooth, smoothFromZero } from "./smoother.js";
import { Finish, sweepStep } from "./sweep.js";

/** The levels of the multigrid cycle on the GPU, level 0 first; transfer i lies below level i. */
export interface DeviceLevels {
  readonly firstStep: GPUComputePipeline; // see `firstStepShader`
  readonly damping: number; // of the interpolation from the first level of aggregates to level 1
  readonly levels: readonly DeviceLevel[];
  readonly transfers: readonly DeviceTransfer[];
  readonly direct: DirectSolver;
}

/** How often a level visits the one below, as in assembly/cycle.ts. */
const repeats = (level: number): number => (level === 0 ? 1 : 2);

/** One multigrid W-cycle in f32: x of level 0 = M · its right-hand side. The launches do not depend on the numbers. */
export const multigridCycle = (gpu: Gpu, all: DeviceLevels): Smoothed => cycleFrom(gpu, all, 0);

function cycleFrom(gpu: Gpu, all: DeviceLevels, at: number): Smoothed {
  const level = all.levels[at]!;
  const first = smoothFromZero(gpu, all.firstStep, level);
  const launches = [...first.launches];
  let x = first.x;
  for (let time = 0; time < repeats(at); time++) {
    const after = smooth(gpu, level, x);
    launches.push(...(at === 1 ? visitAggregates : visitBelow)(gpu, all, at, x), ...after.launches);
    x = after.x;
  }
  return { launches, x };
}

/** Adds to a level's x what the level below finds of its error. */
function visitBelow(gpu: Gpu, all: DeviceLevels, at: number, x: 0 | 1): readonly Launch[] {
  const level = all.levels[at]!;
  const { restrict, prolong } = all.transfers[at]!;
  const lower = solveBelow(gpu, all, at + 1);
  return [residualLaunch(gpu, level, level.x[x]), restrict, ...lower.launches, prolong(lower.x, level.x[x])];
}

/** The same where the interpolation (I − ω·D⁻¹·K)·T is not stored, but T alone: see assembly/finish.ts. */
function visitAggregates(gpu: Gpu, all: DeviceLevels, at: number, x: 0 | 1): readonly Launch[] {
  const level = all.levels[at]!;
  const { restrict, prolong } = all.transfers[at]!;
  const [own, other] = [level.x[x], level.x[x === 0 ? 1 : 0]];
  const lower = solveBelow(gpu, all, at + 1);
  return [
    sweepLaunch(gpu, level, sweepStep(Finish.damped, 0, all.damping), own, other),
    residualLaunch(gpu, level, other),
    restrict,
    ...lower.launches,
    prolong(lower.x, other),
    sweepLaunch(gpu, level, sweepStep(Finish.smoothed, 0, all.damping), other, own),
  ];
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
