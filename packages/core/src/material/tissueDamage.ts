import { checkConstants, type Range } from "./constants.js";
import { type DamageLaw, leastResidual } from "./damageLaw.js";
import { equivalentStrain } from "./equivalentStrain.js";
import { crackBandCurve, crackBandWords, curveDamage } from "./softening.js";

export interface TissueDamageOptions {
  readonly youngMPa?: number; // the modulus that the fracture energy goes with, default 12700 [B: Wolfram 2012]
  readonly poisson?: number; // default 0.32 [B: Wolfram 2012]
  readonly tensionStrain?: number; // at the onset in tension, default 0.0041 [B: Wolfram 2012; Bayraktar 2004]
  readonly compressionStrain?: number; // and in compression, default 0.0083 [B: the same]
  readonly hardening?: number; // slope after the onset over E, default 0.05 [B: Wolfram 2012]
  readonly tensionPeakStrain?: number; // where hardening ends in tension, default 0.07 [C: amid 0.02 to 0.12, A]
  readonly compressionPeakStrain?: number; // and in compression, default 0.05 [C]
  readonly fractureEnergyNPerMm?: number; // after the peak, default 1 [A for cortical bone: 0.82 to 1.15; C for trabecular]
  readonly residual?: number; // share of stiffness of a failed element, default 1e-3 [C]
  readonly bandMm: number; // width that softening gathers in: the edge of an element, or of a non-local band
}

/**
 * Damage of bone tissue, for models that resolve the trabeculae. Uniaxially, stress rises elastically to the onset,
 * hardens, softens and ends, by one curve in tension and another in compression, see `crackBandCurve`. In other states
 * the `equivalentStrain` takes the strain's place, and thresholds and curves are mixed by how much of it is tension.
 * Elements of another modulus than `youngMPa` have the same strains, and stresses in proportion.
 *
 * Onset and hardening are those identified for human vertebral trabecular tissue. Single trabeculae whiten at 2 to 12 % of
 * local strain and fail at 14 to 62 % (bovine, in bending: PMC3088861): the peaks lie in that first range. The energy of
 * fracture is that of human cortical bone.
 *
 * @throws SpondylError "bad-option" for a constant out of its range or unknown, and as `crackBandCurve`
 *
 * Source: Wolfram, Gross, Pahr, Schwiedrzik, Wilke & Zysset 2012, 10.1016/j.jmbbm.2012.07.005 (constants).
 */
export function tissueDamage(options: TissueDamageOptions): DamageLaw {
  const {
    youngMPa = 12700,
    poisson = 0.32,
    tensionStrain = 0.0041,
    compressionStrain = 0.0083,
    hardening = 0.05,
    tensionPeakStrain = 0.07,
    compressionPeakStrain = 0.05,
    fractureEnergyNPerMm = 1,
    residual = 1e-3,
    bandMm,
  } = options;
  checkConstants("tissue-damage", options, ranges);
  const shared = { youngMPa, hardening, fractureEnergyNPerMm, bandMm };
  const tension = crackBandCurve({ ...shared, onsetStrain: tensionStrain, peakStrain: tensionPeakStrain });
  const compression = crackBandCurve({ ...shared, onsetStrain: compressionStrain, peakStrain: compressionPeakStrain });
  const measure = new Float64Array(2);
  return {
    kind: "damage",
    name: "tissue-damage",
    poisson,
    residual,
    constants: {
      ...{ youngMPa, poisson, tensionStrain, compressionStrain, hardening },
      ...{ tensionPeakStrain, compressionPeakStrain, fractureEnergyNPerMm, residual, bandMm },
    },
    regularisation: crackBandWords,
    loading: (strain) => {
      equivalentStrain(strain, poisson, measure);
      return measure[0]! / (measure[1]! * tensionStrain + (1 - measure[1]!) * compressionStrain);
    },
    damage: (strain, loading) => {
      if (loading <= 1) return 0;
      equivalentStrain(strain, poisson, measure);
      const share = measure[1]!;
      const damage = share * curveDamage(tension, loading) + (1 - share) * curveDamage(compression, loading);
      return Math.min(1 - residual, damage);
    },
  };
}

const ranges: Readonly<Record<keyof TissueDamageOptions, Range>> = {
  youngMPa: { above: 0 },
  poisson: { above: -1, below: 0.5 },
  tensionStrain: { above: 0 },
  compressionStrain: { above: 0 },
  hardening: { atLeast: 0, below: 1 },
  tensionPeakStrain: { atLeast: 0 },
  compressionPeakStrain: { atLeast: 0 },
  fractureEnergyNPerMm: { above: 0 },
  residual: leastResidual,
  bandMm: { above: 0 },
};
