import { SpondylError } from "../error.js";
import type { Density, Volume } from "../volume/volume.js";
import {
  conversionsBetween,
  type DensityConversion,
  type DensityQuantity,
  densityConversion,
} from "./densityConversion.js";

/** A published relation between the density of bone and its stiffness. */
export interface MaterialLaw {
  readonly name: LawName;
  readonly density: DensityQuantity; // what the law was measured against
  readonly formula: string; // E in MPa, ρ in g/cm³
  /** Young's modulus (MPa) at a density (g/cm³): the bare law, 0 or below where it ends; a power law is 0 below 0. */
  readonly modulus: (densityGPerCm3: number) => number;
  /** Magnitude of the yield stress (MPa) at a density (g/cm³); absent where the source has none. */
  readonly yieldStress?: {
    readonly compression: (densityGPerCm3: number) => number;
    readonly tension: (densityGPerCm3: number) => number;
  };
  /** Densities (g/cm³) for which the law stands, null where the source is not at hand. */
  readonly validRange: readonly [number, number] | null;
  readonly citation: string;
  readonly mark: string; // of the constants: A read in a source, B from memory
}

export const lawNames = [
  "kopperdahl2002-power",
  "kopperdahl2002-linear",
  "morgan2003-spine",
  "keller1994-spine",
  "kopperdahl1998",
  "keaveny1997-lumbar",
  "keyak1994",
] as const;
export type LawName = (typeof lawNames)[number];

/** For vertebrae: it asks for the density that a calibrated CT has, and needs no conversion. */
export const defaultLaw: LawName = "kopperdahl2002-power";

const power = (factor: number, exponent: number) => (rho: number) => (rho > 0 ? factor * rho ** exponent : 0);
const linear = (constant: number, slope: number) => (rho: number) => constant + slope * rho;
const both = (stress: (rho: number) => number) => ({ compression: stress, tension: stress });

/** Wet apparent densities of vertebral trabecular bone in the literature: review of Öhman-Mägi 2022 [A]. */
const vertebralApparentRange = [0.09, 0.35] as const;

const laws: Readonly<Record<LawName, Omit<MaterialLaw, "name">>> = {
  "kopperdahl2002-power": {
    density: "rhoQct",
    formula: "E = 2980·ρ^1.05",
    modulus: power(2980, 1.05),
    yieldStress: both(power(37.4, 1.39)),
    validRange: null,
    citation: "Kopperdahl, Morgan & Keaveny 2002, J Orthop Res 20:801",
    mark: "A; that ρ is K2HPO4-equivalent: B",
  },
  "kopperdahl2002-linear": {
    density: "rhoQct",
    formula: "E = −34.7 + 3230·ρ",
    modulus: linear(-34.7, 3230),
    yieldStress: both(linear(-0.75, 24.9)),
    validRange: null,
    citation: "Kopperdahl, Morgan & Keaveny 2002, J Orthop Res 20:801",
    mark: "A; that ρ is K2HPO4-equivalent: B",
  },
  "morgan2003-spine": {
    density: "rhoApp",
    formula: "E = 4730·ρ^1.56",
    modulus: power(4730, 1.56),
    validRange: vertebralApparentRange,
    citation: "Morgan, Bayraktar & Keaveny 2003, J Biomech 36:897",
    mark: "A",
  },
  "keller1994-spine": {
    density: "rhoAsh",
    formula: "E = 1890·ρ^1.92",
    modulus: power(1890, 1.92),
    validRange: null,
    citation: "Keller 1994",
    mark: "A",
  },
  kopperdahl1998: {
    density: "rhoApp",
    formula: "E = −80 + 2100·ρ",
    modulus: linear(-80, 2100),
    validRange: vertebralApparentRange,
    citation: "Kopperdahl & Keaveny 1998",
    mark: "A",
  },
  "keaveny1997-lumbar": {
    density: "rhoApp",
    formula: "E = −58 + 1540·ρ",
    modulus: linear(-58, 1540),
    validRange: vertebralApparentRange,
    citation: "Keaveny 1997",
    mark: "A",
  },
  keyak1994: {
    density: "rhoAsh",
    formula: "E = 10500·ρ^2.29",
    modulus: power(10500, 2.29),
    yieldStress: { compression: () => 120, tension: () => 100 }, // constants that Ogo uses beside this law
    validRange: null,
    citation: "Keyak 1994 (femur)",
    mark: "A",
  },
};

/**
 * A material law by name.
 * @throws SpondylError "bad-option" with the list for another name
 */
export function materialLaw(name: string): MaterialLaw {
  const found = lawNames.find((known) => known === name);
  if (found) return { name: found, ...laws[found] };
  throw new SpondylError(
    "bad-option",
    `mesh: the material law "${name}" is unknown. Give one of: ${lawNames.join(", ")}.`,
  );
}

export interface ModulusOptions {
  readonly law?: LawName;
  /** From the image's density to the law's, by name, chained with "+"; see `densityConversions`. */
  readonly conversion?: string;
  /**
   * Least modulus, MPa: what voxels get at which the law gives less, and all without mineral. 0 (default) makes them
   * void, without an element; 1e-4 keeps them as elements that carry nothing, as the published spine benchmark does.
   */
  readonly floorMPa?: number;
}

/** A law as it applies to one density image. */
export interface AppliedLaw {
  readonly law: MaterialLaw;
  readonly conversion: DensityConversion | undefined; // undefined: the image already holds the law's density
  readonly floorMPa: number; // least modulus
  /** Young's modulus, MPa, ≥ the floor, of a voxel of this density, mg/cm³ of the image's reference material. */
  readonly modulus: (densityMgPerCm3: number) => number;
  /** Magnitude of the yield stress in compression, MPa, 0 without mineral; undefined: the law's source has none. */
  readonly yieldMPa: ((densityMgPerCm3: number) => number) | undefined;
}

/**
 * Ties a law to the density unit of an image.
 *
 * @throws SpondylError "bad-option" when the law stands on another density than the image holds and no conversion
 *   is named, or the named one leads elsewhere: the message lists those that fit
 */
export function applyLaw(
  unit: Density["quantity"],
  { law: name = defaultLaw, conversion: names, floorMPa = 0 }: ModulusOptions = {},
): AppliedLaw {
  const law = materialLaw(name);
  if (!(floorMPa >= 0 && floorMPa < Number.POSITIVE_INFINITY))
    throw new SpondylError("bad-option", `mesh: the least modulus is ${floorMPa} MPa. Give 0 or more.`);
  const has: DensityQuantity = unit === "mgHA/cm3" ? "rhoHa" : "rhoQct";
  const conversion = names === undefined ? undefined : densityConversion(names);
  if ((conversion?.from ?? has) !== has || (conversion?.to ?? has) !== law.density)
    throw mismatch(law, unit, has, conversion);
  const { slope, intercept } = conversion ?? { slope: 1, intercept: 0 };
  const rho = (mg: number) => (slope * mg) / 1000 + intercept;
  const compression = law.yieldStress?.compression;
  return {
    law,
    conversion,
    floorMPa,
    modulus: (mg) => Math.max(floorMPa, law.modulus(rho(mg))),
    yieldMPa: compression && ((mg) => Math.max(0, compression(rho(mg)))),
  };
}

/**
 * Young's modulus of every voxel by a density law. Voxels outside bone get one too: mask them.
 *
 * @param density mg/cm³
 * @throws as `applyLaw`
 */
export function modulusFromDensity(density: Density, options: ModulusOptions = {}): Volume<"MPa"> {
  const { modulus } = applyLaw(density.quantity, options);
  return { ...density, quantity: "MPa", data: density.data.map(modulus) };
}

function mismatch(
  law: MaterialLaw,
  unit: Density["quantity"],
  has: DensityQuantity,
  conversion: DensityConversion | undefined,
): SpondylError {
  const what = conversion
    ? `the conversion "${conversion.name}" leads from ${conversion.from} to ${conversion.to}, but the image (${unit}) ` +
      `holds ${has} and the law ${law.name} takes ${law.density}`
    : `the law ${law.name} takes ${law.density}, but the image (${unit}) holds ${has}`;
  const fitting = conversionsBetween(has, law.density);
  const cure =
    has === law.density ? "Name no conversion." : `Name one of the conversions, they disagree: ${fitting.join(", ")}.`;
  return new SpondylError("bad-option", `mesh: ${what}. ${cure}`, {
    law: law.name,
    image: has,
    takes: law.density,
    conversions: fitting,
  });
}
