import { depthIn } from "../volume/distance.js";
import { type Mask, maskWhere } from "../volume/mask.js";
import { erodeSteps } from "../volume/morphology.js";
import type { Density } from "../volume/volume.js";

export interface ShellOptions {
  /** Bone denser than this near the surface is cortex, mg/cm³. Default 200. */
  readonly cortexMgPerCm3?: number;
  /** Bone within this depth of the surface is always cortex, mm. Default 1. */
  readonly shellLeastMm?: number;
  /** Bone deeper than this is never cortex, mm. Default 3. */
  readonly shellMostMm?: number;
}

/**
 * Cortical shell and end-plates of a bone at CT resolution: of the outermost 3 mm what is denser than 200 mg/cm³, and in
 * any case the outermost 1 mm, and at least the voxels of the surface.
 *
 * Source: the rule of the published pipeline, in its 1 mm voxels: (ρ > 0.2 g/cm³ ∪ outer 1 voxel) ∩ outer 3 voxels
 * (Ogo; Walle, Matheson & Boyd 2025). The six-label mask published with it has another shell: the outermost two voxels,
 * dense or not, which `shellLeastMm: 2, shellMostMm: 2` gives. Depth is measured between voxel centres: a voxel of the surface lies 1 voxel deep.
 */
export function corticalShell(
  bone: Mask,
  density: Density,
  { cortexMgPerCm3 = 200, shellLeastMm = 1, shellMostMm = 3 }: ShellOptions = {},
): Mask {
  const depth = depthIn(bone, density);
  const inner = erodeSteps(bone, density.size, 1, 6);
  const reach = (mm: number) => mm + 1e-3; // f32 depths
  return maskWhere(bone.length, (n) => {
    if (!bone[n]) return false;
    if (!inner[n] || depth[n]! <= reach(shellLeastMm)) return true;
    return depth[n]! <= reach(shellMostMm) && density.data[n]! > cortexMgPerCm3;
  });
}
