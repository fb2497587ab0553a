import { random } from "../random.js";
import type { Run } from "../run.js";
import { fwhmPerSigma, gaussianBlur, gaussianKernel } from "../volume/gaussian.js";
import type { Density, Grid, Volume } from "../volume/volume.js";
import { voxelCount } from "../volume/volume.js";
import type { HuLine } from "./attenuation.js";
import type { PhantomSettings } from "./settings.js";
import { streams } from "./shape.js";
import { step } from "./step.js";

/** A row of the blur: weights of fine voxels in one coarse voxel. */
interface Taps {
  readonly first: number; // index of the first fine voxel
  readonly weights: Float64Array;
}

/** The backdrop as the scanner sees it: mean over the slice profile, then blurred within the slice. */
export function imageBackdrop(backdrop: Volume<"HU">, grid: Grid, { ct }: PhantomSettings): Volume<"HU"> {
  const slice = grid.size[0] * grid.size[1];
  const data = new Float32Array(voxelCount(grid.size));
  for (let k = 0; k < grid.size[2]; k++) {
    const { first, weights } = boxTaps(grid.origin[2] + k * grid.spacing[2], ct.sliceThicknessMm, backdrop);
    const inside = weights.map((w, i) => (first + i >= 0 && first + i < backdrop.size[2] ? w : 0));
    const sum = inside.reduce((a, b) => a + b, 0); // the ends of the field of view see less
    for (let t = 0; t < weights.length; t++) {
      if (!inside[t]) continue;
      const from = (first + t) * slice;
      for (let m = 0; m < slice; m++) data[k * slice + m]! += (inside[t]! / sum) * backdrop.data[from + m]!;
    }
  }
  const sigma = ct.psfFwhmMm / fwhmPerSigma;
  return gaussianBlur({ ...grid, quantity: "HU" as const, data }, [sigma, sigma, 0]);
}

/** Weights of thin slices in a box of this thickness about z. */
function boxTaps(z: number, thickness: number, { origin, spacing }: Pick<Grid, "origin" | "spacing">): Taps {
  const h = spacing[2],
    at = (mm: number) => (mm - origin[2]) / h + 0.5; // edges of thin slices are whole numbers
  const low = at(z - thickness / 2),
    high = at(z + thickness / 2);
  const first = Math.floor(low);
  const overlap = (i: number) => Math.max(0, Math.min(high, i + 1) - Math.max(low, i));
  return {
    first,
    weights: Float64Array.from({ length: Math.ceil(high) - first }, (_, i) => (overlap(first + i) * h) / thickness),
  };
}

/**
 * Adds the vertebra to the imaged backdrop: the same imaging, which is linear, of what the vertebra changes. Its
 * voxels are finer than the scan's, so the blur is evaluated at the scan's pixel centres only.
 *
 * @param bone share of each fine voxel that is vertebra, in 255ths; the rest is backdrop
 */
export async function imageVertebra(
  density: Density,
  bone: Uint8Array,
  backdrop: Volume<"HU">,
  scan: Volume<"HU">,
  line: HuLine,
  { ct }: PhantomSettings,
  run: Run,
): Promise<Volume<"HU">> {
  const data = scan.data.slice();
  const sigma = ct.psfFwhmMm / fwhmPerSigma;
  const taps = [0, 1].map((axis) => gaussTaps(scan, density, axis as 0 | 1, sigma));
  const behind = [0, 1, 2].map((axis) => nearest(density, backdrop, axis as 0 | 1 | 2));
  const [nx, ny, nz] = density.size;
  for (let k = 0; k < scan.size[2]; k++) {
    if (k % 8 === 0) await step(run, k / scan.size[2]);
    const { first, weights } = boxTaps(scan.origin[2] + k * scan.spacing[2], ct.sliceThicknessMm, density);
    const change = new Float64Array(nx * ny);
    let any = false;
    for (let t = 0; t < weights.length; t++) {
      const fine = first + t;
      if (fine < 0 || fine >= nz) continue;
      any = true;
      const start = fine * nx * ny,
        under = behind[2]![fine]! * backdrop.size[0] * backdrop.size[1];
      for (let m = 0; m < nx * ny; m++) {
        if (bone[start + m] === 0) continue;
        const there = backdrop.data[under + behind[1]![Math.floor(m / nx)]! * backdrop.size[0] + behind[0]![m % nx]!]!;
        change[m]! +=
          weights[t]! * (line.slope * density.data[start + m]! + (bone[start + m]! / 255) * (line.intercept - there));
      }
    }
    if (any) addSlice(change, nx, ny, taps[0]!, taps[1]!, data, k * scan.size[0] * scan.size[1]);
  }
  return { ...scan, data };
}

/** Blurs one fine slice onto the scan's pixels, along x and then along y. */
function addSlice(
  fine: Float64Array,
  nx: number,
  ny: number,
  xTaps: readonly Taps[],
  yTaps: readonly Taps[],
  data: Float32Array,
  start: number,
): void {
  const width = xTaps.length,
    rows = new Float64Array(width * ny);
  for (let i = 0; i < width; i++) {
    const { first, weights } = xTaps[i]!;
    const a = Math.max(0, -first),
      b = Math.min(weights.length, nx - first);
    for (let j = 0; j < ny; j++) {
      let sum = 0;
      for (let t = a; t < b; t++) sum += weights[t]! * fine[j * nx + first + t]!;
      rows[j * width + i] = sum;
    }
  }
  for (const [j, { first, weights }] of yTaps.entries())
    for (let t = Math.max(0, -first); t < Math.min(weights.length, ny - first); t++)
      for (let i = 0; i < width; i++) data[start + j * width + i]! += weights[t]! * rows[(first + t) * width + i]!;
}

/** For each pixel of the scan along an axis, weights of the fine voxels; those outside the fine grid hold nothing. */
function gaussTaps(scan: Grid, fine: Grid, axis: 0 | 1, sigma: number): Taps[] {
  const h = fine.spacing[axis],
    reach = 4 * sigma + h;
  return Array.from({ length: scan.size[axis] }, (_, i) => {
    const centre = (scan.origin[axis] + i * scan.spacing[axis] - fine.origin[axis]) / h;
    const first = Math.ceil(centre - reach / h),
      last = Math.floor(centre + reach / h);
    const raw = Float64Array.from({ length: last - first + 1 }, (_, t) =>
      Math.exp(-0.5 * (((first + t - centre) * h) / sigma) ** 2),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    return { first, weights: raw.map((w) => w / sum) };
  });
}

/** Index of the coarse voxel nearest to each fine one along an axis. */
const nearest = (fine: Grid, coarse: Grid, axis: 0 | 1 | 2): Int32Array =>
  Int32Array.from({ length: fine.size[axis] }, (_, i) => {
    const at = Math.round((fine.origin[axis] + i * fine.spacing[axis] - coarse.origin[axis]) / coarse.spacing[axis]);
    return Math.max(0, Math.min(coarse.size[axis] - 1, at));
  });

/** Noise of the given standard deviation, correlated within slices, and rounding to whole HU. The scanner's range is −1024 to 3071. */
export function finish(scan: Volume<"HU">, { ct, seed }: PhantomSettings): Volume<"HU"> {
  const noise = ct.noiseSdHu > 0 ? noiseOf(scan, seed, ct.noiseSdHu, ct.noiseFwhmMm / fwhmPerSigma) : undefined;
  // + 0: no negative zeros
  const data = scan.data.map((hu, n) => Math.max(-1024, Math.min(3071, Math.round(hu + (noise?.[n] ?? 0)) + 0)));
  return { ...scan, data };
}

function noiseOf(grid: Grid, seed: number, sd: number, sigma: number): Float32Array {
  const { normal } = random(seed, streams.noise);
  const data = Float32Array.from({ length: voxelCount(grid.size) }, normal);
  const white: Volume<"HU"> = { ...grid, quantity: "HU", data };
  const smoothed = gaussianBlur(white, [sigma, sigma, 0], "wrap").data;
  const kept = (axis: 0 | 1) => (sigma > 0 ? Math.hypot(...gaussianKernel(sigma / grid.spacing[axis])) : 1); // of the SD, by the blur
  const factor = sd / (kept(0) * kept(1));
  return smoothed.map((value) => value * factor);
}
