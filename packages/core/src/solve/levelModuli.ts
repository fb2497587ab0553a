import { gaussModuli, gaussStiffness, voxelDiagonal } from "./coarsen.js";
import { hex8Stiffness } from "./hex8.js";
import type { Hierarchy } from "./hierarchy.js";
import type { Problem } from "./problem.js";
import { padModuli, type VoxelLevel } from "./voxelLevel.js";

/** What of a voxel level depends on the moduli, as the kernel reads it. */
export interface LevelModuli {
  readonly moduli: Float32Array; // MPa, in padded pieces; level 1: eight lists, one per Gauss point
  readonly inverseDiagonal: Float32Array; // mm/N, [component·stride + slot], 0 where fixed
  readonly looseStiffness: Float32Array; // N/mm, 24×24 per loose element; level 0 has none
}

/** @param moduli MPa by element of level 0 */
export function levelModuli(
  { runs, spacing, poisson }: Pick<Problem, "runs" | "spacing" | "poisson">,
  { fine, coarse, fixed }: Hierarchy,
  moduli: Float32Array,
): readonly [LevelModuli, LevelModuli] {
  const unit = hex8Stiffness(spacing, 1, poisson);
  const points = gaussStiffness(coarse.level.edges, poisson);
  const mixed = gaussModuli(coarse, runs, moduli);
  return [
    {
      moduli: padModuli(fine, (e) => moduli[e]!),
      inverseDiagonal: inverse(
        voxelDiagonal(fine, [unit], (e) => moduli[e]!),
        fixed[0],
      ),
      looseStiffness: new Float32Array(0),
    },
    {
      moduli: padGaussModuli(coarse.level, mixed),
      inverseDiagonal: inverse(
        voxelDiagonal(coarse.level, points, (e, q) => mixed[8 * e + q]!),
        fixed[1],
      ),
      looseStiffness: looseStiffness(coarse.level, mixed, points),
    },
  ];
}

const inverse = (diagonal: Float64Array, fixed: Uint8Array): Float32Array =>
  Float32Array.from(diagonal, (d, i) => (d > 0 && !fixed[i] ? 1 / d : 0));

function padGaussModuli(level: VoxelLevel, mixed: Float32Array): Float32Array {
  const all = new Float32Array(8 * level.pieces.modulusSlots);
  for (let q = 0; q < 8; q++)
    all.set(
      padModuli(level, (e) => mixed[8 * e + q]!),
      q * level.pieces.modulusSlots,
    );
  return all;
}

function looseStiffness({ loose }: VoxelLevel, mixed: Float32Array, points: readonly Float64Array[]): Float32Array {
  const list = new Float32Array(576 * loose.element.length);
  loose.element.forEach((element, at) => {
    for (let i = 0; i < 576; i++) {
      let k = 0;
      for (let q = 0; q < 8; q++) k += mixed[8 * element + q]! * points[q]![i]!;
      list[576 * at + i] = k;
    }
  });
  return list;
}
