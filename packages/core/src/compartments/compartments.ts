import { SpondylError } from "../error.js";
import type { Run } from "../run.js";
import { Compartment } from "../volume/compartment.js";
import { depthIn } from "../volume/distance.js";
import { type Mask, maskCount, maskWhere } from "../volume/mask.js";
import { type Statistics, statistics } from "../volume/statistics.js";
import type { Vertebra } from "../volume/vertebra.js";
import { type Density, sameGrid, type Volume } from "../volume/volume.js";
import { type BodyShape, bodyShape } from "./bodyShape.js";
import { corticalShell, type ShellOptions } from "./shell.js";

export interface CompartmentsOptions extends ShellOptions {
  /** Depth of the region of vBMD below the body's surface, mm. Default 4: clear of the shell and its blur. [C] */
  readonly coreDepthMm?: number;
  /** Use the compartments of the label map where it gives them, and not the rule for the shell. Default true. */
  readonly asLabelled?: boolean;
}

export interface Compartments {
  readonly labels: Volume<"label">; // `Compartment` codes
  readonly from: "labels" | "density";
  /** Density (in the unit of the density volume) and volume of each compartment, and of its unions. */
  readonly statistics: Readonly<
    Record<"bodyCore" | "bodyShell" | "posteriorCore" | "posteriorShell" | "body" | "whole", Statistics>
  >;
  /** vBMD: density of the body's core, away from the shell. */
  readonly core: Statistics;
  readonly coreMask: Mask;
  readonly shape: BodyShape;
  readonly densityUnit: Density["quantity"];
}

/**
 * Body and posterior elements of a vertebra, each in cortical shell and trabecular core at CT resolution, with their
 * densities, and the measures of the body.
 * @param density on the grid of the vertebra
 * @throws SpondylError "bad-input" for a density on another grid or a vertebra without a body
 */
export async function compartments(
  vertebra: Vertebra,
  density: Density,
  options: CompartmentsOptions = {},
  run: Run = {},
): Promise<Compartments> {
  const { coreDepthMm = 4 } = options;
  const { labels, from } = compartmentLabels(vertebra, density, options);
  run.progress?.(0.4);
  run.signal?.throwIfAborted();
  const depth = depthIn(vertebra.body, vertebra.grid);
  const coreMask = maskWhere(depth.length, (n) => depth[n]! > coreDepthMm);
  const of = (...codes: number[]) =>
    statistics(
      density,
      maskWhere(coreMask.length, (n) => codes.includes(labels.data[n]!)),
    );
  const { bodyCore, bodyShell, posteriorCore, posteriorShell } = Compartment;
  const result = {
    labels,
    from,
    statistics: {
      bodyCore: of(bodyCore),
      bodyShell: of(bodyShell),
      posteriorCore: of(posteriorCore),
      posteriorShell: of(posteriorShell),
      body: of(bodyCore, bodyShell),
      whole: of(bodyCore, bodyShell, posteriorCore, posteriorShell),
    },
    core: statistics(density, coreMask),
    coreMask,
    shape: bodyShape(vertebra),
    densityUnit: density.quantity,
  };
  run.progress?.(1);
  return result;
}

/**
 * The compartments alone, on the grid of the vertebra: those of the label map where it gives them, else by the rule of
 * `corticalShell`.
 * @throws SpondylError as `compartments`
 */
export function compartmentLabels(
  vertebra: Vertebra,
  density: Density,
  { asLabelled = true, ...shell }: CompartmentsOptions = {},
): Pick<Compartments, "labels" | "from"> {
  refuseMismatch(vertebra, density);
  if (asLabelled && vertebra.compartments) return { labels: vertebra.compartments, from: "labels" };
  return { labels: label(vertebra, corticalShell(vertebra.whole, density, shell)), from: "density" };
}

function refuseMismatch({ grid, body, level }: Vertebra, density: Density): void {
  if (!sameGrid(grid, density))
    throw new SpondylError(
      "bad-input",
      `compartments: the density has ${density.size.join(" x ")} voxels, the vertebra's grid ${grid.size.join(" x ")}, or they lie elsewhere. Resample the density to the vertebra's grid.`,
    );
  if (maskCount(body) === 0) throw new SpondylError("bad-input", `compartments: the body of ${level} has no voxels.`);
}

function label({ body, whole, grid, superiorDisc, inferiorDisc }: Vertebra, shell: Mask): Volume<"label"> {
  const data = new Float32Array(whole.length);
  for (let n = 0; n < data.length; n++) {
    if (whole[n] && body[n]) data[n] = shell[n] ? Compartment.bodyShell : Compartment.bodyCore;
    else if (whole[n]) data[n] = shell[n] ? Compartment.posteriorShell : Compartment.posteriorCore;
    else if (inferiorDisc?.[n]) data[n] = Compartment.inferiorCap;
    else if (superiorDisc?.[n]) data[n] = Compartment.superiorCap;
  }
  return { quantity: "label", data, ...grid };
}
