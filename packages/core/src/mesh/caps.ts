import { SpondylError } from "../error.js";
import { Compartment, isBone, isCap } from "../volume/compartment.js";
import type { Finding } from "../volume/finding.js";
import { fillHolesInSlices } from "../volume/morphology.js";
import type { Volume } from "../volume/volume.js";
import { endPlateColumns, type Side } from "./endPlateColumns.js";

/** Cement (PMMA) caps as used in mechanical tests: flat outside, moulded to the end-plate inside. */
export interface CapOptions {
  /** From the flat outer face to the deepest bone that the cap may reach, mm. Default 10 [A: Ogo]. */
  readonly thicknessMm?: number;
  /** How far a cap reaches past the outermost point of the end-plate towards the body, mm. Default 6 [A: Ogo]. */
  readonly intrusionMm?: number;
}

/** The sizes with their defaults in place. */
export const capSizes = ({ thicknessMm = 10, intrusionMm = 6 }: CapOptions = {}): Required<CapOptions> => ({
  thicknessMm,
  intrusionMm,
});

/** A compartment map with caps, and how much of the end-plates they bear on. */
export interface Capped {
  readonly compartments: Volume<"label">;
  readonly inferiorAreaMm2: number; // of contact, projected along the axis
  readonly superiorAreaMm2: number;
  readonly findings: readonly Finding[];
}

/**
 * Adds a cap on each end-plate of the body to an aligned compartment map (axis 2 is cranial).
 *
 * A cap stands on the columns that end on the end-plate, see `endPlateColumns`, so that it does not run down the side
 * walls. Holes in that footprint are closed. It fills what is empty from the end-plate, or from `intrusion` below the
 * end-plate's outermost part where that lies deeper, to a flat face `thickness - intrusion` beyond that part.
 *
 * @returns a map with `Compartment.inferiorCap` and `superiorCap` in place of any discs it had; a finding where a cap
 *   bears on less than 85 % [C] of its end-plate
 * @throws SpondylError "bad-option" for lengths that make no cap, "bad-input" when the grid has no room for it
 */
export function addCaps(compartments: Volume<"label">, options: CapOptions = {}): Capped {
  const { thicknessMm, intrusionMm } = capSizes(options);
  if (!(thicknessMm > 0 && thicknessMm < 1e3 && intrusionMm >= 0 && intrusionMm < thicknessMm))
    throw new SpondylError(
      "bad-option",
      `caps: a thickness of ${thicknessMm} mm with an intrusion of ${intrusionMm} mm leaves no flat face. ` +
        "Give a thickness above 0 and an intrusion from 0 to below it.",
    );
  const data = compartments.data.map((c) => (isCap(c) ? Compartment.outside : c));
  const inferior = mould(data, compartments, -1, thicknessMm, intrusionMm);
  const superior = mould(data, compartments, 1, thicknessMm, intrusionMm);
  return {
    compartments: { ...compartments, data },
    inferiorAreaMm2: inferior.areaMm2,
    superiorAreaMm2: superior.areaMm2,
    findings: [...inferior.findings, ...superior.findings],
  };
}

/** Fills one cap into `data`; `side` is 1 for the superior one. */
function mould(data: Float32Array, grid: Volume<"label">, side: Side, thicknessMm: number, intrusionMm: number) {
  const [nx, ny, nz] = grid.size;
  const plate = endPlateColumns({ ...grid, data }, side);
  const name = side > 0 ? "superior" : "inferior";
  const flat = plate.outermost + side * Math.max(1, Math.round((thicknessMm - intrusionMm) / grid.spacing[2]));
  if (flat < 0 || flat >= nz)
    throw new SpondylError(
      "bad-input",
      `caps: the image ends before the flat face of the ${name} cap. ` +
        "Give a thinner cap or an image that reaches further beyond the vertebra.",
    );
  const label = side > 0 ? Compartment.superiorCap : Compartment.inferiorCap;
  const footprint = fillHolesInSlices(plate.footprint, [nx, ny, 1], 2);
  const deepest = plate.outermost - side * Math.round(intrusionMm / grid.spacing[2]);
  let bearing = 0;
  for (let column = 0; column < nx * ny; column++) {
    if (!footprint[column]) continue;
    let k = flat;
    for (; side * (k - deepest) >= 0 && data[column + nx * ny * k] === Compartment.outside; k -= side)
      data[column + nx * ny * k] = label;
    if (isBone(data[column + nx * ny * k] ?? 0)) bearing++;
  }
  const columns = plate.footprint.reduce((sum, inside) => sum + inside, 0);
  const percent = (100 * bearing) / columns;
  const finding: Finding = {
    code: "cap-contact",
    severity: "warning",
    message: `The ${name} cap bears on ${percent.toFixed(0)} % of its end-plate: a deeper intrusion reaches the rest.`,
  };
  const areaMm2 = bearing * grid.spacing[0] * grid.spacing[1];
  return { areaMm2, findings: percent < 85 ? [finding] : [] };
}
