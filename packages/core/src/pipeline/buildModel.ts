import type { CompartmentsOptions } from "../compartments/compartments.js";
import { SpondylError } from "../error.js";
import type { AxialLoad } from "../load/ends.js";
import { type Binning, bonelabModel } from "../mesh/bonelab.js";
import { capSizes } from "../mesh/caps.js";
import { type ContinuumModel, type ContinuumOptions, continuumModel } from "../mesh/continuumModel.js";
import type { Vertebra } from "../volume/vertebra.js";
import type { Density, Volume } from "../volume/volume.js";
import { onModelGrid } from "./modelGrid.js";

/** How the model is made: our own way, or the published recipe of the spineFE benchmark, see `bonelabModel`. */
export const protocols = ["spondyl", "bonelab", "bonelab-compat", "bonelab-unbinned"] as const;
export type Protocol = (typeof protocols)[number];

/** What a user may choose of our own model; the published recipe is what it is. */
export interface ModelChoices {
  readonly voxelMm?: number; // edge of the elements; default 1
  readonly model?: ContinuumOptions;
  readonly load?: Partial<AxialLoad>; // default: 0.2 % of the body's height in compression, both ends guided
}

/** A model, the density on its grid, and its load. */
export interface BuiltModel {
  readonly model: ContinuumModel;
  readonly density: Density;
  readonly load: AxialLoad;
}

/** Our own model: cubes along the vertebra's own axes. */
export function ownModel(
  vertebra: Vertebra,
  density: Density,
  heightMm: number,
  compartments: CompartmentsOptions,
  { voxelMm = 1, model, load = {} }: ModelChoices,
): BuiltModel {
  const margin = capRoomMm(model) + 2 * voxelMm;
  const onGrid = onModelGrid(vertebra, density, compartments, voxelMm, margin);
  return {
    model: continuumModel(onGrid.density, onGrid.compartments, model),
    density: onGrid.density,
    load: { displacementMm: -0.002 * heightMm, inferior: "guided", superior: "guided", ...load },
  };
}

const binnings: Readonly<Record<Exclude<Protocol, "spondyl">, Binning>> = {
  bonelab: "bins",
  "bonelab-compat": "shifted-bins",
  "bonelab-unbinned": "none",
};

/**
 * The published model, on the image's own grid.
 * @throws SpondylError "bad-option" when something of it was to be chosen: ignoring that would be a silent wrong answer
 */
export function publishedModel(
  protocol: Exclude<Protocol, "spondyl">,
  density: Density,
  labels: Volume<"label">,
  { voxelMm, model = {}, load = {} }: ModelChoices,
): BuiltModel {
  const chosen = [...(voxelMm === undefined ? [] : ["voxelMm"]), ...Object.keys(model), ...Object.keys(load)];
  if (chosen.length > 0)
    throw new SpondylError(
      "bad-option",
      `protocol ${protocol}: the published recipe leaves no choice of ${chosen.join(", ")}. Leave them out, or use protocol spondyl.`,
      { chosen },
    );
  return {
    model: bonelabModel(density, labels, binnings[protocol]),
    density,
    load: { displacementMm: -0.2, inferior: "guided", superior: "guided" },
  };
}

/** Room that the flat face of a cap needs beyond the bone, mm. */
function capRoomMm({ support, cap }: ContinuumOptions = {}): number {
  const { thicknessMm, intrusionMm } = capSizes(cap);
  return support === undefined || support === "pmma" ? Math.min(100, Math.max(0, thicknessMm - intrusionMm)) : 0;
}
