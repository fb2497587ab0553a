import type { VoxelLevel } from "./voxelLevel.js";

/** f64 solution and residual, f32 direction and product, and five f32 vectors of the cycle: three components each. */
const FINE_SLOT = 3 * (2 * 8 + 2 * 4 + 5 * 4);
/** Five f32 vectors of the cycle. */
const COARSE_SLOT = 3 * 5 * 4;
/** Of all aggregated levels, per node of level 1: 410 to 470 measured in solid cubes, 520 in trabecular ones, 580 in thin bone. */
const AGGREGATES = 400;

/** Bytes of the kernel's memory for a model: those of the two voxel levels, and for those below them the least. */
export function leastBytes(fine: VoxelLevel, coarse: VoxelLevel): number {
  return (
    FINE_SLOT * fine.stride +
    4 * fine.pieces.modulusSlots +
    fine.pieces.records.byteLength +
    32 * fine.nodeRuns.count.length + // of the interpolation
    (COARSE_SLOT + AGGREGATES) * coarse.stride +
    32 * coarse.pieces.modulusSlots +
    4 * 576 * coarse.loose.element.length
  );
}
