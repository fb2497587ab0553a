import { SpondylError } from "../error.js";
import type { Box } from "../volume/crop.js";
import type { Grid, Vec3, Volume } from "../volume/volume.js";
import { indexToWorld } from "../volume/volume.js";

export interface LabelValue {
  readonly count: number; // voxels
  readonly centroid: Vec3; // mm, LPS
  readonly box: Box;
}

/**
 * The values that occur in a label map, 0 left out, with their size and place.
 * @throws SpondylError "bad-input" when the map is empty or holds no whole numbers: then it is no label map
 */
export function labelValues(labels: Volume<"label">): Map<number, LabelValue> {
  const [nx, ny, nz] = labels.size;
  const tallies = new Map<number, Tally>();
  let last = 0;
  let tally: Tally | undefined; // of the voxel before: labels come in runs
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        const value = labels.data[n]!;
        if (value === 0) continue;
        if (value !== last || !tally) {
          tally = tallies.get(value) ?? newTally(value);
          tallies.set(value, tally);
          last = value;
        }
        count(tally, i, j, k);
      }
  if (tallies.size === 0)
    throw new SpondylError("bad-input", "labels: the mask is empty: all voxels are 0. Give the mask of this scan.");
  return new Map([...tallies].sort(([a], [b]) => a - b).map(([code, t]) => [code, summary(t, labels)]));
}

/** Voxels, sums and extremes of their indices. */
interface Tally {
  voxels: number;
  readonly sum: [number, number, number];
  readonly low: [number, number, number];
  readonly high: [number, number, number];
}

function newTally(value: number): Tally {
  if (!Number.isInteger(value) || value < 0) throw notLabels(value);
  return { voxels: 0, sum: [0, 0, 0], low: [Infinity, Infinity, Infinity], high: [-1, -1, -1] };
}

function count(tally: Tally, i: number, j: number, k: number): void {
  const { sum, low, high } = tally;
  tally.voxels++;
  sum[0] += i;
  sum[1] += j;
  sum[2] += k;
  if (i < low[0]) low[0] = i;
  if (j < low[1]) low[1] = j;
  if (k < low[2]) low[2] = k;
  if (i > high[0]) high[0] = i;
  if (j > high[1]) high[1] = j;
  if (k > high[2]) high[2] = k;
}

function summary({ voxels, sum, low, high }: Tally, grid: Grid): LabelValue {
  return {
    count: voxels,
    centroid: indexToWorld(grid, [sum[0] / voxels, sum[1] / voxels, sum[2] / voxels]),
    box: { lower: low, upper: [high[0] + 1, high[1] + 1, high[2] + 1] },
  };
}

const notLabels = (value: number) =>
  new SpondylError(
    "bad-input",
    `labels: the value ${value} is no label. Give a mask of whole numbers from 0, not an image.`,
    { value },
  );
