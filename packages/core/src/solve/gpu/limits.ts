import { SpondylError } from "../../error.js";
import { largestBuffer } from "../../gpu/buffer.js";
import { voxelCount } from "../../volume/volume.js";
import type { Problem } from "../problem.js";

export const noGpu = (): SpondylError =>
  new SpondylError(
    "no-gpu",
    'solve: the kernel "webgpu" needs a GPU. Give a GPUDevice as run.gpu, or use kernel wasm.',
  );

export const noTangents = (): SpondylError =>
  new SpondylError(
    "unsupported",
    'fail: the kernel "webgpu" follows damage, but no law that yields at Gauss points. Use kernel wasm for plasticity.',
  );

/** Bytes of the largest list for each node, the matrix of the first aggregates: 15 in solids, 36 to 40 in trabecular cubes. */
const BYTES_PER_NODE = 40;

/**
 * Refuses, before anything is set up, a model that is beyond the limits of a device.
 * @throws SpondylError "no-gpu" with the largest that fits
 */
export function refuseTooLargeForGpu({ size }: Pick<Problem, "size">, nodes: number, gpu: GPUDevice): void {
  const map = 4 * (size[0] + 1) * (size[1] + 1) * (size[2] + 1); // of the grid, voids included
  const need = Math.max(map, BYTES_PER_NODE * nodes);
  const largest = largestBuffer(gpu);
  if (need <= largest) return;
  const voxels = voxelCount(size);
  const most = Math.floor((voxels * largest) / need);
  throw new SpondylError(
    "no-gpu",
    `solve: this model of ${voxels} voxels needs a buffer of ${need} bytes, and the GPU binds ${largest} at most: ` +
      `about ${(most / 1e6).toFixed(1)} million such voxels fit. Ask for a device with the adapter's own limit of ` +
      `maxStorageBufferBindingSize, make the voxels ${Math.cbrt(voxels / most).toFixed(2)} times larger, or use kernel wasm.`,
    { voxels, most, need, largest },
  );
}
