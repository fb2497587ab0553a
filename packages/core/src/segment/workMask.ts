import { cross, dot, reject, unit } from "../linalg/vec3.js";
import { alignedGrid } from "../volume/alignedGrid.js";
import type { AnatomicalFrame } from "../volume/frame.js";
import { type Mask, maskWhere } from "../volume/mask.js";
import { resample } from "../volume/resample.js";
import type { Grid, Vec3 } from "../volume/volume.js";

/** A vertebra along its own axes: x to its left, y to the back, z to the head; 1 mm voxels. */
export interface WorkMask {
  readonly mask: Mask; // where the share is at least a half
  readonly share: Float32Array; // of bone, interpolated between the voxels of the given mask
  readonly grid: Grid;
}

export const WORK_EDGE = 1; // mm: resolves the thinnest lamina, and 1° over an end-plate is half of it

/** The mask along the axes of the frame, with `marginMm` of free space around it. */
export function workMask(mask: Mask, grid: Grid, frame: AnatomicalFrame, marginMm = 3): WorkMask {
  const aligned = alignedGrid(mask, grid, frame, WORK_EDGE, marginMm);
  const fraction = { ...grid, quantity: "fraction" as const, data: Float32Array.from(mask) };
  const share = resample(fraction, aligned).data;
  return { mask: maskWhere(share.length, (n) => share[n]! >= 0.5), share, grid: aligned };
}

/** The frame with this cranial axis, whose anterior is as near as can be to `towards`. */
export function frameFrom(centre: Vec3, cranial: Vec3, towards: Vec3): AnatomicalFrame {
  const up = unit(cranial);
  const anterior = unit(reject(towards, up));
  return { centre, cranial: up, anterior, right: cross(anterior, up) };
}

/** Unit vector components of `v` along right, anterior and cranial. */
export const inFrame = (frame: AnatomicalFrame, v: Vec3): Vec3 => [
  dot(v, frame.right),
  dot(v, frame.anterior),
  dot(v, frame.cranial),
];
