import { SpondylError } from "../error.js";
import { checkConstants, type Range } from "./constants.js";
import { type DamageLaw, leastResidual } from "./damageLaw.js";
import { equivalentStrain } from "./equivalentStrain.js";
import { crackBandWords } from "./softening.js";

export interface QuasiBrittleOptions {
  readonly youngMPa?: number; // default 18000 [A: Bayraktar 2004 as coded in Ogo]
  readonly poisson?: number; // default 0.3 [A]
  readonly tensionYieldStrain?: number; // default 0.0033 [A: as used by Shalimov & Tashkinov 2022]
  readonly compressionYieldStrain?: number; // default 0.0081 [A: the same]
  readonly exponent?: number; // n, default 2 [C: not found in print]
  readonly criticalDamage?: number; // D_c, default 0.95 [C]
  readonly fractureEnergyNPerMm?: number; // of the whole stress-strain curve, default 0.3 [C: 0.1 to 0.5]
  readonly residual?: number; // share of stiffness of a failed element, default 1e-3 [C]
  readonly bandMm: number; // width that softening gathers in: the edge of an element, or of a non-local band
}

/**
 * Quasi-brittle damage of bone after Hambli: D = D_c·(ε/ε_f)ⁿ from the yield strain to the failure strain ε_f, where the
 * element fails and keeps a residual stiffness. ε is the `equivalentStrain`; strains at yield and failure in tension and
 * in compression are mixed by how much of the state is tension.
 *
 * The original takes √(⅔ε:ε) and a fixed failure strain; here the failure strain follows from the fracture energy and
 * the width of the band that softens, an element, so that the energy of a crack does not depend on the mesh.
 *
 * @throws SpondylError "bad-option" for a constant out of its range or unknown, and as `failureStrain`
 *
 * Source: Hambli 2013, 10.1007/s11517-012-0986-5 (form); as restated by Shalimov & Tashkinov 2022 [A].
 */
export function quasiBrittle(options: QuasiBrittleOptions): DamageLaw {
  const {
    youngMPa = 18000,
    poisson = 0.3,
    tensionYieldStrain = 0.0033,
    compressionYieldStrain = 0.0081,
    exponent = 2,
    criticalDamage = 0.95,
    fractureEnergyNPerMm = 0.3,
    residual = 1e-3,
    bandMm,
  } = options;
  checkConstants("quasi-brittle", options, ranges);
  const curve = { youngMPa, exponent, criticalDamage, energyMPa: fractureEnergyNPerMm / bandMm };
  const tensionFailure = failureStrain({ ...curve, yieldStrain: tensionYieldStrain });
  const compressionFailure = failureStrain({ ...curve, yieldStrain: compressionYieldStrain });
  const measure = new Float64Array(2);
  const mix = (share: number, tension: number, compression: number) => share * tension + (1 - share) * compression;
  return {
    kind: "damage",
    name: "quasi-brittle",
    poisson,
    residual,
    constants: {
      ...{ youngMPa, poisson, tensionYieldStrain, compressionYieldStrain, exponent, criticalDamage },
      ...{ fractureEnergyNPerMm, residual, bandMm, tensionFailure, compressionFailure },
    },
    regularisation: crackBandWords,
    loading: (strain) => {
      equivalentStrain(strain, poisson, measure);
      return measure[0]! / mix(measure[1]!, tensionYieldStrain, compressionYieldStrain);
    },
    damage: (strain, loading) => {
      if (loading <= 1) return 0;
      equivalentStrain(strain, poisson, measure);
      const share = measure[1]!;
      const at =
        (loading * mix(share, tensionYieldStrain, compressionYieldStrain)) /
        mix(share, tensionFailure, compressionFailure);
      return at >= 1 ? 1 - residual : Math.min(criticalDamage * at ** exponent, 1 - residual);
    },
  };
}

const ranges: Readonly<Record<keyof QuasiBrittleOptions, Range>> = {
  youngMPa: { above: 0 },
  poisson: { above: -1, below: 0.5 },
  tensionYieldStrain: { above: 0 },
  compressionYieldStrain: { above: 0 },
  exponent: { above: 0 },
  criticalDamage: { above: 0, atMost: 1 },
  fractureEnergyNPerMm: { above: 0 },
  residual: leastResidual,
  bandMm: { above: 0 },
};

interface QuasiBrittleCurve {
  readonly youngMPa: number;
  readonly yieldStrain: number;
  readonly exponent: number;
  readonly criticalDamage: number;
  readonly energyMPa: number; // under the curve, N mm/mm³
}

/**
 * Failure strain at which the area under the uniaxial curve is the fracture energy over the width of the band.
 * @throws SpondylError "bad-option" when already the elastic part takes more
 */
function failureStrain({ youngMPa, yieldStrain, exponent: n, criticalDamage, energyMPa }: QuasiBrittleCurve): number {
  const area = (f: number) =>
    youngMPa * (f ** 2 / 2 - (criticalDamage * (f ** (n + 2) - yieldStrain ** (n + 2))) / ((n + 2) * f ** n));
  if (!(area(yieldStrain) < energyMPa))
    throw new SpondylError(
      "bad-option",
      `material: the fracture energy over the width of the softening band, ${energyMPa.toPrecision(3)} MPa, is less than what is stored at yield, ` +
        `${area(yieldStrain).toPrecision(3)} MPa. Use smaller elements (or a shorter non-local length), or a larger fracture energy.`,
      { energyMPa, elasticMPa: area(yieldStrain) },
    );
  let [low, high] = [yieldStrain, 2 * yieldStrain];
  while (area(high) < energyMPa) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (area(middle) < energyMPa) low = middle;
    else high = middle;
  }
  return high;
}
