import { voigtPairs } from "../linalg/voigt.js";
import type { Vec3 } from "../volume/volume.js";
import { gaussGradients } from "./hex8.js";
import type { VoxelLevel } from "./voxelLevel.js";

/**
 * Elements whose tangent differs from the elastic operator, and by how much: ΔC at each of their Gauss points times the
 * point's share of the volume, as upper triangles by rows, [168·n + 8·c + q], N mm.
 */
export interface Tangents {
  readonly element: Uint32Array; // ascending
  readonly stiffness: Float32Array;
}

/** Components of a symmetric 6×6 matrix. */
export const TRIANGLE = 21;

/** Bytes that the kernel keeps for the tangents of one element: its nodes and eight triangles. */
export const TANGENT_BYTES = 4 * 8 + 4 * 8 * TRIANGLE;

/** Place of a component in the upper triangle, r <= c. */
export const triangleIndex = (r: number, c: number): number => r * 6 - (r * (r - 1)) / 2 + c - r;

/** ∂N_a/∂x_j at the Gauss points, 1/mm, [8·(3a + j) + q]. */
export function pointGradients(edges: Vec3): Float64Array {
  const list = new Float64Array(192);
  for (let q = 0; q < 8; q++)
    gaussGradients(q, edges).forEach((g, i) => {
      list[8 * i + q] = g;
    });
  return list;
}

/** First of the elements in each layer of a level, and the end. */
export function firstByLayer({ runs }: VoxelLevel, element: Uint32Array): Int32Array {
  const [, ny, nz] = runs.size;
  const first = new Int32Array(nz + 1);
  let at = 0;
  for (let layer = 0; layer <= nz; layer++) {
    const row = runs.row[ny * layer]!;
    const limit = row < runs.first.length ? runs.first[row]! : runs.elements;
    while (at < element.length && element[at]! < limit) at++;
    first[layer] = at;
  }
  return first;
}

/**
 * y += ΔK·x, the readable twin of assembly/tangent.ts. Vectors are [axis·stride + slot].
 * @param slots [8·element + corner], see `elementSlots`
 */
export function addTangents(
  { element, stiffness }: Tangents,
  slots: Int32Array,
  stride: number,
  gradients: Float64Array,
  x: Float64Array,
  y: Float64Array,
): void {
  element.forEach((e, n) => {
    const node = (a: number, axis: number) => axis * stride + slots[8 * e + a]!;
    for (let q = 0; q < 8; q++) {
      const slope = (component: number, axis: number) => {
        let sum = 0;
        for (let a = 0; a < 8; a++) sum += x[node(a, component)]! * gradients[8 * (3 * a + axis) + q]!;
        return sum;
      };
      const strain = voigtPairs.map(([i, j]) => (i === j ? slope(i, i) : slope(i, j) + slope(j, i)));
      const stress = voigtPairs.map((_, r) =>
        strain.reduce(
          (sum, s, c) => sum + stiffness[168 * n + 8 * triangleIndex(Math.min(r, c), Math.max(r, c)) + q]! * s,
          0,
        ),
      );
      for (let a = 0; a < 8; a++)
        voigtPairs.forEach(([i, j], c) => {
          const g = (axis: number) => gradients[8 * (3 * a + axis) + q]!;
          y[node(a, i)]! += stress[c]! * g(j);
          if (i !== j) y[node(a, j)]! += stress[c]! * g(i);
        });
    }
  });
}
