import type { Run } from "../../run.js";
import { checkSolveOptions } from "../options.js";
import { runOnTeam } from "../team.js";
import { type FailInput, type Failure, failModel } from "./failModel.js";
import type { FailOptions } from "./failOptions.js";
import type { PathPoint, PathState } from "./pathPoint.js";

/** The run, and who hears of each state on the path. */
export interface FailRun extends Run {
  readonly onPoint?: (point: PathPoint) => void;
  /** Where the path can be taken up, after each point; asking for it costs a copy of the state. */
  readonly onState?: (state: PathState) => void;
}

/**
 * Moves one end of a model step by step, its material yielding, softening and breaking, until the motion is complete, the
 * load has fallen far below its peak, or no further equilibrium exists.
 *
 * Small displacements: buckling and large rotations of struts are not described. As in `solve`, everything runs on
 * workers with `run.threads`, and the bits of the answer do not depend on their number.
 *
 * @throws SpondylError "bad-input", "bad-option", "out-of-memory", "no-gpu" as `solve`; "unsupported" for plasticity on a GPU; "not-converged" when not even the first
 *   step was found. A path that ends early is an answer: see `Failure.end`
 */
export async function fail(input: FailInput, options: FailOptions = {}, run: FailRun = {}): Promise<Failure> {
  run.signal?.throwIfAborted();
  const { threads, onPoint, onState, signal, progress } = run;
  if (threads && checkSolveOptions(options).kernel === "wasm")
    return runOnTeam<Failure>(
      { kind: "fail", input, options, keepStates: onState !== undefined },
      { ...run, ...(onPoint && { onPoint }), ...(onState && { onState }) },
      threads,
    );
  const crew = { threads: 1, muster: () => {}, report: () => {}, ...(run.gpu && { gpu: run.gpu }) };
  return failModel(input, options, crew, async (point, save) => {
    onPoint?.(point);
    onState?.(save());
    progress?.(point.share);
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
  });
}
