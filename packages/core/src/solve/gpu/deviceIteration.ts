import { clear, read, write } from "../../gpu/buffer.js";
import type { Gpu } from "../../gpu/gpu.js";
import { compileEntries, submit } from "../../gpu/launch.js";
import { conjugateBuffers, conjugateEntries, conjugateShader, iterationLaunches } from "./conjugate.js";
import { type DeviceLevels, multigridCycle } from "./cycle.js";
import { sweepLaunch } from "./deviceLevel.js";
import { Finish, sweepStep } from "./sweep.js";

/** Most iterations between two readings of their residuals. */
export const BATCH = 8;

/** Conjugate gradients in f32 on the GPU, on K·x = r of level 0 from x = 0. */
export interface DeviceIteration {
  /** Takes r, 0 where fixed, and x = 0; `fresh`: forgets the last direction, which is kept for a closer r of one K. */
  begin(r: Float32Array, fresh: boolean): void;
  /** @returns norm of the residual after each of `count` iterations, at most `BATCH` */
  iterate(count: number): Promise<Float32Array>;
  correction(): Promise<Float32Array>; // x
}

export async function deviceIteration(gpu: Gpu, all: DeviceLevels): Promise<DeviceIteration> {
  const fine = all.levels[0]!;
  const kernels = await compileEntries(gpu, conjugateShader, conjugateEntries);
  const buffers = conjugateBuffers(gpu, fine.unknowns, BATCH);
  const cycle = multigridCycle(gpu, all);
  const launches = iterationLaunches(gpu, kernels, buffers, {
    z: fine.x[cycle.x],
    r: fine.right,
    cycle: cycle.launches,
    apply: sweepLaunch(gpu, fine, sweepStep(Finish.product), buffers.p, buffers.q),
  });
  return {
    begin: (r, fresh) => {
      write(gpu, fine.right, r);
      clear(gpu, buffers.x);
      if (fresh) clear(gpu, buffers.shares);
    },
    iterate: async (count) => {
      write(gpu, buffers.notes, Uint32Array.of(0));
      submit(gpu, Array.from({ length: count }, () => launches).flat());
      return (await read(gpu, buffers.notes, 1 + count)).subarray(1).map(Math.sqrt);
    },
    correction: () => read(gpu, buffers.x, fine.unknowns),
  };
}
