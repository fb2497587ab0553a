import type { Run } from "../run.js";
import type { Grid, Vec3 } from "../volume/volume.js";
import { voxelCount } from "../volume/volume.js";
import type { Distance } from "./arch.js";
import { toOwn } from "./shape.js";
import { step } from "./step.js";
import { type Vertebra, whole } from "./vertebra.js";

/** Distances to the vertebra's surfaces at the voxels of a grid, mm, < 0 inside. */
export interface Distances {
  readonly whole: Float32Array; // to the vertebra's surface; ±far away from it
  readonly body: Float32Array; // to the closed-form body's; ±far away from it, and `far` wherever `whole` is `far`
}

export const far = 1e6; // mm: stands for "nowhere near"

const edge = 8; // voxels: blocks of this edge are decided as one where no surface can be near
const steepest = 1.3; // greatest slope of the closed forms, for that decision

/**
 * Evaluates the closed form where it matters: everywhere within `band` of a surface (mm), elsewhere by blocks.
 *
 * @param pose rows of the turn from the vertebra's own axes to LPS
 */
export async function sampleDistances(
  v: Vertebra,
  pose: readonly [Vec3, Vec3, Vec3],
  grid: Grid,
  band: number,
  run: Run,
): Promise<Distances> {
  const n = voxelCount(grid.size);
  const out = { whole: new Float32Array(n).fill(far), body: new Float32Array(n).fill(far) };
  const { size, spacing: s, origin: o } = grid;
  const middle = (edge - 1) / 2;
  const radius = middle * Math.hypot(...s); // of a block
  const margin = steepest * radius + band;
  for (let k = 0; k < size[2]; k += edge) {
    await step(run, k / size[2]);
    for (let j = 0; j < size[1]; j += edge)
      for (let i = 0; i < size[0]; i += edge) {
        const centre: Vec3 = [o[0] + (i + middle) * s[0], o[1] + (j + middle) * s[1], o[2] + (k + middle) * s[2]];
        const [x, y, z] = toOwn(pose, centre);
        const b = v.body.distance(x, y, z),
          w = whole(b, v.arch.distance(x, y, z));
        if (w > margin) continue; // outside
        const toBody = w < -margin && Math.abs(b) > margin ? () => Math.sign(b) * far : v.body.distance;
        const toArch = w < -margin ? () => -far : v.arch.near(x, y, z, radius);
        fillBlock(pose, grid, out, [i, j, k], toBody, toArch);
      }
  }
  return out;
}

function fillBlock(
  [r0, r1, r2]: readonly [Vec3, Vec3, Vec3],
  { size, spacing: s, origin: o }: Grid,
  out: Distances,
  [i0, j0, k0]: Vec3,
  toBody: Distance,
  toArch: Distance,
): void {
  for (let k = k0; k < Math.min(size[2], k0 + edge); k++)
    for (let j = j0; j < Math.min(size[1], j0 + edge); j++)
      for (let i = i0; i < Math.min(size[0], i0 + edge); i++) {
        const n = i + size[0] * (j + size[1] * k);
        const X = o[0] + i * s[0],
          Y = o[1] + j * s[1],
          Z = o[2] + k * s[2];
        const x = r0[0] * X + r1[0] * Y + r2[0] * Z;
        const y = r0[1] * X + r1[1] * Y + r2[1] * Z;
        const z = r0[2] * X + r1[2] * Y + r2[2] * Z;
        const b = toBody(x, y, z),
          a = toArch(x, y, z);
        out.body[n] = b;
        out.whole[n] = a === -far ? a : whole(b, a);
      }
}

/**
 * True distance to the surface at a voxel, to first order: the value over its slope. The closed forms are zero on the
 * surface and rise nearly, not exactly, by 1 mm per mm.
 */
export function surfaceDistance(f: Float32Array, n: number, strides: Vec3, spacing: Vec3): number {
  const here = f[n]!;
  if (Math.abs(here) === far) return here;
  let square = 0;
  for (let axis = 0; axis < 3; axis++) {
    const up = f[n + strides[axis]!] ?? far,
      down = f[n - strides[axis]!] ?? far;
    const sides = (Math.abs(up) === far ? 0 : 1) + (Math.abs(down) === far ? 0 : 1);
    if (sides === 0) continue;
    const rise = (Math.abs(up) === far ? here : up) - (Math.abs(down) === far ? here : down);
    square += (rise / (sides * spacing[axis]!)) ** 2;
  }
  return here / Math.max(0.5, Math.sqrt(square));
}
