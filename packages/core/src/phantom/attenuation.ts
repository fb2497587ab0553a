import type { TubeVoltage } from "./settings.js";

/** Tissues whose CT number can calibrate a scan. */
export const calibrationTissues = ["air", "adipose", "blood", "muscle", "cortical"] as const;
export type CalibrationTissue = (typeof calibrationTissues)[number];

/** The line that turns mineral density into CT numbers: HU = slope·density + intercept. Exact in every phantom. */
export interface HuLine {
  readonly slope: number; // HU per mg K2HPO4/cm³
  readonly intercept: number; // HU
}

/** Energy (keV) of the single photons that attenuate like the tube's spectrum behind a trunk [C]. */
const effectiveEnergy: Readonly<Record<TubeVoltage, number>> = { 80: 60, 100: 65, 120: 70, 140: 75 };

/** Mass attenuation, cm²/g, at 60 and 80 keV: NIST SRD 126 and XCOM [A]. Between them log-log. */
const massAttenuation = {
  air: [0.1875, 0.1662],
  adipose: [0.1974, 0.18],
  blood: [0.2057, 0.1827],
  muscle: [0.2048, 0.1823],
  cortical: [0.3148, 0.2229],
  water: [0.2059, 0.1837],
  K2HPO4: [0.389, 0.2508],
} as const;

/** Mass density, g/cm³: ICRU 44 [B]. */
const massDensity = { air: 0.0012, adipose: 0.95, blood: 1.06, muscle: 1.05, cortical: 1.92 } as const;

/** Water that a gram of dissolved K2HPO4 displaces, cm³: from the density of its solutions, about 1.17 g/cm³ at 20 % [C]. */
const displacement = 0.27;

function attenuation(material: keyof typeof massAttenuation, kvp: TubeVoltage): number {
  const [low, high] = massAttenuation[material];
  return low * (high / low) ** (Math.log(effectiveEnergy[kvp] / 60) / Math.log(80 / 60));
}

/** CT number of a tissue, HU: 1000·(μ/μ_water − 1). */
export const tissueHu = (tissue: CalibrationTissue, kvp: TubeVoltage): number =>
  Math.round(1000 * ((attenuation(tissue, kvp) * massDensity[tissue]) / attenuation("water", kvp) - 1));

/**
 * Bone, and the inserts, attenuate like K2HPO4 dissolved in water: water is the zero of both scales. About 1.32 HU per
 * mg/cm³ at 120 kVp. Depends on the tube voltage alone.
 */
export const huLine = (kvp: TubeVoltage): HuLine => ({
  slope: attenuation("K2HPO4", kvp) / attenuation("water", kvp) - displacement,
  intercept: 0,
});
