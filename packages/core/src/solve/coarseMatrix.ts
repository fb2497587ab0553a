import { type BlockMatrix, findBlock } from "./blockMatrix.js";
import { type CoarseLevel, gaussStiffness } from "./coarsen.js";
import type { RigidMotions } from "./smoothedAggregation.js";
import { forEachElement, type VoxelLevel } from "./voxelLevel.js";

/**
 * The matrix of level 1 written out in 3×3 blocks, one block row per slot; rows and columns of fixed unknowns are 0.
 * @param fixed by unknown, [component·stride + slot]
 */
export function assembleCoarse({ level, gaussModuli }: CoarseLevel, poisson: number, fixed: Uint8Array): BlockMatrix {
  const { ptr, col } = neighbours(level);
  const value = new Float64Array(9 * col.length);
  const points = gaussStiffness(level.edges, poisson);
  const K = new Float64Array(576);
  const free = Float64Array.from(fixed, (f) => 1 - f);
  forEachElement(level, (element, slots) => {
    K.fill(0);
    for (let q = 0; q < 8; q++) {
      const modulus = gaussModuli[8 * element + q]!;
      const point = points[q]!;
      for (let i = 0; i < 576; i++) K[i]! += modulus * point[i]!;
    }
    for (let a = 0; a < 8; a++)
      for (let b = 0; b < 8; b++) {
        const s = slots[a]!;
        const t = slots[b]!;
        const block = findBlock({ ptr, col }, s, t);
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 3; j++)
            value[9 * block + 3 * i + j]! +=
              K[24 * (3 * a + i) + 3 * b + j]! * free[i * level.stride + s]! * free[j * level.stride + t]!;
      }
  });
  return { rows: level.stride, columns: level.stride, height: 3, width: 3, ptr, col, value };
}

/** Which slots each slot shares an element with, ascending. */
function neighbours(level: VoxelLevel): Pick<BlockMatrix, "ptr" | "col"> {
  const WIDTH = 64; // 27 neighbours, and copies of some
  const table = new Int32Array(WIDTH * level.stride);
  const count = new Uint8Array(level.stride);
  forEachElement(level, (_, slots) => {
    for (let a = 0; a < 8; a++)
      for (let b = 0; b < 8; b++) {
        const s = slots[a]!;
        const t = slots[b]!;
        let at = WIDTH * s;
        const end = at + count[s]!;
        while (at < end && table[at] !== t) at++;
        if (at === end) {
          table[at] = t;
          count[s]!++;
        }
      }
  });
  const ptr = new Uint32Array(level.stride + 1);
  for (let s = 0; s < level.stride; s++) ptr[s + 1] = ptr[s]! + count[s]!;
  const col = new Uint32Array(ptr[level.stride]!);
  for (let s = 0; s < level.stride; s++) col.set(table.subarray(WIDTH * s, WIDTH * s + count[s]!).sort(), ptr[s]);
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
