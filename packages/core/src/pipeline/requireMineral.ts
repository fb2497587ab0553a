import type { Compartments } from "../compartments/compartments.js";
import { SpondylError } from "../error.js";

/** Mean density of a whole vertebra that can be meant, mg/cm³: from a hollow one to solid cortex. [C] */
const possible = [10, 1500] as const;

/**
 * Makes sure that the density of the bone is one: an image in g/cm³, CT numbers or a line with a slip give a number that
 * looks like a result.
 * @throws SpondylError "bad-input" with the mean and the likely causes
 */
export function requireMineral({ statistics: { whole }, densityUnit }: Compartments): void {
  if (whole.mean >= possible[0] && whole.mean <= possible[1]) return;
  throw new SpondylError(
    "bad-input",
    `calibration: the vertebra holds ${whole.mean.toPrecision(3)} ${densityUnit} on average (median ${whole.median.toPrecision(3)}), ` +
      `not ${possible[0]} to ${possible[1]}. Is the image in g/cm³ or HU, is the line right, does the mask lie on the bone?`,
    { meanMgPerCm3: whole.mean, medianMgPerCm3: whole.median },
  );
}
