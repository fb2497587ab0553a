import type { Run } from "../run.js";
import type { Constraints, Solution, VoxelModel } from "../volume/voxelModel.js";
import { breathe } from "./breathe.js";
import { checkSolveOptions, type SolveOptions } from "./options.js";
import { solveProgress } from "./progress.js";
import { solveModel } from "./solveModel.js";
import { runOnTeam } from "./team.js";

/**
 * Linear elastic equilibrium of a voxel model under prescribed displacements.
 *
 * Every voxel with a modulus is one 8-node brick; voids cost nothing. Constraints on nodes that touch no element are
 * ignored (their reaction is 0). An entry that repeats another one is allowed when the value is the same; the reaction
 * is reported with the first of them. Rigid motions that the constraints leave free (guided ends leave two translations
 * and a rotation) are allowed: the displacement reported has none of them, see `removeFreeRigidMotions`. A part that
 * hangs by an edge or a corner alone can also turn about it at no cost: its displacement is one of many, while strain,
 * reactions and energy are unique.
 *
 * With `run.threads` the WASM kernel runs on workers and the caller's thread stays free; without, it runs here, and lets go
 * of the thread between iterations. The bits of the answer are the same with any number of threads.
 *
 * @returns displacement, reactions and the evidence: residual history, energy, memory, threads
 * @throws SpondylError "bad-input" and "bad-option" as in `checkProblem`, "out-of-memory" and "no-gpu" before it starts,
 *   "not-converged" with the residual history: never a number that did not converge
 */
export async function solve(
  model: VoxelModel,
  constraints: Constraints,
  options: SolveOptions = {},
  run: Run = {},
): Promise<Solution> {
  const { tolerance, kernel } = checkSolveOptions(options);
  run.signal?.throwIfAborted();
  if (run.threads && kernel === "wasm")
    return runOnTeam({ kind: "solve", model, constraints, options }, run, run.threads);
  const elements = model.modulus.data.length;
  const pause = Math.max(1, Math.floor((kernel === "typescript" ? 1e4 : 1e5) / elements)); // iterations between two pauses
  const solution = await solveModel(model, constraints, options, {
    threads: 1,
    ...(run.gpu && { gpu: run.gpu }),
    muster: () => {},
    report: async (iteration, residual) => {
      if (iteration % pause !== 0) return;
      await breathe(run.signal);
      run.progress?.(solveProgress(residual, tolerance));
    },
  });
  run.progress?.(1);
  return solution;
}
