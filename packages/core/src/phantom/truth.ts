import { SpondylError } from "../error.js";
import { perAxis } from "../linalg/vec3.js";
import type { Run } from "../run.js";
import { Compartment } from "../volume/compartment.js";
import { type Grid, identityDirection, type Vec3, type Volume, voxelCount, voxelVolume } from "../volume/volume.js";
import { type Distances, far, sampleDistances, surfaceDistance } from "./distances.js";
import type { PhantomSettings } from "./settings.js";
import { poseMatrix, worldBox } from "./shape.js";
import { boxAround, cornersOf } from "./solids.js";
import { part, step } from "./step.js";
import { coreTexture } from "./texture.js";
import type { Vertebra } from "./vertebra.js";

/** The vertebra on a fine grid, before any lesion. */
export interface Truth {
  /** Mineral per voxel, whole mg/cm³; voxels on a surface hold the share that is bone; 0 outside. */
  readonly density: Volume<"mgK2HPO4/cm3">;
  readonly labels: Volume<"label">; // Compartment, by the voxel's centre
  readonly bone: Uint8Array; // share of the voxel within the vertebra, in 255ths
  readonly cortex: Uint8Array; // share of the voxel within cortex or end-plate, in 255ths
  readonly bodyVolumeMm3: number;
  readonly vertebraVolumeMm3: number;
  readonly bodyShellVolumeMm3: number; // cortex and end-plates of the body
  readonly bodyCentroid: Vec3; // mm, LPS
}

const mostVoxels = 2 ** 27; // 512 MiB a volume
const blend = 4; // mm beyond the body over which cortex and core take on what the posterior elements have

/**
 * Draws the vertebra into a grid aligned with LPS. Shares of voxels come from the distance to the surface as if it were
 * flat and lay across the voxel's axes, which keeps volumes and masses to second order in the spacing.
 */
export async function drawTruth(v: Vertebra, settings: PhantomSettings, run: Run): Promise<Truth> {
  const grid = truthGrid(v, settings);
  const band = 2 * settings.truthSpacingMm + Math.max(settings.cortexThicknessMm, settings.posteriorCortexThicknessMm);
  const pose = poseMatrix(settings.pose);
  const distances = await sampleDistances(v, pose, grid, band, part(run, 0, 0.6));
  return fillBone(v, settings, grid, distances, part(run, 0.6, 1));
}

function truthGrid(v: Vertebra, { truthSpacingMm: mm, pose }: PhantomSettings): Grid {
  const box = worldBox(v, poseMatrix(pose));
  const size = perAxis((i) => Math.ceil((box.high[i]! - box.low[i]!) / mm) + 1);
  if (voxelCount(size) > mostVoxels)
    throw new SpondylError(
      "bad-option",
      `phantom: truthSpacingMm ${mm} makes ${size.join(" x ")} voxels, too many to hold. Give a larger one.`,
    );
  return { size, spacing: [mm, mm, mm], origin: box.low, direction: identityDirection() };
}

/** Sums over the voxels of the vertebra. */
interface Sums {
  texture: number; // over the body's pure core
  core: number; // voxels of it
  body: number; // shares of voxels in the body
  whole: number;
  bodyShell: number;
  x: number; // first moments of the body, mm
  y: number;
  z: number;
}

async function fillBone(
  v: Vertebra,
  settings: PhantomSettings,
  grid: Grid,
  { whole, body }: Distances,
  run: Run,
): Promise<Truth> {
  const n = voxelCount(grid.size),
    mm = settings.truthSpacingMm;
  const strides: Vec3 = [1, grid.size[0], grid.size[0] * grid.size[1]];
  const density = new Float32Array(n),
    labels = new Float32Array(n),
    bone = new Uint8Array(n),
    cortex = new Uint8Array(n);
  const sums: Sums = { texture: 0, core: 0, body: 0, whole: 0, bodyShell: 0, x: 0, y: 0, z: 0 };
  const core = coreOf(v, settings);
  const thicker = settings.posteriorCortexThicknessMm - settings.cortexThicknessMm;
  const [nx, ny] = grid.size;
  for (let m = 0; m < n; m++) {
    if (m % (32 * nx * ny) === 0) await step(run, m / n);
    if (whole[m] === far) continue;
    const d = surfaceDistance(whole, m, strides, grid.spacing);
    const share = covered(d, mm);
    if (share === 0) continue;
    const toBody = body[m]!,
      away = smooth(toBody / blend);
    const thick = settings.cortexThicknessMm + away * thicker;
    const inner = covered(d + thick, mm);
    bone[m] = Math.round(255 * share);
    cortex[m] = Math.round(255 * (share - inner));
    if (d < 0) labels[m] = compartment(toBody <= 0, d > -thick);
    const x = grid.origin[0] + (m % nx) * mm,
      y = grid.origin[1] + (Math.floor(m / nx) % ny) * mm;
    const z = grid.origin[2] + Math.floor(m / (nx * ny)) * mm;
    const texture = inner > 0 ? core.texture(x, y, z) : 0;
    density[m] = inner * texture * (core.body + away * (core.posterior - core.body));
    if (inner === 1 && toBody <= 0) {
      sums.texture += texture;
      sums.core++;
    }
    sums.whole += share;
    if (toBody < mm) add(sums, covered(toBody, mm), share - inner, x, y, z);
  }
  const scale = sums.core / sums.texture; // gives the body's core the asked mean
  for (let m = 0; m < n; m++)
    if (bone[m]) density[m] = Math.round(scale * density[m]! + (settings.cortexDensityMgPerCm3 * cortex[m]!) / 255);
  const voxel = voxelVolume(grid.spacing);
  return {
    density: { ...grid, quantity: "mgK2HPO4/cm3", data: density },
    labels: { ...grid, quantity: "label", data: labels },
    bone,
    cortex,
    bodyVolumeMm3: sums.body * voxel,
    vertebraVolumeMm3: sums.whole * voxel,
    bodyShellVolumeMm3: sums.bodyShell * voxel,
    bodyCentroid: [sums.x / sums.body, sums.y / sums.body, sums.z / sums.body],
  };
}

function add(sums: Sums, body: number, shell: number, x: number, y: number, z: number): void {
  sums.body += body;
  sums.bodyShell += shell;
  sums.x += body * x;
  sums.y += body * y;
  sums.z += body * z;
}

/** Mean densities of the core in body and posterior elements, and its texture by place (mm, LPS). */
function coreOf(v: Vertebra, settings: PhantomSettings) {
  const own = coreTexture(settings.seed, settings.coreVariation, v.body, boxAround(v.boxes.flatMap(cornersOf)));
  const [r0, r1, r2] = poseMatrix(settings.pose);
  const texture = (X: number, Y: number, Z: number) =>
    own(r0[0] * X + r1[0] * Y + r2[0] * Z, r0[1] * X + r1[1] * Y + r2[1] * Z, r0[2] * X + r1[2] * Y + r2[2] * Z);
  return { texture, body: settings.coreDensityMgPerCm3, posterior: settings.posteriorCoreDensityMgPerCm3 };
}

/** Share of a voxel of this edge that lies within a surface at distance d of its centre (d < 0: inside). */
const covered = (d: number, edge: number) => Math.max(0, Math.min(1, 0.5 - d / edge));

/** 0 below 0, 1 above 1, without kinks between. */
const smooth = (t: number) => (t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t));

function compartment(inBody: boolean, inShell: boolean): Compartment {
  if (inBody) return inShell ? Compartment.bodyShell : Compartment.bodyCore;
  return inShell ? Compartment.posteriorShell : Compartment.posteriorCore;
}
