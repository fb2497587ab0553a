import { SpondylError } from "../error.js";
import type { Vec3 } from "../volume/volume.js";
import { type PhantomLevel, phantomLevels } from "./levels.js";

export type LesionKind = "lytic" | "blastic";

/** A spherical lesion. */
export interface LesionOptions {
  readonly kind: LesionKind;
  readonly diameterMm: number; // > 0, at most the smallest extent of the body
  /** Middle, mm to the left, back and up from the middle of the body, in the vertebra's own axes. Default: inside the body, to the right. */
  readonly positionMm?: Vec3;
  /** mg K2HPO4/cm³. Default 30 (lytic: tumour attenuates like other soft tissue) or 450 (blastic) [C]. */
  readonly density?: number;
}

/** Turns of the vertebra in the scanner, applied in this order, degrees, -45 to 45. */
export interface Pose {
  readonly tiltDeg?: number; // > 0: the upper end-plate tips forward
  readonly bendDeg?: number; // > 0: the upper end-plate tips to the left
  readonly turnDeg?: number; // > 0: the left side goes back
}

/** Tube voltages with a known effective energy. */
export const tubeVoltages = [80, 100, 120, 140] as const;
export type TubeVoltage = (typeof tubeVoltages)[number];

/** The simulated scanner. */
export interface ScannerOptions {
  /**
   * Voxel size, mm. Default 0.6 × 0.6 × 1.0: a 300 mm field of view on 512 pixels, and the slice distance that thin
   * reconstructions of the spine have.
   */
  readonly spacing?: Vec3;
  readonly sliceThicknessMm?: number; // of the box profile; default: the slice distance
  readonly psfFwhmMm?: number; // in the slice plane, Gaussian; default 0.8 [C]: a standard to medium-sharp kernel
  readonly noiseSdHu?: number; // default 12
  readonly noiseFwhmMm?: number; // correlation of the noise within a slice, Gaussian; default 1.2 [C]; 0 = white
  readonly kvp?: TubeVoltage; // default 120
}

export interface PhantomOptions {
  readonly level: PhantomLevel;
  readonly seed: number; // whole number >= 0: shape, texture and noise
  readonly lesion?: LesionOptions;
  /** Cortex and end-plates of the body, mm. Default 0.35: mean of shell and end-plate (Silva 1994 [A]). */
  readonly cortexThicknessMm?: number;
  readonly posteriorCortexThicknessMm?: number; // default 1.0 [C]
  /** All densities here: mg K2HPO4/cm³. Mean of the body's core; default 100: low bone mass (80 to 120 [A]). */
  readonly coreDensity?: number;
  readonly posteriorCoreDensity?: number; // default 1.6 times coreDensity [C]
  readonly cortexDensity?: number; // default 1000 [C]: compact bone with pores
  readonly coreVariation?: number; // relative standard deviation of the core's random part; default 0.12 [C]
  readonly shapeVariation?: number; // relative standard deviation of each dimension; default 0.02; 0 = the mean shape
  readonly pose?: Pose;
  readonly inserts?: boolean; // calibration rods under the back; default false
  readonly truthSpacingMm?: number; // voxel edge of the truth, at most the scan's; default 0.3
  readonly ct?: ScannerOptions;
}

/** All options with their defaults in place, and what was drawn from them. Written to `phantom.json`. */
export interface PhantomSettings {
  readonly level: PhantomLevel;
  readonly seed: number;
  readonly cortexThicknessMm: number;
  readonly posteriorCortexThicknessMm: number;
  readonly coreDensityMgPerCm3: number;
  readonly posteriorCoreDensityMgPerCm3: number;
  readonly cortexDensityMgPerCm3: number;
  readonly coreVariation: number;
  readonly shapeVariation: number;
  readonly pose: Required<Pose>;
  readonly inserts: boolean;
  readonly truthSpacingMm: number;
  readonly ct: Required<ScannerOptions>;
}

/** @throws SpondylError "bad-option" for a value out of its range; the lesion is checked where the shape is known */
export function settle({
  level,
  seed,
  cortexThicknessMm = 0.35,
  posteriorCortexThicknessMm = 1,
  coreDensity = 100,
  posteriorCoreDensity = 1.6 * coreDensity,
  cortexDensity = 1000,
  coreVariation = 0.12,
  shapeVariation = 0.02,
  pose: { tiltDeg = 0, bendDeg = 0, turnDeg = 0 } = {},
  inserts = false,
  truthSpacingMm = 0.3,
  ct = {},
}: PhantomOptions): PhantomSettings {
  if (!phantomLevels.includes(level))
    throw new SpondylError(
      "bad-option",
      `phantom: level "${level}" is unknown. Give one of ${phantomLevels.join(", ")}.`,
    );
  if (!(Number.isSafeInteger(seed) && seed >= 0))
    throw new SpondylError("bad-option", `phantom: seed ${seed} is not a whole number >= 0.`, { seed });
  within("cortexThicknessMm", cortexThicknessMm, 0.05, 3);
  within("posteriorCortexThicknessMm", posteriorCortexThicknessMm, 0.05, 3);
  within("coreDensity", coreDensity, 1, 800);
  within("posteriorCoreDensity", posteriorCoreDensity, 1, 1000);
  within("cortexDensity", cortexDensity, 100, 1600);
  within("coreVariation", coreVariation, 0, 0.5);
  within("shapeVariation", shapeVariation, 0, 0.06);
  within("truthSpacingMm", truthSpacingMm, 0.1, 2);
  const scanner = settleScanner(ct);
  const finest = Math.min(...scanner.spacing);
  if (truthSpacingMm > finest)
    throw new SpondylError(
      "bad-option",
      `phantom: the truth's voxels (${truthSpacingMm} mm) are coarser than the scan's (${finest} mm). Give a finer truth or a coarser scan.`,
    );
  for (const [name, angle] of Object.entries({ tiltDeg, bendDeg, turnDeg })) within(`pose.${name}`, angle, -45, 45);
  return {
    ...{
      level,
      seed,
      cortexThicknessMm,
      posteriorCortexThicknessMm,
      coreVariation,
      shapeVariation,
      inserts,
      truthSpacingMm,
    },
    coreDensityMgPerCm3: coreDensity,
    posteriorCoreDensityMgPerCm3: posteriorCoreDensity,
    cortexDensityMgPerCm3: cortexDensity,
    pose: { tiltDeg, bendDeg, turnDeg },
    ct: scanner,
  };
}

function settleScanner({
  spacing = [0.6, 0.6, 1],
  sliceThicknessMm = spacing[2],
  psfFwhmMm = 0.8,
  noiseSdHu = 12,
  noiseFwhmMm = 1.2,
  kvp = 120,
}: ScannerOptions): Required<ScannerOptions> {
  for (const mm of spacing) within("ct.spacing", mm, 0.1, 5);
  within("ct.sliceThicknessMm", sliceThicknessMm, 0.1, 10);
  within("ct.psfFwhmMm", psfFwhmMm, 0.2, 5);
  within("ct.noiseSdHu", noiseSdHu, 0, 200);
  within("ct.noiseFwhmMm", noiseFwhmMm, 0, 5);
  if (!tubeVoltages.includes(kvp))
    throw new SpondylError("bad-option", `phantom: ct.kvp is ${kvp}. Give one of ${tubeVoltages.join(", ")}.`, { kvp });
  return { spacing, sliceThicknessMm, psfFwhmMm, noiseSdHu, noiseFwhmMm, kvp };
}

function within(name: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high))
    throw new SpondylError("bad-option", `phantom: ${name} is ${value}. Give a number from ${low} to ${high}.`, {
      [name]: value,
    });
}
