import { SpondylError } from "../error.js";
import type { BlockMatrix } from "./blockMatrix.js";
import { instantiate, type Kernel } from "./kernel.js";

/** A memory that grows, with the kernel on it: where the set-up forms its matrices. Never freed, but dropped whole. */
export interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly kernel: Kernel;
  next: number; // first free byte
}

/** A matrix in an arena, with the addresses of its parts. */
export interface StoredMatrix extends BlockMatrix {
  readonly at: readonly [ptr: number, col: number, value: number];
}

const PAGE = 65536;
const CHUNK_PAGES = 256; // grow by 16 MiB at least

export function newArena(): Arena {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  return { memory, kernel: instantiate(memory), next: 1024 };
}

/** Address of so many bytes, all 0. @throws SpondylError "out-of-memory" */
export function reserve(arena: Arena, bytes: number): number {
  const at = arena.next;
  arena.next = Math.ceil((at + bytes + 32) / 64) * 64; // vector loads may run over the end
  const missing = Math.ceil((arena.next - arena.memory.buffer.byteLength) / PAGE);
  if (missing <= 0) return at;
  try {
    arena.memory.grow(Math.max(missing, Math.min(CHUNK_PAGES, 65536 - arena.memory.buffer.byteLength / PAGE)));
  } catch (cause) {
    throw new SpondylError(
      "out-of-memory",
      `solve: the set-up needs more than ${(arena.next / 2 ** 30).toFixed(2)} GiB of memory. Use larger voxels or a smaller region.`,
      { bytes: arena.next },
      { cause },
    );
  }
  return at;
}

/** Address of a copy of the data. */
export function keep(arena: Arena, data: Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array): number {
  const at = reserve(arena, data.byteLength);
  const kind = data.constructor as new (buffer: ArrayBufferLike, at: number, length: number) => typeof data;
  new kind(arena.memory.buffer, at, data.length).set(data as never);
  return at;
}

export const doublesAt = ({ memory }: Arena, at: number, length: number): Float64Array =>
  new Float64Array(memory.buffer, at, length);

/** A pattern kept in the arena, its lists being views of it. */
export function keepPattern<Pattern extends Pick<BlockMatrix, "ptr" | "col">>(
  arena: Arena,
  pattern: Pattern,
): { readonly pattern: Pattern; readonly at: readonly [ptr: number, col: number] } {
  const at = [keep(arena, pattern.ptr), keep(arena, pattern.col)] as const;
  const view = (list: Uint32Array, address: number) => new Uint32Array(arena.memory.buffer, address, list.length);
  return { pattern: { ...pattern, ptr: view(pattern.ptr, at[0]), col: view(pattern.col, at[1]) }, at };
}

/** A matrix of the given pattern whose blocks are 0. */
export function emptyMatrix(arena: Arena, shape: Omit<BlockMatrix, "value">): StoredMatrix {
  const length = shape.height * shape.width * shape.col.length;
  const { pattern, at } = keepPattern(arena, shape);
  const value = reserve(arena, 8 * length);
  return { ...pattern, value: doublesAt(arena, value, length), at: [...at, value] };
}
