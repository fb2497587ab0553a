import { perAxis } from "../linalg/vec3.js";
import type { Run } from "../run.js";
import { type Grid, identityDirection, type Vec3, type Volume, voxelCount } from "../volume/volume.js";
import { canalDistance } from "./arch.js";
import { huLine } from "./attenuation.js";
import { type Layout, softHu, surroundingHu } from "./layout.js";
import type { PhantomSettings } from "./settings.js";
import { poseMatrix } from "./shape.js";
import { step } from "./step.js";
import type { Vertebra } from "./vertebra.js";

/** Everything but the vertebra itself, unblurred, on the scan's pixels and thinner slices. */
export interface Backdrop {
  readonly hu: Volume<"HU">;
  readonly above: Float32Array; // 1 where a voxel's centre lies in the body of the vertebra above
  readonly below: Float32Array;
}

const bulge = 0.8; // mm: of the discs beyond the end-plates' edges [C]
const most = 1.6; // of the distance between two vertebrae: how far up and down the spine is drawn
const overlap = 2; // mm: discs reach this far into the vertebrae, which cover them, so that no gap opens

/** Grid of the scan: aligned with LPS, centred on the field of view. */
export function scanGrid({ low, high }: Layout, spacing: Vec3): Grid {
  const size = perAxis((i) => Math.floor((high[i]! - low[i]!) / spacing[i]!) + 1);
  const origin = perAxis((i) => (low[i]! + high[i]! - (size[i]! - 1) * spacing[i]!) / 2);
  return { size, spacing, origin, direction: identityDirection() };
}

/** The scan's grid with each slice cut into as many as make them 0.5 mm thin. */
export function thinSlices({ size, spacing, origin, direction }: Grid): Grid {
  const cuts = Math.ceil(spacing[2] / 0.5 - 1e-9),
    thin = spacing[2] / cuts;
  return {
    size: [size[0], size[1], size[2] * cuts],
    spacing: [spacing[0], spacing[1], thin],
    origin: [origin[0], origin[1], origin[2] - ((cuts - 1) * thin) / 2],
    direction,
  };
}

/**
 * Draws the surroundings, the discs, the contents of the canal and the bodies of the two neighbours. The neighbours are
 * copies of the vertebra's own body; their shares of voxels come from distances, as in the truth.
 */
export async function drawBackdrop(
  v: Vertebra,
  settings: PhantomSettings,
  layout: Layout,
  grid: Grid,
  run: Run,
): Promise<Backdrop> {
  const count = voxelCount(grid.size),
    slice = grid.size[0] * grid.size[1];
  const plane = surroundings(layout, settings, grid);
  const data = new Float32Array(count),
    above = new Float32Array(count),
    below = new Float32Array(count);
  const spine = spineAt(v, settings, Math.max(grid.spacing[0], grid.spacing[1]));
  for (let k = 0; k < grid.size[2]; k++) {
    if (k % 32 === 0) await step(run, k / grid.size[2]);
    const z = grid.origin[2] + k * grid.spacing[2];
    for (let m = 0; m < slice; m++) {
      const n = k * slice + m;
      const x = grid.origin[0] + (m % grid.size[0]) * grid.spacing[0];
      const y = grid.origin[1] + Math.floor(m / grid.size[0]) * grid.spacing[1];
      data[n] = spine.near(x, y) ? spine.hu(plane[m]!, x, y, z) : plane[m]!;
      if (spine.found === "above") above[n] = 1;
      if (spine.found === "below") below[n] = 1;
      spine.found = undefined;
    }
  }
  return { hu: { ...grid, quantity: "HU", data }, above, below };
}

/** One slice of the surroundings, each pixel the mean of 4 × 4 places. */
function surroundings(layout: Layout, settings: PhantomSettings, { size, spacing, origin }: Grid): Float32Array {
  const plane = new Float32Array(size[0] * size[1]);
  const hu = surroundingHu(layout, settings);
  const steps = [-0.375, -0.125, 0.125, 0.375];
  for (let j = 0; j < size[1]; j++)
    for (let i = 0; i < size[0]; i++) {
      let sum = 0;
      for (const b of steps)
        for (const a of steps) sum += hu(origin[0] + (i + a) * spacing[0], origin[1] + (j + b) * spacing[1]);
      plane[i + size[0] * j] = sum / 16;
    }
  return plane;
}

/** Discs, canal and neighbours over what lies behind them. `found` tells in which neighbour the last place was. */
function spineAt(v: Vertebra, settings: PhantomSettings, pixel: number) {
  const { body, arch, dimensions: d } = v;
  const [r0, r1, r2] = poseMatrix(settings.pose);
  const line = huLine(settings.ct.kvp);
  const hu = (density: number) => line.slope * density + line.intercept;
  const [shellHu, coreHu] = [hu(settings.cortexDensityMgPerCm3), hu(settings.coreDensityMgPerCm3)];
  const pitch = body.height + d.discHeight; // from one vertebra's middle to the next
  const half: Vec3 = [Math.max(d.upperWidth, d.lowerWidth) / 2 + 2, body.back + d.canalDepth, most * pitch];
  const reach = (row: Vec3) => Math.abs(row[0]) * half[0] + Math.abs(row[1]) * half[1] + Math.abs(row[2]) * half[2];
  const [reachX, reachY] = [reach(r0), reach(r1)];
  const share = (distance: number) => Math.max(0, Math.min(1, 0.5 - distance / pixel));
  const spine = {
    found: undefined as "above" | "below" | undefined,
    near: (x: number, y: number) => Math.abs(x) < reachX && Math.abs(y) < reachY,
    hu: (behind: number, X: number, Y: number, Z: number) => {
      const x = r0[0] * X + r1[0] * Y + r2[0] * Z;
      const y = r0[1] * X + r1[1] * Y + r2[1] * Z;
      const z = r0[2] * X + r1[2] * Y + r2[2] * Z;
      const side = body.side(x, y, Math.sign(z) * body.height);
      const dura = share(canalDistance(arch.canal, x, y) + 2.5);
      let value = behind + dura * (softHu.dura - behind);
      if (side > pixel || Math.abs(z) > most * pitch) return value;
      const [low, high] =
        z > 0 ? [body.top(x, y), pitch + body.bottom(x, y)] : [body.top(x, y) - pitch, body.bottom(x, y)];
      const disc = share(Math.max(side - bulge, low - overlap - z, z - high - overlap));
      value += disc * (softHu.disc - value);
      const neighbour = body.distance(x, y, z - Math.sign(z) * pitch);
      const bone = share(neighbour),
        core = share(neighbour + settings.cortexThicknessMm);
      if (neighbour < 0) spine.found = z > 0 ? "above" : "below";
      return value + (bone - core) * (shellHu - value) + core * (coreHu - value);
    },
  };
  return spine;
}
