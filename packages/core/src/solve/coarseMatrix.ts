import { type Arena, emptyMatrix, keep, reserve, type StoredMatrix } from "./arena.js";
import type { BlockMatrix } from "./blockMatrix.js";
import { gaussStiffness } from "./coarsen.js";
import { inParts } from "./kernel.js";
import type { RigidMotions } from "./smoothedAggregation.js";
import { forEachElement, type VoxelLevel } from "./voxelLevel.js";

/**
 * The matrix of level 1 written out in 3×3 blocks, one block row per slot; rows and columns of fixed unknowns are 0.
 * @param moduli at its Gauss points, MPa, [8·element + Gauss point]
 * @param fixed  by unknown, [component·stride + slot]
 */
export function assembleCoarse(
  arena: Arena,
  level: VoxelLevel,
  moduli: Float32Array,
  poisson: number,
  fixed: Uint8Array,
): StoredMatrix {
  const { elements } = level.runs;
  const { stride } = level;
  const slots = new Int32Array(8 * elements);
  forEachElement(level, (element, eight) => {
    for (let a = 0; a < 8; a++) slots[8 * element + a] = eight[a]!;
  });
  const shape = { rows: stride, columns: stride, height: 3, width: 3, ...neighbours(slots, stride) };
  const matrix = emptyMatrix(arena, shape);
  const points = new Float64Array(8 * 576);
  gaussStiffness(level.edges, poisson).forEach((K, q) => {
    points.set(K, 576 * q);
  });
  const free = Float64Array.from(fixed, (f) => 1 - f);
  const lists = [slots, moduli, points, free].map((data) => keep(arena, data));
  const local = reserve(arena, 8 * 576);
  inParts(elements, (begin, end) => {
    arena.kernel.assemble(begin, end, ...lists, stride, ...matrix.at, local);
  });
  return matrix;
}

/** Which slots each slot shares an element with, ascending. */
function neighbours(slots: Int32Array, stride: number): Pick<BlockMatrix, "ptr" | "col"> {
  const WIDTH = 64; // 27 neighbours, and copies of some
  const table = new Int32Array(WIDTH * stride);
  const count = new Uint8Array(stride);
  for (let first = 0; first < slots.length; first += 8)
    for (let a = first; a < first + 8; a++)
      for (let b = first; b < first + 8; b++) {
        const t = slots[b]!;
        let at = WIDTH * slots[a]!;
        const end = at + count[slots[a]!]!;
        while (at < end && table[at] !== t) at++;
        if (at < end) continue;
        table[at] = t;
        count[slots[a]!]!++;
      }
  const ptr = new Uint32Array(stride + 1);
  for (let s = 0; s < stride; s++) ptr[s + 1] = ptr[s]! + count[s]!;
  const col = new Uint32Array(ptr[stride]!);
  for (let s = 0; s < stride; s++) col.set(table.subarray(WIDTH * s, WIDTH * s + count[s]!).sort(), ptr[s]);
  return { ptr, col };
}

/** Rigid motions of the nodes of a level, about the middle of the grid and in units of its length. */
export function rigidMotions(level: VoxelLevel, fixed: Uint8Array): RigidMotions {
  const { runs, nodeRuns, edges, stride, copies } = level;
  const [nx, ny, nz] = runs.size;
  const length = Math.max(nx * edges[0], ny * edges[1], nz * edges[2]);
  const motions = new Float64Array(18 * stride);
  const set = (i: number, j: number, k: number, slot: number) => {
    const x = ((i - nx / 2) * edges[0]) / length;
    const y = ((j - ny / 2) * edges[1]) / length;
    const z = ((k - nz / 2) * edges[2]) / length;
    motions.set([1, 0, 0, 0, z, -y, 0, 1, 0, -z, 0, x, 0, 0, 1, y, -x, 0], 18 * slot);
    for (let c = 0; c < 3; c++) if (fixed[c * stride + slot]) motions.fill(0, 18 * slot + 6 * c, 18 * slot + 6 * c + 6);
  };
  for (let k = 0; k <= nz; k++)
    for (let j = 0; j <= ny; j++)
      for (let r = nodeRuns.row[j + (ny + 1) * k]!; r < nodeRuns.row[j + (ny + 1) * k + 1]!; r++)
        for (let n = 0; n < nodeRuns.count[r]!; n++) set(nodeRuns.begin[r]! + n, j, k, nodeRuns.slot[r]! + n);
  for (const { node, slot } of copies) set(...node, slot);
  return motions;
}
