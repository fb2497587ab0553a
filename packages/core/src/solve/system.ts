import type { Problem } from "./problem.js";

/** What both kernels answer: the discrete system solved, before it is dressed up as a Solution. */
export interface SolvedSystem {
  readonly displacement: Float64Array; // mm, [3·position in the active nodes + axis], prescribed values included
  readonly force: Float64Array; // K·displacement, N, alike
  readonly residualHistory: Float64Array;
  readonly iterations: number;
  readonly residual: number;
  readonly converged: boolean;
  readonly memoryBytes: number;
  readonly threads: number;
}

/** The constraints in terms of the active nodes. */
export interface FixedPositions {
  readonly unknown: Uint32Array; // 3·position + axis, ascending
  readonly value: Float64Array; // mm
  readonly entry: Uint32Array; // of the Constraints
}

/** Drops the constraints on nodes that touch no element: nothing is there to hold. */
export function fixedPositions({ fixed }: Problem, node: Uint32Array): FixedPositions {
  const unknown: number[] = [];
  const value: number[] = [];
  const entry: number[] = [];
  let at = 0;
  fixed.unknown.forEach((u, i) => {
    const n = Math.floor(u / 3);
    while (at < node.length && node[at]! < n) at++;
    if (node[at] !== n) return;
    unknown.push(3 * at + (u % 3));
    value.push(fixed.value[i]!);
    entry.push(fixed.entry[i]!);
  });
  return { unknown: Uint32Array.from(unknown), value: Float64Array.from(value), entry: Uint32Array.from(entry) };
}
