import { Compartment } from "../volume/compartment.js";
import type { Volume } from "../volume/volume.js";

/** How one axial section shares its force, %. The three add up to 100. */
export interface LoadShare {
  readonly levelMm: number; // above the lowest voxel layer of the grid, to the middle of the layer
  readonly forceN: number; // through the whole section, compression negative
  readonly shellPercent: number; // cortex of the body
  readonly corePercent: number; // trabecular bone of the body
  readonly posteriorPercent: number;
}

/**
 * Share of the axial force that each compartment carries, layer by layer, from the axial stress at the voxel centres
 * (the mean over the element). Layers with cap elements or without bone are left out: there the force is not the bone's.
 *
 * @param axialStress  MPa, along grid axis 2
 * @param compartments of the model, 0 where there is no element
 */
export function loadShares(axialStress: Volume<"MPa">, compartments: Volume<"label">): LoadShare[] {
  const [nx, ny, nz] = axialStress.size;
  const area = axialStress.spacing[0] * axialStress.spacing[1];
  const shares: LoadShare[] = [];
  for (let k = 0; k < nz; k++) {
    const force = new Float64Array(7); // N by compartment
    for (let n = nx * ny * k; n < nx * ny * (k + 1); n++) {
      const c = compartments.data[n]!;
      if (c) force[c]! += axialStress.data[n]! * area;
    }
    const shell = force[Compartment.bodyShell]!;
    const core = force[Compartment.bodyCore]!;
    const posterior = force[Compartment.posteriorShell]! + force[Compartment.posteriorCore]!;
    const total = shell + core + posterior;
    if (total === 0 || hasCap(compartments, k)) continue;
    const percent = (part: number) => (100 * part) / total;
    shares.push({
      levelMm: (k + 0.5) * axialStress.spacing[2],
      forceN: total,
      shellPercent: percent(shell),
      corePercent: percent(core),
      posteriorPercent: percent(posterior),
    });
  }
  return shares;
}

/** The section midway between the lowest and the highest of these: the waist of the body. */
export const midShare = (shares: readonly LoadShare[]): LoadShare | undefined => {
  const first = shares[0],
    last = shares.at(-1);
  if (!first || !last) return undefined;
  const middle = (first.levelMm + last.levelMm) / 2;
  return shares.reduce((a, b) => (Math.abs(b.levelMm - middle) < Math.abs(a.levelMm - middle) ? b : a));
};

function hasCap(compartments: Volume<"label">, k: number): boolean {
  const layer = compartments.size[0] * compartments.size[1];
  for (let n = layer * k; n < layer * (k + 1); n++)
    if (compartments.data[n] === Compartment.inferiorCap || compartments.data[n] === Compartment.superiorCap)
      return true;
  return false;
}
