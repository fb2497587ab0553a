import type { BlockMatrix } from "./blockMatrix.js";

/**
 * Groups the rows of a matrix into aggregates of strongly coupled neighbours; separate struts that meet only through a
 * coarse element stay separate.
 *
 * @param threshold rows i, j are strongly coupled when ‖Aᵢⱼ‖ ≥ threshold·√(‖Aᵢᵢ‖·‖Aⱼⱼ‖)
 * @param usable    whether a row has unknowns at all
 * @returns aggregate of each row, −1 for none
 *
 * Source: Vaněk, Mandel, Brezina, Algebraic multigrid by smoothed aggregation (1996), algorithm 5.1.
 */
export function aggregate(
  matrix: BlockMatrix,
  threshold: number,
  usable: (row: number) => boolean,
): { readonly of: Int32Array; readonly count: number } {
  const { rows, ptr, col } = matrix;
  const norm = blockNorms(matrix);
  const own = new Float64Array(rows);
  for (let r = 0; r < rows; r++) for (let b = ptr[r]!; b < ptr[r + 1]!; b++) if (col[b] === r) own[r] = norm[b]!;
  const strong = (r: number, b: number) =>
    norm[b]! > 0 && norm[b]! >= threshold * Math.sqrt(own[r]! * own[col[b]!]!) && usable(col[b]!);
  const of = new Int32Array(rows).fill(-1);
  let count = 0;
  for (let r = 0; r < rows; r++) {
    if (of[r]! >= 0 || !usable(r)) continue;
    let alone = true; // no neighbour taken yet
    for (let b = ptr[r]!; b < ptr[r + 1]! && alone; b++) if (strong(r, b) && of[col[b]!]! >= 0) alone = false;
    if (!alone) continue;
    of[r] = count;
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++) if (strong(r, b)) of[col[b]!] = count;
    count++;
  }
  joinRest(matrix, norm, strong, usable, of);
  for (let r = 0; r < rows; r++) {
    if (of[r]! >= 0 || !usable(r)) continue;
    of[r] = count;
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++) if (strong(r, b) && of[col[b]!] === -1) of[col[b]!] = count;
    count++;
  }
  return { of, count };
}

/** Gives each row that is left over to the aggregate of its strongest neighbour. */
function joinRest(
  { rows, ptr, col }: BlockMatrix,
  norm: Float64Array,
  strong: (row: number, block: number) => boolean,
  usable: (row: number) => boolean,
  of: Int32Array,
): void {
  const first = of.slice();
  for (let r = 0; r < rows; r++) {
    if (of[r]! >= 0 || !usable(r)) continue;
    let best = 0;
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++)
      if (strong(r, b) && first[col[b]!]! >= 0 && norm[b]! > best) {
        best = norm[b]!;
        of[r] = first[col[b]!]!;
      }
  }
}

/** Frobenius norm of each block. */
function blockNorms({ height, width, col, value }: BlockMatrix): Float64Array {
  const size = height * width;
  return Float64Array.from(col, (_, b) => {
    let sum = 0;
    for (let i = b * size; i < (b + 1) * size; i++) sum += value[i]! * value[i]!;
    return Math.sqrt(sum);
  });
}
