import { SpondylError } from "../error.js";

/** A device, and the buffers that one task has on it. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly buffers: GPUBuffer[];
}

/** Bytes that a task has on its device. */
export const bytesOn = ({ buffers }: Gpu): number => buffers.reduce((sum, { size }) => sum + size, 0);

/** Gives up the buffers; the device stays the caller's. */
export function release({ buffers }: Gpu): void {
  for (const buffer of buffers.splice(0)) buffer.destroy();
}

/**
 * Sets up a task on a device; when that fails, nothing stays there.
 * @throws SpondylError "out-of-memory" when the device has not enough; an error in what it is told to do is a bug of ours
 */
export async function setUpOn<T>(device: GPUDevice, task: (gpu: Gpu) => Promise<T>): Promise<T> {
  const gpu: Gpu = { device, buffers: [] };
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  const result = await task(gpu).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const outOfMemory = await device.popErrorScope();
  const invalid = await device.popErrorScope();
  if ("value" in result && !outOfMemory && !invalid) return result.value;
  const bytes = bytesOn(gpu);
  release(gpu);
  if (outOfMemory)
    throw new SpondylError(
      "out-of-memory",
      `gpu: the GPU has no room for ${(bytes / 2 ** 20).toFixed(0)} MiB. Use larger voxels, a smaller region, or another kernel.`,
      { bytes },
    );
  throw "error" in result ? result.error : new Error(`the GPU refuses what it is told to do: ${invalid!.message}`);
}
