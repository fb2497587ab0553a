import { applyElements, elementDiagonal, listElements } from "./elementOperator.js";
import type { CheckedSolveOptions } from "./options.js";
import type { Problem } from "./problem.js";
import type { FixedPositions, SolvedSystem } from "./system.js";

/**
 * The readable twin of the WASM kernel: conjugate gradients with Jacobi's preconditioner on the textbook operator,
 * everything in f64. The truth that the fast kernel is tested against, and fast enough for ten thousand elements.
 *
 * Source: Shewchuk, An introduction to the conjugate gradient method without the agonizing pain (1994), B3.
 */
export async function solveTwin(
  problem: Problem,
  node: Uint32Array,
  fixed: FixedPositions,
  { tolerance, maxIterations }: CheckedSolveOptions,
  report: (iteration: number, residual: number) => void | Promise<void>,
): Promise<SolvedSystem> {
  const elements = listElements(problem, node);
  const unknowns = 3 * node.length;
  const free = new Uint8Array(unknowns).fill(1);
  for (const u of fixed.unknown) free[u] = 0;
  const apply = (v: Float64Array) => applyElements(elements, v).map((y, i) => (free[i] ? y : 0));
  const inverse = elementDiagonal(elements).map((d, i) => (free[i] ? 1 / d : 0));

  const u = new Float64Array(unknowns);
  fixed.unknown.forEach((i, at) => {
    u[i] = fixed.value[at]!;
  });
  let r = apply(u).map((y) => -y); // f − K·0, f = what the prescribed displacements exert
  let z = r.map((x, i) => x * inverse[i]!);
  let p = z.slice();
  let rz = dot(r, z);
  const load = Math.sqrt(dot(r, r));
  const history = [load > 0 ? 1 : 0];
  while (history.at(-1)! > tolerance && history.length <= maxIterations) {
    const q = apply(p);
    const alpha = rz / dot(p, q);
    for (let i = 0; i < unknowns; i++) u[i]! += alpha * p[i]!;
    r = r.map((x, i) => x - alpha * q[i]!);
    z = r.map((x, i) => x * inverse[i]!);
    const next = dot(r, z);
    p = p.map((x, i) => z[i]! + (next / rz) * x);
    rz = next;
    history.push(Math.sqrt(dot(r, r)) / load);
    const pause = report(history.length - 1, history.at(-1)!);
    if (pause) await pause;
  }
  const residual = history.at(-1)!;
  return {
    displacement: u,
    force: applyElements(elements, u),
    residualHistory: Float64Array.from(history),
    iterations: history.length - 1,
    residual,
    converged: residual <= tolerance,
    memoryBytes: 8 * (9 * unknowns + 9 * elements.modulus.length),
    threads: 1,
  };
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
