import type { Vec3 } from "../volume/volume.js";
import { addPointStiffness, gaussGradients } from "./hex8.js";
import { findNodeRuns } from "./nodeRuns.js";
import type { Problem } from "./problem.js";
import { findRuns } from "./runs.js";
import { findSplits } from "./split.js";
import { forEachElement, type VoxelLevel, voxelLevel } from "./voxelLevel.js";

/** Level 1: bricks of 2×2×2 voxels, each with a modulus at every Gauss point. */
export interface CoarseLevel {
  readonly level: VoxelLevel;
  readonly gaussModuli: Float32Array; // MPa, [8·element + Gauss point]
}

/**
 * Merges voxels by two along each axis. The moduli at the Gauss points are mixed from the eight children so that the
 * operator is the exact Galerkin product, see assembly/gauss.ts.
 */
export function coarsen({ runs, modulus, spacing }: Problem): CoarseLevel {
  const [nx, ny] = runs.size;
  const size = runs.size.map((n) => Math.ceil(n / 2)) as unknown as Vec3;
  const [mx, my] = size;
  const index = new Int32Array(mx * my * size[2]).fill(-1);
  const parent = (voxel: number) => {
    const x = voxel % nx;
    const y = Math.floor(voxel / nx) % ny;
    const z = Math.floor(voxel / (nx * ny));
    return (x >> 1) + mx * ((y >> 1) + my * (z >> 1));
  };
  forEachVoxel(runs.size, (voxel) => {
    if (modulus[voxel]! > 0) index[parent(voxel)] = 0;
  });
  const coarseRuns = findRuns(size, (v) => index[v] === 0);
  let elements = 0;
  for (let v = 0; v < index.length; v++) if (index[v] === 0) index[v] = elements++;
  const gaussModuli = new Float32Array(8 * elements);
  forEachVoxel(runs.size, (voxel, x, y, z) => {
    const e = modulus[voxel]!;
    if (e > 0) addChild(gaussModuli, 8 * index[parent(voxel)]!, (x & 1) | ((y & 1) << 1) | ((z & 1) << 2), e);
  });
  const splits = findSplits(runs.size, (v) => modulus[v]! > 0, findNodeRuns(runs));
  const edges = spacing.map((h) => 2 * h) as unknown as Vec3;
  return { level: voxelLevel(coarseRuns, edges, splits), gaussModuli };
}

function forEachVoxel([nx, ny, nz]: Vec3, visit: (voxel: number, x: number, y: number, z: number) => void): void {
  for (let z = 0, voxel = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) visit(voxel++, x, y, z);
}

const near = (1 + Math.sqrt(3) / 2) / 2; // weight of a Gauss point of the child's own half
const far = (1 - Math.sqrt(3) / 2) / 2;
const weights = Float64Array.from([0, 1, 2, 3], (differing) => near ** (3 - differing) * far ** differing);
const bits = (n: number) => (n & 1) + ((n >> 1) & 1) + (n >> 2);

function addChild(gaussModuli: Float32Array, at: number, octant: number, modulus: number): void {
  for (let q = 0; q < 8; q++) gaussModuli[at + q]! += weights[bits(q ^ octant)]! * modulus;
}

/** Stiffness (24×24) that each of the eight Gauss points gives to a brick, for a modulus of 1 MPa. */
export function gaussStiffness(edges: Vec3, poisson: number): Float64Array[] {
  return Array.from({ length: 8 }, (_, q) => {
    const K = new Float64Array(576);
    addPointStiffness(K, gaussGradients(q, edges), 1, poisson, (edges[0] * edges[1] * edges[2]) / 8);
    return K;
  });
}

/**
 * Smallest λ with Kₑ ≤ λ·diag(Kₑ) for every brick that has one modulus (level 0), or is made of eight such (level 1):
 * then λ bounds the spectrum of D⁻¹K of the whole model, whatever the moduli.
 */
export function spectrumBound(edges: Vec3, poisson: number, level: 0 | 1): number {
  const points = gaussStiffness(edges, poisson);
  const weight = (q: number) => (level === 0 ? 1 : weights[bits(q)]!);
  const K = Float64Array.from({ length: 576 }, (_, i) => points.reduce((sum, P, q) => sum + weight(q) * P[i]!, 0));
  const scaled = K.map((k, i) => k / Math.sqrt(K[25 * Math.floor(i / 24)]! * K[25 * (i % 24)]!));
  return largestEigenvalue(scaled);
}

const trace = (m: Float64Array): number => Array.from({ length: 24 }, (_, r) => m[25 * r]!).reduce((a, b) => a + b);

/** By 12 squarings of the matrix, which leave eigenvalues within 1e-3 of the largest; rounded up by as much. */
function largestEigenvalue(matrix: Float64Array): number {
  let power = matrix;
  for (let i = 0; i < 12; i++) {
    power = multiply24(power, power);
    const size = trace(power);
    power = power.map((x) => x / size);
  }
  return (1.001 * trace(multiply24(matrix, power))) / trace(power);
}

function multiply24(a: Float64Array, b: Float64Array): Float64Array {
  const c = new Float64Array(576);
  for (let i = 0; i < 24; i++)
    for (let k = 0; k < 24; k++) for (let j = 0; j < 24; j++) c[24 * i + j]! += a[24 * i + k]! * b[24 * k + j]!;
  return c;
}

/**
 * Diagonal of the operator, N/mm: three components, `stride` apart, 0 in the padding.
 * @param parts     stiffness (24×24) of each of the parts of a brick that have a modulus of their own, for 1 MPa
 * @param modulusAt modulus of a part of an element, MPa
 */
export function voxelDiagonal(
  level: VoxelLevel,
  parts: readonly Float64Array[],
  modulusAt: (element: number, part: number) => number,
): Float64Array {
  const weights = parts.map((K) => Float64Array.from({ length: 24 }, (_, r) => K[25 * r]!));
  const diagonal = new Float64Array(3 * level.stride);
  const local = new Float64Array(24);
  forEachElement(level, (element, slots) => {
    local.fill(0);
    for (let q = 0; q < parts.length; q++) {
      const e = modulusAt(element, q);
      const weight = weights[q]!;
      for (let r = 0; r < 24; r++) local[r]! += e * weight[r]!;
    }
    for (let r = 0; r < 24; r++) diagonal[(r % 3) * level.stride + slots[(r / 3) | 0]!]! += local[r]!;
  });
  return diagonal;
}
