import { aggregate } from "./aggregate.js";
import { type Arena, emptyMatrix, keep, reserve, type StoredMatrix } from "./arena.js";
import { type BlockMatrix, blockDiagonal, transposeIndex } from "./blockMatrix.js";
import { galerkin } from "./galerkin.js";
import { inParts } from "./kernel.js";

/** Six rigid motions of the unknowns: [6·(height·row + component) + motion]; a fixed unknown has a row of 0. */
export type RigidMotions = Float64Array;

interface Groups {
  readonly of: Int32Array; // aggregate of each row, −1 for none
  readonly count: number;
}

/** The next coarser level: interpolation, operator and rigid motions. */
export interface Coarser {
  readonly prolongation: StoredMatrix; // height × 6
  readonly matrix: StoredMatrix; // 6 × 6
  readonly motions: RigidMotions;
  readonly scale: Float64Array; // per unknown: the finer diagonal in its motion, what its stiffness would be all by itself
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
  arena: Arena,
  matrix: StoredMatrix,
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
  const prolongation = smoothProlongation(arena, matrix, diagonal, tentative, groups, 4 / 3 / bound);
  return {
    prolongation,
    matrix: galerkin(arena, matrix, prolongation),
    motions: coarseMotions,
    scale: ownStiffness(tentative, diagonal, groups, height),
  };
}

/** QR of the rigid motions of each aggregate: Q per row (height×6), R the motions of the next level. */
function orthonormalMotions(
  motions: RigidMotions,
  { of, count }: Groups,
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

/** qᵀDq of each motion q of each aggregate, D being the diagonal. */
function ownStiffness(q: Float64Array, diagonal: Float64Array, { of, count }: Groups, height: number): Float64Array {
  const scale = new Float64Array(6 * count);
  of.forEach((group, row) => {
    if (group < 0) return;
    for (let i = height * row; i < height * (row + 1); i++)
      for (let m = 0; m < 6; m++) scale[6 * group + m]! += q[6 * i + m]! ** 2 * diagonal[i]!;
  });
  return scale;
}

function membership(of: Int32Array, count: number): Pick<BlockMatrix, "rows" | "columns" | "ptr" | "col"> {
  const ptr = new Uint32Array(of.length + 1);
  for (let i = 0; i < of.length; i++) ptr[i + 1] = ptr[i]! + (of[i]! >= 0 ? 1 : 0);
  return { rows: of.length, columns: count, ptr, col: Uint32Array.from(of.filter((a) => a >= 0)) };
}

/** Gram-Schmidt, twice, for motion m of one aggregate; a motion that the others contain becomes 0. */
function orthogonalise(q: Float64Array, r: Float64Array, list: Uint32Array, height: number, m: number): void {
  const before = Math.sqrt(columnDot(q, list, height, m, m));
  for (let pass = 0; pass < 2; pass++)
    for (let k = 0; k < m; k++) {
      const c = columnDot(q, list, height, k, m);
      r[6 * k + m]! += c;
      for (let n = 0; n < list.length; n++)
        for (let u = 6 * height * list[n]!, end = u + 6 * height; u < end; u += 6) q[u + m]! -= c * q[u + k]!;
    }
  const after = Math.sqrt(columnDot(q, list, height, m, m));
  const keeps = after > 1e-6 * before;
  r[7 * m] = keeps ? after : 0;
  for (let n = 0; n < list.length; n++)
    for (let u = 6 * height * list[n]!, end = u + 6 * height; u < end; u += 6) q[u + m] = keeps ? q[u + m]! / after : 0;
}

function columnDot(q: Float64Array, list: Uint32Array, height: number, k: number, m: number): number {
  let sum = 0;
  for (let n = 0; n < list.length; n++)
    for (let u = 6 * height * list[n]!, end = u + 6 * height; u < end; u += 6) sum += q[u + k]! * q[u + m]!;
  return sum;
}

/** P = (I − ω·D⁻¹·A)·T, T the tentative interpolation, formed by the WASM kernel. */
function smoothProlongation(
  arena: Arena,
  matrix: StoredMatrix,
  diagonal: Float64Array,
  tentative: Float64Array,
  { of, count }: Groups,
  omega: number,
): StoredMatrix {
  const { rows, height } = matrix;
  const P = emptyMatrix(arena, { rows, columns: count, height, width: 6, ...neighbourGroups(matrix, of, count) });
  const weight = diagonal.map((d) => (d > 0 ? omega / d : 0));
  const lists = [keep(arena, of), keep(arena, tentative), keep(arena, weight)];
  const place = reserve(arena, 4 * count);
  inParts(rows, (begin, end) => {
    arena.kernel.smoothProlongation(begin, end, height, ...matrix.at, ...lists, ...P.at, place);
  });
  return P;
}

/** Aggregates that each row is coupled to, ascending. */
function neighbourGroups(
  { rows, ptr, col }: BlockMatrix,
  of: Int32Array,
  count: number,
): Pick<BlockMatrix, "ptr" | "col"> {
  const outPtr = new Uint32Array(rows + 1);
  const seen = new Int32Array(count).fill(-1);
  const found: number[] = [];
  for (let r = 0; r < rows; r++) {
    const start = found.length;
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++) {
      const group = of[col[b]!]!;
      if (group < 0 || seen[group] === r) continue;
      seen[group] = r;
      let at = found.push(group) - 1;
      for (; at > start && found[at - 1]! > group; at--) found[at] = found[at - 1]!; // few: insertion sort
      found[at] = group;
    }
    outPtr[r + 1] = found.length;
  }
  return { ptr: outPtr, col: Uint32Array.from(found) };
}
