import { type BreakMaterial, type Material, materialNames, SpondylError } from "@spondyl/core";

/** What `--material` takes. */
export const materialHelp = `${materialNames.join(", ")}; constants after a colon, as
  tissue-damage:hardening=0.05,fractureEnergyNPerMm=0.5; docs/failure.md lists them`;

/**
 * A material law by name with the constants that a user typed.
 * @param yieldMPa of the laws of plasticity, by voxel
 * @throws SpondylError "bad-option" for another name, a constant that is no number, or plasticity without yield stress
 */
export function parseMaterial(spec: string, yieldMPa: Float32Array | undefined): Material {
  const material = parseBreakMaterial(spec);
  const { law } = material;
  if (law === "fabric-damage")
    throw new SpondylError("bad-option", "--material: fabric-damage needs densities, which predict has. Use it there.");
  if (law === "tissue-damage" || law === "quasi-brittle") return material;
  if (!yieldMPa)
    throw new SpondylError("bad-option", `--material: ${law} needs yield stresses. Give --yield with MPa or an image.`);
  return law === "mohr-coulomb" ? { ...material, compressionMPa: yieldMPa } : { law, yieldMPa };
}

/** The same where the yield stresses come from a density law. */
export function parseBreakMaterial(spec: string): BreakMaterial {
  const [typed = "", rest = ""] = spec.split(/:(.*)/s);
  const law = materialNames.find((name) => name === typed);
  if (!law)
    throw new SpondylError(
      "bad-option",
      `--material: "${typed}" is unknown. Give one of: ${materialNames.join(", ")}.`,
    );
  const constants = constantsOf(rest);
  if (law === "tissue-damage" || law === "quasi-brittle") return { law, ...constants };
  if (law === "fabric-damage") return { law, ...constants };
  if (law === "mohr-coulomb") return { law, compressionOverTension: constants.compressionOverTension ?? 1 };
  return { law };
}

function constantsOf(text: string): Record<string, number> {
  const constants: Record<string, number> = {};
  for (const part of text.split(",").filter((p) => p.trim() !== "")) {
    const [name = "", value = ""] = part.split("=").map((p) => p.trim());
    const number = value === "" ? Number.NaN : Number(value);
    if (name === "" || !Number.isFinite(number))
      throw new SpondylError("bad-option", `--material: "${part.trim()}" is no constant. Give name=number.`);
    constants[name] = number;
  }
  return constants;
}
