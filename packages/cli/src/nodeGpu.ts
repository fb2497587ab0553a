import { type SolveOptions, SpondylError } from "@spondyl/core";
import type { Context } from "./command.js";

/** A device of Node's WebGPU. */
export interface NodeGpu {
  readonly device: GPUDevice;
  readonly name: string; // of the adapter it runs on
  /** Gives the device back; until then the process does not end. */
  close(): void;
}

type WebGpu = Pick<typeof import("webgpu"), "create">;

/**
 * Opens a GPU by the optional package `webgpu`, with the adapter's own limits for buffers: the usual ones admit models
 * of about two million elements.
 * @param load gets the package
 * @throws SpondylError "no-gpu" when the package does not load or finds no adapter
 */
export async function openNodeGpu(load: () => Promise<WebGpu> = () => import("webgpu")): Promise<NodeGpu> {
  const { create } = await load().catch((cause: unknown) => {
    throw new SpondylError(
      "no-gpu",
      'gpu: the optional package "webgpu" does not load. Run npm install webgpu, or use --kernel wasm.',
      {},
      { cause },
    );
  });
  const instance = create([]); // the device dies with it
  const adapter = await instance.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter)
    throw new SpondylError("no-gpu", "gpu: WebGPU finds no GPU here. Install its driver, or use --kernel wasm.");
  const { limits, info } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
    },
  });
  const owned = { instance, device };
  return {
    device,
    name: [info.vendor, info.architecture, info.description].filter(Boolean).join(" "),
    close: () => owned.device.destroy(),
  };
}

/** Does the work with what its kernel needs of the world: a GPU for as long as it takes, or nothing more. */
export async function withKernel<T>(
  kernel: SolveOptions["kernel"],
  context: Context,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  if (kernel !== "webgpu") return work(context);
  const gpu = await openNodeGpu();
  context.say(`solving on ${gpu.name}`);
  try {
    return await work({ ...context, gpu: gpu.device });
  } finally {
    gpu.close();
  }
}
