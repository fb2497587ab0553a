import { SpondylError } from "../error.js";
import type { Constraints, Solution, VoxelModel } from "../volume/voxelModel.js";
import { openGpu } from "./gpu/openGpu.js";
import { activeNodes } from "./nodes.js";
import { type CheckedSolveOptions, checkSolveOptions, type SolveOptions } from "./options.js";
import { checkProblem, type Problem } from "./problem.js";
import { removeFreeRigidMotions } from "./rigidMotions.js";
import { type Crew, type OpenSession, openWasm } from "./session.js";
import { solveOnce } from "./solveOnce.js";
import { type FixedPositions, fixedPositions, type SolvedSystem } from "./system.js";
import { openTwin } from "./twin.js";

/** The kernels. */
export const sessions: Readonly<Record<CheckedSolveOptions["kernel"], OpenSession>> = {
  wasm: openWasm,
  webgpu: openGpu,
  typescript: openTwin,
};

/** Checks, solves and dresses up the answer, on this thread; `solve` has the promises that it keeps. */
export async function solveModel(
  model: VoxelModel,
  constraints: Constraints,
  options: SolveOptions,
  crew: Crew,
): Promise<Solution> {
  const checked = checkSolveOptions(options);
  const problem = checkProblem(model, constraints, checked);
  const node = activeNodes(problem.runs);
  const fixed = fixedPositions(problem, node);
  const solved = await solveOnce(sessions[checked.kernel], problem, fixed, checked, crew);
  if (!solved.converged) throw notConverged(solved, checked);
  return toSolution(problem, node, fixed, solved, checked);
}

function notConverged({ residual, residualHistory, iterations }: SolvedSystem, { tolerance }: CheckedSolveOptions) {
  return new SpondylError(
    "not-converged",
    `solve: the residual is ${residual.toExponential(2)} after ${iterations} iterations, not ${tolerance}. ` +
      "Look for parts that hang by an edge, or raise maxIterations.",
    { residual, iterations, tolerance, residualHistory },
  );
}

function toSolution(
  problem: Problem,
  node: Uint32Array,
  fixed: FixedPositions,
  { displacement, force, ...evidence }: SolvedSystem,
  { kernel }: CheckedSolveOptions,
): Solution {
  const reaction = new Float64Array(problem.entries);
  fixed.unknown.forEach((u, at) => {
    reaction[fixed.entry[at]!] = force[u]!;
  });
  const strainEnergy = 0.5 * displacement.reduce((sum, u, i) => sum + u * force[i]!, 0);
  removeFreeRigidMotions(problem, node, displacement);
  return {
    node,
    displacement,
    reaction,
    strainEnergy,
    iterations: evidence.iterations,
    residual: evidence.residual,
    residualHistory: evidence.residualHistory,
    elements: problem.runs.elements,
    nodes: node.length,
    memoryBytes: evidence.memoryBytes,
    threads: evidence.threads,
    kernel,
  };
}
