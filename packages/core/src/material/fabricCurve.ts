import { SpondylError } from "../error.js";

export interface FabricCurveOptions {
  /**
   * The stress that the quadric limits. "nominal", the default: the stress itself, as in the source; damage then costs
   * stiffness but no strength, and nothing softens. "effective": the stress over 1 − D; strength falls by 1 − D.
   */
  readonly yieldOn?: "nominal" | "effective";
  readonly hardening?: number; // of r = 1 + hardening·κ, >= 0, default that of the set of constants [A]
  readonly criticalDamage?: number; // D_c, 0 to below 1, default 0.85 [A: as the sets of constants]
  readonly damageRate?: number; // k_D, >= 0, default 8.0075 [A: the same]
  /**
   * Length over which what softens is spread where r and D were measured, mm, > 0; used with "effective" alone. Default
   * 2.4 [C: the fracture zone in 48 lumbar cylinders was 2.4 ± 1.4 mm long, 10.1186/s12891-021-04571-4].
   */
  readonly bandMm?: number;
}

/** Strength and damage after an accumulated plastic strain κ. */
export interface FabricCurvePoint {
  readonly damage: number; // D
  readonly radius: number; // R of the quadric for the effective stress
  readonly radiusSlope: number; // dR/dκ, >= 0
  readonly strengthSlope: number; // of (1 − D)·R, what the stress itself shows, by κ
}

export interface FabricCurve {
  readonly at: (kappa: number) => FabricCurvePoint;
  readonly constants: Readonly<Record<string, number>>;
  readonly regularisation: string;
}

/**
 * Hardening r = 1 + hardening·κ and damage D = D_c·(1 − exp(−k_D·κ)). With yielding on the effective stress κ counts as
 * κ·h/band, so that a layer of elements loses its strength over the same displacement whatever its height h.
 *
 * @param elementMm edge h of the elements, > 0
 * @throws SpondylError "bad-option" for values out of range
 *
 * Source: artorg-unibe-ch/HFE, UMAT_BIPHASIC.f [A]; damage Wolfram, Wilke & Zysset 2011 [B]; crack band Bažant & Oh 1983.
 */
export function fabricCurve(
  options: FabricCurveOptions & { readonly hardening: number },
  elementMm: number,
): FabricCurve {
  const { yieldOn = "nominal", hardening, criticalDamage = 0.85, damageRate = 8.0075, bandMm = 2.4 } = options;
  const constants = { hardening, criticalDamage, damageRate, bandMm };
  if (yieldOn !== "nominal" && yieldOn !== "effective")
    throw bad(`yieldOn is "${yieldOn}". Give "nominal" or "effective".`, { yieldOn });
  if (!(hardening >= 0 && damageRate >= 0 && criticalDamage >= 0 && criticalDamage < 1 && bandMm > 0))
    throw bad("needs hardening >= 0, damageRate >= 0, 0 <= criticalDamage < 1 and bandMm > 0.", constants);
  const nominal = yieldOn === "nominal";
  const scale = nominal ? 1 : elementMm / bandMm;
  const at = (kappa: number): FabricCurvePoint => {
    const left = criticalDamage * Math.exp(-damageRate * scale * kappa);
    const intact = 1 - criticalDamage + left; // 1 − D
    const intactSlope = -damageRate * scale * left;
    const [r, rSlope] = [1 + hardening * scale * kappa, hardening * scale];
    return {
      damage: 1 - intact,
      radius: nominal ? r / intact : r,
      radiusSlope: nominal ? (rSlope - (r * intactSlope) / intact) / intact : rSlope,
      strengthSlope: nominal ? rSlope : intact * rSlope + intactSlope * r,
    };
  };
  return {
    at,
    constants: { ...constants, yieldOnEffective: nominal ? 0 : 1 },
    regularisation: nominal
      ? "none needed: strength does not fall, and the load converges with the mesh."
      : `crack band: a layer of elements loses its strength over the displacement of a band of ${bandMm} mm at any element size; where the band runs depends on the mesh.`,
  };
}

const bad = (message: string, details: Record<string, unknown>) =>
  new SpondylError("bad-option", `material: ${message}`, details);
