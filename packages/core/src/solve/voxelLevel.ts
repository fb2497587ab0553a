import type { Vec3 } from "../volume/volume.js";
import { GrowingList } from "./growingList.js";
import { findNodeRuns, type NodeRuns, slotInRow } from "./nodeRuns.js";
import type { Runs } from "./runs.js";
import type { Splits } from "./split.js";

/** A level of voxels as the WASM kernel reads it: see assembly/level.ts for the records. */
export interface VoxelLevel {
  readonly runs: Runs;
  readonly nodeRuns: NodeRuns;
  readonly edges: Vec3; // mm
  readonly stride: number; // slots of one component of a vector
  readonly pieces: Pieces;
  readonly loose: LooseElements;
  readonly copies: readonly NodeCopy[];
  readonly slabLayer: Int32Array; // slabs + 1
}

/** Runs of elements whose nodes lie in four contiguous rows. */
export interface Pieces {
  readonly layer: Int32Array; // nz + 1: first piece of each layer
  readonly records: Int32Array; // 6 per piece: first modulus, elements, first node in four rows
  readonly element: Uint32Array; // number of the first element
  readonly modulusSlots: number; // length of a list of moduli, pieces padded
}

/** Elements with a copy of a split node: their nodes lie anywhere in their two planes. */
export interface LooseElements {
  readonly layer: Int32Array; // nz + 1: first of each layer
  readonly element: Uint32Array;
  readonly slots: Int32Array; // 8 per element, corner a at bits x, y, z of a
}

/** A copy of a split node, part 1 or higher. */
export interface NodeCopy {
  readonly node: Vec3; // grid indices
  readonly slot: number;
}

/** Most slabs of a level. Two rounds of them are shared out, so that sixteen threads can be kept busy. */
const SLABS = 32;

export function voxelLevel(runs: Runs, edges: Vec3, splits?: Splits): VoxelLevel {
  const nodeRuns = findNodeRuns(runs, splits?.copies);
  const { copies, looseSlots } = splits ? placeCopies(runs, nodeRuns, splits) : { copies: [], looseSlots: new Map() };
  return {
    runs,
    nodeRuns,
    edges,
    stride: nodeRuns.planeStart.at(-1)!,
    pieces: cutPieces(runs, nodeRuns, looseSlots),
    loose: listLoose(runs, looseSlots),
    copies,
    slabLayer: slabs(runs),
  };
}

/** Gives the copies their slots, and the elements that use them the slots of their corners, by element number. */
function placeCopies(
  runs: Runs,
  nodeRuns: NodeRuns,
  { parts }: Splits,
): { copies: NodeCopy[]; looseSlots: Map<number, Int32Array> } {
  const [nx, ny] = runs.size;
  const copies: NodeCopy[] = [];
  const looseSlots = new Map<number, Int32Array>();
  const next = nodeRuns.copyStart.slice();
  for (const [index, part] of parts) {
    const node: Vec3 = [
      index % (nx + 1),
      Math.floor(index / (nx + 1)) % (ny + 1),
      Math.floor(index / ((nx + 1) * (ny + 1))),
    ];
    const first = next[node[2]]!;
    let most = 0;
    for (let octant = 0; octant < 8; octant++) {
      const p = part[octant]!;
      if (p === 0 || p > 7) continue;
      most = Math.max(most, p);
      const corner = 7 - octant; // where the element sees the node
      const voxel: Vec3 = [node[0] - (corner & 1), node[1] - ((corner >> 1) & 1), node[2] - (corner >> 2)];
      const element = elementAt(runs, voxel);
      if (!looseSlots.has(element)) looseSlots.set(element, ownSlots(runs, nodeRuns, voxel));
      looseSlots.get(element)![corner] = first + p - 1;
    }
    for (let p = 1; p <= most; p++) copies.push({ node, slot: first + p - 1 });
    next[node[2]]! += most;
  }
  return { copies, looseSlots };
}

function elementAt(runs: Runs, [x, y, z]: Vec3): number {
  const row = y + runs.size[1] * z;
  for (let r = runs.row[row]!; r < runs.row[row + 1]!; r++)
    if (runs.begin[r]! <= x && x < runs.end[r]!) return runs.first[r]! + x - runs.begin[r]!;
  throw new Error(`voxel ${x}, ${y}, ${z} is no element`);
}

/** Slots of the eight nodes of a voxel, splits apart. */
function ownSlots({ size }: Runs, nodeRuns: NodeRuns, [x, y, z]: Vec3): Int32Array {
  return Int32Array.from({ length: 8 }, (_, a) =>
    slotInRow(nodeRuns, y + ((a >> 1) & 1) + (size[1] + 1) * (z + (a >> 2)), x + (a & 1)),
  );
}

/** The runs without the loose elements. */
function cutPieces(runs: Runs, nodeRuns: NodeRuns, loose: ReadonlyMap<number, unknown>): Pieces {
  const [, ny, nz] = runs.size;
  const layer = new Int32Array(nz + 1);
  const records = new GrowingList();
  const element = new GrowingList();
  let modulus = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++)
      for (let r = runs.row[j + ny * k]!; r < runs.row[j + ny * k + 1]!; r++)
        for (let x = runs.begin[r]!; x < runs.end[r]!; x++) {
          const first = runs.first[r]! + x - runs.begin[r]!;
          let count = 0;
          while (x + count < runs.end[r]! && !(loose.size > 0 && loose.has(first + count))) count++;
          if (count === 0) continue;
          records.push(modulus);
          records.push(count);
          for (let a = 0; a < 4; a++) records.push(slotInRow(nodeRuns, j + (a & 1) + (ny + 1) * (k + (a >> 1)), x));
          element.push(first);
          modulus += paddedLength(count);
          x += count;
        }
    layer[k + 1] = element.length;
  }
  return { layer, records: records.toSigned(), element: element.toArray(), modulusSlots: modulus };
}

/** Moduli of a piece, with one lane past its end at least, to a multiple of 4. */
const paddedLength = (count: number): number => 4 * (count >> 2) + 4;

function listLoose(runs: Runs, slotsOf: ReadonlyMap<number, Int32Array>): LooseElements {
  const [, ny, nz] = runs.size;
  const element = Uint32Array.from(slotsOf.keys()).sort();
  const slots = new Int32Array(8 * element.length);
  element.forEach((e, at) => {
    slots.set(slotsOf.get(e)!, 8 * at);
  });
  const layer = Int32Array.from(
    { length: nz + 1 },
    (_, k) => element.filter((e) => e < firstOfRow(runs, ny * k)).length,
  );
  return { layer, element, slots };
}

/** Number of the first element in or after a row. */
export const firstOfRow = ({ row, first, elements }: Runs, at: number): number =>
  row[at]! < first.length ? first[row[at]!]! : elements;

/** Layers at which slabs of about the same number of elements begin; a matter of the model, never of the threads. */
function slabs(runs: Runs): Int32Array {
  const [, ny, nz] = runs.size;
  const before = (layer: number) => firstOfRow(runs, ny * layer);
  const begins = [0];
  for (let layer = 1; layer < nz; layer++)
    if (before(layer) - before(begins.at(-1)!) >= runs.elements / SLABS) begins.push(layer);
  return Int32Array.from([...begins, nz]);
}

/** Calls with each element and the slots of its eight nodes (corner a at bits x, y, z of a). The array is used again. */
export function forEachElement(
  { pieces, loose }: VoxelLevel,
  visit: (element: number, slots: Int32Array) => void,
): void {
  const { records, element } = pieces;
  const slots = new Int32Array(8);
  for (let p = 0; p < element.length; p++)
    for (let i = 0; i < records[6 * p + 1]!; i++) {
      for (let a = 0; a < 8; a++) slots[a] = records[6 * p + 2 + (a >> 1)]! + i + (a & 1);
      visit(element[p]! + i, slots);
    }
  for (let e = 0; e < loose.element.length; e++) {
    slots.set(loose.slots.subarray(8 * e, 8 * e + 8));
    visit(loose.element[e]!, slots);
  }
}
