import { depthIn } from "../volume/distance.js";
import type { WorkMask } from "./workMask.js";

/** Where the bone ends above or below one place of a work mask; in its voxels, which are 1 mm. */
export interface Column {
  readonly x: number;
  readonly y: number;
  readonly z: number; // where half of the voxel is bone, between two voxel centres
  readonly depth: number; // from the edge of the section that the columns start from
}

/**
 * The ends of the bone above (way 1) or below (-1) each place of a section: those in front of y index `back` that are
 * bone at z index `from`.
 */
export function columnsFrom(
  { mask, share, grid }: WorkMask,
  way: 1 | -1,
  from: (x: number, y: number) => number,
  back: (z: number) => number,
): Column[] {
  const [nx, ny, nz] = grid.size;
  const slice = nx * ny;
  const start = Int32Array.from({ length: slice }, (_, n) => {
    const z = from(n % nx, Math.floor(n / nx));
    return z >= 0 && z < nz && mask[n + slice * z] && Math.floor(n / nx) <= back(z) ? z : -1;
  });
  const depth = depthIn(
    Uint8Array.from(start, (z) => (z < 0 ? 0 : 1)),
    { size: [nx, ny, 1], spacing: [1, 1, 1e6] },
  );
  const columns: Column[] = [];
  for (let n = 0; n < slice; n++) {
    let z = start[n]!;
    if (z < 0) continue;
    const at = (k: number) => (k >= 0 && k < nz ? share[n + slice * k]! : 0);
    while (at(z + way) >= 0.5) z += way;
    const end = z + (way * (at(z) - 0.5)) / (at(z) - at(z + way));
    columns.push({ x: n % nx, y: Math.floor(n / nx), z: end, depth: depth[n]! });
  }
  return columns;
}
