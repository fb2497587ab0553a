import { SpondylError } from "../error.js";
import type { DamageLaw } from "./damageLaw.js";
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
  | ({ readonly law: "tissue-damage" } & Partial<Omit<TissueDamageOptions, "poisson" | "elementMm">>)
  | ({ readonly law: "quasi-brittle" } & Partial<Omit<QuasiBrittleOptions, "poisson" | "elementMm">>)
  | { readonly law: "von-mises"; readonly yieldMPa: Everywhere }
  | { readonly law: "tresca"; readonly yieldMPa: Everywhere }
  | { readonly law: "mohr-coulomb"; readonly compressionMPa: Everywhere; readonly compressionOverTension: number };

export const materialNames = [
  "tissue-damage",
  "quasi-brittle",
  "von-mises",
  "tresca",
  "mohr-coulomb",
] as const satisfies readonly Material["law"][];

/** What a law must know of the model. */
export interface MaterialContext {
  readonly poisson: number;
  readonly elementMm: number; // edge of the elements; of bricks, the cube root of their volume
  readonly youngMPa: Float32Array; // by element
  readonly byElement: (perVoxel: Float32Array) => Float32Array;
}

/** @throws SpondylError "bad-option" as the laws do */
export function makeLaw(material: Material, context: MaterialContext): DamageLaw | PointLaw {
  const { poisson, elementMm, youngMPa } = context;
  switch (material.law) {
    case "tissue-damage":
      return tissueDamage({ ...material, poisson, elementMm });
    case "quasi-brittle":
      return quasiBrittle({ ...material, poisson, elementMm });
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
    default:
      throw bad(`"${(material as { law: string }).law}" is unknown. Give one of: ${materialNames.join(", ")}.`, {});
  }
}

function strength(name: string, value: Everywhere, { youngMPa, byElement }: MaterialContext): Float32Array {
  const list = typeof value === "number" ? new Float32Array(youngMPa.length).fill(value) : byElement(value);
  const wrong = list.find((x) => !(x >= 0));
  if (wrong !== undefined || list.every((x) => x === 0))
    throw bad(`a ${name} of ${wrong ?? 0} MPa. Give more than 0; 0 in a voxel means that it stays elastic.`, {
      value: wrong ?? 0,
    });
  return list;
}

const bad = (message: string, details: Record<string, unknown>) =>
  new SpondylError("bad-option", `material: ${message}`, details);
