import type { CheckedSolveOptions } from "./options.js";
import type { Problem } from "./problem.js";
import type { Crew, OpenSession, Session } from "./session.js";
import type { FixedPositions, SolvedSystem } from "./system.js";

/** Opens a session, solves once and closes it. */
export async function solveOnce(
  open: OpenSession,
  problem: Problem,
  fixed: FixedPositions,
  { tolerance, maxIterations }: Pick<CheckedSolveOptions, "tolerance" | "maxIterations">,
  crew: Crew,
): Promise<SolvedSystem> {
  const session = await open(problem, fixed, crew);
  fixed.unknown.forEach((u, at) => {
    session.displacement[(u % 3) * session.level.stride + session.slots[Math.floor(u / 3)]!] = fixed.value[at]!;
  });
  const residualHistory = await session.solve({ tolerance, maxIterations });
  session.forces();
  session.close();
  const residual = residualHistory.at(-1)!;
  return {
    displacement: byNode(session, session.displacement),
    force: byNode(session, session.force),
    residualHistory,
    iterations: residualHistory.length - 1,
    residual,
    converged: residual <= tolerance,
    memoryBytes: session.memoryBytes,
    threads: session.threads,
  };
}

/** A vector of the session as [3·position + axis] over the active nodes. */
export function byNode({ level, slots }: Pick<Session, "level" | "slots">, vector: Float64Array): Float64Array {
  const out = new Float64Array(3 * slots.length);
  for (let n = 0; n < slots.length; n++)
    for (let axis = 0; axis < 3; axis++) out[3 * n + axis] = vector[axis * level.stride + slots[n]!]!;
  return out;
}
