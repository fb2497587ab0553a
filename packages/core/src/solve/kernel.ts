import { kernelBase64 } from "./kernel.generated.js";

/** What the WASM kernel exports; addresses are bytes. See packages/core/assembly. */
export interface Kernel {
  enter(thread: number, threads: number, sync: number, root: number): void;
  order(command: number): number; // thread 0 gives one, the others wait for it; see `Command`
  start(): number; // ‖−K·x‖ over the free unknowns
  startGiven(): number; // ‖r‖, r having been written; solves from x = 0 with the tangent
  iterate(): number;
  forces(): void;
  applySingle(level: number, x: number, y: number): void;
  applyDouble(level: number, x: number, y: number): void;
  // set-up, on a memory of its own: see assembly/assemble.ts, aggregation.ts, blocks.ts
  assemble(begin: number, end: number, first: number, last: number, ...addresses: number[]): void;
  blockNorms(begin: number, end: number, size: number, ...addresses: number[]): void;
  smoothProlongation(begin: number, end: number, height: number, ...addresses: number[]): void;
  galerkin(begin: number, end: number, height: number, ...addresses: number[]): void;
  multiplySix(rows: number, ...addresses: number[]): void;
  triad(a: number, b: number, c: number, s: number, bytes: number): void;
}

/** An instance of the kernel on a memory; each thread has its own on the same memory. */
export function instantiate(memory: WebAssembly.Memory): Kernel {
  const bytes = Uint8Array.from(atob(kernelBase64), (c) => c.charCodeAt(0));
  const abort = () => {
    throw new Error("the solver's kernel aborted");
  };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory, abort } });
  return exports as unknown as Kernel;
}

/**
 * Calls with consecutive parts of 0 … count. A WASM function runs in its first, slow compilation until it is called
 * again: long work must be done in many calls.
 */
export function inParts(count: number, work: (begin: number, end: number) => void): void {
  const part = 256;
  for (let begin = 0; begin < count; begin += part) work(begin, Math.min(count, begin + part));
}

/** What thread 0 orders the others to do with it. */
export const Command = { solve: 1, forces: 2, end: 3 } as const;

/** What is to be solved, and when to stop iterating. */
export interface Stop {
  readonly tolerance: number; // of the norm of the residual over `reference`
  readonly maxIterations: number;
  readonly reduction?: number; // good enough is also this share of the residual at the start; default 0
  readonly reference?: number; // N; default: the norm of the residual at the start
  readonly given?: boolean; // the right-hand side was written; default: K·x = 0 from the displacements as they are
}

/**
 * Runs the iteration in one thread, yielding the relative residual after each step, the first being that at the start.
 * All threads run it with the same `stop` and see the same numbers, so that they stop together. When the tolerance is
 * reached, the residual is formed anew from the displacements; should rounding have spoilt it, the iteration goes on
 * from there. A given right-hand side is not kept, so that its residual is the one that was carried along.
 */
export function* iterations(kernel: Kernel, stop: Stop): Generator<number, void, void> {
  const { maxIterations, given = false } = stop;
  const first = given ? kernel.startGiven() : kernel.start();
  const reference = stop.reference ?? first;
  let residual = first > 0 ? first / reference : 0;
  const tolerance = Math.max(stop.tolerance, (stop.reduction ?? 0) * residual);
  yield residual;
  let restarts = 0;
  for (let n = 1; n <= maxIterations && residual > tolerance; n++) {
    const norm = kernel.iterate();
    if (norm < 0) return;
    residual = norm / reference;
    if (residual <= tolerance && !given) residual = kernel.start() / reference;
    yield residual;
    if (residual > tolerance && norm / reference <= tolerance && ++restarts > 5) return;
  }
}
