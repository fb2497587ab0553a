import { SpondylError } from "../error.js";
import type { Vec3 } from "../volume/volume.js";

/** Signs of the eight Gauss points and corners: bits 0, 1, 2 are x, y, z. */
const corner = (a: number, axis: number): number => ((a >> axis) & 1 ? 1 : -1);

/**
 * Stiffness of one voxel: trilinear brick, isotropic linear elasticity, 2×2×2 Gauss points (exact here).
 *
 *     6-----7      node a sits at the corner whose x, y, z are bits 0, 1, 2 of a
 *    /|    /|      unknowns are node-major: u[3a + axis], mm
 *   4-----5 |
 *   | 2---|-3      z  y
 *   |/    |/       | /
 *   0-----1        +--x
 *
 * @param edges   edges along x, y, z, mm, > 0
 * @param modulus Young's modulus, MPa, > 0
 * @param poisson Poisson's ratio, in (-1, 0.5)
 * @returns K, 24×24 row-major, N/mm; symmetric, rank 18: the six rigid motions cost nothing
 * @throws SpondylError "bad-option" outside those ranges
 *
 * Source: Hughes, The Finite Element Method (2000), ch. 3.
 */
export function hex8Stiffness(edges: Vec3, modulus: number, poisson: number): Float64Array {
  if (!(edges.every((h) => h > 0) && modulus > 0 && poisson > -1 && poisson < 0.5))
    throw new SpondylError("bad-option", "hex8: needs edges > 0, modulus > 0, -1 < poisson < 0.5.", {
      edges,
      modulus,
      poisson,
    });
  const K = new Float64Array(24 * 24);
  for (let q = 0; q < 8; q++) addPointStiffness(K, gaussGradients(q, edges), modulus, poisson, voxelVolume(edges) / 8);
  return K;
}

const voxelVolume = (edges: Vec3): number => edges[0] * edges[1] * edges[2];

/** Lamé's constants (MPa) of an isotropic solid. */
export const lame = (modulus: number, poisson: number): { readonly lambda: number; readonly mu: number } => ({
  lambda: (modulus * poisson) / ((1 + poisson) * (1 - 2 * poisson)),
  mu: modulus / (2 * (1 + poisson)),
});

/**
 * Adds what one quadrature point gives to a stiffness, K += w·BᵀCB.
 * @param gradients ∂N_a/∂x_i at the point, 1/mm, laid out [3a + i]
 * @param weight    volume that the point stands for, mm³
 */
export function addPointStiffness(
  K: Float64Array,
  gradients: Float64Array,
  modulus: number,
  poisson: number,
  weight: number,
): void {
  const { lambda, mu } = lame(modulus, poisson);
  const d = gradients;
  for (let r = 0; r < 24; r++)
    for (let c = 0; c < 24; c++) {
      const i = r % 3;
      const j = c % 3; // axes
      const a = r - i;
      const b = c - j; // first unknown of each node
      let k = lambda * d[r]! * d[c]! + mu * d[a + j]! * d[b + i]!;
      if (i === j) k += mu * (d[a]! * d[b]! + d[a + 1]! * d[b + 1]! + d[a + 2]! * d[b + 2]!);
      K[24 * r + c]! += k * weight;
    }
}

/** ∂N_a/∂x_i (1/mm) of the eight shape functions at a point (ξ, η, ζ) of [-1, 1]³, laid out [3a + i]. */
export function shapeGradients(point: Vec3, edges: Vec3): Float64Array {
  const d = new Float64Array(24);
  for (let a = 0; a < 8; a++)
    for (let i = 0; i < 3; i++) {
      let product = corner(a, i) / (4 * edges[i]!);
      for (let j = 0; j < 3; j++) if (j !== i) product *= 1 + corner(a, j) * point[j]!;
      d[3 * a + i] = product;
    }
  return d;
}

/** The same at Gauss point q, whose signs are bits 0, 1, 2 of q. */
export function gaussGradients(q: number, edges: Vec3): Float64Array {
  const g = 1 / Math.sqrt(3);
  return shapeGradients([g * corner(q, 0), g * corner(q, 1), g * corner(q, 2)], edges);
}
