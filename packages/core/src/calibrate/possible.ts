import { SpondylError } from "../error.js";
import { type Curve, densityAt } from "./curve.js";

/** What density may be at one CT number, mg/cm³. */
export interface PossibleDensity {
  readonly hu: number;
  readonly low: number;
  readonly high: number;
}

/**
 * What any scanner, phantom and tube voltage can give [C]. Water holds no mineral, and published offsets are some tens
 * of mg/cm³. Solid hydroxyapatite is 3160 mg/cm³; bone at 1000 HU reads 500 to 1300, and a line in g/cm³ below 2.
 */
export const possibleDensities: readonly PossibleDensity[] = [
  { hu: 0, low: -500, high: 500 },
  { hu: 1000, low: 100, high: 3160 },
];

/**
 * Catches slips of unit and of sign before an image is made of them.
 * @throws SpondylError "bad-option" with the curve, when it leaves the possible densities
 */
export function requirePossible(curve: Curve, possible: readonly PossibleDensity[]): void {
  for (const { hu, low, high } of possible) {
    const density = densityAt(curve, hu);
    if (density >= low && density <= high) continue;
    throw new SpondylError(
      "bad-option",
      `calibrate: the line ${formulaOf(curve)} gives ${Number(density.toPrecision(4))} mg/cm³ at ${hu} HU, where ${low} to ${high} are possible. ` +
        "Check its numbers, or those of its points: densities are in mg/cm³, not g/cm³, and CT numbers in HU.",
      { coefficients: curve.coefficients, hu, density },
    );
  }
}

/** 0.8·HU + -4 */
const formulaOf = ({ coefficients }: Curve): string =>
  coefficients
    .map((c, power) => `${Number(c.toPrecision(6))}${["", "·HU", "·HU²"][power]}`)
    .reverse()
    .join(" + ");
