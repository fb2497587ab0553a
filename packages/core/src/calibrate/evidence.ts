import type { Finding } from "../volume/finding.js";
import type { Curve } from "./curve.js";
import type { ReferenceMaterial } from "./method.js";

/** One point that the curve was fitted to. `known`, `fitted` and `residual` are in the evidence's unit. */
export interface EvidencePoint {
  readonly name: string;
  readonly hu: number;
  readonly known: number;
  readonly fitted: number;
  readonly residual: number; // known − fitted
}

/** How well the points agree with the curve. */
export interface Evidence {
  readonly unit: "mg/cm3" | "HU" | "cm2/g"; // of what the method regresses: density, CT number, mass attenuation
  readonly points: readonly EvidencePoint[];
  readonly n: number;
  readonly degreesOfFreedom: number;
  readonly r2: number | null;
  readonly residualSd: number | null; // in `unit`
  readonly reducedChiSquare: number | null; // only when the points came with their uncertainty
}

/** What others measured for a method, as context: this scan's own error may differ. */
export interface PublishedAccuracy {
  readonly biasMgPerCm3: number;
  readonly sdMgPerCm3: number;
  readonly n: number;
  readonly source: string;
}

/** What the internal method found on its way. */
export interface InternalDetails {
  readonly effectiveEnergyKeV: number;
  readonly interpolation: string;
  readonly attenuationSlope: number; // cm²/g per HU: a in u = a·HU + b
  readonly attenuationIntercept: number; // cm²/g: b
  readonly massDensitySlope: number; // g/cm³ per HU: c in ρ = c·HU + d
  readonly massDensityIntercept: number; // g/cm³: d
  readonly massAttenuation: Readonly<Record<string, number>>; // cm²/g at the effective energy, by material
}

/** What every method hands to the stage. */
export interface Solved {
  readonly reference: ReferenceMaterial;
  readonly curve: Curve;
  readonly evidence: Evidence | null; // null: nothing was fitted here
  readonly findings: readonly Finding[];
  readonly published?: PublishedAccuracy;
  readonly internal?: InternalDetails;
  readonly mindways?: {
    readonly sigmaRef: number;
    readonly betaRef: number;
    readonly sigmaCt: number;
    readonly betaCt: number;
  };
}
