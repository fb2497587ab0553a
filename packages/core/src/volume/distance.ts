import type { Grid, Vec3 } from "./volume.js";
import { voxelCount } from "./volume.js";

/**
 * Exact Euclidean distance (mm) from each voxel centre to the nearest voxel centre of the mask: 0 in the mask, Infinity
 * everywhere when it is empty. Spacing may differ by axis.
 *
 * Source: Felzenszwalb & Huttenlocher, Distance transforms of sampled functions, Theory of Computing 8 (2012):
 * along each axis in turn, the lower envelope of one parabola per voxel.
 */
export function distanceTo(mask: ArrayLike<number>, { size, spacing }: Pick<Grid, "size" | "spacing">): Float32Array {
  const squared = new Float64Array(voxelCount(size));
  for (let n = 0; n < squared.length; n++) squared[n] = mask[n] ? 0 : Infinity;
  for (const axis of [0, 1, 2] as const) alongAxis(squared, size, axis, spacing[axis]);
  const distance = new Float32Array(squared.length);
  for (let n = 0; n < distance.length; n++) distance[n] = Math.sqrt(squared[n]!);
  return distance;
}

/**
 * Distance (mm) from each voxel of the mask to the nearest voxel centre outside it; 0 outside. `beyond` says what lies
 * beyond the grid: 0 (default) nothing, so that its border counts as a surface; 1 more of the mask.
 */
export function depthIn(
  mask: ArrayLike<number>,
  { size, spacing }: Pick<Grid, "size" | "spacing">,
  { beyond = 0 }: { readonly beyond?: 0 | 1 } = {},
): Float32Array {
  const outside = new Uint8Array(voxelCount(size));
  for (let n = 0; n < outside.length; n++) outside[n] = mask[n] ? 0 : 1;
  const depth = distanceTo(outside, { size, spacing });
  if (beyond) return depth;
  const [nx, ny, nz] = size;
  for (let k = 0, n = 0; k < nz; k++) {
    const z = spacing[2] * Math.min(k + 1, nz - k);
    for (let j = 0; j < ny; j++) {
      const yz = Math.min(z, spacing[1] * Math.min(j + 1, ny - j));
      for (let i = 0; i < nx; i++, n++) depth[n] = Math.min(depth[n]!, yz, spacing[0] * Math.min(i + 1, nx - i));
    }
  }
  return depth;
}

/** Replaces each line f along the axis by its transform min over q of f(q) + (spacing·(p − q))². */
function alongAxis(squared: Float64Array, size: Vec3, axis: 0 | 1 | 2, spacing: number): void {
  const n = size[axis];
  if (n < 2) return;
  const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const line = new Float64Array(n),
    at = new Int32Array(n),
    from = new Float64Array(n + 1);
  const block = stride * n;
  for (let start = 0; start < squared.length; start += block)
    for (let offset = 0; offset < stride; offset++) {
      const first = start + offset;
      for (let p = 0; p < n; p++) line[p] = squared[first + p * stride]!;
      const parabolas = envelope(line, spacing, at, from);
      if (!parabolas) continue;
      for (let p = 0, v = 0; p < n; p++) {
        while (v + 1 < parabolas && from[v + 1]! < p) v++;
        const d = spacing * (p - at[v]!);
        squared[first + p * stride] = line[at[v]!]! + d * d;
      }
    }
}

/** Lower envelope of the finite parabolas of a line: parabola `at[v]` is the lowest from `from[v]` on. Answers how many. */
function envelope(line: Float64Array, spacing: number, at: Int32Array, from: Float64Array): number {
  const s2 = spacing * spacing;
  let count = 0;
  for (let q = 0; q < line.length; q++) {
    if (line[q] === Infinity) continue;
    let meet = -Infinity;
    while (count > 0) {
      const v = at[count - 1]!;
      meet = ((line[q]! - line[v]!) / s2 + q * q - v * v) / (2 * (q - v));
      if (meet > from[count - 1]!) break;
      count--;
    }
    at[count] = q;
    from[count] = count === 0 ? -Infinity : meet;
    count++;
  }
  return count;
}
