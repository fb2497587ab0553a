import { SpondylError } from "../error.js";
import { type Mask, maskWhere } from "./mask.js";
import type { Grid, Quantity, Vec3, Volume } from "./volume.js";
import { indexToWorld, voxelCount, worldToIndex } from "./volume.js";

export interface ResampleOptions {
  /** Between voxel centres. Default "linear"; labels are always "nearest", as a mean of two labels is a third one. */
  readonly interpolation?: "linear" | "nearest";
  /** Value where the source has no voxel. Default 0. */
  readonly outside?: number;
}

/**
 * The volume on another grid, through LPS: shifted, turned, finer or coarser alike. The source reaches half a voxel
 * beyond its outer voxel centres; there its edge values hold on. A coarser grid is not smoothed first: blur before,
 * where aliasing matters.
 */
export function resample<Q extends Quantity>(
  volume: Volume<Q>,
  grid: Grid,
  { interpolation = volume.quantity === "label" ? "nearest" : "linear", outside = 0 }: ResampleOptions = {},
): Volume<Q> {
  if (volume.quantity === "label" && interpolation !== "nearest")
    throw new SpondylError("bad-option", `resample: labels cannot be interpolated "${interpolation}". Give "nearest".`);
  const data = new Float32Array(voxelCount(grid.size)).fill(outside);
  (interpolation === "linear" ? sampleLinear : sampleNearest)(
    volume.data,
    data,
    volume.size,
    gridMap(grid, volume),
    grid.size,
  );
  const { size, spacing, origin, direction } = grid;
  return { quantity: volume.quantity, data, size, spacing, origin, direction };
}

/** A mask on another grid: the voxels whose interpolated membership is at least a half; nothing outside. */
export function resampleMask(mask: Mask, from: Grid, to: Grid): Mask {
  const share = new Float32Array(voxelCount(to.size));
  sampleLinear(mask, share, from.size, gridMap(to, from), to.size);
  return maskWhere(share.length, (n) => share[n]! >= 0.5);
}

/** The affine map of voxel indices from one grid to another: index' = start + i·step[0] + j·step[1] + k·step[2]. */
interface GridMap {
  readonly start: Vec3;
  readonly step: readonly [Vec3, Vec3, Vec3];
}

function gridMap(from: Grid, to: Grid): GridMap {
  const at = (index: Vec3) => worldToIndex(to, indexToWorld(from, index));
  const start = at([0, 0, 0]);
  const step = (index: Vec3): Vec3 => {
    const p = at(index);
    return [snap(p[0] - start[0]), snap(p[1] - start[1]), snap(p[2] - start[2])];
  };
  return {
    start: [snap(start[0]), snap(start[1]), snap(start[2])],
    step: [step([1, 0, 0]), step([0, 1, 0]), step([0, 0, 1])],
  };
}

/** Rounds off what only rounding left, so that a grid maps to itself exactly. */
const snap = (x: number) => (Math.abs(x - Math.round(x)) < 1e-9 ? Math.round(x) : x);

/** Fills the target voxels that lie in the source; leaves the others. */
function sampleNearest(
  from: ArrayLike<number>,
  to: Float32Array,
  size: Vec3,
  { start, step }: GridMap,
  target: Vec3,
): void {
  const [nx, ny, nz] = size;
  for (let k = 0, n = 0; k < target[2]; k++)
    for (let j = 0; j < target[1]; j++)
      for (let i = 0; i < target[0]; i++, n++) {
        const x = Math.floor(start[0] + i * step[0][0] + j * step[1][0] + k * step[2][0] + 0.5);
        const y = Math.floor(start[1] + i * step[0][1] + j * step[1][1] + k * step[2][1] + 0.5);
        const z = Math.floor(start[2] + i * step[0][2] + j * step[1][2] + k * step[2][2] + 0.5);
        if (x >= 0 && x < nx && y >= 0 && y < ny && z >= 0 && z < nz) to[n] = from[x + nx * (y + ny * z)]!;
      }
}

function sampleLinear(
  from: ArrayLike<number>,
  to: Float32Array,
  size: Vec3,
  { start, step }: GridMap,
  target: Vec3,
): void {
  const [nx, ny, nz] = size;
  for (let k = 0, n = 0; k < target[2]; k++)
    for (let j = 0; j < target[1]; j++)
      for (let i = 0; i < target[0]; i++, n++) {
        const x = start[0] + i * step[0][0] + j * step[1][0] + k * step[2][0];
        const y = start[1] + i * step[0][1] + j * step[1][1] + k * step[2][1];
        const z = start[2] + i * step[0][2] + j * step[1][2] + k * step[2][2];
        if (!(x >= -0.5 && x <= nx - 0.5 && y >= -0.5 && y <= ny - 0.5 && z >= -0.5 && z <= nz - 0.5)) continue;
        const cx = Math.max(0, Math.min(nx - 1, x));
        const cy = Math.max(0, Math.min(ny - 1, y));
        const cz = Math.max(0, Math.min(nz - 1, z));
        const ix = Math.floor(cx),
          iy = Math.floor(cy),
          iz = Math.floor(cz);
        const fx = cx - ix,
          fy = cy - iy,
          fz = cz - iz;
        const a = ix + nx * (iy + ny * iz); // steps of 0 where the weight is 0 keep the last voxel inside
        const dx = fx > 0 ? 1 : 0,
          dy = fy > 0 ? nx : 0,
          dz = fz > 0 ? nx * ny : 0;
        const low = mix(mix(from[a]!, from[a + dx]!, fx), mix(from[a + dy]!, from[a + dx + dy]!, fx), fy);
        const high = mix(
          mix(from[a + dz]!, from[a + dx + dz]!, fx),
          mix(from[a + dy + dz]!, from[a + dx + dy + dz]!, fx),
          fy,
        );
        to[n] = mix(low, high, fz);
      }
}

const mix = (a: number, b: number, t: number): number => (t === 0 ? a : a + (b - a) * t);
