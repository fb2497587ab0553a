import { type BlockMatrix, blockDiagonal } from "./blockMatrix.js";
import { NO_STIFFNESS } from "./stiffless.js";

/** Cholesky factor of the coarsest matrix, packed by rows: row i has its i + 1 numbers from i(i + 1)/2 on. */
export interface Factor {
  readonly unknown: Uint32Array; // which unknowns of the matrix it solves for; the others are 0
  readonly lower: Float64Array;
}

/**
 * Factor of a positive semi-definite matrix. A pivot that vanishes against that belongs to a motion that costs
 * nothing (a rigid motion left free): that unknown is left at 0, which is one of the solutions.
 * @param scale stiffness that each unknown would have by itself: its diagonal may be one of these pivots already
 */
export function factorise(matrix: BlockMatrix, scale: Float64Array): Factor {
  const diagonal = blockDiagonal(matrix);
  const candidates = Uint32Array.from(diagonal.keys()).filter((i) => diagonal[i]! > 0);
  const dense = denseRows(matrix, candidates);
  const kept: number[] = [];
  const rows: Float64Array[] = [];
  candidates.forEach((unknown, at) => {
    const source = dense[at]!;
    const row = new Float64Array(kept.length + 1);
    for (let j = 0; j < kept.length; j++) {
      const other = rows[j]!;
      let sum = source[kept[j]!]!;
      for (let k = 0; k < j; k++) sum -= row[k]! * other[k]!;
      row[j] = sum / other[j]!;
    }
    let pivot = source[at]!;
    for (let k = 0; k < kept.length; k++) pivot -= row[k]! * row[k]!;
    if (pivot <= NO_STIFFNESS * scale[unknown]!) return;
    row[kept.length] = Math.sqrt(pivot);
    rows.push(row);
    kept.push(at);
  });
  const lower = new Float64Array((kept.length * (kept.length + 1)) / 2);
  rows.forEach((row, i) => {
    lower.set(row, (i * (i + 1)) / 2);
  });
  return { unknown: Uint32Array.from(kept, (at) => candidates[at]!), lower };
}

function denseRows({ rows, height, ptr, col, value }: BlockMatrix, unknowns: Uint32Array): Float64Array[] {
  const place = new Int32Array(rows * height).fill(-1);
  unknowns.forEach((u, at) => {
    place[u] = at;
  });
  return Array.from(unknowns, (u) => {
    const row = new Float64Array(unknowns.length);
    const r = Math.floor(u / height);
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++)
      for (let j = 0; j < height; j++) {
        const at = place[col[b]! * height + j]!;
        if (at >= 0) row[at] = value[(b * height + (u % height)) * height + j]!;
      }
    return row;
  });
}
