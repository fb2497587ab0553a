import { gaussModuli, gaussStiffness } from "./coarsen.js";
import { hex8Stiffness } from "./hex8.js";
import type { VoxelLevels } from "./hierarchy.js";
import type { Problem } from "./problem.js";
import { forEachElement, type VoxelLevel } from "./voxelLevel.js";

/** What of a voxel level depends on the moduli, as the kernel reads it. */
export interface LevelModuli {
  readonly moduli: Float32Array; // MPa, in padded pieces; level 1: eight lists, one per Gauss point
  readonly inverseDiagonal: Float32Array; // mm/N, [component·stride + slot], 0 where fixed
  readonly looseStiffness: Float32Array; // N/mm, 24×24 per loose element; level 0 has none
}

/** Lengths of these lists. */
export const levelModuliLengths = (
  { pieces, stride, loose }: VoxelLevel,
  which: 0 | 1,
): Readonly<Record<keyof LevelModuli, number>> => ({
  moduli: (which === 0 ? 1 : 8) * pieces.modulusSlots,
  inverseDiagonal: 3 * stride,
  looseStiffness: which === 0 ? 0 : 576 * loose.element.length,
});

/**
 * Writes the moduli of both voxel levels and what follows from them. Padding is left as it is.
 * @param moduli MPa by element of level 0
 */
export function writeLevelModuli(
  { runs, spacing, poisson }: Pick<Problem, "runs" | "spacing" | "poisson">,
  { fine, coarse, fixed }: VoxelLevels,
  moduli: Float32Array,
  [first, second]: readonly [LevelModuli, LevelModuli],
): void {
  writePieces(fine, moduli, 1, first.moduli);
  writeInverseDiagonal(fine, moduli, [hex8Stiffness(spacing, 1, poisson)], fixed[0], first.inverseDiagonal);
  const points = gaussStiffness(coarse.level.edges, poisson);
  const mixed = gaussModuli(coarse, runs, moduli);
  writePieces(coarse.level, mixed, 8, second.moduli);
  writeInverseDiagonal(coarse.level, mixed, points, fixed[1], second.inverseDiagonal);
  writeLooseStiffness(coarse.level, mixed, points, second.looseStiffness);
}

/** One list per part of an element: the values of the pieces behind each other. */
function writePieces({ pieces }: VoxelLevel, values: Float32Array, parts: number, out: Float32Array): void {
  const { records, element, modulusSlots } = pieces;
  for (let p = 0; p < element.length; p++) {
    const to = records[6 * p]!;
    const count = records[6 * p + 1]!;
    const from = parts * element[p]!;
    for (let i = 0; i < count; i++)
      for (let q = 0; q < parts; q++) out[q * modulusSlots + to + i] = values[from + parts * i + q]!;
  }
}

/**
 * 1/diagonal of the operator, 0 where fixed.
 * @param values moduli by element and part, MPa
 * @param parts  stiffness (24×24) of each part of an element for 1 MPa
 */
function writeInverseDiagonal(
  level: VoxelLevel,
  values: Float32Array,
  parts: readonly Float64Array[],
  fixed: Uint8Array,
  out: Float32Array,
): void {
  const { stride } = level;
  const count = parts.length;
  const weight = Float64Array.from({ length: 24 * count }, (_, i) => parts[i % count]![25 * Math.floor(i / count)]!);
  out.fill(0);
  forEachElement(level, (element, slots) => {
    for (let r = 0; r < 24; r++) {
      let sum = 0;
      for (let q = 0; q < count; q++) sum += values[count * element + q]! * weight[count * r + q]!;
      out[(r % 3) * stride + slots[(r / 3) | 0]!]! += sum;
    }
  });
  for (let i = 0; i < out.length; i++) out[i] = out[i]! > 0 && !fixed[i] ? 1 / out[i]! : 0;
}

function writeLooseStiffness(
  { loose }: VoxelLevel,
  mixed: Float32Array,
  points: readonly Float64Array[],
  out: Float32Array,
): void {
  out.fill(0);
  loose.element.forEach((element, at) => {
    for (let q = 0; q < 8; q++) {
      const modulus = mixed[8 * element + q]!;
      const point = points[q]!;
      for (let i = 0; i < 576; i++) out[576 * at + i]! += modulus * point[i]!;
    }
  });
}
