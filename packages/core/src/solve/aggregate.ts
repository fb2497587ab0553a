import type { BlockMatrix } from "./blockMatrix.js";

/** Aggregates of the rows of a matrix. */
export interface Groups {
  readonly of: Int32Array; // aggregate of each row, −1 for none
  readonly count: number;
}

type Pattern = Pick<BlockMatrix, "rows" | "ptr" | "col">;

/**
 * Groups the rows of a matrix into aggregates of strongly coupled neighbours; separate struts that meet only through a
 * coarse element stay separate.
 *
 * @param norm      Frobenius norm of each block
 * @param usable    by row: 1 where it has unknowns at all, else 0
 * @param threshold rows i, j are strongly coupled when ‖Aᵢⱼ‖ ≥ threshold·√(‖Aᵢᵢ‖·‖Aⱼⱼ‖)
 *
 * Source: Vaněk, Mandel, Brezina, Algebraic multigrid by smoothed aggregation (1996), algorithm 5.1.
 */
export function aggregate(matrix: Pattern, norm: Float32Array, usable: Uint8Array, threshold: number): Groups {
  const { rows, ptr, col } = matrix;
  const strong = strongCouplings(matrix, norm, usable, threshold);
  const of = new Int32Array(rows).fill(-1);
  let count = 0;
  for (let r = 0; r < rows; r++) {
    if (of[r]! >= 0 || usable[r] === 0) continue;
    let alone = true; // no neighbour taken yet
    for (let b = ptr[r]!; b < ptr[r + 1]! && alone; b++) if (strong[b] === 1 && of[col[b]!]! >= 0) alone = false;
    if (!alone) continue;
    of[r] = count;
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++) if (strong[b] === 1) of[col[b]!] = count;
    count++;
  }
  joinRest(matrix, norm, strong, usable, of);
  for (let r = 0; r < rows; r++) {
    if (of[r]! >= 0 || usable[r] === 0) continue;
    of[r] = count;
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++) if (strong[b] === 1 && of[col[b]!] === -1) of[col[b]!] = count;
    count++;
  }
  return { of, count };
}

/** By block: 1 for a strong coupling with a usable row, else 0. */
function strongCouplings(
  { rows, ptr, col }: Pattern,
  norm: Float32Array,
  usable: Uint8Array,
  threshold: number,
): Uint8Array {
  const own = new Float64Array(rows);
  for (let r = 0; r < rows; r++) for (let b = ptr[r]!; b < ptr[r + 1]!; b++) if (col[b] === r) own[r] = norm[b]!;
  const strong = new Uint8Array(col.length);
  for (let r = 0; r < rows; r++)
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++) {
      const c = col[b]!;
      if (norm[b]! > 0 && usable[c] === 1 && norm[b]! >= threshold * Math.sqrt(own[r]! * own[c]!)) strong[b] = 1;
    }
  return strong;
}

/** Gives each row that is left over to the aggregate that its couplings together pull at most. */
function joinRest(
  { rows, ptr, col }: Pattern,
  norm: Float32Array,
  strong: Uint8Array,
  usable: Uint8Array,
  of: Int32Array,
): void {
  const first = of.slice();
  const pull = new Float64Array(rows); // by aggregate, 0 again after each row
  for (let r = 0; r < rows; r++) {
    if (of[r]! >= 0 || usable[r] === 0) continue;
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++)
      if (strong[b] === 1 && first[col[b]!]! >= 0) pull[first[col[b]!]!]! += norm[b]!;
    let best = 0;
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++) {
      const group = first[col[b]!]!;
      if (group < 0 || pull[group]! <= best) continue;
      best = pull[group]!;
      of[r] = group;
    }
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++) if (first[col[b]!]! >= 0) pull[first[col[b]!]!] = 0;
  }
}
