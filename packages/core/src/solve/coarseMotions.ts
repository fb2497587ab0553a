import type { RigidMotions } from "./smoothedAggregation.js";
import type { VoxelLevel } from "./voxelLevel.js";

/** Rigid motions of the nodes of a level, about the middle of the grid and in units of its length. */
export function coarseMotions(level: VoxelLevel, fixed: Uint8Array): RigidMotions {
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
