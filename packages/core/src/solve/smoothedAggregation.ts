import { aggregate } from "./aggregate.js";
import { type BlockMatrix, blockDiagonal, transposeIndex } from "./blockMatrix.js";
import { galerkin } from "./galerkin.js";

/** Six rigid motions of the unknowns: [6·(height·row + component) + motion]; a fixed unknown has a row of 0. */
export type RigidMotions = Float64Array;

/** The next coarser level: interpolation, operator and rigid motions. */
export interface Coarser {
  readonly prolongation: BlockMatrix; // height × 6
  readonly matrix: BlockMatrix; // 6 × 6
  readonly motions: RigidMotions;
}

/**
 * Smoothed aggregation: every aggregate keeps its six rigid motions, made smooth by one step of Jacobi, and the coarse
 * operator is the Galerkin product.
 *
 * @param threshold of strong coupling, see `aggregate`
 * @param bound     of the spectrum of D⁻¹A
 *
 * Source: Vaněk, Mandel, Brezina (1996); Vaněk, Brezina, Mandel, Convergence of algebraic multigrid based on smoothed
 * aggregation (2001).
 */
export function coarsenByAggregation(
  matrix: BlockMatrix,
  motions: RigidMotions,
  { threshold, bound }: { readonly threshold: number; readonly bound: number },
): Coarser {
  const { rows, height } = matrix;
  const diagonal = blockDiagonal(matrix);
  const usable = (row: number) => {
    for (let i = 0; i < height; i++) if (diagonal[height * row + i]! > 0) return true;
    return false;
  };
  const groups = aggregate(matrix, threshold, usable);
  const { tentative, coarseMotions } = orthonormalMotions(motions, groups, rows, height);
  const prolongation = smoothProlongation(matrix, diagonal, tentative, groups, 4 / 3 / bound);
  return { prolongation, matrix: galerkin(matrix, prolongation), motions: coarseMotions };
}

/** QR of the rigid motions of each aggregate: Q per row (height×6), R the motions of the next level. */
function orthonormalMotions(
  motions: RigidMotions,
  { of, count }: { readonly of: Int32Array; readonly count: number },
  rows: number,
  height: number,
): { tentative: Float64Array; coarseMotions: RigidMotions } {
  const q = motions.slice();
  const r = new Float64Array(36 * count);
  const members = transposeIndex(membership(of, count));
  for (let a = 0; a < count; a++) {
    const list = members.col.subarray(members.ptr[a]!, members.ptr[a + 1]!);
    for (let m = 0; m < 6; m++) orthogonalise(q, r.subarray(36 * a, 36 * a + 36), list, height, m);
  }
  for (let row = 0; row < rows; row++) if (of[row]! < 0) q.fill(0, 6 * height * row, 6 * height * (row + 1));
  return { tentative: q, coarseMotions: r };
}

function membership(of: Int32Array, count: number): Pick<BlockMatrix, "rows" | "columns" | "ptr" | "col"> {
  const ptr = new Uint32Array(of.length + 1);
  for (let i = 0; i < of.length; i++) ptr[i + 1] = ptr[i]! + (of[i]! >= 0 ? 1 : 0);
  return { rows: of.length, columns: count, ptr, col: Uint32Array.from(of.filter((a) => a >= 0)) };
}

/** Gram-Schmidt, twice, for motion m of one aggregate; a motion that the others contain becomes 0. */
function orthogonalise(q: Float64Array, r: Float64Array, list: Uint32Array, height: number, m: number): void {
  const norm = () => Math.sqrt(columnDot(q, list, height, m, m));
  const before = norm();
  for (let pass = 0; pass < 2; pass++)
    for (let k = 0; k < m; k++) {
      const c = columnDot(q, list, height, k, m);
      r[6 * k + m]! += c;
      eachUnknown(list, height, (u) => {
        q[6 * u + m]! -= c * q[6 * u + k]!;
      });
    }
  const after = norm();
  const keep = after > 1e-6 * before;
  r[7 * m] = keep ? after : 0;
  eachUnknown(list, height, (u) => {
    q[6 * u + m]! = keep ? q[6 * u + m]! / after : 0;
  });
}

function columnDot(q: Float64Array, list: Uint32Array, height: number, k: number, m: number): number {
  let sum = 0;
  eachUnknown(list, height, (u) => {
    sum += q[6 * u + k]! * q[6 * u + m]!;
  });
  return sum;
}

function eachUnknown(list: Uint32Array, height: number, visit: (unknown: number) => void): void {
  for (const row of list) for (let i = 0; i < height; i++) visit(row * height + i);
}

/** P = (I − ω·D⁻¹·A)·T, T the tentative interpolation. */
function smoothProlongation(
  matrix: BlockMatrix,
  diagonal: Float64Array,
  tentative: Float64Array,
  { of, count }: { readonly of: Int32Array; readonly count: number },
  omega: number,
): BlockMatrix {
  const { rows, height, ptr, col, value } = matrix;
  const width = 6 * height;
  const outPtr = new Uint32Array(rows + 1);
  const place = new Int32Array(count).fill(-1);
  const found: number[] = [];
  for (let r = 0; r < rows; r++) {
    const start = found.length;
    collect(r, start);
    for (let b = start; b < found.length; b++) place[found[b]!] = -1;
    outPtr[r + 1] = found.length;
  }
  /** Aggregates met by row r, ascending. */
  function collect(r: number, start: number): void {
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++) {
      const a = of[col[b]!]!;
      if (a < 0 || place[a]! >= 0) continue;
      place[a] = 0;
      found.push(a);
    }
    const sorted = found.slice(start).sort((a, b) => a - b);
    for (let i = 0; i < sorted.length; i++) found[start + i] = sorted[i]!;
  }
  const out = new Float64Array(found.length * width);
  for (let r = 0; r < rows; r++) {
    for (let b = outPtr[r]!; b < outPtr[r + 1]!; b++) place[found[b]!] = b * width;
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++) {
      const c = col[b]!;
      if (of[c]! < 0) continue;
      const at = place[of[c]!]!;
      addProduct(out, at, value, b * height * height, tentative, c * width, height, height);
    }
    for (let b = outPtr[r]!; b < outPtr[r + 1]!; b++)
      for (let i = 0; i < height; i++) {
        const d = diagonal[height * r + i]!;
        const factor = d > 0 ? -omega / d : 0;
        for (let m = 0; m < 6; m++) out[b * width + 6 * i + m]! *= factor;
      }
    if (of[r]! >= 0) {
      const at = place[of[r]!]!;
      for (let i = 0; i < width; i++) out[at + i]! += tentative[r * width + i]!;
    }
  }
  return { rows, columns: count, height, width: 6, ptr: outPtr, col: Uint32Array.from(found), value: out };
}

/** out (height×6) += left (height×inner) · right (inner×6). */
function addProduct(
  out: Float64Array,
  at: number,
  left: Float64Array,
  l: number,
  right: Float64Array,
  r: number,
  height: number,
  inner: number,
): void {
  for (let i = 0; i < height; i++)
    for (let k = 0; k < inner; k++) {
      const f = left[l + i * inner + k]!;
      const from = r + 6 * k;
      const to = at + 6 * i;
      out[to]! += f * right[from]!;
      out[to + 1]! += f * right[from + 1]!;
      out[to + 2]! += f * right[from + 2]!;
      out[to + 3]! += f * right[from + 3]!;
      out[to + 4]! += f * right[from + 4]!;
      out[to + 5]! += f * right[from + 5]!;
    }
}
