import type { Mask } from "../volume/mask.js";
import type { Vec3 } from "../volume/volume.js";

/**
 * A field at a continuous voxel index: trilinear between the voxel centres that lie in the mask, and those alone, as
 * beside the mask there is no field, not a field of 0. Where none of the eight is in the mask, those within two
 * voxels count, the nearer the more; beyond, NaN.
 */
export function fieldAt(data: Float32Array, mask: Mask, size: Vec3, x: number, y: number, z: number): number {
  const near = tentMean(data, mask, size, x, y, z, 1);
  return Number.isNaN(near) ? tentMean(data, mask, size, x, y, z, 2) : near;
}

/** Mean of the voxels in the mask closer than `reach` along each axis, weighted by a tent; NaN without any. */
function tentMean(
  data: Float32Array,
  mask: Mask,
  [nx, ny, nz]: Vec3,
  x: number,
  y: number,
  z: number,
  reach: number,
): number {
  let sum = 0,
    weights = 0;
  const lastX = Math.min(nx - 1, Math.floor(x + reach)),
    lastY = Math.min(ny - 1, Math.floor(y + reach)),
    lastZ = Math.min(nz - 1, Math.floor(z + reach));
  for (let k = Math.max(0, Math.ceil(z - reach)); k <= lastZ; k++)
    for (let j = Math.max(0, Math.ceil(y - reach)); j <= lastY; j++)
      for (let i = Math.max(0, Math.ceil(x - reach)); i <= lastX; i++) {
        const n = i + nx * (j + ny * k);
        if (!mask[n]) continue;
        const w = (reach - Math.abs(x - i)) * (reach - Math.abs(y - j)) * (reach - Math.abs(z - k));
        sum += w * data[n]!;
        weights += w;
      }
  return weights > 0 ? sum / weights : Number.NaN;
}
