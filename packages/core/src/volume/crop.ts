import { SpondylError } from "../error.js";
import type { Mask } from "./mask.js";
import type { Grid, Quantity, Vec3, Volume } from "./volume.js";
import { indexToWorld, voxelCount } from "./volume.js";

/** Voxels from `lower` up to, but without, `upper`. It may reach beyond the grid it is used with. */
export interface Box {
  readonly lower: Vec3;
  readonly upper: Vec3;
}

export const boxSize = ({ lower, upper }: Box): Vec3 => [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]];

/** The smallest box around the voxels that are not 0; undefined when there are none. */
export function boundingBox(data: ArrayLike<number>, [nx, ny, nz]: Vec3): Box | undefined {
  let x0 = nx,
    x1 = -1,
    y0 = ny,
    y1 = -1,
    z0 = nz,
    z1 = -1;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        if (!data[n]) continue;
        if (i < x0) x0 = i;
        if (i > x1) x1 = i;
        if (j < y0) y0 = j;
        if (j > y1) y1 = j;
        if (k < z0) z0 = k;
        if (k > z1) z1 = k;
      }
  return x1 < 0 ? undefined : { lower: [x0, y0, z0], upper: [x1 + 1, y1 + 1, z1 + 1] };
}

/** The smallest box around two boxes. */
export const joinBoxes = (a: Box, b: Box): Box => ({
  lower: [Math.min(a.lower[0], b.lower[0]), Math.min(a.lower[1], b.lower[1]), Math.min(a.lower[2], b.lower[2])],
  upper: [Math.max(a.upper[0], b.upper[0]), Math.max(a.upper[1], b.upper[1]), Math.max(a.upper[2], b.upper[2])],
});

/** The box grown by `marginMm` (rounded up to voxels) on every side; kept on the grid unless `beyond`. */
export function padBox(box: Box, grid: Pick<Grid, "size" | "spacing">, marginMm: number, { beyond = false } = {}): Box {
  const pad = (axis: 0 | 1 | 2) => Math.ceil(marginMm / grid.spacing[axis] - 1e-9);
  const low = (axis: 0 | 1 | 2) => box.lower[axis] - pad(axis);
  const high = (axis: 0 | 1 | 2) => box.upper[axis] + pad(axis);
  const floor = (v: number) => (beyond ? v : Math.max(0, v));
  const roof = (v: number, axis: 0 | 1 | 2) => (beyond ? v : Math.min(grid.size[axis], v));
  return {
    lower: [floor(low(0)), floor(low(1)), floor(low(2))],
    upper: [roof(high(0), 0), roof(high(1), 1), roof(high(2), 2)],
  };
}

/** The grid of the voxels in the box. @throws SpondylError "bad-input" for a box without voxels */
export function cropGrid(grid: Grid, box: Box): Grid {
  const size = boxSize(box);
  if (!size.every((n) => Number.isInteger(n) && n > 0))
    throw new SpondylError("bad-input", `crop: the box ${box.lower} to ${box.upper} holds no voxels.`, { box });
  return { size, spacing: grid.spacing, origin: indexToWorld(grid, box.lower), direction: grid.direction };
}

/** The part of the volume in the box, on its own grid; `outside` where the box reaches beyond the volume. */
export function cropToBox<Q extends Quantity>(volume: Volume<Q>, box: Box, outside = 0): Volume<Q> {
  const grid = cropGrid(volume, box);
  const data = new Float32Array(voxelCount(grid.size)).fill(outside);
  copyBox(volume.data, volume.size, data, box);
  return { quantity: volume.quantity, data, ...grid };
}

/** The part of the mask in the box; nothing where the box reaches beyond the grid. */
export function cropMask(mask: Mask, size: Vec3, box: Box): Mask {
  const data = new Uint8Array(voxelCount(boxSize(box)));
  copyBox(mask, size, data, box);
  return data;
}

/** A cropped mask put back on the grid of this size. */
export function uncropMask(mask: Mask, box: Box, size: Vec3): Mask {
  const back: Box = {
    lower: [-box.lower[0], -box.lower[1], -box.lower[2]],
    upper: [size[0] - box.lower[0], size[1] - box.lower[1], size[2] - box.lower[2]],
  };
  return cropMask(mask, boxSize(box), back);
}

function copyBox(from: ArrayLike<number>, [nx, ny, nz]: Vec3, to: Float32Array | Mask, { lower, upper }: Box): void {
  const [mx, my] = boxSize({ lower, upper });
  const x0 = Math.max(0, lower[0]),
    x1 = Math.min(nx, upper[0]);
  for (let z = Math.max(0, lower[2]); z < Math.min(nz, upper[2]); z++)
    for (let y = Math.max(0, lower[1]); y < Math.min(ny, upper[1]); y++)
      for (let x = x0; x < x1; x++)
        to[x - lower[0] + mx * (y - lower[1] + my * (z - lower[2]))] = from[x + nx * (y + ny * z)]!;
}
