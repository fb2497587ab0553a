import { solveDense } from "../linalg/solveDense.js";
import type { Vec3 } from "../volume/volume.js";
import { markRow } from "./nodes.js";
import { type Problem, runOfNode } from "./problem.js";

/**
 * Rigid motions that the constraints leave free, part by part. Prescribed displacements can do no work on them, so the
 * answer exists and is unique up to them; the solver reports the one whose free rigid part is zero in the least-squares
 * sense over the nodes of the part. Stresses, reactions and energy do not depend on this choice.
 *
 * @param displacement mm, [3·position + axis], changed in place
 * @returns how many rigid motions were free, over all parts
 */
export function removeFreeRigidMotions(problem: Problem, node: Uint32Array, displacement: Float64Array): number {
  const free = freeMotions(problem);
  const count = free.reduce((sum, motions) => sum + motions.length, 0);
  if (count === 0) return 0;
  const component = componentOfNodes(problem, node);
  free.forEach((motions, c) => {
    if (motions.length > 0) project(problem, node, displacement, component, c, motions);
  });
  return count;
}

/** A rigid motion: translations (mm) along and rotations (rad, times the model's length) about x, y, z. */
type Motion = Float64Array; // 6

/** Unit motions about the middle of the grid, so that both halves of a Motion are of one size. */
function rigidRow({ size, spacing }: Problem, node: number, axis: number): Float64Array {
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

/** Orthonormal basis of the motions of each component that move none of its constrained unknowns. */
function freeMotions(problem: Problem): Motion[][] {
  const { components, fixed, runs } = problem;
  const grams = Array.from({ length: components.count }, () => new Float64Array(36));
  for (const unknown of fixed.unknown) {
    const node = Math.floor(unknown / 3);
    const run = runOfNode(runs, node);
    if (run >= 0) addOuter(grams[components.ofRun[run]!]!, rigidRow(problem, node, unknown % 3));
  }
  return grams.map(nullSpace);
}

function addOuter(gram: Float64Array, row: Float64Array): void {
  for (let i = 0; i < 6; i++) for (let j = 0; j < 6; j++) gram[6 * i + j]! += row[i]! * row[j]!;
}

/** Eigenvectors of a positive semi-definite 6×6 matrix whose eigenvalue is zero to rounding, by Jacobi rotations. */
function nullSpace(matrix: Float64Array): Motion[] {
  const a = matrix.slice();
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

/** Subtracts the least-squares fit of the free motions to the displacements of one component. */
function project(
  problem: Problem,
  node: Uint32Array,
  u: Float64Array,
  component: Uint32Array,
  c: number,
  motions: readonly Motion[],
): void {
  const m = motions.length;
  const gram = new Float64Array(m * m);
  const right = new Float64Array(m);
  const eachUnknown = (visit: (unknown: number, values: number[]) => void) => {
    node.forEach((n, at) => {
      if (component[at] !== c) return;
      for (let axis = 0; axis < 3; axis++) {
        const row = rigidRow(problem, n, axis);
        const values = motions.map((motion) => motion.reduce((sum, x, i) => sum + x * row[i]!, 0));
        visit(3 * at + axis, values);
      }
    });
  };
  eachUnknown((unknown, values) => {
    for (let i = 0; i < m; i++) {
      right[i]! += values[i]! * u[unknown]!;
      for (let j = 0; j < m; j++) gram[m * i + j]! += values[i]! * values[j]!;
    }
  });
  const weight = solveDense(gram, right, m);
  eachUnknown((unknown, values) => {
    for (let i = 0; i < m; i++) u[unknown]! -= weight[i]! * values[i]!;
  });
}

/** Component of each active node. */
function componentOfNodes({ runs, components, size }: Problem, node: Uint32Array): Uint32Array {
  const [nx, ny] = size;
  const owner = new Uint32Array(nx + 1);
  const flags = new Uint8Array(nx + 1);
  const result = new Uint32Array(node.length);
  let row = -1;
  node.forEach((n, at) => {
    const r = Math.floor(n / (nx + 1));
    if (r !== row) {
      row = r;
      markRow(runs, r % (ny + 1), Math.floor(r / (ny + 1)), flags, (run) => {
        owner.fill(components.ofRun[run]!, runs.begin[run]!, runs.end[run]! + 1);
      });
    }
    result[at] = owner[n % (nx + 1)]!;
  });
  return result;
}
