/**
 * Sparse matrix of small dense blocks, compressed by rows. Block number n of `value` is height×width, row-major;
 * row i has the blocks ptr[i] … ptr[i + 1] − 1 in the block columns col[…], ascending.
 */
export interface BlockMatrix {
  readonly rows: number; // block rows
  readonly columns: number; // block columns
  readonly height: number; // of a block
  readonly width: number;
  readonly ptr: Uint32Array; // rows + 1
  readonly col: Uint32Array;
  readonly value: Float64Array;
}

/** Number of the block at (row, column), or −1. */
export function findBlock({ ptr, col }: Pick<BlockMatrix, "ptr" | "col">, row: number, column: number): number {
  let low = ptr[row]!;
  let high = ptr[row + 1]! - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (col[middle] === column) return middle;
    if (col[middle]! < column) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Where the blocks of the transpose lie: its row pointers, its columns, and the number of each block in `matrix`. */
export function transposeIndex({ rows, columns, ptr, col }: Pick<BlockMatrix, "rows" | "columns" | "ptr" | "col">): {
  readonly ptr: Uint32Array;
  readonly col: Uint32Array;
  readonly block: Uint32Array;
} {
  const out = new Uint32Array(columns + 1);
  for (const c of col) out[c + 1]!++;
  for (let c = 0; c < columns; c++) out[c + 1]! += out[c]!;
  const next = out.slice();
  const row = new Uint32Array(col.length);
  const block = new Uint32Array(col.length);
  for (let r = 0; r < rows; r++)
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++) {
      const at = next[col[b]!]!++;
      row[at] = r;
      block[at] = b;
    }
  return { ptr: out, col: row, block };
}

/** Diagonal of a square block matrix, [height·row + component]. */
export function blockDiagonal(matrix: BlockMatrix): Float64Array {
  const { rows, height, value } = matrix;
  const diagonal = new Float64Array(rows * height);
  for (let r = 0; r < rows; r++) {
    const block = findBlock(matrix, r, r);
    if (block >= 0)
      for (let i = 0; i < height; i++) diagonal[height * r + i] = value[block * height * height + i * (height + 1)]!;
  }
  return diagonal;
}

/** y = A·x. */
export function multiply({ rows, height, width, ptr, col, value }: BlockMatrix, x: Float64Array): Float64Array {
  const y = new Float64Array(rows * height);
  for (let r = 0; r < rows; r++)
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++)
      for (let i = 0; i < height; i++) {
        let sum = 0;
        for (let j = 0; j < width; j++) sum += value[(b * height + i) * width + j]! * x[col[b]! * width + j]!;
        y[r * height + i]! += sum;
      }
  return y;
}

/** Largest eigenvalue of D⁻¹A, by Lanczos' method: 20 steps agree with the limit to a percent or two. */
export function spectralRadius(matrix: BlockMatrix, steps = 20): number {
  const n = matrix.rows * matrix.height;
  const root = blockDiagonal(matrix).map((d) => (d > 0 ? 1 / Math.sqrt(d) : 0));
  const apply = (v: Float64Array) =>
    multiply(
      matrix,
      v.map((x, i) => x * root[i]!),
    ).map((y, i) => y * root[i]!);
  let v = Float64Array.from(root, (s, i) => (s > 0 ? Math.sin(12.9898 * (i + 1)) : 0)); // any start without symmetry
  let before = new Float64Array(n);
  const alpha: number[] = [];
  const beta: number[] = [];
  let norm = length(v);
  for (let k = 0; k < steps && norm > 1e-12; k++) {
    v = v.map((x) => x / norm);
    const w = apply(v);
    const a = dot(v, w);
    alpha.push(a);
    const last = k > 0 ? beta[k - 1]! : 0;
    const previous = before;
    const current = v;
    const next = w.map((x, i) => x - a * current[i]! - last * previous[i]!);
    before = v;
    v = next;
    norm = length(v);
    beta.push(norm);
  }
  return largestOfTridiagonal(alpha, beta);
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};
const length = (v: Float64Array): number => Math.sqrt(dot(v, v));

/** By bisection on the count of negative pivots. */
function largestOfTridiagonal(alpha: readonly number[], beta: readonly number[]): number {
  let low = 0;
  let high = Math.max(0, ...alpha.map((a, i) => a + (beta[i - 1] ?? 0) + (beta[i] ?? 0)));
  const allBelow = (x: number): boolean => {
    let pivot = 1;
    for (let i = 0; i < alpha.length; i++) {
      pivot = alpha[i]! - x - (i > 0 ? beta[i - 1]! ** 2 / pivot : 0);
      if (pivot >= 0) return false;
    }
    return true;
  };
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (allBelow(middle)) high = middle;
    else low = middle;
  }
  return high;
}
