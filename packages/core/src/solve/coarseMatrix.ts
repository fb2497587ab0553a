import { type Arena, keep, keepPattern, reserve } from "./arena.js";
import type { BlockMatrix } from "./blockMatrix.js";
import { gaussStiffness } from "./coarsen.js";
import { elementSlots } from "./elements.js";
import { inParts } from "./kernel.js";
import { firstOfRow, type VoxelLevel } from "./voxelLevel.js";
import { mostBlocks, type Window, type WindowedMatrix } from "./windows.js";

/** Rows of a window, about: their blocks take 400 MB. Each window also writes out a plane of nodes on either side. */
const WINDOW_ROWS = 1 << 18;

/**
 * The matrix of level 1 in 3×3 blocks, one block row per slot; rows and columns of fixed unknowns are 0.
 * @param moduli at its Gauss points, MPa, [8·element + Gauss point]
 * @param fixed  by unknown, [component·stride + slot]
 */
export function coarseMatrix(
  arena: Arena,
  level: VoxelLevel,
  moduli: Float32Array,
  poisson: number,
  fixed: Uint8Array,
  windowRows = WINDOW_ROWS,
): WindowedMatrix {
  const { stride, runs } = level;
  const slots = elementSlots(level);
  const { pattern, at } = keepPattern(arena, neighbours(level, slots));
  const windows = planeWindows(level.nodeRuns.planeStart, windowRows);
  const bytes = 72 * mostBlocks({ windows }, pattern.ptr);
  const lists = [keep(arena, slots), keep(arena, moduli), keep(arena, pairBlocks(level, poisson))];
  const fixedBits = Uint8Array.from({ length: stride }, (_, s) => axisBits(fixed, stride, s));
  lists.push(keep(arena, fixedBits));
  const value = reserve(arena, bytes);
  const local = reserve(arena, 80);
  let written: Window | undefined;
  return {
    ...{ rows: stride, columns: stride, height: 3, ...pattern, at, windows },
    write: (window) => {
      const blockZero = value - 72 * pattern.ptr[window.from]!;
      if (window === written) return blockZero;
      if (written) new Uint8Array(arena.memory.buffer, value, bytes).fill(0);
      const [begin, end] = elementsOf(level, window);
      inParts(end - begin, (b, e) => {
        arena.kernel.assemble(begin + b, begin + e, window.from, window.to, ...lists, ...at, blockZero, local);
      });
      written = window;
      return blockZero;
    },
  };

  /** Elements that touch the planes of a window: its layers, and the one before. */
  function elementsOf({ nodeRuns: { planeStart } }: VoxelLevel, { from, to }: Window): [number, number] {
    const [, ny, nz] = runs.size;
    const plane = (row: number) => planeStart.indexOf(row);
    return [firstOfRow(runs, ny * Math.max(0, plane(from) - 1)), firstOfRow(runs, ny * Math.min(nz, plane(to)))];
  }
}

const axisBits = (fixed: Uint8Array, stride: number, slot: number): number =>
  fixed[slot]! | (fixed[stride + slot]! << 1) | (fixed[2 * stride + slot]! << 2);

/** Windows of whole planes, with a plane more on either side. */
function planeWindows(planeStart: Int32Array, rows: number): Window[] {
  const windows: Window[] = [];
  const planes = planeStart.length - 1;
  for (let first = 0; first < planes; ) {
    let last = first + 1;
    while (last < planes && planeStart[last + 1]! - planeStart[first]! <= rows) last++;
    windows.push({
      begin: planeStart[first]!,
      end: planeStart[last]!,
      from: planeStart[Math.max(0, first - 1)]!,
      to: planeStart[Math.min(planes, last + 1)]!,
    });
    first = last;
  }
  return windows;
}

/** 3×3 blocks of the pairs of corners a ≤ b at each Gauss point, 10 numbers each: see assembly/assemble.ts. */
function pairBlocks({ edges }: VoxelLevel, poisson: number): Float64Array {
  const list: number[] = [];
  const points = gaussStiffness(edges, poisson);
  for (let a = 0; a < 8; a++)
    for (let b = a; b < 8; b++)
      for (const K of points) {
        for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) list.push(K[24 * (3 * a + i) + 3 * b + j]!);
        list.push(0);
      }
  return Float64Array.from(list);
}

/** Which slots each slot shares an element with, ascending. Two planes of nodes at a time are gathered. */
function neighbours({ runs, nodeRuns, stride }: VoxelLevel, slots: Int32Array): Pick<BlockMatrix, "ptr" | "col"> {
  const { planeStart } = nodeRuns;
  const [, ny, nz] = runs.size;
  const WIDTH = 64; // 27 neighbours, and copies of some
  let widest = 0;
  for (let k = 0; k <= nz; k++) widest = Math.max(widest, planeStart[k + 1]! - planeStart[k]!);
  const table = new Int32Array(2 * WIDTH * widest); // planes of even and odd number
  const count = new Uint8Array(stride);
  const ptr = new Uint32Array(stride + 1);
  const columns: Uint32Array[] = [];
  for (let k = 0; k <= nz; k++) {
    if (k < nz) gather(slots.subarray(8 * firstOfRow(runs, ny * k), 8 * firstOfRow(runs, ny * (k + 1))), planeStart, k);
    const half = (k & 1) * widest - planeStart[k]!;
    for (let s = planeStart[k]!; s < planeStart[k + 1]!; s++) ptr[s + 1] = ptr[s]! + count[s]!;
    const list = new Uint32Array(ptr[planeStart[k + 1]!]! - ptr[planeStart[k]!]!);
    for (let s = planeStart[k]!; s < planeStart[k + 1]!; s++) {
      const begin = WIDTH * (half + s);
      list.set(sorted(table, begin, begin + count[s]!), ptr[s]! - ptr[planeStart[k]!]!);
    }
    columns.push(list);
  }
  return { ptr, col: joined(columns) };

  /** Adds the pairs of the elements of layer k. */
  function gather(list: Int32Array, starts: Int32Array, k: number): void {
    const offset = [(k & 1) * widest - starts[k]!, ((k + 1) & 1) * widest - starts[k + 1]!];
    for (let first = 0; first < list.length; first += 8)
      for (let a = first; a < first + 8; a++) {
        const s = list[a]!;
        const row = WIDTH * (offset[(a - first) >> 2]! + s);
        for (let b = first; b < first + 8; b++) {
          const t = list[b]!;
          let at = row;
          const end = row + count[s]!;
          while (at < end && table[at] !== t) at++;
          if (at < end) continue;
          table[at] = t;
          count[s]!++;
        }
      }
  }
}

/** A short part of a list, put in order where it is. */
function sorted(list: Int32Array, begin: number, end: number): Int32Array {
  for (let i = begin + 1; i < end; i++) {
    const value = list[i]!;
    let at = i;
    for (; at > begin && list[at - 1]! > value; at--) list[at] = list[at - 1]!;
    list[at] = value;
  }
  return list.subarray(begin, end);
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
