import { add, scale } from "../linalg/vec3.js";
import type { AnatomicalFrame } from "./frame.js";
import type { Mask } from "./mask.js";
import type { Grid, Vec3 } from "./volume.js";
import { indexToWorld } from "./volume.js";

/**
 * A grid along the vertebra's own axes (left, posterior, cranial) with cubic voxels, around a mask.
 * @param grid   of the mask
 * @param edgeMm voxel edge, mm
 * @param marginMm free space around the mask on every side, mm
 * The body's centre comes to lie on a voxel centre.
 */
export function alignedGrid(mask: Mask, grid: Grid, frame: AnatomicalFrame, edgeMm: number, marginMm: number): Grid {
  const axes: readonly Vec3[] = [scale(frame.right, -1), scale(frame.anterior, -1), frame.cranial];
  const { low, high } = extent(mask, grid, frame.centre, axes);
  const first = low.map((v) => Math.floor((v - marginMm) / edgeMm));
  const last = high.map((v) => Math.ceil((v + marginMm) / edgeMm));
  const count = (n: 0 | 1 | 2) => last[n]! - first[n]! + 1;
  const direction = Float64Array.from({ length: 9 }, (_, n) => axes[n % 3]![Math.floor(n / 3)]!);
  return {
    size: [count(0), count(1), count(2)],
    spacing: [edgeMm, edgeMm, edgeMm],
    origin: axes.reduce<Vec3>((at, axis, n) => add(at, scale(axis, first[n]! * edgeMm)), frame.centre),
    direction,
  };
}

/** Least and greatest coordinate (mm from the centre) of the mask's voxels along each axis, half a voxel included. */
function extent(mask: Mask, grid: Grid, centre: Vec3, axes: readonly Vec3[]): { low: number[]; high: number[] } {
  const low = [Infinity, Infinity, Infinity],
    high = [-Infinity, -Infinity, -Infinity];
  const [nx, ny, nz] = grid.size;
  const zero = indexToWorld(grid, [0, 0, 0]);
  const unitStep = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const
  ).map((e) => indexToWorld(grid, e).map((c, r) => c - zero[r]!));
  const start = axes.map((a) => a.reduce((s, c, r) => s + c * (zero[r]! - centre[r]!), 0));
  const step = axes.map((a) => unitStep.map((e) => a.reduce((s, c, r) => s + c * e[r]!, 0)));
  const half = step.map((s) => s.reduce((sum, c) => sum + Math.abs(c) / 2, 0));
  const include = (i: number, j: number, k: number) => {
    for (let a = 0; a < 3; a++) {
      const at = start[a]! + i * step[a]![0]! + j * step[a]![1]! + k * step[a]![2]!;
      if (at < low[a]!) low[a] = at;
      if (at > high[a]!) high[a] = at;
    }
  };
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      const row = nx * (j + ny * k);
      let first = row,
        last = row + nx - 1; // the ends of a row settle it
      while (first <= last && !mask[first]) first++;
      while (last > first && !mask[last]) last--;
      if (first > last) continue;
      include(first - row, j, k);
      include(last - row, j, k);
    }
  return { low: low.map((v, a) => v - half[a]!), high: high.map((v, a) => v + half[a]!) };
}
