import { SpondylError } from "../error.js";
import type { DamageLaw } from "./damageLaw.js";
import { type QuasiBrittleOptions, quasiBrittle } from "./quasiBrittle.js";
import { type TissueDamageOptions, tissueDamage } from "./tissueDamage.js";

/** A material law by its name, with its constants: plain data, so that it can be handed to a worker and written down. */
export type Material =
  | ({ readonly law: "tissue-damage" } & Partial<TissueDamageOptions>)
  | ({ readonly law: "quasi-brittle" } & Partial<QuasiBrittleOptions>);

export const materialNames = ["tissue-damage", "quasi-brittle"] as const satisfies readonly Material["law"][];

/** What a law must know of the model. */
export interface MaterialContext {
  readonly poisson: number;
  readonly elementMm: number; // edge of the elements; of bricks, the cube root of their volume
}

/** @throws SpondylError "bad-option" as the laws do */
export function makeLaw(material: Material, { poisson, elementMm }: MaterialContext): DamageLaw {
  const context = { poisson, elementMm };
  switch (material.law) {
    case "tissue-damage":
      return tissueDamage({ ...context, ...material });
    case "quasi-brittle":
      return quasiBrittle({ ...context, ...material });
    default:
      throw new SpondylError(
        "bad-option",
        `material: "${(material as { law: string }).law}" is unknown. Give one of: ${materialNames.join(", ")}.`,
      );
  }
}
