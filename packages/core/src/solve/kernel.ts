import { kernelBase64 } from "./kernel.generated.js";

/** What the WASM kernel exports; addresses are bytes. See packages/core/assembly. */
export interface Kernel {
  enter(thread: number, threads: number, sync: number, root: number): void;
  start(): number;
  iterate(): number;
  forces(): void;
  applySingle(level: number, x: number, y: number): void;
  applyDouble(level: number, x: number, y: number): void;
  // set-up, on a memory of its own: see assembly/assemble.ts, aggregation.ts, blocks.ts
  assemble(begin: number, end: number, ...addresses: number[]): void;
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

/** When to stop iterating. */
export interface Stop {
  readonly tolerance: number;
  readonly maxIterations: number;
}

/**
 * Runs the iteration in one thread, yielding the relative residual after each step, the first being 1. All threads run
 * it with the same `stop` and see the same numbers, so that they stop together. When the tolerance is reached, the
 * residual is formed anew from the displacements; should rounding have spoilt it, the iteration goes on from there.
 */
export function* iterations(kernel: Kernel, { tolerance, maxIterations }: Stop): Generator<number, void, void> {
  const load = kernel.start();
  yield load > 0 ? 1 : 0;
  let residual = load > 0 ? 1 : 0;
  let restarts = 0;
  for (let n = 1; n <= maxIterations && residual > tolerance; n++) {
    const norm = kernel.iterate();
    if (norm < 0) return;
    residual = norm / load;
    if (residual <= tolerance) residual = kernel.start() / load;
    yield residual;
    if (residual > tolerance && norm / load <= tolerance && ++restarts > 5) return;
  }
}
