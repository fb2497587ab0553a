import type { Mask } from "./mask.js";
import { maskCount } from "./mask.js";
import type { Grid, Vec3, Volume } from "./volume.js";
import { indexToWorld, voxelVolume } from "./volume.js";

/** What the voxels of a mask hold, in the unit of the volume. All but `count` and `volumeMm3` are NaN for no voxels. */
export interface Statistics {
  readonly count: number; // voxels
  readonly volumeMm3: number;
  readonly mean: number;
  readonly sd: number; // of the voxels, divided by n - 1; 0 for one voxel
  readonly min: number;
  readonly max: number;
  readonly median: number;
}

/** Statistics of the volume's values in the mask. */
export function statistics(volume: Volume, mask: Mask): Statistics {
  const values = valuesIn(volume, mask);
  const count = values.length;
  let sum = 0;
  for (let n = 0; n < count; n++) sum += values[n]!;
  const mean = sum / count;
  let squares = 0; // second pass: no cancellation
  for (let n = 0; n < count; n++) squares += (values[n]! - mean) ** 2;
  return {
    count,
    volumeMm3: count * voxelVolume(volume.spacing),
    mean,
    sd: Math.sqrt(squares / (count > 1 ? count - 1 : count)),
    min: count ? values[0]! : Number.NaN,
    max: count ? values[count - 1]! : Number.NaN,
    median: percentile(values, 50),
  };
}

/** The volume's values in the mask, ascending. */
export function valuesIn(volume: Volume, mask: Mask): Float32Array {
  const values = new Float32Array(maskCount(mask));
  for (let n = 0, m = 0; n < mask.length; n++) if (mask[n]) values[m++] = volume.data[n]!;
  return values.sort();
}

/** Percentile (0 to 100) of ascending values, linear between ranks; NaN for none. */
export function percentile(ascending: ArrayLike<number>, percent: number): number {
  const rank = (Math.min(100, Math.max(0, percent)) / 100) * (ascending.length - 1);
  const low = ascending[Math.floor(rank)] ?? Number.NaN,
    high = ascending[Math.ceil(rank)] ?? Number.NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}

/** Volume of the mask, mm³. */
export const maskVolumeMm3 = (mask: Mask, grid: Pick<Grid, "spacing">): number =>
  maskCount(mask) * voxelVolume(grid.spacing);

/** Centroid of the mask, mm, LPS; undefined for an empty mask. */
export function centroid(mask: Mask, grid: Grid): Vec3 | undefined {
  const [nx, ny, nz] = grid.size;
  let count = 0,
    x = 0,
    y = 0,
    z = 0;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        if (!mask[n]) continue;
        count++;
        x += i;
        y += j;
        z += k;
      }
  return count ? indexToWorld(grid, [x / count, y / count, z / count]) : undefined;
}
