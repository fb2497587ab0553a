// The cubes of the benchmarks, and what is done to them: E = 12 000 MPa, ν = 0.3, one end held in all axes, the other
// moved by -1 % of the height and held laterally. They are binary images, in the folder `benchmark-cubes` in SPONDYL_DATA,
// or in ../shared/data beside the repository.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readNifti } from "../packages/core/dist/index.js";

const data = process.env.SPONDYL_DATA ?? resolve(import.meta.dirname, "../../shared/data");

/** Path of the trabecular-like cube of n³ voxels. */
export const cubeFile = (n) => join(data, "benchmark-cubes", `grf-${n}.nii.gz`);

/** Model and constraints of a cube, and by how much its end is moved. */
export const readCube = (file) => problemOf(readNifti(readFileSync(file), "fraction"));

/** The same of an image in memory. */
export function problemOf(image) {
  const { size, spacing } = image;
  const modulus = { ...image, quantity: "MPa", data: image.data.map((v) => (v > 0 ? 12000 : 0)) };
  const topMm = -0.01 * size[2] * spacing[2];
  const plane = (size[0] + 1) * (size[1] + 1);
  const count = 6 * plane;
  const constraints = { node: new Uint32Array(count), axis: new Uint8Array(count), value: new Float64Array(count) };
  for (let i = 0; i < count; i++) {
    const top = i >= 3 * plane;
    constraints.node[i] = Math.floor((i % (3 * plane)) / 3) + (top ? plane * size[2] : 0);
    constraints.axis[i] = i % 3;
    constraints.value[i] = top && i % 3 === 2 ? topMm : 0;
  }
  return { model: { modulus, poisson: 0.3 }, constraints, topMm };
}
