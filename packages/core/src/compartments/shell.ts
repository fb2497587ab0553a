import { depthIn } from "../volume/distance.js";
import { type Mask, maskWhere } from "../volume/mask.js";
import { erodeSteps, fillHoles } from "../volume/morphology.js";
import type { Density } from "../volume/volume.js";

export interface ShellOptions {
  /** Bone denser than this near the surface is cortex, mg K2HPO4 per cm³. Default 200. */
  readonly cortexMgPerCm3?: number;
  /** Bone within this depth of the surface is always cortex, mm. Default 1. */
  readonly shellLeastMm?: number;
  /** Bone deeper than this is never cortex, mm. Default 3. */
  readonly shellMostMm?: number;
  /**
   * What 1 mg of hydroxyapatite measures in mg of K2HPO4: takes `cortexMgPerCm3` to a density in hydroxyapatite.
   * Default 0.83, for phantoms on a scanner at 120 kVp: between 0.86 at 80 and 0.81 at 140 kVp (Goodsitt 1992, Bone Miner
   * 19:145) [A; the value between is interpolated, C]. Equal attenuation, as for densities computed from tables, gives
   * 1.09 to 1.16 (60 to 100 keV): the two disagree, and the cortex begins at 241 or at 180 mg HA per cm³.
   */
  readonly k2hpo4PerHa?: number;
}

/** The rule as it was applied. */
export interface ShellRule {
  readonly cortexMgPerCm3: number; // in the unit of the density
  readonly shellLeastMm: number;
  readonly shellMostMm: number;
  readonly k2hpo4PerHa?: number; // by which the threshold was converted; none: the density is in K2HPO4
}

/** The rule with its defaults, its threshold in the unit of the density. */
export function shellRule(
  quantity: Density["quantity"],
  { cortexMgPerCm3 = 200, shellLeastMm = 1, shellMostMm = 3, k2hpo4PerHa = 0.83 }: ShellOptions = {},
): ShellRule {
  const depths = { shellLeastMm, shellMostMm };
  if (quantity === "mgK2HPO4/cm3") return { cortexMgPerCm3, ...depths };
  return { cortexMgPerCm3: cortexMgPerCm3 / k2hpo4PerHa, ...depths, k2hpo4PerHa };
}

/**
 * Cortical shell and end-plates of a bone at CT resolution: of the outermost 3 mm what is denser than 200 mg K2HPO4 per
 * cm³, and in any case the outermost 1 mm, and at least the voxels of the surface. Holes in the mask have no shell.
 *
 * Source: the rule of the published pipeline, in its 1 mm voxels: (ρ > 0.2 g/cm³ ∪ outer 1 voxel) ∩ outer 3 voxels
 * (Ogo; Walle, Matheson & Boyd 2025). The six-label mask published with it has another shell: the outermost two voxels,
 * dense or not, which `shellLeastMm: 2, shellMostMm: 2` gives. Depth is measured between voxel centres: a voxel of the
 * surface lies 1 voxel deep.
 */
export function corticalShell(bone: Mask, density: Density, options: ShellOptions = {}): Mask {
  const { cortexMgPerCm3, shellLeastMm, shellMostMm } = shellRule(density.quantity, options);
  const solid = fillHoles(bone, density.size);
  const depth = depthIn(solid, density);
  const inner = erodeSteps(solid, density.size, 1, 6);
  const reach = (mm: number) => mm + 1e-3; // f32 depths
  return maskWhere(bone.length, (n) => {
    if (!bone[n]) return false;
    if (!inner[n] || depth[n]! <= reach(shellLeastMm)) return true;
    return depth[n]! <= reach(shellMostMm) && density.data[n]! > cortexMgPerCm3;
  });
}
