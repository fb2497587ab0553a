import { add, cross, dot, reject, scale, unit } from "../linalg/vec3.js";
import { components } from "../volume/components.js";
import type { Mask } from "../volume/mask.js";
import { erodeSteps } from "../volume/morphology.js";
import type { Grid, Vec3 } from "../volume/volume.js";
import { gridAxis, indexToWorld } from "../volume/volume.js";

/** The vertebral foramen: the hole that is seen when one looks through the vertebra along the spinal canal. */
export interface Canal {
  readonly point: Vec3; // mm, LPS, on its axis, level with the vertebra's centroid
  readonly axis: Vec3; // unit, either sense
  readonly areaMm2: number; // of the hole in projection
}

const PIXEL = 1.5; // mm: wider than the points are apart, so that the projected bone is tight
const LEAST = 40; // mm²: smaller holes are gaps of the mask

/**
 * The spinal canal of a whole-vertebra mask: of all directions the one along which the largest hole is seen through
 * the bone. It needs no idea of how the vertebra lies; undefined when the ring of the arch is not closed.
 * @param grid cubic voxels of at most 1 mm
 */
export function findCanal(mask: Mask, grid: Grid): Canal | undefined {
  const points = surfaceCentres(mask, grid);
  let best = bestOf(points, hemisphere(120));
  for (const spread of [0.08, 0.04, 0.02]) if (best) best = bestOf(points, around(best.axis, spread)) ?? best;
  return best && best.areaMm2 >= LEAST ? best : undefined;
}

function bestOf(points: Float64Array, axes: readonly Vec3[]): Canal | undefined {
  const seen = axes.map((axis) => holeAlong(points, axis)).filter((hole) => hole !== undefined);
  const most = Math.max(0, ...seen.map((hole) => hole.areaMm2));
  const large = seen.filter((hole) => hole.areaMm2 >= 0.97 * most); // a plateau: take its middle
  if (large.length === 0) return undefined;
  const first = large[0]!.axis;
  const middle = unit(large.map(({ axis }) => scale(axis, Math.sign(dot(axis, first)) || 1)).reduce(add));
  return holeAlong(points, middle) ?? large[0];
}

/** The largest hole in the projection of the points along the axis. */
function holeAlong(points: Float64Array, axis: Vec3): Canal | undefined {
  const u = unit(reject(Math.abs(axis[0]) < 0.7 ? [1, 0, 0] : [0, 1, 0], axis)),
    v = cross(axis, u);
  let u0 = Infinity,
    u1 = -Infinity,
    v0 = Infinity,
    v1 = -Infinity;
  const flat = new Float64Array((points.length / 3) * 2);
  for (let p = 0, q = 0; p < points.length; p += 3, q += 2) {
    const x = points[p]!,
      y = points[p + 1]!,
      z = points[p + 2]!;
    const a = x * u[0] + y * u[1] + z * u[2],
      b = x * v[0] + y * v[1] + z * v[2];
    flat[q] = a;
    flat[q + 1] = b;
    if (a < u0) u0 = a;
    if (a > u1) u1 = a;
    if (b < v0) v0 = b;
    if (b > v1) v1 = b;
  }
  const nu = Math.ceil((u1 - u0) / PIXEL) + 3,
    nv = Math.ceil((v1 - v0) / PIXEL) + 3;
  const empty = new Uint8Array(nu * nv).fill(1);
  for (let q = 0; q < flat.length; q += 2)
    empty[Math.round((flat[q]! - u0) / PIXEL) + 1 + nu * (Math.round((flat[q + 1]! - v0) / PIXEL) + 1)] = 0;
  const { label, count, sizes } = components(empty, [nu, nv, 1], 6);
  const outside = label[0]!; // the frame around the projection
  const hole = outside === 1 ? 2 : 1;
  if (count < hole) return undefined;
  let pixels = 0,
    iu = 0,
    iv = 0;
  for (let n = 0; n < label.length; n++)
    if (label[n] === hole) {
      pixels++;
      iu += n % nu;
      iv += Math.floor(n / nu);
    }
  const across = add(scale(u, u0 + (iu / pixels - 1) * PIXEL), scale(v, v0 + (iv / pixels - 1) * PIXEL));
  return { point: add(across, scale(axis, middle(points, axis))), axis, areaMm2: sizes[hole - 1]! * PIXEL * PIXEL };
}

/** Mean of the points along the axis. */
function middle(points: Float64Array, axis: Vec3): number {
  let sum = 0;
  for (let p = 0; p < points.length; p += 3)
    sum += points[p]! * axis[0] + points[p + 1]! * axis[1] + points[p + 2]! * axis[2];
  return (3 * sum) / points.length;
}

/** Directions spread evenly over half a sphere (Fibonacci spiral). */
function hemisphere(count: number): Vec3[] {
  const turn = Math.PI * (3 - Math.sqrt(5));
  return Array.from({ length: count }, (_, n): Vec3 => {
    const z = (n + 0.5) / count,
      r = Math.sqrt(1 - z * z);
    return [r * Math.cos(turn * n), r * Math.sin(turn * n), z];
  });
}

/** The axis and two rings of directions about it, at `spread` and twice that, radians. */
function around(axis: Vec3, spread: number): Vec3[] {
  const u = unit(reject(Math.abs(axis[0]) < 0.7 ? [1, 0, 0] : [0, 1, 0], axis)),
    v = cross(axis, u);
  const ring = (radius: number, count: number) =>
    Array.from({ length: count }, (_, n) => {
      const t = (2 * Math.PI * n) / count;
      return unit(add(axis, add(scale(u, Math.tan(radius) * Math.cos(t)), scale(v, Math.tan(radius) * Math.sin(t)))));
    });
  return [axis, ...ring(spread, 8), ...ring(2 * spread, 12)];
}

/** Centres of the voxels on the mask's surface, mm, LPS, [3·n + axis]: they cast the same shadow as all of them. */
function surfaceCentres(mask: Mask, grid: Grid): Float64Array {
  const [nx, ny, nz] = grid.size;
  const inner = erodeSteps(mask, grid.size, 1, 6);
  const step = ([0, 1, 2] as const).map((axis) => scale(gridAxis(grid, axis), grid.spacing[axis]));
  const start = indexToWorld(grid, [0, 0, 0]);
  const points: number[] = [];
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++)
        if (mask[n] && !inner[n])
          for (let r = 0; r < 3; r++) points.push(start[r]! + i * step[0]![r]! + j * step[1]![r]! + k * step[2]![r]!);
  return Float64Array.from(points);
}
