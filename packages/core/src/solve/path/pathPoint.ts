import type { Motion } from "../../load/rigidEnds.js";
import type { Reached, StateArrays } from "./equilibrium.js";

/** One state of equilibrium on the path. The first is the unloaded one. */
export interface PathPoint extends Reached {
  readonly workNMm: number; // done by the ends since the beginning
  /** Work that is neither stored nor dissipated, over the work; what the steps' finiteness costs. */
  readonly energyError: number;
}

/** Why a path ended. */
export type PathEnd =
  | "target" // the motion asked for was reached
  | "broken" // the load had fallen below the share of its peak that was asked for
  | "no-equilibrium" // none was found, however small the step
  | "many-steps"; // twenty times as many as planned were taken

/** Where a path can be taken up again. */
export interface PathState {
  readonly points: readonly PathPoint[];
  readonly stepShare: number; // of the path, for the next step
  readonly dissipateNMm: number; // by the next step where that is prescribed; 0: the motion is
  readonly arrays: StateArrays;
}

export const unloaded: PathPoint = {
  share: 0,
  motion: [0, 0, 0, 0, 0, 0],
  resultant: [0, 0, 0, 0, 0, 0],
  storedNMm: 0,
  dissipatedNMm: 0,
  damagedMm3: 0,
  failedMm3: 0,
  iterations: 0,
  solverIterations: 0,
  residual: 0,
  workNMm: 0,
  energyError: 0,
};

/** The next point: work by the trapezoidal rule, energy balanced against it. */
export function nextPoint(last: PathPoint, reached: Reached): PathPoint {
  const workNMm = last.workNMm + workBetween(last, reached);
  const missing = workNMm - reached.storedNMm - reached.dissipatedNMm;
  return { ...reached, workNMm, energyError: workNMm > 0 ? missing / workNMm : 0 };
}

type State = { readonly motion: Motion; readonly resultant: Motion };

const workBetween = (a: State, b: State): number =>
  a.motion.reduce((sum, q, m) => sum + 0.5 * (a.resultant[m]! + b.resultant[m]!) * (b.motion[m]! - q), 0);
