import { SpondylError } from "../../error.js";
import type { SolveOptions } from "../options.js";

export interface FailOptions extends Pick<SolveOptions, "kernel" | "floating"> {
  /** Steps that the path is planned in, 1 to 1000; fewer or more are taken as it is easy or hard. Default 20. */
  readonly steps?: number;
  /** Out-of-balance force over the forces on the ends at which a state counts as equilibrium. Default 1e-3. */
  readonly tolerance?: number;
  /** Iterations of the material after which a step is given up and halved. Default 300 for damage, 25 for plasticity. */
  readonly maxIterations?: number;
  /**
   * What a step prescribes. "displacement", the default: how far the end moves. "dissipation": how much energy is
   * dissipated, once damage has begun, so that the end may go back where the load falls steeply; damage laws alone.
   */
  readonly control?: "displacement" | "dissipation";
  /** The path ends when the load has fallen below this share of its peak, 0 to 1. Default 0.5; 0: never. */
  readonly brokenBelow?: number;
  /**
   * Damage follows the mean of what loads the elements within this length, mm, > 0: see `nonLocalAverage`. Fracture
   * energies then belong to the band that it makes, not to single elements. For damage laws alone. Default: none.
   */
  readonly nonLocalMm?: number;
}

export type CheckedFailOptions = Required<Pick<FailOptions, "steps" | "tolerance" | "brokenBelow" | "control">> &
  Pick<FailOptions, "maxIterations" | "nonLocalMm">;

/** @throws SpondylError "bad-option" */
export function checkFailOptions({
  steps = 20,
  tolerance = 1e-3,
  maxIterations,
  brokenBelow = 0.5,
  control = "displacement",
  nonLocalMm,
}: FailOptions): CheckedFailOptions {
  const bad = (message: string, value: unknown) => new SpondylError("bad-option", `fail: ${message}`, { value });
  if (!(Number.isInteger(steps) && steps >= 1 && steps <= 1000))
    throw bad(`steps ${steps} is not a whole number from 1 to 1000.`, steps);
  if (!(tolerance >= 1e-9 && tolerance <= 0.1))
    throw bad(`tolerance ${tolerance} is out of range. Give 1e-9 to 0.1, for example 1e-3.`, tolerance);
  if (maxIterations !== undefined && !(Number.isInteger(maxIterations) && maxIterations >= 2))
    throw bad(`maxIterations ${maxIterations} is not a whole number above 1.`, maxIterations);
  if (!(brokenBelow >= 0 && brokenBelow <= 1)) throw bad(`brokenBelow ${brokenBelow} is not from 0 to 1.`, brokenBelow);
  if (nonLocalMm !== undefined && !(nonLocalMm > 0 && nonLocalMm < Number.POSITIVE_INFINITY))
    throw bad(`nonLocalMm ${nonLocalMm} is not a length above 0 mm.`, nonLocalMm);
  if (control !== "displacement" && control !== "dissipation")
    throw bad(`control "${control}" is unknown. Give displacement or dissipation.`, control);
  return {
    ...{ steps, tolerance, brokenBelow, control },
    ...(maxIterations !== undefined && { maxIterations }),
    ...(nonLocalMm !== undefined && { nonLocalMm }),
  };
}
