import { type BreakMaterial, fabricSetNames, type Material, materialNames, SpondylError } from "@spondyl/core";

/** What `--material` takes. */
export const materialHelp = `${materialNames.join(", ")}; constants after a colon, as
  tissue-damage:hardening=0.05,fractureEnergyNPerMm=0.5; docs/failure.md lists them`;

type Law = BreakMaterial["law"];
type ConstantOf<L extends Law> = Exclude<keyof (BreakMaterial & { readonly law: L }), "law" | "fabric">;
const number = "number";

/** The constants that a user may type: each a number, or one of some words. */
const constantsByLaw: { readonly [L in Law]: Readonly<Record<ConstantOf<L>, typeof number | readonly string[]>> } = {
  "tissue-damage": {
    youngMPa: number,
    tensionStrain: number,
    compressionStrain: number,
    hardening: number,
    tensionPeakStrain: number,
    compressionPeakStrain: number,
    fractureEnergyNPerMm: number,
    residual: number,
  },
  "quasi-brittle": {
    youngMPa: number,
    tensionYieldStrain: number,
    compressionYieldStrain: number,
    exponent: number,
    criticalDamage: number,
    fractureEnergyNPerMm: number,
    residual: number,
  },
  "von-mises": {},
  tresca: {},
  "mohr-coulomb": { compressionOverTension: number },
  "fabric-damage": {
    constants: fabricSetNames,
    degreeOfAnisotropy: number,
    yieldOn: ["nominal", "effective"],
    hardening: number,
    criticalDamage: number,
    damageRate: number,
    bandMm: number,
  },
};

/** Whether a law takes yield stresses, from `--yield` or a density law. */
export const hasYieldStress = (law: Law): law is "von-mises" | "tresca" | "mohr-coulomb" =>
  law === "von-mises" || law === "tresca" || law === "mohr-coulomb";

/**
 * A material law by name with the constants that a user typed.
 * @param yieldMPa of the laws of plasticity, by voxel
 * @throws SpondylError "bad-option" for another name, a constant that the law does not have, or plasticity without yield
 *   stress and the other way round
 */
export function parseMaterial(spec: string, yieldMPa: Float32Array | undefined): Material {
  const material = parseBreakMaterial(spec);
  const { law } = material;
  if (law === "fabric-damage") throw bad("fabric-damage needs densities, which predict has. Use it there");
  if (law === "tissue-damage" || law === "quasi-brittle") {
    if (yieldMPa) throw bad(`${law} has no yield stress. Leave --yield out, or choose a law of plasticity`);
    return material;
  }
  if (!yieldMPa) throw bad(`${law} needs yield stresses. Give --yield with MPa or an image`);
  return law === "mohr-coulomb" ? { ...material, compressionMPa: yieldMPa } : { law, yieldMPa };
}

/** The same where the yield stresses come from a density law. */
export function parseBreakMaterial(spec: string): BreakMaterial {
  const [typed = "", rest = ""] = spec.split(/:(.*)/s);
  const law = materialNames.find((name) => name === typed);
  if (!law) throw bad(`"${typed}" is unknown. Give one of: ${materialNames.join(", ")}`);
  const constants = parseConstants(rest, law);
  if (constants.bandMm !== undefined && constants.yieldOn !== "effective")
    throw bad(
      "bandMm spreads what softens, and by yieldOn=nominal nothing does. Add yieldOn=effective, or leave it out",
    );
  return { law, ...(law === "mohr-coulomb" && { compressionOverTension: 1 }), ...constants } as BreakMaterial;
}

/** Names and values after the colon, those that the law has. */
function parseConstants(typed: string, law: Law): Record<string, number | string> {
  const constants: Record<string, number | string> = {};
  for (const part of typed.split(",").filter((p) => p.trim() !== "")) {
    const [name = "", value = ""] = part.split(/=(.*)/s).map((p) => p.trim());
    if (Object.hasOwn(constants, name)) throw bad(`${name} is given twice. Give it once`);
    constants[name] = parseConstant(part.trim(), name, value, law);
  }
  return constants;
}

function parseConstant(part: string, name: string, value: string, law: Law): number | string {
  const known = Object.entries(constantsByLaw[law]);
  const [, words] = known.find(([own]) => own === name) ?? [];
  if (!words && known.length === 0) throw bad(`${law} has no constants, such as "${part}". Leave it out`);
  if (!words) throw bad(`${law} has no constant "${name}". It has: ${known.map(([own]) => own).join(", ")}`);
  if (words !== number) {
    if (words.includes(value)) return value;
    throw bad(`${name} is "${value}". Give one of: ${words.join(", ")}`);
  }
  const parsed = value === "" ? Number.NaN : Number(value);
  if (!Number.isFinite(parsed)) throw bad(`"${part}" is no constant. Give ${name}=number`);
  return parsed;
}

const bad = (message: string) => new SpondylError("bad-option", `--material: ${message}.`);
