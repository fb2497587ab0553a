import { type CompartmentsOptions, compartmentLabels } from "../compartments/compartments.js";
import { SpondylError } from "../error.js";
import { alignedGrid } from "../volume/alignedGrid.js";
import { alignVertebra } from "../volume/alignVertebra.js";
import { gaussianBlur } from "../volume/gaussian.js";
import { resample } from "../volume/resample.js";
import type { Vertebra } from "../volume/vertebra.js";
import { type Density, type Vec3, type Volume, voxelCount } from "../volume/volume.js";

/**
 * Density and compartments along the vertebra's own axes, in cubes of `edgeMm`, with `marginMm` around the bone. The
 * rule for the shell is applied to the cubes themselves: one that was moved here voxel by voxel would have gaps.
 */
export function onModelGrid(
  vertebra: Vertebra,
  density: Density,
  options: CompartmentsOptions,
  edgeMm: number,
  marginMm: number,
): { readonly density: Density; readonly compartments: Volume<"label"> } {
  refuseTooFine(vertebra, edgeMm, marginMm);
  const aligned = alignVertebra(vertebra, { edgeMm, marginMm });
  const moved = resample(boxMean(density, edgeMm), aligned.grid) as Density;
  return { density: moved, compartments: compartmentLabels(aligned, moved, options).labels };
}

/** Voxels that a model's grid may have: its images take 4 bytes each, and a dozen of them live at once. */
const mostVoxels = 2e8;

function refuseTooFine({ whole, grid, frame }: Vertebra, edgeMm: number, marginMm: number): void {
  const voxels = voxelCount(alignedGrid(whole, grid, frame, edgeMm, marginMm).size);
  if (voxels <= mostVoxels) return;
  const finest = edgeMm * Math.cbrt(voxels / mostVoxels);
  throw new SpondylError(
    "out-of-memory",
    `mesh: elements of ${edgeMm} mm make a grid of ${(voxels / 1e6).toFixed(0)} million voxels, which does not fit. Give ${(Math.ceil(finest * 100) / 100).toFixed(2)} mm or more.`,
    { voxels, mostVoxels },
  );
}

/**
 * Where the image is finer than the cubes it is blurred to the variance of a box of their size, so that each cube holds
 * the mean of the image over it and not a sample.
 */
function boxMean(density: Density, edgeMm: number): Volume<Density["quantity"]> {
  const sigma = (axis: 0 | 1 | 2) => Math.sqrt(Math.max(0, edgeMm ** 2 - density.spacing[axis] ** 2) / 12);
  const sigmas: Vec3 = [sigma(0), sigma(1), sigma(2)];
  return gaussianBlur(density as Volume<Density["quantity"]>, sigmas);
}
