import { GrowingList } from "./growingList.js";
import { markRow } from "./nodes.js";
import type { Runs } from "./runs.js";

/**
 * The active nodes of a level as runs along x, and their slots in the vectors of the WASM kernel: z, y, x order, every
 * plane from a multiple of 4, followed by at least 8 slots that stay 0, so that vector lanes may run over.
 */
export interface NodeRuns {
  readonly row: Uint32Array; // (ny + 1)(nz + 1) + 1: the runs of node row j + (ny + 1)·k
  readonly begin: Int32Array; // x index of the first node
  readonly count: Int32Array;
  readonly slot: Int32Array; // of the first node
  readonly planeStart: Int32Array; // nz + 2
  readonly copyStart: Int32Array; // nz + 1: first slot after the rows of each plane
  readonly nodes: number;
}

const PLANE_PADDING = 8;

/** @param copies how many further slots each plane needs, after its rows (level 1: see `Splits`) */
export function findNodeRuns(runs: Runs, copies?: Int32Array): NodeRuns {
  const [nx, ny, nz] = runs.size;
  const flags = new Uint8Array(nx + 1);
  const row = new Uint32Array((ny + 1) * (nz + 1) + 1);
  const planeStart = new Int32Array(nz + 2);
  const copyStart = new Int32Array(nz + 1);
  const begin = new GrowingList();
  const count = new GrowingList();
  const slot = new GrowingList();
  let next = 0;
  let nodes = 0;
  for (let k = 0; k <= nz; k++) {
    planeStart[k] = next;
    for (let j = 0; j <= ny; j++) {
      if (markRow(runs, j, k, flags))
        for (let i = 0; i <= nx; i++) {
          if (!flags[i]) continue;
          const start = i;
          while (i <= nx && flags[i]) i++;
          begin.push(start);
          count.push(i - start);
          slot.push(next);
          next += i - start;
          nodes += i - start;
        }
      row[j + (ny + 1) * k + 1] = begin.length;
    }
    copyStart[k] = next;
    next = Math.ceil((next + (copies?.[k] ?? 0) + PLANE_PADDING) / 4) * 4;
  }
  planeStart[nz + 1] = next;
  return {
    row,
    begin: begin.toSigned(),
    count: count.toSigned(),
    slot: slot.toSigned(),
    planeStart,
    copyStart,
    nodes,
  };
}

/** Slot of node i of a node row (it must be active). */
export function slotInRow({ row, begin, count, slot }: NodeRuns, nodeRow: number, i: number): number {
  let low = row[nodeRow]!;
  let high = row[nodeRow + 1]! - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (begin[middle]! <= i) low = middle;
    else high = middle - 1;
  }
  if (!(begin[low]! <= i && i < begin[low]! + count[low]!))
    throw new Error(`node ${i} of row ${nodeRow} is not active`);
  return slot[low]! + i - begin[low]!;
}

/** Slots of all active nodes, in the order of their grid indices. */
export function nodeSlots({ count, slot, nodes }: NodeRuns): Uint32Array {
  const slots = new Uint32Array(nodes);
  let at = 0;
  for (let r = 0; r < count.length; r++) for (let i = 0; i < count[r]!; i++) slots[at++] = slot[r]! + i;
  return slots;
}
