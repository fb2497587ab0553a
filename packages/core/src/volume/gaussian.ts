import { SpondylError } from "../error.js";
import type { Run } from "../run.js";
import type { Quantity, Vec3, Volume } from "./volume.js";

/** What lies beyond the grid: its mirror image (keeps the sum of all voxels), its other end (keeps statistics) or zeros. */
export type Border = "reflect" | "wrap" | "zero";

/** Standard deviations that the kernel reaches to either side: what is cut off weighs 6e-5. */
const reach = 4;

/** Ratio of the full width at half maximum of a Gaussian to its standard deviation: 2·√(2·ln 2). */
export const fwhmPerSigma = 2 * Math.sqrt(2 * Math.LN2);

/**
 * Gaussian blur, one axis after the other, f64 sums stored as f32. The kernel is sampled at voxel centres, cut at four
 * standard deviations and scaled to the sum 1, so its standard deviation is the asked one within 1 % from 0.7 voxels on.
 *
 * @param sigma standard deviation along each grid axis, mm, >= 0; 0 leaves the axis alone
 * @param border what lies beyond the grid: "reflect" (half-sample mirror; the sum of all voxels is kept), "wrap" or "zero"
 * @throws SpondylError "bad-option" for a sigma that is negative or no number
 */
export function gaussianBlur<Q extends Quantity>(
  volume: Volume<Q>,
  sigma: Vec3,
  border: Border = "reflect",
  run: Run = {},
): Volume<Q> {
  if (!sigma.every((s) => s >= 0 && s < Infinity))
    throw new SpondylError("bad-option", `gaussianBlur: sigma is ${sigma.join(", ")} mm. Give three numbers >= 0.`);
  let data = volume.data;
  for (const axis of [0, 1, 2] as const)
    if (sigma[axis] > 0)
      data = blurAxis(data, volume.size, axis, gaussianKernel(sigma[axis] / volume.spacing[axis]), border, run);
  return { ...volume, data: data === volume.data ? data.slice() : data };
}

/** Weights of a sampled Gaussian, sum 1, centre in the middle. @param sigma in voxels, > 0 */
export function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.max(1, Math.ceil(reach * sigma));
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-0.5 * ((i - radius) / sigma) ** 2));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

/** One pass. Every line of the axis is copied into a padded buffer, so the inner loop knows no border. */
function blurAxis(
  data: Float32Array,
  size: Vec3,
  axis: 0 | 1 | 2,
  weights: Float64Array,
  border: Border,
  run: Run,
): Float32Array {
  const out = new Float32Array(data.length);
  const [nx, ny] = size;
  const n = size[axis],
    radius = weights.length >> 1;
  const stride = axis === 0 ? 1 : axis === 1 ? nx : nx * ny;
  const source = Int32Array.from({ length: n + 2 * radius }, (_, i) => {
    const inside = fold(i - radius, n, border);
    return inside < 0 ? -1 : inside * stride;
  });
  const line = new Float64Array(source.length);
  const lines = data.length / n;
  for (let l = 0; l < lines; l++) {
    if ((l & 4095) === 0) run.signal?.throwIfAborted();
    // first voxel of line l: lines count the voxels of the other two axes, x before y before z
    const start = axis === 0 ? l * nx : axis === 1 ? (l % nx) + Math.floor(l / nx) * nx * ny : l;
    for (let i = 0; i < line.length; i++) line[i] = source[i]! < 0 ? 0 : data[start + source[i]!]!;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let w = 0; w < weights.length; w++) sum += weights[w]! * line[i + w]!;
      out[start + i * stride] = sum;
    }
  }
  return out;
}

/** Index within 0 to n − 1 that stands for index i of the endless line; −1 where there is nothing. */
function fold(i: number, n: number, border: Border): number {
  if (border === "zero") return i >= 0 && i < n ? i : -1;
  if (border === "wrap") return ((i % n) + n) % n;
  const period = 2 * n;
  const r = ((i % period) + period) % period;
  return r < n ? r : period - 1 - r;
}
