import type { Vec3 } from "../volume/volume.js";

export interface Eigen3 {
  readonly values: Vec3; // ascending
  readonly vectors: readonly [Vec3, Vec3, Vec3]; // unit, orthogonal, one per value
}

/**
 * Eigenvalues and eigenvectors of a symmetric 3×3 matrix by cyclic Jacobi rotations.
 * @param matrix row-major, 9 values; only the upper triangle is read
 *
 * Source: Golub & Van Loan, Matrix Computations (2013), 8.5.
 */
export function eigenSymmetric3(matrix: ArrayLike<number>): Eigen3 {
  const a = [0, 1, 2].map((r) => [0, 1, 2].map((c) => matrix[3 * Math.min(r, c) + Math.max(r, c)]!));
  const v = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const total = a.flat().reduce((sum, x) => sum + x * x, 0);
  for (let sweep = 0; sweep < 50; sweep++) {
    if (a[0]![1]! ** 2 + a[0]![2]! ** 2 + a[1]![2]! ** 2 <= 1e-32 * total) break;
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      annihilate(a, v, p, q);
  }
  const order = [0, 1, 2].sort((p, q) => a[p]![p]! - a[q]![q]!);
  const vector = (n: number): Vec3 => [v[0]![order[n]!]!, v[1]![order[n]!]!, v[2]![order[n]!]!];
  const value = (n: number) => a[order[n]!]![order[n]!]!;
  return { values: [value(0), value(1), value(2)], vectors: [vector(0), vector(1), vector(2)] };
}

/** Turns a (and the eigenvectors v with it) in the p-q plane so that a[p][q] becomes 0. */
function annihilate(a: number[][], v: number[][], p: number, q: number): void {
  const apq = a[p]![q]!;
  if (apq === 0) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1),
    s = t * c;
  for (let k = 0; k < 3; k++) turn(a[k]!, p, q, c, s);
  for (let k = 0; k < 3; k++) {
    const x = a[p]![k]!,
      y = a[q]![k]!;
    a[p]![k] = c * x - s * y;
    a[q]![k] = s * x + c * y;
  }
  for (let k = 0; k < 3; k++) turn(v[k]!, p, q, c, s);
}

function turn(row: number[], p: number, q: number, c: number, s: number): void {
  const x = row[p]!,
    y = row[q]!;
  row[p] = c * x - s * y;
  row[q] = s * x + c * y;
}
