import { SpondylError } from "../error.js";

/** A strength estimated from a linear model, and what it rests on. */
export interface StrengthEstimate {
  readonly name: "crawford" | "stiffness-times-0.2mm" | "0.2-percent-height" | "pistoia";
  readonly loadN: number;
  readonly formula: string;
  readonly source: string;
  readonly mark: string; // confidence of the constants: A read in a source, B from memory
}

/**
 * Strength as 0.0068 strain at the model's stiffness.
 * @param heightMm of the vertebral body: here the mean distance of its end-plates. The published tables of the spineFE
 *   benchmark use a model height of their own (29 mm for its L2, whose end-plates lie 26.7 mm apart)
 */
export const crawford = (stiffnessNPerMm: number, heightMm: number): StrengthEstimate => ({
  name: "crawford",
  loadN: 0.0068 * stiffnessNPerMm * heightMm,
  formula: "0.0068·K·H",
  source: "Crawford, Cann & Keaveny 2003; H is the mean distance of the end-plates",
  mark: "A",
});

/** The load at a displacement of 0.2 mm, which the published benchmark calls "0.2 % strain". */
export const atFifthOfMillimetre = (stiffnessNPerMm: number): StrengthEstimate => ({
  name: "stiffness-times-0.2mm",
  loadN: 0.2 * stiffnessNPerMm,
  formula: "K·0.2 mm",
  source: "Walle, Matheson & Boyd 2025",
  mark: "A",
});

/** The load of the linear model at a displacement of 0.2 % of the body's height. */
export const atFifthOfPercent = (stiffnessNPerMm: number, heightMm: number): StrengthEstimate => ({
  name: "0.2-percent-height",
  loadN: 0.002 * stiffnessNPerMm * heightMm,
  formula: "K·0.002·H",
  source: "parosol-py",
  mark: "A",
});

export interface PistoiaOptions {
  readonly volumePercent?: number; // of the bone that exceeds the strain at failure, %; default 2 [A]
  readonly strain?: number; // effective strain at failure; default 0.007 [A]
}

export interface PistoiaEstimate extends StrengthEstimate {
  readonly factor: number; // failure load over applied load
  readonly effectiveStrain: number; // exceeded by `volumePercent` of the bone under the applied load
}

/**
 * Strength by Pistoia's criterion: failure when `volumePercent` of the bone exceeds an effective strain √(2U/E).
 * Its constants were fitted to radii at high resolution; on a clinical CT it is a relative measure.
 *
 * @param energyDensity strain energy density at the centre of each element, MPa: where FAIM takes it, to which the
 *   constants belong; the mean over the element is larger wherever elements bend (12 % at the 98th percentile of trab1240)
 * @param modulus       Young's modulus per element, MPa; elements of 0 are left out. Pass bone alone, without caps
 * @param reactionN     of the load that made this energy
 * @throws SpondylError "bad-option" for a fraction or strain out of range, "bad-input" without elements
 *
 * Source: Pistoia et al. 2002; constants as in n88tools and parosol-py [A].
 */
export function pistoia(
  energyDensity: ArrayLike<number>,
  modulus: ArrayLike<number>,
  reactionN: number,
  { volumePercent = 2, strain = 0.007 }: PistoiaOptions = {},
): PistoiaEstimate {
  if (!(volumePercent > 0 && volumePercent < 100 && strain > 0))
    throw new SpondylError(
      "bad-option",
      `pistoia: ${volumePercent} % of the volume at a strain of ${strain}. Give a percentage between 0 and 100 and a strain above 0.`,
    );
  const strains: number[] = [];
  for (let n = 0; n < modulus.length; n++)
    if (modulus[n]! > 0) strains.push(Math.sqrt((2 * energyDensity[n]!) / modulus[n]!));
  if (strains.length === 0) throw new SpondylError("bad-input", "pistoia: the model has no bone elements.");
  const sorted = Float64Array.from(strains).sort();
  const effectiveStrain = sorted[Math.floor((1 - volumePercent / 100) * (sorted.length - 1))]!;
  const factor = strain / effectiveStrain;
  return {
    name: "pistoia",
    loadN: Math.abs(reactionN) * factor,
    formula: `F·${strain} / effective strain exceeded by ${volumePercent} % of the bone`,
    source: "Pistoia et al. 2002; constants as in n88tools",
    mark: "A",
    factor,
    effectiveStrain,
  };
}
