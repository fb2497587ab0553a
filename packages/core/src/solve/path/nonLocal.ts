import { gaussianBlur } from "../../volume/gaussian.js";
import { identityDirection, type Vec3, type Volume } from "../../volume/volume.js";
import { elementVoxels } from "../elements.js";
import type { VoxelLevel } from "../voxelLevel.js";
import type { Average } from "./damageField.js";

/**
 * Mean over the neighbourhood of each element, weighted by exp(−r²/(2·ℓ²)) to a distance of 4ℓ. Weights count elements
 * alone and add up to 1: a uniform field stays as it is, beside voids and at the ends too.
 *
 * What softens by a mean spreads over a few ℓ whatever the elements, if they are smaller: ℓ >= 2 of them is usual. Two
 * flaws of the method: the mean reaches across gaps, so that ℓ should be below the thickness of struts and the gaps
 * between them; and it counts what is broken, so that damage goes on widening beside an open crack.
 *
 * Costs three passes over the voxels of the grid.
 *
 * @param lengthMm ℓ, mm, > 0
 *
 * Source: Pijaudier-Cabot & Bažant, Nonlocal damage theory (1987).
 */
export function nonLocalAverage(level: VoxelLevel, spacing: Vec3, lengthMm: number): Average {
  const voxel = elementVoxels(level);
  const { size } = level.runs;
  const sumOf = (value: (element: number) => number): Float32Array => {
    const data = new Float32Array(size[0] * size[1] * size[2]);
    voxel.forEach((v, e) => {
      data[v] = value(e);
    });
    const grid: Volume<"fraction"> = {
      ...{ quantity: "fraction", data, size, spacing },
      ...{ origin: [0, 0, 0], direction: identityDirection() },
    };
    const { data: blurred } = gaussianBlur(grid, [lengthMm, lengthMm, lengthMm], "zero");
    return Float32Array.from(voxel, (v) => blurred[v]!);
  };
  const weight = sumOf(() => 1);
  return (value) => sumOf((e) => value[e]!).map((sum, e) => sum / weight[e]!);
}

/**
 * How wide the band is that softening by a mean over ℓ makes: in it, a layer of unit area takes the energy of a band of
 * this width that softens evenly. Found by calculation: bars that soften linearly took that of 4.1 to 4.5 ℓ.
 */
export const bandMm = (lengthMm: number): number => 4.2 * lengthMm;
