import { identityDirection, type Vec3 } from "../src/volume/volume.js";
import type { Constraints, VoxelModel } from "../src/volume/voxelModel.js";

/** Numbers in [0, 1), the same ones for the same seed. */
export function lcg(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A model from moduli by voxel, in MPa. */
export function modelOf(
  size: Vec3,
  spacing: Vec3,
  modulusAt: (x: number, y: number, z: number) => number,
  poisson = 0.3,
): VoxelModel {
  const data = new Float32Array(size[0] * size[1] * size[2]);
  for (let z = 0, v = 0; z < size[2]; z++)
    for (let y = 0; y < size[1]; y++) for (let x = 0; x < size[0]; x++) data[v++] = modulusAt(x, y, z);
  return {
    modulus: { quantity: "MPa", data, size, spacing, origin: [0, 0, 0], direction: identityDirection() },
    poisson,
  };
}

/** Constraints from a function of the node (grid indices) that gives [axis, mm] pairs. */
export function constrain(
  [nx, ny, nz]: Vec3,
  at: (i: number, j: number, k: number) => readonly (readonly [number, number])[],
): Constraints {
  const node: number[] = [];
  const axis: number[] = [];
  const value: number[] = [];
  for (let k = 0, n = 0; k <= nz; k++)
    for (let j = 0; j <= ny; j++)
      for (let i = 0; i <= nx; i++, n++)
        for (const [a, v] of at(i, j, k)) {
          node.push(n);
          axis.push(a);
          value.push(v);
        }
  return { node: Uint32Array.from(node), axis: Uint8Array.from(axis), value: Float64Array.from(value) };
}

/** Both ends along z held in all axes, the upper one moved by `value` mm along z. */
export const clampedCompression = (size: Vec3, value: number): Constraints =>
  constrain(size, (_i, _j, k) =>
    k === 0 || k === size[2]
      ? [
          [0, 0],
          [1, 0],
          [2, k === 0 ? 0 : value],
        ]
      : [],
  );

/** Voxels of random modulus over four decades, a share of them void; compressed between clamped ends. */
export function randomModel(size: Vec3, spacing: Vec3, voidShare: number, seed = 1) {
  const random = lcg(seed);
  const model = modelOf(size, spacing, () => (random() < voidShare ? 0 : 10 ** (4 * random())));
  return { model, constraints: clampedCompression(size, -0.01 * size[2] * spacing[2]) };
}
