import { SpondylError } from "../error.js";

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

/** What an element takes at the least, bytes: 455 were measured on trabecular cubes; a margin below. */
const LEAST_BYTES = 400;

/**
 * Refuses, before anything is set up, a model that cannot fit.
 * @throws SpondylError "out-of-memory" with the coarsening that would make it fit
 */
export function refuseTooLarge(elements: number): void {
  const most = Math.floor((MOST_PAGES * PAGE) / LEAST_BYTES);
  if (elements <= most) return;
  throw new SpondylError(
    "out-of-memory",
    `solve: ${elements} elements do not fit into the 4 GiB that WebAssembly can address; about ${(most / 1e6).toFixed(0)} million do. ` +
      `Make the voxels ${Math.cbrt(elements / most).toFixed(2)} times larger, or the region smaller.`,
    { elements, most },
  );
}

/** @throws SpondylError "out-of-memory" when WebAssembly cannot address it or the machine does not give it */
export function allocate(bytes: number, elements?: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  const tooBig = (cause?: unknown) =>
    new SpondylError(
      "out-of-memory",
      `solve: ${elements === undefined ? "the set-up needs" : `${elements} elements need`} ${(bytes / 2 ** 30).toFixed(2)} GiB of memory, ` +
        `${pages > MOST_PAGES ? "more than the 4 GiB that WebAssembly can address" : "which this machine does not give"}. ` +
        "Use larger voxels or a smaller region.",
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
