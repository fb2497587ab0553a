import { SpondylError } from "../error.js";
import { sameGrid, type Volume } from "../volume/volume.js";
import type { Insert } from "./method.js";

/** An insert as it was measured in the scan. */
export interface MeasuredInsert extends Insert {
  readonly label: number;
  readonly voxels: number;
  readonly voxelSdHu: number; // of single voxels: the image noise
  readonly sdHu?: number; // HU: voxelSdHu / √voxels; left out when an insert has no noise, as in a synthetic scan
}

/**
 * Mean CT numbers of the inserts of a phantom, from regions of interest.
 *
 * @param roiLabels one label per insert, on the scan's grid; keep clear of the insert's rim
 * @param densities known density of the reference material, mg/cm³, by label
 * @returns one insert per label of `densities`, in its order. `sdHu` takes voxels as independent; CT noise is
 *   correlated over a few voxels, so the true one is larger by the square root of that many
 * @throws SpondylError "bad-input" when the grids differ or a region has fewer than two voxels
 */
export function insertMeans(
  scan: Volume<"HU">,
  roiLabels: Volume<"label">,
  densities: ReadonlyMap<number, number>,
): MeasuredInsert[] {
  if (!sameGrid(scan, roiLabels))
    throw new SpondylError(
      "bad-input",
      `calibrate: the regions (${roiLabels.size.join("×")}) do not lie on the scan's grid (${scan.size.join("×")}). Resample them.`,
    );
  const sums = new Map([...densities.keys()].map((label) => [label, { n: 0, mean: 0, squares: 0 }]));
  for (let i = 0; i < scan.data.length; i++) {
    const sum = roiLabels.data[i] ? sums.get(roiLabels.data[i]!) : undefined;
    if (!sum) continue;
    const step = scan.data[i]! - sum.mean; // running mean and squares: Welford 1962
    sum.n++;
    sum.mean += step / sum.n;
    sum.squares += step * (scan.data[i]! - sum.mean);
  }
  const measured = [...densities].map(([label, density]) => {
    const { n, mean, squares } = sums.get(label)!;
    if (n < 2)
      throw new SpondylError(
        "bad-input",
        `calibrate: the region with label ${label} has ${n} voxels. Draw it inside the insert.`,
        { label, voxels: n },
      );
    return { label, hu: mean, density, voxels: n, voxelSdHu: Math.sqrt(squares / (n - 1)) };
  });
  const noisy = measured.every(({ voxelSdHu }) => voxelSdHu > 0);
  return noisy ? measured.map((m) => ({ ...m, sdHu: m.voxelSdHu / Math.sqrt(m.voxels) })) : measured;
}
