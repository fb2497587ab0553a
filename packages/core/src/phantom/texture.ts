import { perAxis } from "../linalg/vec3.js";
import { random } from "../random.js";
import { gaussianBlur } from "../volume/gaussian.js";
import { identityDirection, type Vec3, type Volume } from "../volume/volume.js";
import type { Body } from "./body.js";
import { streams } from "./shape.js";
import type { Box } from "./solids.js";

/** Relative density of the trabecular core at a place in the vertebra's own axes: 1 on average, always > 0. */
export type Texture = (x: number, y: number, z: number) => number;

const lattice = 2; // mm between the nodes of the random part
const grain: Vec3 = [1.8, 1.8, 3]; // mm: standard deviation of its smoothing, longer along the loading direction [C]

/**
 * Zones times a smooth random part exp(variation·g), g normal and correlated over some millimetres: no white noise.
 * Zones [C], in the directions that zonal QCT finds: denser towards the end-plates and to the back, and a sparse funnel
 * where the basivertebral vein enters the back wall.
 */
export function coreTexture(seed: number, variation: number, body: Body, box: Box): Texture {
  const noise = smoothNoise(seed, box);
  return (x, y, z) => zone(body, x, y, z) * Math.exp(variation * noise(x, y, z));
}

function zone({ height, back, dent }: Body, x: number, y: number, z: number): number {
  const zeta = (2 * z) / height,
    eta = y / back;
  const inBody = Math.max(0, Math.min(1, 3 - 3 * Math.abs(eta))); // fades beyond the body
  const vein = Math.exp(-((x / 6) ** 2) - ((y - back + dent) / 9) ** 2 - (z / 3.5) ** 2);
  return 1 + inBody * (0.2 * Math.min(1, zeta ** 4) + 0.1 * eta - 0.4 * vein);
}

/** A normal random field of mean 0 and standard deviation 1 over its lattice, trilinear between the nodes. */
function smoothNoise(seed: number, { low, high }: Box): Texture {
  const size = perAxis((i) => Math.ceil((high[i]! - low[i]!) / lattice) + 3);
  const { normal } = random(seed, streams.texture);
  const white = Float32Array.from({ length: size[0] * size[1] * size[2] }, normal);
  const volume: Volume<"fraction"> = {
    ...{ quantity: "fraction", data: white, size, spacing: [lattice, lattice, lattice] },
    ...{ origin: low, direction: identityDirection() },
  };
  const field = standardised(gaussianBlur(volume, grain, "wrap").data);
  const [nx, ny] = size;
  const at = (i: number) => field[i] ?? 0;
  return (x, y, z) => {
    const u = (x - low[0]) / lattice + 1,
      v = (y - low[1]) / lattice + 1,
      w = (z - low[2]) / lattice + 1;
    const i = Math.floor(u),
      j = Math.floor(v),
      k = Math.floor(w);
    const fx = u - i,
      fy = v - j,
      fz = w - k;
    const a = i + nx * (j + ny * k),
      b = a + nx,
      c = a + nx * ny,
      d = c + nx;
    const near = (at(a) * (1 - fx) + at(a + 1) * fx) * (1 - fy) + (at(b) * (1 - fx) + at(b + 1) * fx) * fy;
    const far = (at(c) * (1 - fx) + at(c + 1) * fx) * (1 - fy) + (at(d) * (1 - fx) + at(d + 1) * fx) * fy;
    return near * (1 - fz) + far * fz;
  };
}

function standardised(field: Float32Array): Float32Array {
  const mean = field.reduce((sum, f) => sum + f, 0) / field.length;
  const variance = field.reduce((sum, f) => sum + (f - mean) ** 2, 0) / field.length;
  return field.map((f) => (f - mean) / Math.sqrt(variance));
}
