import type { Density } from "../volume/volume.js";

/** Mineral density of fully dense bone tissue, mg HA/cm³ [B: Scanco's convention]. */
const TISSUE_MG_PER_CM3 = 1200;
/** Densities read against liquid K2HPO4 over those against solid HA, 0.86 at 80 kVp and 0.81 at 140 [A: Goodsitt 1992]. */
const K2HPO4_OVER_HA = 0.83;

/** Bone volume fraction of every voxel from its mineral density, in [0, 1]. */
export function bvtvOf({ data, quantity }: Density): Float32Array {
  const perMg = 1 / TISSUE_MG_PER_CM3 / (quantity === "mgHA/cm3" ? 1 : K2HPO4_OVER_HA);
  return data.map((mg) => Math.min(1, Math.max(0, perMg * mg)));
}
