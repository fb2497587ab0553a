import { buildHierarchy, type Hierarchy } from "./hierarchy.js";
import { instantiate, iterations, type Kernel, type Stop } from "./kernel.js";
import { type Layout, layOut } from "./layout.js";
import { refuseTooLarge } from "./memory.js";
import type { Problem } from "./problem.js";
import type { FixedPositions, SolvedSystem } from "./system.js";

/** How the one who leads the solution speaks with the others. */
export interface Crew {
  readonly threads: number;
  /** Lets the other threads begin on this memory; called once, before the first iteration. */
  readonly muster: (layout: Pick<Layout, "memory" | "sync" | "root">, stop: Stop) => void;
  /** Called after each iteration. */
  readonly report: (iteration: number, residual: number) => void | Promise<void>;
}

/** Solves with the WASM kernel: sets everything up, then leads the iteration as thread 0. */
export async function solveWasm(
  problem: Problem,
  fixed: FixedPositions,
  stop: Stop,
  crew: Crew,
): Promise<SolvedSystem> {
  refuseTooLarge(problem.runs.elements);
  const hierarchy = buildHierarchy(problem, fixed);
  const layout = layOut(problem, hierarchy);
  const kernel = instantiate(layout.memory);
  kernel.enter(0, crew.threads, layout.sync, layout.root);
  prescribe(layout, hierarchy, fixed);
  crew.muster(layout, stop);
  const history: number[] = [];
  for (const residual of iterations(kernel, stop)) {
    history.push(residual);
    const pause = crew.report(history.length - 1, residual);
    if (pause) await pause;
  }
  kernel.forces();
  const residual = history.at(-1)!;
  return {
    displacement: gather(layout, layout.displacement, hierarchy),
    force: gather(layout, layout.force, hierarchy),
    residualHistory: Float64Array.from(history),
    iterations: history.length - 1,
    residual,
    converged: residual <= stop.tolerance,
    memoryBytes: layout.bytes,
    threads: crew.threads,
  };
}

/** What the other threads do, on their own instance. */
export function follow(kernel: Kernel, stop: Stop): void {
  for (const _ of iterations(kernel, stop));
  kernel.forces();
}

function prescribe({ memory, displacement }: Layout, { fine, slots }: Hierarchy, fixed: FixedPositions): void {
  const x = new Float64Array(memory.buffer, displacement, 3 * fine.stride);
  fixed.unknown.forEach((u, at) => {
    x[(u % 3) * fine.stride + slots[Math.floor(u / 3)]!] = fixed.value[at]!;
  });
}

/** A vector of the kernel as [3·position + axis]. */
function gather({ memory }: Layout, at: number, { fine, slots }: Hierarchy): Float64Array {
  const vector = new Float64Array(memory.buffer, at, 3 * fine.stride);
  const out = new Float64Array(3 * slots.length);
  for (let n = 0; n < slots.length; n++)
    for (let axis = 0; axis < 3; axis++) out[3 * n + axis] = vector[axis * fine.stride + slots[n]!]!;
  return out;
}
