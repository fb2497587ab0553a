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
