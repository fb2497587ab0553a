import { SpondylError } from "../error.js";

/**
 * One phase of bone, at a bone volume fraction ρ of 1 and without direction. With ρ and the eigenvalues m of the fabric,
 * whose sum is 3: stiffness goes with ρ^k·mᵢ^l·mⱼ^l, strength with ρ^p·mᵢ^q·mⱼ^q.
 */
export interface FabricPhase {
  readonly youngMPa: number; // E₀
  readonly poisson: number; // ν₀
  readonly shearMPa: number; // μ₀
  readonly k: number;
  readonly l: number;
  readonly tensionMPa: number; // σ₀⁺
  readonly compressionMPa: number; // σ₀⁻
  readonly interaction: number; // ζ₀, in (−1, ½)
  readonly shearStrengthMPa: number; // τ₀
  readonly p: number;
  readonly q: number;
}

export interface FabricSet {
  readonly trabecular: FabricPhase;
  readonly cortical: FabricPhase;
  readonly hardening: number; // of r = 1 + hardening·κ
}

/**
 * Constants of homogenised bone from one code for the radius and the tibia, named by its commits.
 *
 * Source: artorg-unibe-ch/HFE, UMAT_BIPHASIC.f, commits 77e9776 and 460f6d7 (2024) [A].
 */
const sets = {
  "hfe-77e9776": {
    trabecular: {
      ...{ youngMPa: 8632, poisson: 0.234, shearMPa: 3115, k: 1.6, l: 1 },
      ...{ tensionMPa: 49, compressionMPa: 64.57, interaction: 0.3, shearStrengthMPa: 31.11, p: 1.5, q: 0.71 },
    },
    cortical: {
      ...{ youngMPa: 16014, poisson: 0.34, shearMPa: 5845, k: 1, l: 1 },
      ...{ tensionMPa: 71.2, compressionMPa: 124.5, interaction: 0.3, shearStrengthMPa: 41.3, p: 1, q: 1 },
    },
    hardening: 0.1832,
  },
  "hfe-460f6d7": {
    trabecular: {
      ...{ youngMPa: 10490, poisson: 0.2289, shearMPa: 3350, k: 1.55, l: 0.82 },
      ...{ tensionMPa: 62.01, compressionMPa: 78.58, interaction: 0.28, shearStrengthMPa: 31.83, p: 1.82, q: 0.98 },
    },
    cortical: {
      ...{ youngMPa: 15992, poisson: 0.3396, shearMPa: 5846, k: 1, l: 1 },
      ...{ tensionMPa: 71, compressionMPa: 124.2, interaction: 0.3, shearStrengthMPa: 41.3, p: 1, q: 1 },
    },
    hardening: 0.183226,
  },
} as const satisfies Readonly<Record<string, FabricSet>>;

export type FabricSetName = keyof typeof sets;
export const fabricSetNames = Object.keys(sets) as readonly FabricSetName[];

/** @throws SpondylError "bad-option" for an unknown name */
export function fabricSet(name: FabricSetName = "hfe-77e9776"): FabricSet {
  if (name in sets) return sets[name];
  throw new SpondylError(
    "bad-option",
    `material: no constants are called "${name}". Give one of: ${Object.keys(sets).join(", ")}.`,
    { name },
  );
}

/** Bone with a smaller volume fraction counts as bone of this one [A: the same code]. */
export const leastBvtv = 0.01;
