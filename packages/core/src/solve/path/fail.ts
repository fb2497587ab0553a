import type { Run } from "../../run.js";
import { breathe } from "../breathe.js";
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
  const pause = Math.max(1, Math.floor(1e5 / input.model.modulus.data.length)); // iterations of the solver between two
  let iterations = 0;
  const crew = {
    threads: 1,
    ...(run.gpu && { gpu: run.gpu }),
    muster: () => {},
    report: () => (++iterations % pause === 0 ? breathe(signal) : undefined),
  };
  return failModel(input, options, crew, (point, save) => {
    onPoint?.(point);
    onState?.(save());
    progress?.(point.share);
    return breathe(signal);
  });
}
