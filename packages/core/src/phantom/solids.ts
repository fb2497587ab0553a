import { cross, length, reject, subtract, unit } from "../linalg/vec3.js";
import type { Vec3 } from "../volume/volume.js";

/**
 * A rod whose section is a stadium: a rectangle with two round ends. It tapers from one end to the other; its ends are
 * rounded like its edges, and seen from its flat side its corners are round too. All bony processes are such rods:
 * `tall` = `thick` gives a round rod, a larger `tall` a plate.
 */
export interface Rod {
  readonly from: Vec3; // ends of the axis, mm
  readonly to: Vec3;
  readonly up: Vec3; // direction of the section's long side, as far as it is at right angles to the axis
  readonly tall: readonly [number, number]; // half the long side, mm, at both ends
  readonly thick: readonly [number, number]; // half the short side, mm
  readonly corner?: number; // radius of the corners seen from the flat side, mm, beyond what `thick` rounds; default 2.5
}

/** A rod ready for evaluation. */
export interface Solid {
  readonly ox: number; // start of the axis, mm
  readonly oy: number;
  readonly oz: number;
  readonly wx: number; // unit vector along the axis
  readonly wy: number;
  readonly wz: number;
  readonly vx: number; // unit vector along the section's long side
  readonly vy: number;
  readonly vz: number;
  readonly ux: number; // unit vector along the short side
  readonly uy: number;
  readonly uz: number;
  readonly length: number;
  readonly radius: number; // at the start, mm
  readonly radiusRise: number; // to the other end
  readonly flat: number; // half the straight part of the section at the start, mm
  readonly flatRise: number;
  readonly corner: number; // mm
}

export function solid({ from, to, up, tall, thick, corner = 2.5 }: Rod): Solid {
  const axis = subtract(to, from);
  const w = unit(axis),
    v = unit(reject(up, w)),
    u = cross(w, v);
  const flat = [tall[0] - thick[0], tall[1] - thick[1]] as const;
  return {
    ...{ ox: from[0], oy: from[1], oz: from[2] },
    ...{ wx: w[0], wy: w[1], wz: w[2], vx: v[0], vy: v[1], vz: v[2], ux: u[0], uy: u[1], uz: u[2] },
    ...{ length: length(axis), radius: thick[0], radiusRise: thick[1] - thick[0] },
    ...{ flat: flat[0], flatRise: flat[1] - flat[0], corner: Math.min(corner, flat[0], flat[1]) },
  };
}

/** Signed distance to a rod, mm, < 0 inside. Exact without taper, else too small by the cosine of the taper angle. */
export function distanceTo(s: Solid, x: number, y: number, z: number): number {
  const px = x - s.ox,
    py = y - s.oy,
    pz = z - s.oz;
  const along = px * s.wx + py * s.wy + pz * s.wz;
  const on = Math.max(0, Math.min(s.length, along));
  const t = on / s.length;
  const u = px * s.ux + py * s.uy + pz * s.uz;
  const v = Math.abs(px * s.vx + py * s.vy + pz * s.vz) - (s.flat + t * s.flatRise - s.corner);
  const e = Math.abs(along - 0.5 * s.length) - (0.5 * s.length - s.corner);
  const dv = Math.max(v, 0),
    de = Math.max(e, 0);
  const outline = Math.sqrt(dv * dv + de * de) - s.corner; // to the flat middle plate, in its plane
  const edge = Math.max(outline, 0);
  return Math.sqrt(u * u + edge * edge) - (s.radius + t * s.radiusRise);
}

/** A box with faces along the axes, mm. */
export interface Box {
  readonly low: Vec3;
  readonly high: Vec3;
}

/** A box around a rod. */
export function boxOf({ from, to, tall }: Rod): Box {
  const low = (i: 0 | 1 | 2) => Math.min(from[i] - tall[0], to[i] - tall[1]);
  const high = (i: 0 | 1 | 2) => Math.max(from[i] + tall[0], to[i] + tall[1]);
  return { low: [low(0), low(1), low(2)], high: [high(0), high(1), high(2)] };
}

/** The smallest box around points. */
export function boxAround(points: readonly Vec3[]): Box {
  const pick = (extreme: (...values: number[]) => number): Vec3 => [
    extreme(...points.map((p) => p[0])),
    extreme(...points.map((p) => p[1])),
    extreme(...points.map((p) => p[2])),
  ];
  return { low: pick(Math.min), high: pick(Math.max) };
}

/** The eight corners of a box. */
export const cornersOf = ({ low, high }: Box): Vec3[] =>
  [0, 1, 2, 3, 4, 5, 6, 7].map((c) => [c & 1 ? high[0] : low[0], c & 2 ? high[1] : low[1], c & 4 ? high[2] : low[2]]);

/** Union of two bodies given by their distances, the notch between them filled over a width of about k mm. */
export function join(a: number, b: number, k: number): number {
  const h = k - Math.abs(a - b);
  return h > 0 ? Math.min(a, b) - (h * h) / (4 * k) : Math.min(a, b);
}

/** Intersection of two bodies given by their distances, the edge rounded over a width of about k mm. */
export function common(a: number, b: number, k: number): number {
  const h = k - Math.abs(a - b);
  return h > 0 ? Math.max(a, b) + (h * h) / (4 * k) : Math.max(a, b);
}

/** Unit vector in the axial plane, `degrees` from straight back (+y) towards the left (+x). */
export const inAxialPlane = (degrees: number): Vec3 => {
  const a = (degrees * Math.PI) / 180;
  return [Math.sin(a), Math.cos(a), 0];
};
