import { afterAll } from "vitest";

let instance: GPU | undefined; // the device dies with it

/**
 * A device for tests of the GPU's kernels; software adapters count. Without one they say that they are skipped; with
 * SPONDYL_GPU=required that is a failure. An error on the device that nobody asked about fails the file.
 */
export async function testDevice(): Promise<GPUDevice | undefined> {
  const device = await openDevice();
  if (!device && process.env.SPONDYL_GPU === "required")
    throw new Error("SPONDYL_GPU=required, and WebGPU has no adapter here: see CONTRIBUTING.md for a software one.");
  if (!device) console.warn("Tests on the GPU are skipped: WebGPU has no adapter here. See CONTRIBUTING.md.");
  const errors: string[] = [];
  device?.addEventListener("uncapturederror", ({ error }) => errors.push(error.message));
  afterAll(() => {
    device?.destroy(); // or the process does not end
    if (errors.length > 0) throw new Error(`the GPU complains: ${errors.join("\n")}`);
  });
  return device;
}

async function openDevice(): Promise<GPUDevice | undefined> {
  try {
    instance = (await import("webgpu")).create([]);
    return await (await instance.requestAdapter())?.requestDevice();
  } catch (error) {
    console.warn(`WebGPU does not start: ${error}`);
    return undefined;
  }
}
