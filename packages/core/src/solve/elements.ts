import type { Vec3 } from "../volume/volume.js";
import { forEachElement, type VoxelLevel } from "./voxelLevel.js";

/** Slots of the eight nodes of each element, [8·element + corner], corner a at bits x, y, z of a. */
export function elementSlots(level: VoxelLevel): Int32Array {
  const slots = new Int32Array(8 * level.runs.elements);
  forEachElement(level, (element, eight) => {
    slots.set(eight, 8 * element);
  });
  return slots;
}

/** Grid index of the voxel of each element. */
export function elementVoxels({ runs }: VoxelLevel): Uint32Array {
  const voxels = new Uint32Array(runs.elements);
  let element = 0;
  for (let row = 0; row < runs.row.length - 1; row++)
    for (let r = runs.row[row]!; r < runs.row[row + 1]!; r++)
      for (let x = runs.begin[r]!; x < runs.end[r]!; x++) voxels[element++] = row * runs.size[0] + x;
  return voxels;
}

/**
 * Strain at the centre of an element, which is also its mean: xx, yy, zz, yz, xz, xy, shears engineering strains.
 * @param u       displacement, mm, [axis·stride + slot]
 * @param slots   the element's eight begin at `first`
 * @param inverse 1/(4·edge) along x, y, z, 1/mm
 * @param out     written
 */
export function centreStrain(
  u: Float64Array,
  stride: number,
  slots: Int32Array,
  first: number,
  [gx, gy, gz]: Vec3,
  out: Float64Array,
): void {
  const y = stride;
  const z = 2 * stride;
  out[0] = gx * riseX(u, 0, slots, first);
  out[1] = gy * riseY(u, y, slots, first);
  out[2] = gz * riseZ(u, z, slots, first);
  out[3] = gz * riseZ(u, y, slots, first) + gy * riseY(u, z, slots, first);
  out[4] = gz * riseZ(u, 0, slots, first) + gx * riseX(u, z, slots, first);
  out[5] = gy * riseY(u, 0, slots, first) + gx * riseX(u, y, slots, first);
}

type Rise = (u: Float64Array, component: number, slots: Int32Array, first: number) => number;

/** Sum over the four edges along an axis of what one component of the displacement rises; bits of a corner are x, y, z. */
const riseX: Rise = (u, c, s, f) =>
  u[c + s[f + 1]!]! -
  u[c + s[f]!]! +
  (u[c + s[f + 3]!]! - u[c + s[f + 2]!]!) +
  (u[c + s[f + 5]!]! - u[c + s[f + 4]!]!) +
  (u[c + s[f + 7]!]! - u[c + s[f + 6]!]!);
const riseY: Rise = (u, c, s, f) =>
  u[c + s[f + 2]!]! -
  u[c + s[f]!]! +
  (u[c + s[f + 3]!]! - u[c + s[f + 1]!]!) +
  (u[c + s[f + 6]!]! - u[c + s[f + 4]!]!) +
  (u[c + s[f + 7]!]! - u[c + s[f + 5]!]!);
const riseZ: Rise = (u, c, s, f) =>
  u[c + s[f + 4]!]! -
  u[c + s[f]!]! +
  (u[c + s[f + 5]!]! - u[c + s[f + 1]!]!) +
  (u[c + s[f + 6]!]! - u[c + s[f + 2]!]!) +
  (u[c + s[f + 7]!]! - u[c + s[f + 3]!]!);
