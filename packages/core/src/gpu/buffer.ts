import { SpondylError } from "../error.js";
import type { Gpu } from "./gpu.js";

// WebGPU's flags by value: their global names exist in browsers, but not in Node.
const COPY_SRC = 4;
const COPY_DST = 8;
const UNIFORM = 64;
const STORAGE = 128;
const MAP_READ = 1;

/** What can be sent to a buffer. */
export type Data = Float32Array | Uint32Array | Int32Array;

/** Bytes that one buffer of a kernel may have on this device. */
export const largestBuffer = ({ limits }: GPUDevice): number =>
  Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);

/** A buffer of so many bytes, all 0. @throws SpondylError "no-gpu" when that is more than the device binds */
export function zeros(gpu: Gpu, bytes: number): GPUBuffer {
  const largest = largestBuffer(gpu.device);
  if (bytes > largest)
    throw new SpondylError(
      "no-gpu",
      `gpu: a buffer of ${bytes} bytes is needed and this GPU binds ${largest} at most. ` +
        "Use larger voxels, a smaller region, or another kernel.",
      { bytes, largest },
    );
  return own(gpu, wholeWords(bytes), STORAGE | COPY_SRC | COPY_DST);
}

/** A buffer that holds the data. @throws SpondylError "no-gpu" as `zeros` */
export function upload(gpu: Gpu, data: Data): GPUBuffer {
  const buffer = zeros(gpu, data.byteLength);
  write(gpu, buffer, data);
  return buffer;
}

/** A uniform buffer: the constants of a launch. */
export function constants(gpu: Gpu, data: Data): GPUBuffer {
  const buffer = own(gpu, Math.ceil(data.byteLength / 16) * 16, UNIFORM | COPY_DST);
  write(gpu, buffer, data);
  return buffer;
}

function own({ device, buffers }: Gpu, size: number, usage: number): GPUBuffer {
  const buffer = device.createBuffer({ size, usage });
  buffers.push(buffer);
  return buffer;
}

/** Overwrites a buffer from its beginning. */
export function write(gpu: Gpu, buffer: GPUBuffer, data: Data): void {
  const plain = data.buffer instanceof ArrayBuffer ? data : data.slice(); // Dawn in Node takes no shared memory
  gpu.device.queue.writeBuffer(buffer, 0, plain.buffer, plain.byteOffset, plain.byteLength);
}

/** Makes a buffer 0. */
export function clear({ device }: Gpu, buffer: GPUBuffer): void {
  const encoder = device.createCommandEncoder();
  encoder.clearBuffer(buffer);
  device.queue.submit([encoder.finish()]);
}

/** The first so many numbers of a buffer, when all that was submitted is done. @throws SpondylError "no-gpu" */
export async function read({ device }: Gpu, buffer: GPUBuffer, count: number): Promise<Float32Array> {
  const copy = device.createBuffer({ size: 4 * count, usage: MAP_READ | COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, copy, 0, 4 * count);
  device.queue.submit([encoder.finish()]);
  try {
    await copy.mapAsync(MAP_READ);
    return new Float32Array(copy.getMappedRange().slice(0));
  } catch (cause) {
    throw new SpondylError(
      "no-gpu",
      "gpu: the GPU was lost at work. Run again, or with another kernel.",
      {},
      { cause },
    );
  } finally {
    copy.destroy();
  }
}

/** WebGPU binds no empty buffer, and copies whole words. */
const wholeWords = (bytes: number): number => Math.max(4, Math.ceil(bytes / 4) * 4);
