import { SpondylError } from "../error.js";

/**
 * Uniaxial stress over strain, both over their values at the onset of damage: elastic to 1, hardening to `peakStrain`,
 * then a straight line down to nothing at `failureStrain`.
 */
export interface StressCurve {
  readonly hardening: number; // slope after the onset over the elastic one, in [0, 1)
  readonly peakStrain: number; // >= 1, over the strain at the onset
  readonly failureStrain: number; // > peakStrain
}

/** Stress over that at the onset, for a strain over that at the onset (>= 0). */
export function curveStress({ hardening, peakStrain, failureStrain }: StressCurve, strain: number): number {
  if (strain <= 1) return strain;
  if (strain <= peakStrain) return 1 + hardening * (strain - 1);
  const peak = 1 + hardening * (peakStrain - 1);
  return Math.max(0, (peak * (failureStrain - strain)) / (failureStrain - peakStrain));
}

/** D of stress = (1 − D)·E·strain. */
export const curveDamage = (curve: StressCurve, strain: number): number =>
  strain <= 1 ? 0 : 1 - curveStress(curve, strain) / strain;

/** What fixes the softening of one sense, tension or compression. */
export interface SofteningInput {
  readonly youngMPa: number;
  readonly onsetStrain: number; // at the onset of damage, mm/mm
  readonly hardening: number;
  readonly peakStrain: number; // mm/mm
  readonly fractureEnergyNPerMm: number; // energy that a unit of fractured area takes after the peak
  readonly bandMm: number; // width that softening gathers in
}

/**
 * The curve whose softening takes the same energy per fractured area at any element size (crack band): strain runs from
 * the peak to ε_f = 2·G_f/(σ_peak·h), so that what a band of width h stores at the peak and takes up after it is G_f by
 * its area.
 *
 * @throws SpondylError "bad-option" when the band is so wide that the curve would snap back: with the largest width
 *
 * Source: Bažant & Oh, Crack band theory for fracture of concrete (1983).
 */
export function crackBandCurve(input: SofteningInput): StressCurve {
  const { youngMPa, onsetStrain, hardening, fractureEnergyNPerMm, bandMm } = input;
  const peakStrain = Math.max(1, input.peakStrain / onsetStrain);
  const peakMPa = youngMPa * onsetStrain * (1 + hardening * (peakStrain - 1));
  const failureStrain = (2 * fractureEnergyNPerMm) / (peakMPa * bandMm) / onsetStrain;
  if (!(failureStrain > 1.001 * peakStrain)) {
    const most = (2 * fractureEnergyNPerMm) / (peakMPa * peakStrain * onsetStrain);
    throw new SpondylError(
      "bad-option",
      `material: a softening band of ${bandMm.toPrecision(3)} mm stores more than ${fractureEnergyNPerMm} N/mm releases: it would snap back. ` +
        `A band is one element wide, or 4.2 non-local lengths: make it less than ${most.toPrecision(2)} mm, or the fracture energy larger.`,
      { bandMm, mostMm: most, fractureEnergyNPerMm },
    );
  }
  return { hardening, peakStrain, failureStrain };
}

/** What the crack band leaves to the mesh. */
export const crackBandWords =
  "crack band: softening takes the same energy per fractured area at any element size. Before the peak the answer depends on " +
  "the mesh as elastic stresses do; where cracks run after it depends on the mesh, too.";
