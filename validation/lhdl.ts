import { largestComponent } from "../packages/core/src/volume/components.ts";
import type { Vec3 } from "../packages/core/src/volume/volume.ts";

/**
 * The published segmentation of the LHDL cube (ciclope, example 1): Gaussian blur of 1 voxel, half the resolution by
 * quadratic spline interpolation, threshold, closing with a ball, largest face-connected part. In double precision:
 * the published element count hangs on single voxels at the threshold.
 */
export function segmentLhdl(grey: Float32Array, n: number, threshold: number, ballRadius: number) {
  const half = n / 2;
  let data: Float64Array = Float64Array.from(grey);
  for (const axis of [0, 1, 2]) data = alongAxis(data, [n, n, n], axis, blurLine, n);
  let size: Vec3 = [n, n, n];
  for (const axis of [0, 1, 2] as const) {
    data = alongAxis(data, size, axis, (line) => zoomLine(line, half), half);
    size = size.map((s, a) => (a === axis ? half : s)) as unknown as Vec3;
  }
  const bone = Uint8Array.from(data, (v) => (v > threshold ? 1 : 0));
  return { size, otsu: otsu(data), mask: largestComponent(closeWithBall(bone, size, ballRadius), size, 6) };
}

function alongAxis(data: Float64Array, size: Vec3, axis: number, f: (line: Float64Array) => Float64Array, out: number) {
  const n = size[axis]!;
  const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const result = new Float64Array((data.length / n) * out);
  const line = new Float64Array(n);
  for (let l = 0; l < data.length / n; l++) {
    const inner = l % stride,
      outer = (l - inner) / stride;
    for (let i = 0; i < n; i++) line[i] = data[inner + stride * (i + n * outer)]!;
    const mapped = f(line);
    for (let i = 0; i < out; i++) result[inner + stride * (i + out * outer)] = mapped[i]!;
  }
  return result;
}

const weights = Array.from({ length: 9 }, (_, i) => Math.exp(-0.5 * (i - 4) ** 2)); // sigma 1, cut at 4
const weightSum = weights.reduce((a, b) => a + b, 0);

/** Gaussian, sigma 1 voxel, the edge voxel repeated beyond the border. */
function blurLine(line: Float64Array): Float64Array {
  const last = line.length - 1;
  const out = new Float64Array(line.length);
  for (let i = 0; i <= last; i++)
    for (let k = 0; k < 9; k++) out[i]! += (weights[k]! / weightSum) * line[Math.min(last, Math.max(0, i + k - 4))]!;
  return out;
}

/** Quadratic B-spline interpolation at `out` points from the first to the last sample. */
function zoomLine(line: Float64Array, out: number): Float64Array {
  const c = splineCoefficients(line);
  const last = line.length - 1;
  const at = (i: number) => c[i < 0 ? -i : i > last ? 2 * last - i : i]!;
  return Float64Array.from({ length: out }, (_, i) => {
    const x = (i * last) / (out - 1),
      k = Math.round(x),
      t = x - k;
    return 0.5 * (0.5 - t) ** 2 * at(k - 1) + (0.75 - t * t) * at(k) + 0.5 * (0.5 + t) ** 2 * at(k + 1);
  });
}

/** Coefficients of the interpolating quadratic B-spline, mirrored at the end samples (Unser 1999). */
function splineCoefficients(line: Float64Array): Float64Array {
  const n = line.length,
    pole = Math.sqrt(8) - 3;
  const c = line.map((v) => v * (1 - pole) * (1 - 1 / pole));
  let sum = c[0]! + pole ** (n - 1) * c[n - 1]!;
  for (let i = 1; i < n - 1; i++) sum += (pole ** i + pole ** (2 * n - 2 - i)) * c[i]!;
  c[0] = sum / (1 - pole ** (2 * n - 2));
  for (let i = 1; i < n; i++) c[i]! += pole * c[i - 1]!;
  c[n - 1] = (pole / (pole * pole - 1)) * (pole * c[n - 2]! + c[n - 1]!);
  for (let i = n - 2; i >= 0; i--) c[i] = pole * (c[i + 1]! - c[i]!);
  return c;
}

/** Closing with a digital ball; beyond the border there is nothing to grow from, and nothing that erodes. */
function closeWithBall(mask: Uint8Array, size: Vec3, radius: number): Uint8Array {
  const grown = paint(mask, size, radius, 1);
  return paint(grown, size, radius, 0);
}

/** Every voxel of this value paints a ball of it. */
function paint(mask: Uint8Array, [nx, ny, nz]: Vec3, radius: number, value: 0 | 1): Uint8Array {
  const offsets: Vec3[] = [];
  for (let z = -radius; z <= radius; z++)
    for (let y = -radius; y <= radius; y++)
      for (let x = -radius; x <= radius; x++) if (x * x + y * y + z * z <= radius * radius) offsets.push([x, y, z]);
  const out = mask.slice();
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        if (mask[n] !== value) continue;
        for (const [x, y, z] of offsets)
          if (i + x >= 0 && i + x < nx && j + y >= 0 && j + y < ny && k + z >= 0 && k + z < nz)
            out[n + x + nx * (y + ny * z)] = value;
      }
  return out;
}

/** Otsu's threshold on 256 bins, at the middle of the bin. */
function otsu(data: Float64Array): number {
  const least = data.reduce((a, b) => Math.min(a, b)),
    largest = data.reduce((a, b) => Math.max(a, b));
  const width = (largest - least) / 256;
  const count = new Float64Array(256);
  for (const v of data) count[Math.min(255, Math.floor((v - least) / width))]!++;
  const middle = (i: number) => least + (i + 0.5) * width;
  const total = data.length,
    sum = count.reduce((s, c, i) => s + c * middle(i), 0);
  let below = 0,
    sumBelow = 0,
    best = -1,
    threshold = 0;
  for (let i = 0; i < 255; i++) {
    below += count[i]!;
    sumBelow += count[i]! * middle(i);
    if (below === 0 || below === total) continue;
    const between = below * (total - below) * (sumBelow / below - (sum - sumBelow) / (total - below)) ** 2;
    if (between > best) [best, threshold] = [between, middle(i)];
  }
  return threshold;
}
