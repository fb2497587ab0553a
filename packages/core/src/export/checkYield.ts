import { SpondylError } from "../error.js";

/**
 * Makes sure that yield stresses can be some.
 * @throws SpondylError "bad-input"
 */
export function checkYield(yieldMPa: Float32Array, voxels: number): void {
  if (yieldMPa.length !== voxels)
    throw new SpondylError(
      "bad-input",
      `export: ${yieldMPa.length} yield stresses for ${voxels} voxels. Give one each.`,
    );
  const wrong = yieldMPa.findIndex((y) => !(y >= 0 && y < Infinity));
  if (wrong >= 0)
    throw new SpondylError(
      "bad-input",
      `export: the yield stress of voxel ${wrong} is ${yieldMPa[wrong]} MPa. Give a positive number, or 0 for elastic.`,
    );
}
