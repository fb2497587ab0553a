import { SpondylError } from "../error.js";
import { Compartment } from "../volume/compartment.js";
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

/**
 * Adds a cap on each end-plate of the body to an aligned compartment map (axis 2 is cranial).
 *
 * A cap stands on the columns whose outermost body voxel is an end-plate: at most `intrusion` deeper than the
 * outermost of all, so that it does not run down the side walls. Holes in that footprint are closed. It fills what is
 * empty from the end-plate to a flat face `thickness - intrusion` beyond the outermost point.
 *
 * @returns a new map with `Compartment.inferiorCap` and `superiorCap` in place of any discs it had
 * @throws SpondylError "bad-option" for lengths that make no cap, "bad-input" when the grid has no room for it
 */
export function addCaps(compartments: Volume<"label">, options: CapOptions = {}): Volume<"label"> {
  const { thicknessMm, intrusionMm } = capSizes(options);
  if (!(thicknessMm > 0 && intrusionMm >= 0 && intrusionMm < thicknessMm))
    throw new SpondylError(
      "bad-option",
      `caps: a thickness of ${thicknessMm} mm with an intrusion of ${intrusionMm} mm leaves no flat face. ` +
        "Give a thickness above 0 and an intrusion from 0 to below it.",
    );
  const data = compartments.data.map((c) => (isCap(c) ? Compartment.outside : c));
  for (const side of [-1, 1] as const) mould(data, compartments, side, thicknessMm, intrusionMm);
  return { ...compartments, data };
}

const isCap = (c: number) => c === Compartment.inferiorCap || c === Compartment.superiorCap;

/** Fills one cap into `data`; `side` is 1 for the superior one. */
function mould(data: Float32Array, grid: Volume<"label">, side: Side, thicknessMm: number, intrusionMm: number): void {
  const [nx, ny, nz] = grid.size;
  const plate = endPlateColumns({ ...grid, data }, side, intrusionMm);
  const flat = plate.outermost + side * Math.max(1, Math.round((thicknessMm - intrusionMm) / grid.spacing[2]));
  if (flat < 0 || flat >= nz)
    throw new SpondylError(
      "bad-input",
      `caps: the image ends before the flat face of the ${side > 0 ? "superior" : "inferior"} cap. ` +
        "Give a thinner cap or an image that reaches further beyond the vertebra.",
    );
  const label = side > 0 ? Compartment.superiorCap : Compartment.inferiorCap;
  const footprint = fillHolesInSlices(plate.footprint, [nx, ny, 1], 2);
  const deepest = plate.outermost - side * Math.round(intrusionMm / grid.spacing[2]);
  for (let column = 0; column < nx * ny; column++) {
    if (!footprint[column]) continue;
    for (let k = flat; side * (k - deepest) >= 0; k -= side) {
      const n = column + nx * ny * k;
      if (data[n] !== Compartment.outside) break;
      data[n] = label;
    }
  }
}
