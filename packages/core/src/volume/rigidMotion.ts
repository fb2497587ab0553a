import type { Grid, Vec3 } from "./volume.js";

/** A rigid motion: translations (mm) along and rotations (rad, times the model's length) about x, y, z. */
export type Motion = Float64Array; // 6

/** What each rigid motion moves a grid node by along an axis. About the middle of the grid, so that both halves are of one size. */
export function rigidRow({ size, spacing }: Pick<Grid, "size" | "spacing">, node: number, axis: number): Float64Array {
  const [nx, ny, nz] = size;
  const length = Math.max(nx * spacing[0], ny * spacing[1], nz * spacing[2]);
  const index: Vec3 = [
    node % (nx + 1),
    Math.floor(node / (nx + 1)) % (ny + 1),
    Math.floor(node / ((nx + 1) * (ny + 1))),
  ];
  const p = index.map((i, a) => ((i - size[a]! / 2) * spacing[a]!) / length);
  const row = new Float64Array(6);
  row[axis] = 1;
  const [b, c] = [(axis + 1) % 3, (axis + 2) % 3]; // u = θ × p: u_a = θ_b·p_c − θ_c·p_b
  row[3 + b] = p[c]!;
  row[3 + c] = -p[b]!;
  return row;
}

/** Adds the outer product of a row to a 6×6 matrix. */
export function addOuter(gram: Float64Array, row: Float64Array): void {
  for (let i = 0; i < 6; i++) for (let j = 0; j < 6; j++) gram[6 * i + j]! += row[i]! * row[j]!;
}

/**
 * The rigid motions that move no constrained unknown, orthonormal: eigenvectors whose eigenvalue is zero to rounding,
 * by Jacobi rotations.
 * @param gram sum of the outer products of the constrained unknowns' rows, 6×6
 */
export function freeMotions(gram: Float64Array): Motion[] {
  const a = gram.slice();
  const v = Float64Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 1 : 0));
  for (let sweep = 0; sweep < 30; sweep++)
    for (let p = 0; p < 5; p++) for (let q = p + 1; q < 6; q++) rotate(a, v, p, q);
  const eigenvalue = (i: number) => a[7 * i]!;
  const largest = Math.max(...[0, 1, 2, 3, 4, 5].map(eigenvalue), Number.MIN_VALUE);
  return [0, 1, 2, 3, 4, 5]
    .filter((i) => eigenvalue(i) <= 1e-11 * largest)
    .map((i) => Float64Array.from({ length: 6 }, (_, r) => v[6 * r + i]!));
}

function rotate(a: Float64Array, v: Float64Array, p: number, q: number): void {
  const apq = a[6 * p + q]!;
  if (apq === 0) return;
  const theta = (a[7 * q]! - a[7 * p]!) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < 6; k++) {
    const [x, y] = [a[6 * k + p]!, a[6 * k + q]!];
    a[6 * k + p] = c * x - s * y;
    a[6 * k + q] = s * x + c * y;
  }
  for (let k = 0; k < 6; k++) {
    const [x, y] = [a[6 * p + k]!, a[6 * q + k]!];
    a[6 * p + k] = c * x - s * y;
    a[6 * q + k] = s * x + c * y;
    const [m, n] = [v[6 * k + p]!, v[6 * k + q]!];
    v[6 * k + p] = c * m - s * n;
    v[6 * k + q] = s * m + c * n;
  }
}
