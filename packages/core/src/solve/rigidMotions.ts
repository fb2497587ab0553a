import { solveDense } from "../linalg/solveDense.js";
import { addOuter, freeMotions, type Motion, rigidRow } from "../volume/rigidMotion.js";
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
  const free = freeMotionsOfComponents(problem);
  const count = free.reduce((sum, motions) => sum + motions.length, 0);
  if (count === 0) return 0;
  const component = componentOfNodes(problem, node);
  free.forEach((motions, c) => {
    if (motions.length > 0) project(problem, node, displacement, component, c, motions);
  });
  return count;
}

/** Orthonormal basis of the motions of each component that move none of its constrained unknowns. */
function freeMotionsOfComponents(problem: Problem): Motion[][] {
  const { components, fixed, runs } = problem;
  const grams = Array.from({ length: components.count }, () => new Float64Array(36));
  for (const unknown of fixed.unknown) {
    const node = Math.floor(unknown / 3);
    const run = runOfNode(runs, node);
    if (run >= 0) addOuter(grams[components.ofRun[run]!]!, rigidRow(problem, node, unknown % 3));
  }
  return grams.map(freeMotions);
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
