import type { Grid, Volume } from "./volume.js";

/**
 * A set of voxels: one byte per voxel of a grid, 1 inside and 0 outside, x fastest. Its grid travels beside it, as
 * the masks of one vertebra all share one.
 */
export type Mask = Uint8Array;

/** The mask of the positions for which `inside` holds. A loop, as `Uint8Array.from` takes ten times as long. */
export function maskWhere(length: number, inside: (n: number) => boolean): Mask {
  const mask = new Uint8Array(length);
  for (let n = 0; n < length; n++) if (inside(n)) mask[n] = 1;
  return mask;
}

/** The voxels that hold one of these labels. */
export function maskOf({ data }: Volume<"label">, ...wanted: readonly number[]): Mask {
  return maskWhere(data.length, (n) => wanted.includes(data[n]!));
}

/** The mask as a volume of 0 and `label`. */
export function maskVolume(mask: Mask, { size, spacing, origin, direction }: Grid, label = 1): Volume<"label"> {
  return { quantity: "label", data: Float32Array.from(mask, (m) => (m ? label : 0)), size, spacing, origin, direction };
}

/** Voxels in the mask. */
export function maskCount(mask: Mask): number {
  let count = 0;
  for (let n = 0; n < mask.length; n++) if (mask[n]) count++;
  return count;
}

export const union = (a: Mask, b: Mask): Mask => a.map((m, n) => (m || b[n] ? 1 : 0));
export const intersection = (a: Mask, b: Mask): Mask => a.map((m, n) => (m && b[n] ? 1 : 0));
export const difference = (a: Mask, b: Mask): Mask => a.map((m, n) => (m && !b[n] ? 1 : 0));
