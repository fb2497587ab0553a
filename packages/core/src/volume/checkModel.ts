import { SpondylError } from "../error.js";
import { voxelCount } from "./volume.js";
import type { VoxelModel } from "./voxelModel.js";

/**
 * Makes sure that a model can be one: moduli, spacing and Poisson's ratio are numbers in their ranges.
 * @param stage that asks, for the message
 * @throws SpondylError "bad-input"
 */
export function checkModel({ modulus, poisson }: VoxelModel, stage: string): void {
  const bad = (message: string, details: Record<string, unknown>) =>
    new SpondylError("bad-input", `${stage}: ${message}`, details);
  if (!(poisson > -1 && poisson < 0.5))
    throw bad(`Poisson's ratio ${poisson} is not in (-1, 0.5). Bone is modelled with 0.3.`, { poisson });
  if (!modulus.spacing.every((h) => h > 0 && Number.isFinite(h)))
    throw bad(`the spacing ${modulus.spacing.join(" × ")} mm is not positive.`, { spacing: modulus.spacing });
  if (modulus.data.length !== voxelCount(modulus.size))
    throw bad(`${modulus.data.length} moduli for ${modulus.size.join(" × ")} voxels.`, { size: modulus.size });
  const wrong = modulus.data.findIndex((e) => !(e >= 0 && e < Infinity));
  if (wrong >= 0)
    throw bad(
      `the modulus of voxel ${wrong} is ${modulus.data[wrong]} MPa. Give 0 (no element) or a positive number.`,
      { voxel: wrong, modulus: modulus.data[wrong] },
    );
}
