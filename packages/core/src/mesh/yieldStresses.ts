import { isCap } from "../volume/compartment.js";
import type { Volume } from "../volume/volume.js";
import type { AppliedLaw } from "./laws.js";

/**
 * Yield stress of every voxel of a model, MPa, in compression: by the density law for bone, that of the caps' material for
 * caps. 0 means that the voxel stays elastic: without mineral it carries next to nothing.
 *
 * @param compartments  of the elements, 0 where there is none
 * @param densityMgPerCm3 by voxel
 * @returns undefined when the law's source has no yield stress
 */
export function yieldStresses(
  { yieldMPa }: AppliedLaw,
  compartments: Volume<"label">,
  densityMgPerCm3: Float32Array,
  capYieldMPa: number,
): Float32Array | undefined {
  if (!yieldMPa) return undefined;
  return Float32Array.from(compartments.data, (c, n) => {
    if (c === 0) return 0;
    return isCap(c) ? capYieldMPa : yieldMPa(densityMgPerCm3[n]!);
  });
}
