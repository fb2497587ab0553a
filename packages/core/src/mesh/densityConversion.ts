import { SpondylError } from "../error.js";

/**
 * What a material law may ask for, g/cm³: mineral as QCT measures it (rhoQct in K2HPO4, rhoHa in hydroxyapatite), ash
 * per bulk volume, wet tissue per bulk volume; and bone volume fraction (0 to 1).
 */
export type DensityQuantity = "rhoQct" | "rhoHa" | "rhoAsh" | "rhoApp" | "bvtv";

/** One published relation between two densities, read forwards or backwards. */
export interface DensityConversion {
  readonly name: string;
  readonly from: DensityQuantity;
  readonly to: DensityQuantity;
  /** to = slope·from + intercept, in g/cm³ or fraction. */
  readonly slope: number;
  readonly intercept: number;
  readonly source: string;
  readonly mark: string; // of the constants: A read in a source, A-calc computed from one, B from memory, C estimate
}

type Row = readonly [string, DensityQuantity, DensityQuantity, number, number, string, string];

const attenuationSource = "equal attenuation, per mg in a mixture with triglyceride; NIST XCOM";
const goodsittSource = "liquid K2HPO4 against solid HA phantoms; Goodsitt 1992, Bone Miner 19:145";

/**
 * Forward relations. The two families between HA and K2HPO4 disagree on purpose: by attenuation alone 1 mg HA looks
 * like 1.09 to 1.16 mg K2HPO4 (effective energy 60 to 100 keV), but phantoms on a scanner gave 0.86 and 0.81. Use
 * "attenuation" for densities that were computed from tables (internal calibration), "goodsitt1992" to compare with
 * phantom literature.
 */
const rows: readonly Row[] = [
  ["attenuation-60kev", "rhoHa", "rhoQct", 1.09, 0, attenuationSource, "A-calc"],
  ["attenuation-70kev", "rhoHa", "rhoQct", 1.1, 0, attenuationSource, "A-calc"],
  ["attenuation-80kev", "rhoHa", "rhoQct", 1.11, 0, attenuationSource, "A-calc"],
  ["attenuation-90kev", "rhoHa", "rhoQct", 1.13, 0, attenuationSource, "A-calc"],
  ["attenuation-100kev", "rhoHa", "rhoQct", 1.16, 0, attenuationSource, "A-calc"],
  ["goodsitt1992-80kvp", "rhoHa", "rhoQct", 0.86, 0, goodsittSource, "A"],
  ["goodsitt1992-140kvp", "rhoHa", "rhoQct", 0.81, 0, goodsittSource, "A"],
  ["keyak1994", "rhoQct", "rhoAsh", 1.06, 0.0389, "Keyak 1994", "A"],
  ["les1994", "rhoQct", "rhoAsh", 1.22, 0.0523, "Les 1994, as used in the review of Knowles 2016, PMC5234499", "A"],
  ["schileo2008", "rhoHa", "rhoAsh", 0.877, 0.0789, "Schileo 2008", "B"],
  ["ratio0.6", "rhoAsh", "rhoApp", 1 / 0.6, 0, "ash/apparent = 0.6; Knowles 2016, PMC5234499", "A"],
  ["scanco", "rhoHa", "bvtv", 1 / 1.2, 0, "fully mineralised bone at 1200 mg HA/cm3; Scanco convention", "B"],
  ["tissue1.9", "bvtv", "rhoApp", 1.9, 0, "wet tissue density 1.9 g/cm3, the middle of 1.8 to 2.0", "B"],
];

const short: Readonly<Record<DensityQuantity, string>> = {
  rhoQct: "qct",
  rhoHa: "ha",
  rhoAsh: "ash",
  rhoApp: "app",
  bvtv: "bvtv",
};

/** All conversions, each in both directions: "qct-to-ash-keyak1994" and, solved for the other side, "ash-to-qct-keyak1994". */
export const densityConversions: readonly DensityConversion[] = rows.flatMap(
  ([tag, from, to, slope, intercept, source, mark]) => [
    { name: `${short[from]}-to-${short[to]}-${tag}`, from, to, slope, intercept, source, mark },
    {
      name: `${short[to]}-to-${short[from]}-${tag}`,
      from: to,
      to: from,
      slope: 1 / slope,
      intercept: -intercept / slope,
      source: `${source} (solved for the other side)`,
      mark,
    },
  ],
);

/**
 * Several conversions as one.
 *
 * @param names conversions, in order: "ha-to-ash-schileo2008", or a chain joined with "+":
 *   "qct-to-ash-keyak1994+ash-to-app-ratio0.6"
 * @throws SpondylError "bad-option" for an unknown name or for neighbours that do not meet
 */
export function densityConversion(names: string): DensityConversion {
  const steps = names.split("+").map((name) => {
    const found = densityConversions.find((conversion) => conversion.name === name.trim());
    if (found) return found;
    const known = densityConversions.map((conversion) => conversion.name).join(", ");
    throw new SpondylError("bad-option", `mesh: the density conversion "${name}" is unknown. Give one of: ${known}.`);
  });
  return steps.reduce((first, second) => {
    if (first.to !== second.from)
      throw new SpondylError(
        "bad-option",
        `mesh: "${first.name}" ends in ${first.to}, but "${second.name}" begins with ${second.from}. Give conversions that meet.`,
      );
    return {
      name: `${first.name}+${second.name}`,
      from: first.from,
      to: second.to,
      slope: second.slope * first.slope,
      intercept: second.slope * first.intercept + second.intercept,
      source: `${first.source}; then ${second.source}`,
      mark: [first.mark, second.mark].sort().at(-1)!, // the weakest
    };
  });
}

/** Names of the conversions, or chains of at most two, that lead from one quantity to another. */
export function conversionsBetween(from: DensityQuantity, to: DensityQuantity): string[] {
  const begin = densityConversions.filter((first) => first.from === from);
  const direct = begin.filter((first) => first.to === to).map((first) => first.name);
  const chains = begin.flatMap((first) =>
    densityConversions
      .filter((second) => first.to === second.from && second.to === to && second.from !== to && first.from !== to)
      .map((second) => `${first.name}+${second.name}`),
  );
  return [...direct, ...chains];
}
