import { SpondylError } from "../error.js";
import type { Run } from "../run.js";
import { Compartment } from "../volume/compartment.js";
import type { Finding } from "../volume/finding.js";
import { type Mask, maskCount, maskWhere } from "../volume/mask.js";
import { type Statistics, statistics } from "../volume/statistics.js";
import type { Vertebra } from "../volume/vertebra.js";
import { type Density, sameGrid, type Volume } from "../volume/volume.js";
import { bodyCore } from "./bodyCore.js";
import { type BodyShape, bodyShape } from "./bodyShape.js";
import { corticalShell, type ShellOptions, type ShellRule, shellRule } from "./shell.js";

export interface CompartmentsOptions extends ShellOptions {
  /** The region of vBMD lies at least so deep below the body's surface, mm. Default 4: clear of the shell and its blur. [C] */
  readonly coreDepthMm?: number;
  /** Use the compartments of the label map where it gives them, and not the rule for the shell. Default true. */
  readonly asLabelled?: boolean;
}

export interface Compartments {
  readonly labels: Volume<"label">; // `Compartment` codes
  readonly from: "labels" | "density";
  readonly shellRule?: ShellRule; // none: the shell is that of the labels
  /** Density (in the unit of the density volume) and volume of each compartment, and of its unions. */
  readonly statistics: Readonly<
    Record<"bodyCore" | "bodyShell" | "posteriorCore" | "posteriorShell" | "body" | "whole", Statistics>
  >;
  /** vBMD: density of the body's core, at least `coreDepthMm` below its surface. Never of no voxels. */
  readonly core: Statistics;
  readonly coreMask: Mask;
  readonly coreDepthMm: number;
  readonly shape: BodyShape;
  readonly densityUnit: Density["quantity"];
  readonly findings: readonly Finding[];
}

/**
 * Body and posterior elements of a vertebra, each in cortical shell and trabecular core at CT resolution, with their
 * densities, and the measures of the body.
 * @param density on the grid of the vertebra
 * @throws SpondylError "bad-input" for a density on another grid, a vertebra without a body, or a body in which nothing
 *   lies `coreDepthMm` deep
 */
export async function compartments(
  vertebra: Vertebra,
  density: Density,
  options: CompartmentsOptions = {},
  run: Run = {},
): Promise<Compartments> {
  const { coreDepthMm = 4 } = options;
  const { labels, from, shellRule: rule } = compartmentLabels(vertebra, density, options);
  run.progress?.(0.4);
  run.signal?.throwIfAborted();
  const { core: coreMask, findings } = bodyCore(vertebra, coreDepthMm);
  const of = (...codes: number[]) =>
    statistics(
      density,
      maskWhere(coreMask.length, (n) => codes.includes(labels.data[n]!)),
    );
  const { bodyCore: inner, bodyShell, posteriorCore, posteriorShell } = Compartment;
  const result = {
    labels,
    from,
    ...(rule && { shellRule: rule }),
    statistics: {
      bodyCore: of(inner),
      bodyShell: of(bodyShell),
      posteriorCore: of(posteriorCore),
      posteriorShell: of(posteriorShell),
      body: of(inner, bodyShell),
      whole: of(inner, bodyShell, posteriorCore, posteriorShell),
    },
    core: statistics(density, coreMask),
    coreMask,
    coreDepthMm,
    shape: bodyShape(vertebra),
    densityUnit: density.quantity,
    findings,
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
): Pick<Compartments, "labels" | "from" | "shellRule"> {
  refuseMismatch(vertebra, density);
  if (asLabelled && vertebra.compartments) return { labels: vertebra.compartments, from: "labels" };
  const labels = label(vertebra, corticalShell(vertebra.whole, density, shell));
  return { labels, from: "density", shellRule: shellRule(density.quantity, shell) };
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
