// One multigrid V-cycle in f32, the preconditioner: level 0 and 1 without matrices, then the aggregated levels.
import { DAMPED, RESIDUAL, SMOOTHED } from "./finish";
import { correction, direction, product } from "./level";
import { smooth, smoothFromZero } from "./smoother";
import {
  addFromSparse, residualSparse, restrictSparse, setFromSparse, smoothSparse, smoothSparseFromZero, solveDirect,
} from "./sparse";
import { sweep } from "./sweep";
import { addFromCoarse, restrictToCoarse } from "./transfer";

/** Chains of struts bend like beams, which one visit of the coarsest levels does not do justice: 53 against 35 iterations. */
const REPEATS: i32 = 2;
const RECORD: usize = 128; // bytes of a sparse level's record

/** x of level 0 = V·b. Sparse levels lie behind each other at `sparse`; the last of them is solved directly. */
export function vCycle(fine: usize, coarse: usize, sparse: usize, sparseLevels: i32): void {
  smoothFromZero(fine);
  sweep<f32>(fine, correction(fine), product(fine), RESIDUAL);
  restrictToCoarse(fine, coarse);
  smoothFromZero(coarse);
  sweep<f32>(coarse, correction(coarse), product(coarse), DAMPED);
  sweep<f32>(coarse, direction(coarse), product(coarse), RESIDUAL);
  restrictSparse(sparse, product(coarse));
  sparseCycle(sparse, sparseLevels, 1);
  setFromSparse(sparse, direction(coarse));
  sweep<f32>(coarse, direction(coarse), product(coarse), SMOOTHED);
  smooth(coarse);
  addFromCoarse(fine, coarse);
  smooth(fine);
}

/** One cycle on a sparse level; below the first of them, which is by far the largest, it goes down REPEATS times. */
function sparseCycle(level: usize, levels: i32, repeats: i32): void {
  if (levels == 1) {
    solveDirect(level);
    return;
  }
  const next = level + RECORD;
  smoothSparseFromZero(level);
  for (let time = 0; time < repeats; time++) {
    residualSparse(level);
    restrictSparse(next, <usize>load<u32>(level, 28));
    sparseCycle(next, levels - 1, REPEATS);
    addFromSparse(next, <usize>load<u32>(level, 24));
    smoothSparse(level);
  }
}
