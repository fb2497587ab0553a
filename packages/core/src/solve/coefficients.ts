import type { Vec3 } from "../volume/volume.js";
import { lame } from "./hex8.js";

/** Where the lists begin: cube, brick, brick with a modulus per Gauss point. Read by packages/core/assembly. */
export const BRICK = 8;
export const GAUSS = 40;
export const coefficientCount = 64;

/**
 * Coefficients of the element operators in Hadamard modes, for a modulus of 1 MPa: see assembly/brick.ts for the blocks
 * and assembly/gauss.ts for the Gauss points. With g = 1/(4h) per axis and V the volume, ∂u/∂x is g times a mode.
 */
export function brickCoefficients(edges: Vec3, poisson: number): Float64Array {
  const list = new Float64Array(coefficientCount);
  const { lambda, mu } = lame(1, poisson);
  const volume = edges[0] * edges[1] * edges[2];
  const stiff = lambda + 2 * mu;
  const [gx, gy, gz] = edges.map((h) => 1 / (4 * h)) as [number, number, number];

  const h16 = edges[0] / 16;
  list.set([lambda, 2 * mu, mu, (lambda + 3 * mu) / 3, lambda / 3, mu / 3, (lambda + 4 * mu) / 9].map((c) => c * h16));

  /** Two normal modes that vary along the third axis: both diagonals and the coupling. */
  const pair = (p: number, q: number, r: number) =>
    [stiff * p * p + mu * r * r, stiff * q * q + mu * r * r, lambda * p * q].map((c) => (c * volume) / 3);
  const block = [
    ...[gx, gy, gz],
    ...[gx, gy, gz].map((g) => lambda * volume * g),
    ...[gx, gy, gz].map((g) => 2 * mu * volume * g * g),
    ...[gx, gy, gz].map((g) => mu * volume * g),
    ...pair(gy, gz, gx), // y110 z101
    ...pair(gx, gz, gy), // x110 z011
    ...pair(gx, gy, gz), // x101 y011
    ...[gx * gx + gy * gy, gx * gx + gz * gz, gy * gy + gz * gz, gy * gz, gx * gz, gx * gy].map(
      (c) => (c * mu * volume) / 3,
    ),
    ...[
      stiff * gx * gx + mu * (gy * gy + gz * gz),
      stiff * gy * gy + mu * (gx * gx + gz * gz),
      stiff * gz * gz + mu * (gx * gx + gy * gy),
    ].map((c) => (c * volume) / 9),
  ];
  list.set(block, BRICK);

  const root3 = Math.sqrt(3);
  const gauss = [gx, gy, gz, ...[gx, gy, gz].map((g) => g / root3), ...[gx, gy, gz].map((g) => g / 3)];
  list.set([...gauss, (lambda * volume) / 8, (mu * volume) / 8], GAUSS);
  return list;
}
