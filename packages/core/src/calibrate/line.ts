import { SpondylError } from "../error.js";
import type { Solved } from "./evidence.js";
import type { LineMethod } from "./method.js";

/**
 * A calibration line that was found elsewhere, for instance on this scanner with the same tube voltage. Its uncertainty
 * is known when both SDs are given; slope and intercept are then taken as uncorrelated.
 *
 * @throws SpondylError "bad-option" when it does not rise or an SD is negative
 */
export function solveLine({ slope, intercept, reference = "K2HPO4", slopeSd, interceptSd }: LineMethod): Solved {
  if (!(slope > 0 && Number.isFinite(slope) && Number.isFinite(intercept)))
    throw new SpondylError(
      "bad-option",
      `calibrate: the line ${slope}·HU + ${intercept} gives no density. Give a positive slope (mg/cm³ per HU) and an intercept (mg/cm³).`,
    );
  const known = slopeSd !== undefined && interceptSd !== undefined;
  if (known ? !(isSd(slopeSd) && isSd(interceptSd)) : slopeSd !== interceptSd)
    throw new SpondylError(
      "bad-option",
      `calibrate: the line's SDs are ${slopeSd} and ${interceptSd}. Give both, zero or more, or neither.`,
    );
  return {
    reference,
    curve: {
      coefficients: [intercept, slope],
      covariance: known
        ? [
            [interceptSd ** 2, 0],
            [0, slopeSd ** 2],
          ]
        : null,
    },
    evidence: null,
    findings: known
      ? []
      : [
          {
            code: "calibration-uncertainty-unknown",
            severity: "warning",
            message: "The calibration line was given without its uncertainty.",
          },
        ],
  };
}

const isSd = (value: number) => value >= 0 && Number.isFinite(value);
