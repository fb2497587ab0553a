import type { Problem } from "./problem.js";
import { type Crew, openSession, type Session } from "./session.js";
import type { FixedPositions, SolvedSystem } from "./system.js";

/** Solves once with the WASM kernel. */
export async function solveWasm(
  problem: Problem,
  fixed: FixedPositions,
  { tolerance, maxIterations }: { readonly tolerance: number; readonly maxIterations: number },
  crew: Crew,
): Promise<SolvedSystem> {
  const session = openSession(problem, fixed, crew);
  prescribe(session, fixed.unknown, fixed.value);
  const residualHistory = await session.solve({ tolerance, maxIterations });
  session.forces();
  session.close();
  const residual = residualHistory.at(-1)!;
  return {
    displacement: gather(session, session.displacement),
    force: gather(session, session.force),
    residualHistory,
    iterations: residualHistory.length - 1,
    residual,
    converged: residual <= tolerance,
    memoryBytes: session.memoryBytes,
    threads: session.threads,
  };
}

/** Writes displacements (mm) at unknowns given as 3·position + axis. */
export function prescribe({ displacement, level, slots }: Session, unknown: Uint32Array, value: Float64Array): void {
  unknown.forEach((u, at) => {
    displacement[(u % 3) * level.stride + slots[Math.floor(u / 3)]!] = value[at]!;
  });
}

/** A vector of the session as [3·position + axis]. */
export function gather({ level, slots }: Session, vector: Float64Array): Float64Array {
  const out = new Float64Array(3 * slots.length);
  for (let n = 0; n < slots.length; n++)
    for (let axis = 0; axis < 3; axis++) out[3 * n + axis] = vector[axis * level.stride + slots[n]!]!;
  return out;
}
