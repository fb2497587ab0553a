import { type BlockMatrix, findBlock, transposeIndex } from "./blockMatrix.js";
import { GrowingList } from "./growingList.js";

type Pattern = Pick<BlockMatrix, "rows" | "columns" | "ptr" | "col">;

/** Which blocks Pᵀ·A·P has. */
export function galerkinShape(matrix: Pattern, P: Pattern): Pick<BlockMatrix, "ptr" | "col"> {
  const members = transposeIndex(P);
  const ptr = new Uint32Array(P.columns + 1);
  const seen = new Int32Array(P.columns).fill(-1);
  const seenRow = new Int32Array(matrix.rows).fill(-1);
  const all = new GrowingList();
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
    all.sortFrom(start);
    ptr[a + 1] = all.length;
  }
  return { ptr, col: all.toArray() };
}

/** Fills the 6×6 blocks below the diagonal with the transposes of those above. */
export function mirror(matrix: BlockMatrix): void {
  const { rows, ptr, col, value } = matrix;
  for (let i = 0; i < rows; i++)
    for (let b = ptr[i]!; b < ptr[i + 1]!; b++) {
      if (col[b]! >= i) continue;
      const from = 36 * findBlock(matrix, col[b]!, i);
      for (let r = 0; r < 6; r++) for (let c = 0; c < 6; c++) value[36 * b + 6 * r + c] = value[from + 6 * c + r]!;
    }
}
