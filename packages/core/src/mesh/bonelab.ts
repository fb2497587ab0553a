import { SpondylError } from "../error.js";
import { visibleEnds } from "../load/ends.js";
import { Compartment, isCap } from "../volume/compartment.js";
import type { Finding } from "../volume/finding.js";
import { type Density, sameGrid, type Volume } from "../volume/volume.js";
import { type ContinuumModel, largestPart } from "./continuumModel.js";
import { applyLaw } from "./laws.js";
import { yieldStresses } from "./yieldStresses.js";

/**
 * How density becomes modulus: `bins`, 128 linear density bins each with its own density's modulus; `shifted-bins`,
 * as the published models have them: each voxel gets the density of the next bin, the last bins nearly nothing;
 * `none`, each voxel its own density.
 */
export type Binning = "bins" | "shifted-bins" | "none";

/**
 * The published vertebral model of the spineFE benchmark (Walle, Matheson & Boyd 2025, GigaScience,
 * 10.1093/gigascience/giaf094), from its own density image and six-label mask, on their grid as it is:
 *
 * - densities below -31 mg/cm³ become -31, then the fraction is cut off;
 * - trabecular voxels (labels 1 and 3) whose density is then 0 are empty; cortical ones (2 and 4) stay, because
 *   their material number is the bin (0 for a density of 0) plus 128: they take the last trabecular bin's;
 * - 128 bins of equal width from the least to the largest density of the bone, E = 2980 ρ^1.05 MPa (ρ in g/cm³) of
 *   the middle of the bin, 1e-4 MPa where it is negative, ν = 0.3; discs 2500 MPa;
 * - the largest face-connected part; loaded are the faces of labels 5 and 6 that are visible from below and above.
 *
 * @param density mg/cm³ of K2HPO4
 * @param labels  six-label mask (the codes of `Compartment`) on the same grid, axis 2 towards label 6
 * @throws SpondylError "bad-input" when the grids differ or labels are missing, "bad-option" for another density unit
 */
export function bonelabModel(density: Density, labels: Volume<"label">, binning: Binning = "bins"): ContinuumModel {
  check(density, labels);
  const law = applyLaw(density.quantity, { law: "kopperdahl2002-power", floorMPa: 1e-4 });
  const stored = density.data.map((d) => Math.trunc(Math.max(d, -31)));
  const [least, largest] = range(stored, labels.data);
  const width = (largest - least) / bins;
  const used = new Float32Array(stored.length).fill(Number.NaN); // density that an element of bone has by the recipe
  for (let n = 0; n < stored.length; n++) {
    const label = labels.data[n]!;
    if (label === Compartment.outside || isCap(label)) continue;
    if (stored[n] !== 0) used[n] = binning === "none" ? density.data[n]! : ofBin(binOf(stored[n]!));
    else if (isCortical(label)) used[n] = emptyCortical(density.data[n]!);
  }
  const modulus = used.map((d, n) => (isCap(labels.data[n]!) ? discMPa : Number.isNaN(d) ? 0 : law.modulus(d)));
  const kept = largestPart({ ...density, quantity: "MPa", data: modulus });
  const compartments = { ...labels, data: labels.data.map((c, n) => (kept.modulus.data[n]! > 0 ? c : 0)) };
  const ends = visibleEnds(
    kept.modulus.data,
    compartments.data,
    density.size,
    2,
    [Compartment.inferiorCap],
    [Compartment.superiorCap],
  );
  const findings = binning === "shifted-bins" ? [...kept.findings, shiftedBins] : kept.findings;
  const support = { support: "discs", modulusMPa: discMPa } as const;
  return {
    model: { modulus: kept.modulus, poisson: 0.3 },
    compartments,
    ends,
    law,
    support,
    yieldMPa: yieldStresses(law, { ...labels, data: compartments.data }, used, discYieldMPa)!,
    elements: kept.elements,
    findings,
  };

  function binOf(d: number): number {
    return Math.min(bins - 1, Math.floor((d - least) / width));
  }
  /** Middle of a bin, or of the next one; the shifted last bin has the floor's modulus, as if it had no mineral. */
  function ofBin(bin: number): number {
    const at = binning === "bins" ? bin : bin + 1;
    return at < bins ? least + (at + 0.5) * width : -1;
  }
  function emptyCortical(d: number): number {
    return binning === "none" ? d : ofBin(bins - 1);
  }
}

const bins = 128;
const discMPa = 2500;
const discYieldMPa = 70; // of PMMA in the published non-linear model [A]
const isCortical = (c: number) => c === Compartment.bodyShell || c === Compartment.posteriorShell;

const shiftedBins: Finding = {
  code: "shifted-bins",
  severity: "warning",
  message: "Each voxel has the modulus of the next density bin, as in the published models; the stiffness is too high.",
};

/** Least and largest stored density of the bone. */
function range(stored: Float32Array, labels: Float32Array): [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < stored.length; n++) {
    const label = labels[n]!;
    if (label === Compartment.outside || isCap(label)) continue;
    least = Math.min(least, stored[n]!);
    largest = Math.max(largest, stored[n]!);
  }
  if (!(largest > least))
    throw new SpondylError(
      "bad-input",
      "bonelab: the bone has one density everywhere, or there is none. Check image and mask.",
    );
  return [least, largest];
}

function check(density: Density, labels: Volume<"label">): void {
  if (density.quantity !== "mgK2HPO4/cm3")
    throw new SpondylError(
      "bad-option",
      `bonelab: the density is in ${density.quantity}. The published recipe takes mg/cm³ of K2HPO4.`,
    );
  if (!sameGrid(density, labels))
    throw new SpondylError(
      "bad-input",
      "bonelab: image and mask lie on different grids. The recipe takes them as published, on one grid.",
    );
  const missing = Object.entries(Compartment)
    .filter(([, code]) => code && !labels.data.includes(code))
    .map(([name]) => name);
  if (missing.length)
    throw new SpondylError(
      "bad-input",
      `bonelab: the mask lacks ${missing.join(", ")}. The recipe needs the six labels 1 to 6.`,
      { missing },
    );
}
