import { type Arena, emptyMatrix, keep, reserve, type StoredMatrix } from "./arena.js";
import { type BlockMatrix, findBlock, transposeIndex } from "./blockMatrix.js";
import { inParts } from "./kernel.js";

/**
 * Pᵀ·A·P in 6×6 blocks, formed by the WASM kernel in f64.
 * @param matrix square blocks of 3 or 6
 * @param P      blocks with six columns
 */
export function galerkin(arena: Arena, matrix: StoredMatrix, P: StoredMatrix): StoredMatrix {
  const shape = galerkinShape(matrix, P);
  const widest = shape.ptr.reduce((most, end, r) => Math.max(most, end - (shape.ptr[r - 1] ?? 0)), 0);
  const coarse = emptyMatrix(arena, { rows: P.columns, columns: P.columns, height: 6, width: 6, ...shape });
  const place = keep(arena, new Int32Array(P.columns).fill(-1));
  const row = reserve(arena, 48 * matrix.height * widest);
  const met = reserve(arena, 4 * widest);
  inParts(matrix.rows, (begin, end) => {
    arena.kernel.galerkin(begin, end, matrix.height, ...matrix.at, ...P.at, ...coarse.at, place, row, met);
  });
  mirror(coarse);
  return coarse;
}

/** Which blocks Pᵀ·A·P has. */
function galerkinShape(matrix: BlockMatrix, P: BlockMatrix): { ptr: Uint32Array; col: Uint32Array } {
  const members = transposeIndex(P);
  const ptr = new Uint32Array(P.columns + 1);
  const seen = new Int32Array(P.columns).fill(-1);
  const seenRow = new Int32Array(matrix.rows).fill(-1);
  const all: number[] = [];
  for (let a = 0; a < P.columns; a++) {
    const start = all.length;
    for (let m = members.ptr[a]!; m < members.ptr[a + 1]!; m++) {
      const r = members.col[m]!;
      for (let b = matrix.ptr[r]!; b < matrix.ptr[r + 1]!; b++) {
        const c = matrix.col[b]!;
        if (seenRow[c] === a) continue;
        seenRow[c] = a;
        for (let p = P.ptr[c]!; p < P.ptr[c + 1]!; p++) {
          const to = P.col[p]!;
          if (seen[to] === a) continue;
          seen[to] = a;
          all.push(to);
        }
      }
    }
    const sorted = Uint32Array.from(all.slice(start)).sort();
    for (let i = 0; i < sorted.length; i++) all[start + i] = sorted[i]!;
    ptr[a + 1] = all.length;
  }
  return { ptr, col: Uint32Array.from(all) };
}

/** Fills the blocks below the diagonal with the transposes of those above. */
function mirror(matrix: BlockMatrix): void {
  const { rows, ptr, col, value } = matrix;
  for (let i = 0; i < rows; i++)
    for (let b = ptr[i]!; b < ptr[i + 1]!; b++) {
      if (col[b]! >= i) continue;
      const from = 36 * findBlock(matrix, col[b]!, i);
      for (let r = 0; r < 6; r++) for (let c = 0; c < 6; c++) value[36 * b + 6 * r + c] = value[from + 6 * c + r]!;
    }
}
