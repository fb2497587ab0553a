import type { BlockMatrix } from "./blockMatrix.js";

/**
 * Share of its own stiffness below which an unknown or a pivot is taken for one of a motion that costs nothing. The
 * matrices come from f32 moduli and sums: rigid motions left free by guided ends show pivots of 2e-7 to 4e-6 on a
 * vertebra with moduli of 1e-4 to 5000 MPa, the softest real motion 8e-5. Dividing by such noise cost hundreds of
 * iterations; at 1e-4, with that motion left out too, it took no more.
 */
export const NO_STIFFNESS = 1e-5;

/**
 * Clears the rows and columns of the unknowns of a square matrix that have no stiffness: a part that hangs by an edge
 * turns about it at no cost, and when an aggregate is just that part, so does one of its unknowns. Smoothing would
 * divide by what rounding leaves of its diagonal: one such unknown (7e-17 of its scale, where the softest other one had
 * 9e-3) kept a whole model of thin bone from converging.
 * @param scale stiffness that each unknown would have by itself
 */
export function clearStiffless(matrix: BlockMatrix, scale: Float64Array): void {
  const { rows, height, ptr, col, value } = matrix;
  const free = stifflessUnknowns(matrix, scale);
  if (!free.includes(1)) return;
  for (let r = 0; r < rows; r++)
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++)
      for (let i = 0; i < height; i++)
        for (let j = 0; j < height; j++)
          if (free[height * r + i] === 1 || free[height * col[b]! + j] === 1) value[(b * height + i) * height + j] = 0;
}

/** 1 for the unknowns without stiffness, else 0. */
function stifflessUnknowns({ rows, height, ptr, col, value }: BlockMatrix, scale: Float64Array): Uint8Array {
  const free = new Uint8Array(rows * height);
  for (let r = 0; r < rows; r++)
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++) {
      if (col[b] !== r) continue;
      for (let u = height * r, at = b * height * height; u < height * (r + 1); u++, at += height + 1)
        if (value[at]! <= NO_STIFFNESS * scale[u]!) free[u] = 1;
    }
  return free;
}
