import type { Compartments } from "../compartments/compartments.js";
import { alignedGrid } from "../volume/alignedGrid.js";
import { gaussianBlur } from "../volume/gaussian.js";
import { resample } from "../volume/resample.js";
import type { Vertebra } from "../volume/vertebra.js";
import type { Density, Vec3, Volume } from "../volume/volume.js";

/**
 * Density and compartments along the vertebra's own axes, in cubes of `edgeMm`, with `marginMm` around the bone.
 *
 * Where the image is finer than the cubes it is blurred first, to the variance of a box of their size, so that each
 * cube holds the mean of the image over it and not a sample.
 */
export function onModelGrid(
  vertebra: Vertebra,
  density: Density,
  compartments: Compartments,
  edgeMm: number,
  marginMm: number,
): { readonly density: Density; readonly compartments: Volume<"label"> } {
  const grid = alignedGrid(vertebra.whole, vertebra.grid, vertebra.frame, edgeMm, marginMm);
  const [x, y, z] = density.spacing.map((h) => Math.sqrt(Math.max(0, edgeMm ** 2 - h ** 2) / 12));
  const sigma: Vec3 = [x!, y!, z!];
  const blurred = gaussianBlur(density as Volume<Density["quantity"]>, sigma);
  return {
    density: resample(blurred, grid) as Density,
    compartments: resample(compartments.labels, grid),
  };
}
