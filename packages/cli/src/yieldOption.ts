import { readVolume, SpondylError, sameGrid, type VoxelModel } from "@spondyl/core";
import type { Given } from "./command.js";
import { readScanFiles } from "./files.js";
import { number, text } from "./given.js";

/**
 * The yield stress of each voxel, MPa, from one number or an image; undefined when `--yield` was not given.
 * @throws SpondylError "bad-option" out of range, "bad-input" for an image on another grid
 */
export async function yieldOf(given: Given, { modulus }: VoxelModel): Promise<Float32Array | undefined> {
  const typed = text(given, "yield");
  if (typed === undefined) return undefined;
  if (Number.isFinite(Number(typed)))
    return new Float32Array(modulus.data.length).fill(number(given, "yield", 0, [1e-6, 1e6]));
  const image = readVolume(await readScanFiles(typed), "MPa");
  if (!sameGrid(image, modulus))
    throw new SpondylError(
      "bad-input",
      `--yield: ${typed} lies on another grid than the moduli. Resample one to the other.`,
    );
  return image.data;
}
