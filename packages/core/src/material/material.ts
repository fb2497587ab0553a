import { SpondylError } from "../error.js";
import type { DamageLaw } from "./damageLaw.js";
import { type FabricDamageOptions, fabricDamage } from "./fabricDamage.js";
import { axialFabric } from "./fabricTensor.js";
import { mohrCoulomb, tresca } from "./mohrCoulomb.js";
import type { PointLaw } from "./pointLaw.js";
import { type QuasiBrittleOptions, quasiBrittle } from "./quasiBrittle.js";
import { type TissueDamageOptions, tissueDamage } from "./tissueDamage.js";
import { vonMises } from "./vonMises.js";

/** A constant of the material: one for all, or one per voxel of the model. */
export type Everywhere = number | Float32Array;

/**
 * A material law by its name, with its constants: plain data, so that it can be handed to a worker and written down.
 * Elasticity is the model's own: its moduli and Poisson's ratio.
 */
export type Material =
  | ({ readonly law: "tissue-damage" } & DamageMaterial & Partial<Omit<TissueDamageOptions, "poisson" | "bandMm">>)
  | ({ readonly law: "quasi-brittle" } & DamageMaterial & Partial<Omit<QuasiBrittleOptions, "poisson" | "bandMm">>)
  | { readonly law: "von-mises"; readonly yieldMPa: Everywhere }
  | { readonly law: "tresca"; readonly yieldMPa: Everywhere }
  | { readonly law: "mohr-coulomb"; readonly compressionMPa: Everywhere; readonly compressionOverTension: number }
  | ({ readonly law: "fabric-damage" } & FabricMaterial);

/** What laws of damage share. */
export interface DamageMaterial {
  readonly damageable?: Float32Array; // by voxel: 0 where it stays elastic for ever; default nowhere
}

/** Homogenised bone. `fabricModulus` gives the moduli of its model. */
export interface FabricMaterial extends FabricDamageOptions {
  readonly bvtv: Everywhere; // bone volume fraction, 0 to 1; 0 in a voxel with a modulus: elastic for ever
  readonly cortical?: Everywhere; // 1 in cortical, 0 in trabecular bone, default 0
  /** Fabric tensor by voxel, six maps: xx, yy, zz, yz, xz, xy; see `fabricTensor`. Its trace does not matter. */
  readonly fabric?: readonly Float32Array[];
  /**
   * Without maps: the larger over the smaller eigenvalue of a fabric along grid axis 2, > 0. Default in trabecular bone
   * 1.48 [C: mean of nine lumbar specimens, PMC3352993], in cortical bone 1 [C].
   */
  readonly degreeOfAnisotropy?: number;
}

export const materialNames = [
  "tissue-damage",
  "quasi-brittle",
  "von-mises",
  "tresca",
  "mohr-coulomb",
  "fabric-damage",
] as const satisfies readonly Material["law"][];

/** What a law must know of the model. */
export interface MaterialContext {
  readonly poisson: number;
  readonly elementMm: number; // edge of the elements, of bricks the cube root of their volume
  readonly bandMm: number; // width that softening gathers in: the same, or that of a non-local average
  readonly youngMPa: Float32Array; // by element
  readonly byElement: (perVoxel: Float32Array) => Float32Array;
}

/** @throws SpondylError "bad-option" as the laws do */
export function makeLaw(material: Material, context: MaterialContext): DamageLaw | PointLaw {
  const { poisson, elementMm, bandMm, youngMPa } = context;
  switch (material.law) {
    case "tissue-damage":
    case "quasi-brittle": {
      const { law, damageable, ...constants } = material;
      const options = { ...constants, poisson, bandMm };
      return {
        ...(law === "tissue-damage" ? tissueDamage(options) : quasiBrittle(options)),
        ...(damageable && { damageable: context.byElement(damageable) }),
      };
    }
    case "von-mises":
      return vonMises({ youngMPa, poisson, yieldMPa: strength("yield stress", material.yieldMPa, context) });
    case "tresca":
      return tresca({ youngMPa, poisson, yieldMPa: strength("yield stress", material.yieldMPa, context) });
    case "mohr-coulomb": {
      const ratio = material.compressionOverTension;
      if (!(ratio >= 1))
        throw bad(`compressive over tensile strength is ${ratio}. Give 1 (Tresca) or more.`, { ratio });
      const compressionMPa = strength("compressive strength", material.compressionMPa, context);
      return mohrCoulomb({ youngMPa, poisson, compressionMPa, ratio });
    }
    case "fabric-damage": {
      const [bvtv, cortical] = [byElements(material.bvtv, context), byElements(material.cortical ?? 0, context)];
      const fabric = fabricOf(material, cortical, context);
      return fabricDamage({ ...material, bvtv, cortical, fabric, youngMPa, poisson, elementMm });
    }
    default:
      throw bad(`"${(material as { law: string }).law}" is unknown. Give one of: ${materialNames.join(", ")}.`, {});
  }
}

const byElements = (value: Everywhere, { youngMPa, byElement }: MaterialContext): Float32Array =>
  typeof value === "number" ? new Float32Array(youngMPa.length).fill(value) : byElement(value);

/** Of a material without maps, in trabecular or in cortical bone. @throws SpondylError "bad-option" */
export function degreeOfAnisotropy(
  { degreeOfAnisotropy: given }: Pick<FabricMaterial, "degreeOfAnisotropy">,
  cortical: boolean,
): number {
  if (given !== undefined && !(given > 0))
    throw bad(`the degree of anisotropy is ${given}. Give more than 0.`, { degreeOfAnisotropy: given });
  return given ?? (cortical ? 1 : 1.48);
}

/** Tensor of the fabric of each element, [6·element + component]. */
function fabricOf(material: FabricMaterial, cortical: Float32Array, { byElement }: MaterialContext): Float32Array {
  const tensors = new Float32Array(6 * cortical.length);
  const { fabric } = material;
  if (fabric) {
    if (fabric.length !== 6) throw bad(`the fabric has ${fabric.length} maps. Give six: xx, yy, zz, yz, xz, xy.`, {});
    fabric.forEach((map, c) => {
      byElement(map).forEach((value, e) => {
        tensors[6 * e + c] = value;
      });
    });
    return tensors;
  }
  const phases = [false, true].map((shell) => axialFabric(degreeOfAnisotropy(material, shell)));
  cortical.forEach((phase, e) => {
    tensors.set(phases[phase ? 1 : 0]!, 6 * e);
  });
  return tensors;
}

function strength(name: string, value: Everywhere, context: MaterialContext): Float32Array {
  const list = byElements(value, context);
  const wrong = list.find((x) => !(x >= 0));
  if (wrong !== undefined || list.every((x) => x === 0))
    throw bad(`a ${name} of ${wrong ?? 0} MPa. Give more than 0; 0 in a voxel means that it stays elastic.`, {
      value: wrong ?? 0,
    });
  return list;
}

const bad = (message: string, details: Record<string, unknown>) =>
  new SpondylError("bad-option", `material: ${message}`, details);
