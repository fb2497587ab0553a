import type { Vec3 } from "../volume/volume.js";
import { eigenSymmetric3 } from "./eigen3.js";
import { dot, length, subtract } from "./vec3.js";

export interface Plane {
  readonly point: Vec3; // centroid of the points it was fitted to
  readonly normal: Vec3; // unit, either sense
  readonly rms: number; // root mean square distance of those points
  readonly used: number; // points that were kept
}

/** Mean and covariance (row-major, divided by n) of points. */
export function moments(points: readonly Vec3[]): { readonly mean: Vec3; readonly covariance: Float64Array } {
  const mean = [0, 0, 0];
  for (const p of points) for (let i = 0; i < 3; i++) mean[i]! += p[i]! / points.length;
  const covariance = new Float64Array(9);
  for (const p of points)
    for (let r = 0; r < 3; r++)
      for (let c = 0; c < 3; c++) covariance[3 * r + c]! += ((p[r]! - mean[r]!) * (p[c]! - mean[c]!)) / points.length;
  return { mean: [mean[0]!, mean[1]!, mean[2]!], covariance };
}

/** The plane of least total squared distance; undefined for fewer than three points or points on a line. */
export function fitPlane(points: readonly Vec3[]): Plane | undefined {
  if (points.length < 3) return undefined;
  const { mean, covariance } = moments(points);
  const { values, vectors } = eigenSymmetric3(covariance);
  if (!(values[1] > 1e-12 * values[2])) return undefined;
  return { point: mean, normal: vectors[0], rms: Math.sqrt(Math.max(0, values[0])), used: points.length };
}

/**
 * The same, refitted without the points further off than `sigmas` robust standard deviations (1.4826 times the
 * median absolute distance) and than `tolerance`, until the set stays or `rounds` have passed.
 */
export function fitPlaneRobust(
  points: readonly Vec3[],
  { sigmas = 2.5, tolerance = 0, rounds = 10 } = {},
): Plane | undefined {
  let plane = fitPlane(points);
  for (let round = 0; round < rounds && plane; round++) {
    const { point, normal, used } = plane;
    const off = points.map((p) => Math.abs(dot(subtract(p, point), normal)));
    const median = off.toSorted((a, b) => a - b)[off.length >> 1]!;
    const kept = points.filter((_, n) => off[n]! <= Math.max(tolerance, sigmas * 1.4826 * median) + 1e-9);
    plane = fitPlane(kept) ?? plane;
    if (kept.length === used) break;
  }
  return plane;
}

/** Distance of a point from the plane, signed along its normal. */
export const heightAbove = (plane: Pick<Plane, "point" | "normal">, p: Vec3): number =>
  dot(subtract(p, plane.point), plane.normal) / length(plane.normal);
