import { SpondylError } from "../error.js";
import { type FabricSetName, fabricSet, leastBvtv } from "./fabricConstants.js";

/**
 * Young's modulus (MPa) of homogenised bone whose fabric has no direction, E₀·ρ^k; 0 where there is no bone. For the
 * `VoxelModel` of a material "fabric-damage": the solver is preconditioned with an isotropic model, which this brings
 * near the stiffness of the law.
 *
 * @param bvtv     bone volume fraction by voxel, 0 to 1
 * @param cortical by voxel, 1 where bone is cortical and 0 where it is trabecular; all trabecular if left out
 * @param constants as of the material
 */
export function fabricModulus(bvtv: Float32Array, cortical?: Float32Array, constants?: FabricSetName): Float32Array {
  const set = fabricSet(constants);
  return bvtv.map((rho, v) => {
    if (!(rho >= 0 && rho <= 1))
      throw new SpondylError("bad-input", `material: a bone volume fraction of ${rho}. Give 0 to 1.`, { rho });
    const { youngMPa, k } = cortical?.[v] ? set.cortical : set.trabecular;
    return rho > 0 ? youngMPa * Math.max(leastBvtv, rho) ** k : 0;
  });
}
