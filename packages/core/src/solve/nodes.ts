import { GrowingList } from "./growingList.js";
import type { Runs } from "./runs.js";

/** Grid indices of the nodes that touch an element, ascending. */
export function activeNodes(runs: Runs): Uint32Array {
  const [nx, ny, nz] = runs.size;
  const row = new Uint8Array(nx + 1);
  const found = new GrowingList();
  for (let k = 0; k <= nz; k++)
    for (let j = 0; j <= ny; j++) {
      if (!markRow(runs, j, k, row)) continue;
      const base = (nx + 1) * (j + (ny + 1) * k);
      for (let i = 0; i <= nx; i++) if (row[i]) found.push(base + i);
    }
  return found.toArray();
}

/** Marks the nodes of grid row (j, k) that touch an element, telling of each run met; false when there is none. */
export function markRow(runs: Runs, j: number, k: number, row: Uint8Array, met?: (run: number) => void): boolean {
  const [, ny, nz] = runs.size;
  row.fill(0);
  let any = false;
  for (let z = Math.max(0, k - 1); z <= Math.min(nz - 1, k); z++)
    for (let y = Math.max(0, j - 1); y <= Math.min(ny - 1, j); y++)
      for (let r = runs.row[y + ny * z]!; r < runs.row[y + ny * z + 1]!; r++) {
        row.fill(1, runs.begin[r]!, runs.end[r]! + 1);
        met?.(r);
        any = true;
      }
  return any;
}
