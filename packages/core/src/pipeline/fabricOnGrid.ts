import { SpondylError } from "../error.js";
import { voigtPairs } from "../linalg/voigt.js";
import { resample } from "../volume/resample.js";
import { type Grid, sameGrid, type Volume } from "../volume/volume.js";

/**
 * Where struts run, measured: the fabric tensor by voxel as six images of one grid, xx, yy, zz, yz, xz, xy along the axes
 * of LPS. Its trace does not matter; 0 throughout where no fabric is known.
 */
export type FabricImages = readonly Volume<"fraction">[];

/**
 * The fabric on a model's grid, along its axes; where none is known, the one given for the voxel.
 *
 * @param images    six
 * @param elsewhere xx, yy, zz, yz, xz, xy of a voxel, in the grid's axes
 * @returns six maps, as `FabricMaterial.fabric` takes them
 * @throws SpondylError "bad-input" for another number of images, or images of different grids
 */
export function fabricOnGrid(
  images: FabricImages,
  grid: Grid,
  elsewhere: (voxel: number) => Float64Array,
): Float32Array[] {
  if (images.length !== 6 || !images.every((image) => sameGrid(image, images[0]!)))
    throw new SpondylError(
      "bad-input",
      `fail: a fabric is six images of one grid, xx, yy, zz, yz, xz and xy; these are ${images.length}${images.length === 6 ? " of different grids" : ""}.`,
      { images: images.length },
    );
  const found = images.map((image) => resample(image, grid).data);
  const maps = found.map((map) => new Float32Array(map.length));
  for (let v = 0; v < maps[0]!.length; v++) {
    const known = found[0]![v]! + found[1]![v]! + found[2]![v]! > 0;
    const tensor = known ? turned(found, v, grid.direction) : elsewhere(v);
    for (let c = 0; c < 6; c++) maps[c]![v] = tensor[c]!;
  }
  return maps;
}

/** Dᵀ·M·D of voxel v: along the grid's axes, the columns of D, what is M along those of LPS. */
function turned(maps: readonly Float32Array[], v: number, D: ArrayLike<number>): number[] {
  const M = (i: number, j: number) => maps[i === j ? i : 6 - i - j]![v]!;
  return voigtPairs.map(([a, b]) => {
    let sum = 0;
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) sum += D[3 * i + a]! * M(i, j) * D[3 * j + b]!;
    return sum;
  });
}
