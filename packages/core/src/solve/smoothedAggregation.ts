import { aggregate, type Groups } from "./aggregate.js";
import { type Arena, doublesAt, emptyMatrix, keep, keepPattern, reserve, type StoredMatrix } from "./arena.js";
import { type BlockMatrix, findBlock, transposeIndex } from "./blockMatrix.js";
import { galerkinShape, mirror } from "./galerkin.js";
import { GrowingList } from "./growingList.js";
import { inParts } from "./kernel.js";
import { clearStiffless } from "./stiffless.js";
import { mostBlocks, type WindowedMatrix } from "./windows.js";

/** Six rigid motions of the unknowns: [6·(height·row + component) + motion]; a fixed unknown has a row of 0. */
export type RigidMotions = Float64Array;

/** The next coarser level: interpolation, operator and rigid motions. */
export interface Coarser {
  readonly prolongation: BlockMatrix; // height × 6: which one, the Coarsening says
  readonly matrix: StoredMatrix; // 6 × 6
  readonly motions: RigidMotions;
  readonly scale: Float64Array; // per unknown: the finer diagonal in its motion, what its stiffness would be all by itself
}

/** How a level is coarsened. */
export interface Coarsening {
  readonly threshold: number; // of strong coupling, see `aggregate`
  readonly damping: number; // ω of the interpolation (I − ω·D⁻¹·A)·T
  readonly keep: "smoothed" | "tentative"; // which interpolation is handed on: this one (of a single window), or T
}

/**
 * Smoothed aggregation: every aggregate keeps its six rigid motions, made smooth by one step of Jacobi, and the coarse
 * operator is the Galerkin product.
 *
 * @param motions used up
 *
 * Source: Vaněk, Mandel, Brezina (1996); Vaněk, Brezina, Mandel, Convergence of algebraic multigrid based on smoothed
 * aggregation (2001).
 */
export function coarsenByAggregation(
  arena: Arena,
  matrix: WindowedMatrix,
  motions: RigidMotions,
  { threshold, damping, keep: kept }: Coarsening,
): Coarser {
  const { height } = matrix;
  const { diagonal, norm } = survey(arena, matrix);
  const groups = aggregate(matrix, norm, usableRows(diagonal, height), threshold);
  const members = membership(groups);
  const coarseMotions = orthonormalise(motions, groups, transposeIndex(members), height);
  const { coarse, smoothed } = galerkinOfSmoothed(arena, matrix, diagonal, motions, groups, damping);
  const scale = ownStiffness(motions, diagonal, groups, height);
  clearStiffless(coarse, scale);
  return {
    prolongation: kept === "smoothed" ? smoothed : { ...members, height, width: 6, value: memberRows(motions, groups) },
    matrix: coarse,
    motions: coarseMotions,
    scale,
  };
}

/** Diagonal, [height·row + component], and norms of the blocks, found in one pass over the windows. */
function survey(arena: Arena, matrix: WindowedMatrix): { diagonal: Float64Array; norm: Float32Array } {
  const { rows, height, ptr, col, windows } = matrix;
  const size = height * height;
  const diagonal = new Float64Array(height * rows);
  const norms = reserve(arena, 4 * col.length);
  for (const window of windows) {
    const value = matrix.write(window);
    const [first, last] = [ptr[window.begin]!, ptr[window.end]!];
    inParts(last - first, (begin, end) => {
      arena.kernel.blockNorms(first + begin, first + end, size, value, norms);
    });
    const blocks = doublesAt(arena, value + 8 * size * first, size * (last - first));
    for (let r = window.begin; r < window.end; r++) {
      const block = findBlock(matrix, r, r) - first;
      if (block >= 0)
        for (let i = 0; i < height; i++) diagonal[height * r + i] = blocks[size * block + i * (height + 1)]!;
    }
  }
  return { diagonal, norm: new Float32Array(arena.memory.buffer, norms, col.length) };
}

/** Whether a row has unknowns at all: 1 or 0. */
function usableRows(diagonal: Float64Array, height: number): Uint8Array {
  const usable = new Uint8Array(diagonal.length / height);
  for (let i = 0; i < diagonal.length; i++) if (diagonal[i]! > 0) usable[Math.floor(i / height)] = 1;
  return usable;
}

type Pattern = Pick<BlockMatrix, "rows" | "columns" | "ptr" | "col">;

/** Which aggregate each row is in, as the pattern of a matrix. */
function membership({ of, count }: Groups): Pattern {
  const ptr = new Uint32Array(of.length + 1);
  for (let i = 0; i < of.length; i++) ptr[i + 1] = ptr[i]! + (of[i]! >= 0 ? 1 : 0);
  return { rows: of.length, columns: count, ptr, col: Uint32Array.from(of.filter((a) => a >= 0)) };
}

/** Rows of the members of aggregates, behind each other. */
function memberRows(tentative: Float64Array, { of }: Groups): Float64Array {
  const size = tentative.length / of.length;
  const rows = new Float64Array(size * of.reduce((sum, a) => sum + (a >= 0 ? 1 : 0), 0));
  let at = 0;
  for (let row = 0; row < of.length; row++) {
    if (of[row]! < 0) continue;
    rows.set(tentative.subarray(size * row, size * (row + 1)), at);
    at += size;
  }
  return rows;
}

/** QR of the rigid motions of each aggregate: Q takes their place, R are the motions of the next level. */
function orthonormalise(
  q: RigidMotions,
  { of, count }: Groups,
  members: Pick<BlockMatrix, "ptr" | "col">,
  height: number,
): RigidMotions {
  const r = new Float64Array(36 * count);
  for (let a = 0; a < count; a++) {
    const list = members.col.subarray(members.ptr[a]!, members.ptr[a + 1]!);
    for (let m = 0; m < 6; m++) orthogonaliseOne(q, r.subarray(36 * a, 36 * a + 36), list, height, m);
  }
  for (let row = 0; row < of.length; row++) if (of[row]! < 0) q.fill(0, 6 * height * row, 6 * height * (row + 1));
  return r;
}

/** Gram-Schmidt, twice, for motion m of one aggregate; a motion that the others contain becomes 0. */
function orthogonaliseOne(q: Float64Array, r: Float64Array, list: Uint32Array, height: number, m: number): void {
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

/** qᵀDq of each motion q of each aggregate, D being the diagonal. */
function ownStiffness(q: Float64Array, diagonal: Float64Array, { of, count }: Groups, height: number): Float64Array {
  const scale = new Float64Array(6 * count);
  for (let row = 0; row < of.length; row++) {
    const group = of[row]!;
    if (group < 0) continue;
    for (let i = height * row; i < height * (row + 1); i++)
      for (let m = 0; m < 6; m++) scale[6 * group + m]! += q[6 * i + m]! ** 2 * diagonal[i]!;
  }
  return scale;
}

/** P = (I − ω·D⁻¹·A)·T and Pᵀ·A·P, formed by the WASM kernel in f64, window by window. P is that of the last window. */
function galerkinOfSmoothed(
  arena: Arena,
  matrix: WindowedMatrix,
  diagonal: Float64Array,
  tentative: Float64Array,
  { of, count }: Groups,
  omega: number,
): { coarse: StoredMatrix; smoothed: BlockMatrix } {
  const { rows, height } = matrix;
  const { pattern, at } = keepPattern(arena, { rows, columns: count, ...neighbourGroups(matrix, of, count) });
  const shape = galerkinShape(matrix, pattern);
  const widest = shape.ptr.reduce((most, end, r) => Math.max(most, end - (shape.ptr[r - 1] ?? 0)), 0);
  const coarse = emptyMatrix(arena, { rows: count, columns: count, height: 6, width: 6, ...shape });
  const weight = diagonal.map((d) => (d > 0 ? omega / d : 0));
  const lists = [keep(arena, of), keep(arena, tentative), keep(arena, weight)];
  const place = keep(arena, new Int32Array(count).fill(-1));
  const row = reserve(arena, 48 * height * widest);
  const met = reserve(arena, 4 * widest);
  const length = 6 * height * mostBlocks(matrix, pattern.ptr);
  const room = reserve(arena, 8 * length);
  for (const window of matrix.windows) {
    const value = matrix.write(window);
    if (window !== matrix.windows[0]) doublesAt(arena, room, length).fill(0);
    const P = [...at, room - 48 * height * pattern.ptr[window.from]!];
    inParts(window.to - window.from, (b, e) => {
      const [begin, end] = [window.from + b, window.from + e];
      arena.kernel.smoothProlongation(begin, end, height, ...matrix.at, value, ...lists, ...P, place);
    });
    new Int32Array(arena.memory.buffer, place, count).fill(-1);
    inParts(window.end - window.begin, (b, e) => {
      const [begin, end] = [window.begin + b, window.begin + e];
      arena.kernel.galerkin(begin, end, height, ...matrix.at, value, ...P, ...coarse.at, place, row, met);
    });
  }
  mirror(coarse);
  return { coarse, smoothed: { ...pattern, height, width: 6, value: doublesAt(arena, room, length) } };
}

/** Aggregates that each row is coupled to, ascending. */
function neighbourGroups({ rows, ptr, col }: Pattern, of: Int32Array, count: number): Pick<BlockMatrix, "ptr" | "col"> {
  const outPtr = new Uint32Array(rows + 1);
  const seen = new Int32Array(count).fill(-1);
  const found = new GrowingList();
  for (let r = 0; r < rows; r++) {
    const start = found.length;
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++) {
      const group = of[col[b]!]!;
      if (group < 0 || seen[group] === r) continue;
      seen[group] = r;
      found.push(group);
    }
    found.sortFrom(start);
    outPtr[r + 1] = found.length;
  }
  return { ptr: outPtr, col: found.toArray() };
}
