import type { Vec3 } from "../volume/volume.js";
import { addPointStiffness, gaussGradients } from "./hex8.js";
import { findNodeRuns } from "./nodeRuns.js";
import type { Problem } from "./problem.js";
import { findRuns, type Runs } from "./runs.js";
import { findSplits } from "./split.js";
import { type VoxelLevel, voxelLevel } from "./voxelLevel.js";

/** Level 1: bricks of 2×2×2 voxels, each with a modulus at every Gauss point. */
export interface CoarseLevel {
  readonly level: VoxelLevel;
  readonly parent: Int32Array; // element of each of its voxels, −1 where there is none
}

/** Merges voxels by two along each axis. */
export function coarsen({ runs, modulus, spacing }: Problem): CoarseLevel {
  const size = runs.size.map((n) => Math.ceil(n / 2)) as unknown as Vec3;
  const parent = new Int32Array(size[0] * size[1] * size[2]).fill(-1);
  forEachChild(runs, size, (_, parentVoxel) => {
    parent[parentVoxel] = 0;
  });
  const coarseRuns = findRuns(size, (v) => parent[v] === 0);
  let elements = 0;
  for (let v = 0; v < parent.length; v++) if (parent[v] === 0) parent[v] = elements++;
  const splits = findSplits(runs.size, (v) => modulus[v]! > 0, findNodeRuns(runs));
  const edges = spacing.map((h) => 2 * h) as unknown as Vec3;
  return { level: voxelLevel(coarseRuns, edges, splits), parent };
}

/** Calls with each fine element, the coarse voxel it lies in and its place there (bits x, y, z). */
function forEachChild(runs: Runs, [mx, my]: Vec3, visit: (element: number, voxel: number, octant: number) => void) {
  const ny = runs.size[1];
  let element = 0;
  for (let row = 0; row < runs.row.length - 1; row++) {
    const y = row % ny;
    const z = Math.floor(row / ny);
    const first = mx * ((y >> 1) + my * (z >> 1));
    const side = ((y & 1) << 1) | ((z & 1) << 2);
    for (let r = runs.row[row]!; r < runs.row[row + 1]!; r++)
      for (let x = runs.begin[r]!; x < runs.end[r]!; x++) visit(element++, first + (x >> 1), side | (x & 1));
  }
}

/**
 * Moduli at the Gauss points of level 1, MPa, [8·element + Gauss point], mixed from the eight children so that the
 * operator is the exact Galerkin product, see assembly/gauss.ts.
 */
export function gaussModuli({ level, parent }: CoarseLevel, runs: Runs, moduli: Float32Array): Float32Array {
  const mixed = new Float32Array(8 * level.runs.elements);
  forEachChild(runs, level.runs.size, (element, voxel, octant) => {
    addChild(mixed, 8 * parent[voxel]!, octant, moduli[element]!);
  });
  return mixed;
}

const near = (1 + Math.sqrt(3) / 2) / 2; // weight of a Gauss point of the child's own half
const far = (1 - Math.sqrt(3) / 2) / 2;
const weights = Float64Array.from([0, 1, 2, 3], (differing) => near ** (3 - differing) * far ** differing);
const bits = (n: number) => (n & 1) + ((n >> 1) & 1) + (n >> 2);

function addChild(mixed: Float32Array, at: number, octant: number, modulus: number): void {
  for (let q = 0; q < 8; q++) mixed[at + q]! += weights[bits(q ^ octant)]! * modulus;
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
