import { Compartment, isBody, isCap } from "../volume/compartment.js";
import type { Volume } from "../volume/volume.js";

/** How one axial section shares its force, %. The three add up to 100. */
export interface LoadShare {
  readonly levelMm: number; // of the middle of the layer, above the lower face of the grid
  readonly forceN: number; // through the whole section, compression negative
  readonly shellPercent: number; // cortex of the body
  readonly corePercent: number; // trabecular bone of the body
  readonly posteriorPercent: number;
}

/**
 * Share of the axial force that each compartment carries, layer by layer, from the axial stress at the voxel centres
 * (the mean over the element). Only layers through the body between the caps count: in those with a cap some of the
 * force is the cap's, and processes that reach beyond the body carry none.
 *
 * @param axialStress  MPa, along grid axis 2
 * @param compartments of the model, 0 where there is no element
 */
export function loadShares(axialStress: Volume<"MPa">, compartments: Volume<"label">): LoadShare[] {
  const [nx, ny, nz] = axialStress.size;
  const area = axialStress.spacing[0] * axialStress.spacing[1];
  const shares: LoadShare[] = [];
  for (let k = 0; k < nz; k++) {
    const labels = compartments.data.subarray(nx * ny * k, nx * ny * (k + 1));
    if (!labels.some(isBody) || labels.some(isCap)) continue;
    const force = new Float64Array(7); // N by compartment
    labels.forEach((c, n) => {
      force[c]! += axialStress.data[nx * ny * k + n]! * area;
    });
    shares.push(share(force, (k + 0.5) * axialStress.spacing[2]));
  }
  return shares;
}

function share(force: Float64Array, levelMm: number): LoadShare {
  const shell = force[Compartment.bodyShell]!;
  const core = force[Compartment.bodyCore]!;
  const posterior = force[Compartment.posteriorShell]! + force[Compartment.posteriorCore]!;
  const forceN = shell + core + posterior;
  const percent = (part: number) => (100 * part) / forceN;
  return {
    levelMm,
    forceN,
    shellPercent: percent(shell),
    corePercent: percent(core),
    posteriorPercent: percent(posterior),
  };
}

/** The section midway between the lowest and the highest of these: the waist of the body. */
export const midShare = (shares: readonly LoadShare[]): LoadShare | undefined => {
  const first = shares[0],
    last = shares.at(-1);
  if (!first || !last) return undefined;
  const middle = (first.levelMm + last.levelMm) / 2;
  return shares.reduce((a, b) => (Math.abs(b.levelMm - middle) < Math.abs(a.levelMm - middle) ? b : a));
};
