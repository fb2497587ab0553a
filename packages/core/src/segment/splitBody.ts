import { components, largestComponent } from "../volume/components.js";
import { distanceTo } from "../volume/distance.js";
import { type Mask, maskWhere } from "../volume/mask.js";
import { resampleMask } from "../volume/resample.js";
import type { Grid, Vec3 } from "../volume/volume.js";
import type { PosteriorWall } from "./posteriorWall.js";
import type { WorkMask } from "./workMask.js";

/**
 * The body of a whole vertebra: what lies in front of its posterior wall, the pedicles cut where they leave it.
 * @returns the body on the grid of `vertebra`; the rest of the vertebra is the posterior elements
 */
export function splitBody(vertebra: Mask, grid: Grid, work: WorkMask, wall: PosteriorWall): Mask {
  const body = largestComponent(inFront(work, wall), work.grid.size, 6);
  const rest = work.mask.map((m, n) => (m && !body[n] ? 1 : 0));
  giveCorners(body, rest, work.grid.size, wall);
  const toBody = distanceTo(body, work.grid),
    toRest = distanceTo(rest, work.grid);
  const nearer = maskWhere(body.length, (n) => toBody[n]! < toRest[n]!);
  const side = resampleMask(nearer, work.grid, grid);
  return vertebra.map((m, n) => (m && side[n] ? 1 : 0));
}

function inFront({ mask, grid }: WorkMask, { cut }: PosteriorWall): Mask {
  const [nx, ny] = grid.size;
  return mask.map((m, n) => (m && Math.floor(n / nx) % ny <= cut[Math.floor(n / (nx * ny))]! + PEDICLE ? 1 : 0));
}

/** Moves to the body, in place, what touches it in a slice and ends just behind the cut: corners of the body, no pedicles. */
function giveCorners(body: Mask, rest: Mask, [nx, ny, nz]: Vec3, { cut }: PosteriorWall): void {
  const slice = nx * ny;
  for (let z = 0; z < nz; z++) {
    const { label, count } = components(rest.subarray(z * slice, (z + 1) * slice), [nx, ny, 1], 6);
    const back = new Float64Array(count + 1),
      touches = new Uint8Array(count + 1);
    for (let n = 0; n < slice; n++) {
      const c = label[n]!;
      if (!c) continue;
      back[c] = Math.max(back[c]!, Math.floor(n / nx));
      if (body[z * slice + n - nx]) touches[c] = 1;
    }
    for (let n = 0; n < slice; n++) {
      const c = label[n]!;
      if (!c || !touches[c] || back[c]! > cut[z]! + CORNER) continue;
      body[z * slice + n] = 1;
      rest[z * slice + n] = 0;
    }
  }
}

const PEDICLE = 1; // mm of the pedicle's root that count as body
const CORNER = 5; // mm behind the cut that a corner of the body may reach
