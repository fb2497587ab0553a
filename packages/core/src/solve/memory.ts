import { SpondylError } from "../error.js";
import type { Vec3 } from "../volume/volume.js";

const PAGE = 65536; // bytes
const MOST_PAGES = 65536; // 4 GiB: what 32-bit addresses reach

/** Reserves places first, so that the size is known before anything is allocated, and fills them afterwards. */
export interface Plan {
  next: number;
  readonly writes: { readonly at: number; readonly data: Int32Array | Uint32Array | Float32Array | Float64Array }[];
}

export const space = (plan: Plan, bytes: number): number => {
  const at = plan.next;
  plan.next = Math.ceil((at + bytes) / 64) * 64;
  return at;
};

export const put = (plan: Plan, data: Plan["writes"][number]["data"]): number => {
  const at = space(plan, data.byteLength + 32); // vector loads may run over the end
  plan.writes.push({ at, data });
  return at;
};

/** What `leastBytes` is of the memory taken, in the thinnest bone measured; 0.91 in trabecular cubes, 0.99 in solid ones. */
const LEAST_SHARE = 0.86;

/**
 * Refuses a model whose vectors and lists will not fit.
 * @param least    bytes that it takes at the least, see `leastBytes`
 * @param spacing  of its voxels, mm
 * @throws SpondylError "out-of-memory" with about the finest voxels that would fit
 */
export function refuseTooLarge(elements: number, least: number, spacing: Vec3): void {
  if (least <= MOST_PAGES * PAGE) return;
  const factor = coarsening(least / LEAST_SHARE);
  throw new SpondylError(
    "out-of-memory",
    `solve: ${elements} elements take at least ${(least / 2 ** 30).toFixed(2)} GiB of the 4 GiB that WebAssembly can address. ` +
      `Make the voxels ${factor.toFixed(2)} times larger (${spacing.map((h) => (h * factor).toPrecision(3)).join(" × ")} mm), ` +
      "or the region smaller.",
    { elements, bytes: least, factor },
  );
}

/** By how much larger voxels would fit: elements, and so bytes, go with the third power of their edge. */
const coarsening = (bytes: number): number => Math.ceil(100 * Math.cbrt(bytes / (MOST_PAGES * PAGE))) / 100;

/** @throws SpondylError "out-of-memory" when WebAssembly cannot address it or the machine does not give it */
export function allocate(bytes: number, elements?: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  const tooBig = (cause?: unknown) =>
    new SpondylError(
      "out-of-memory",
      `solve: ${elements === undefined ? "the set-up needs" : `${elements} elements need`} ${(bytes / 2 ** 30).toFixed(2)} GiB of memory, ` +
        (pages > MOST_PAGES
          ? `more than the 4 GiB that WebAssembly can address. Make the voxels ${coarsening(bytes).toFixed(2)} times larger, or the region smaller.`
          : "which this machine does not give. Use larger voxels or a smaller region."),
      { bytes, elements },
      { cause },
    );
  if (pages > MOST_PAGES) throw tooBig();
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    throw tooBig(cause);
  }
}

export function copyInto({ buffer }: WebAssembly.Memory, at: number, data: Plan["writes"][number]["data"]): void {
  const kind = data.constructor as new (buffer: ArrayBufferLike, at: number, length: number) => typeof data;
  new kind(buffer, at, data.length).set(data as never);
}

/** What a failure to get memory for the lists of the set-up is told as; anything else is thrown on as it is. */
export function tellOutOfMemory(error: unknown, elements: number): never {
  if (!(error instanceof RangeError && /allocation failed/i.test(error.message))) throw error;
  throw new SpondylError(
    "out-of-memory",
    `solve: this machine does not give the memory to set up ${elements} elements. Use larger voxels or a smaller region.`,
    { elements },
    { cause: error },
  );
}
