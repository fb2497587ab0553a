import { SpondylError } from "../error.js";
import { depthIn } from "../volume/distance.js";
import type { Finding } from "../volume/finding.js";
import { type Mask, maskCount, maskWhere } from "../volume/mask.js";
import { fillHoles } from "../volume/morphology.js";
import type { Vertebra } from "../volume/vertebra.js";
import { voxelVolume } from "../volume/volume.js";

const HOLES = 0.005; // of the body: less goes unmentioned [C]
const SLACK = 1e-3; // mm: depths are f32

/**
 * The voxels of the body that lie at least `depthMm` below its surface, between voxel centres. Depth is that of the body
 * with its holes filled, so that gaps in a mask do not count as surface; the holes themselves are left out.
 * @throws SpondylError "bad-option" for a depth that is none, "bad-input" when nothing lies so deep
 */
export function bodyCore(
  { body, grid, level }: Vertebra,
  depthMm: number,
): { readonly core: Mask; readonly findings: readonly Finding[] } {
  if (!(depthMm >= 0 && Number.isFinite(depthMm)))
    throw new SpondylError("bad-option", `compartments: a core depth of ${depthMm} mm is none. Give 0 or more.`);
  const solid = fillHoles(body, grid.size);
  const depth = depthIn(solid, grid);
  const core = maskWhere(depth.length, (n) => body[n] === 1 && depth[n]! >= depthMm - SLACK);
  if (maskCount(core) === 0) throw noCore(level, depthMm, deepest(body, depth));
  return { core, findings: holeFindings(level, solid, body, voxelVolume(grid.spacing)) };
}

const deepest = (body: Mask, depth: Float32Array) => depth.reduce((most, d, n) => (body[n] && d > most ? d : most), 0);

const noCore = (level: string, depthMm: number, deepestMm: number) =>
  new SpondylError(
    "bad-input",
    `compartments: no part of the body of ${level} lies ${depthMm} mm below its surface; its deepest voxel lies ${deepestMm.toFixed(1)} mm below. Look at the mask; for a low or small body give a smaller coreDepthMm.`,
    { level, coreDepthMm: depthMm, deepestMm },
  );

function holeFindings(level: string, solid: Mask, body: Mask, voxelMm3: number): Finding[] {
  const holes = maskCount(solid) - maskCount(body);
  const share = holes / maskCount(solid);
  if (share <= HOLES) return [];
  const size = `${((holes * voxelMm3) / 1000).toPrecision(2)} cm³ (${(100 * share).toPrecision(2)} %)`;
  const message = `The mask of the body of ${level} has holes of ${size}. They count as no bone: no density is measured there and no element stands there. Fill them if they are faults of the mask.`;
  return [{ code: "holes-in-body", severity: "warning", message }];
}
