// One multigrid W-cycle in f32, the preconditioner: level 0 and 1 without matrices, then the aggregated levels.
import { DAMPED, RESIDUAL, SMOOTHED } from "./finish";
import { correction, direction, product } from "./level";
import { smooth, smoothFromZero } from "./smoother";
import {
  addFromSparse, residualSparse, restrictSparse, setFromSparse, smoothSparse, smoothSparseFromZero, solveDirect,
} from "./sparse";
import { sweep } from "./sweep";
import { addFromCoarse, restrictToCoarse } from "./transfer";

/**
 * Chains of struts bend like beams, which one visit of the coarser levels does not do justice: 128³ trabecular voxels
 * took 39 iterations with two visits below the first level of aggregates, 29 with two visits of it, 21 with two from
 * level 1 on, and a little less time each time.
 */
const REPEATS: i32 = 2;
const RECORD: usize = 128; // bytes of a sparse level's record

/** x of level 0 = M·b, M symmetric. Sparse levels lie behind each other at `sparse`; the last of them is solved directly. */
export function cycle(fine: usize, coarse: usize, sparse: usize, sparseLevels: i32): void {
  smoothFromZero(fine);
  sweep<f32>(fine, correction(fine), product(fine), RESIDUAL);
  restrictToCoarse(fine, coarse);
  coarseCycle(coarse, sparse, sparseLevels);
  addFromCoarse(fine, coarse);
  smooth(fine);
}

/** One cycle on level 1. */
function coarseCycle(level: usize, sparse: usize, sparseLevels: i32): void {
  smoothFromZero(level);
  for (let time = 0; time < REPEATS; time++) {
    sweep<f32>(level, correction(level), product(level), DAMPED);
    sweep<f32>(level, direction(level), product(level), RESIDUAL);
    restrictSparse(sparse, product(level));
    sparseCycle(sparse, sparseLevels);
    setFromSparse(sparse, direction(level));
    sweep<f32>(level, direction(level), product(level), SMOOTHED);
    smooth(level);
  }
}

/** One cycle on a sparse level. */
function sparseCycle(level: usize, levels: i32): void {
  if (levels == 1) {
    solveDirect(level);
    return;
  }
  const next = level + RECORD;
  smoothSparseFromZero(level);
  for (let time = 0; time < REPEATS; time++) {
    residualSparse(level);
    restrictSparse(next, <usize>load<u32>(level, 28));
    sparseCycle(next, levels - 1);
    addFromSparse(next, <usize>load<u32>(level, 24));
    smoothSparse(level);
  }
}
