import { elementSlots } from "./elements.js";
import { buildHierarchy, type VoxelLevels } from "./hierarchy.js";
import { Command, instantiate, iterations, type Kernel, type Stop } from "./kernel.js";
import { inverseDiagonal, type Layout, layOut, writeModuli, writeTangents } from "./layout.js";
import { tellOutOfMemory } from "./memory.js";
import type { Problem } from "./problem.js";
import type { FixedPositions } from "./system.js";
import { TANGENT_BYTES, type Tangents } from "./tangents.js";
import type { VoxelLevel } from "./voxelLevel.js";

/** How the one who leads the solution speaks with the others. */
export interface Crew {
  readonly threads: number;
  /** Lets the other threads begin on this memory; called once, before the first order. */
  readonly muster: (place: MusterPlace) => void;
  /** Called after each iteration. */
  readonly report: (iteration: number, residual: number) => void | Promise<void>;
  /** For the kernel that runs on one. */
  readonly gpu?: GPUDevice;
}

/** What a follower needs to begin: the shared memory, and where in it. */
export interface MusterPlace {
  readonly memory: WebAssembly.Memory;
  readonly sync: number;
  readonly root: number;
  readonly control: number;
}

/**
 * A model set up once, to be solved again and again with other moduli, prescribed displacements or loads. Its vectors
 * hold three components, `level.stride` apart: [axis·stride + slot].
 */
export interface Session {
  readonly level: VoxelLevel; // numbers the elements and the slots of the nodes
  readonly slots: Uint32Array; // of the active nodes, in the order of their grid indices
  readonly displacement: Float64Array; // mm: prescribed values and first guess in, solution out
  readonly load: Float64Array; // N: right-hand side of a solution with `given`, 0 where fixed; used up by it
  readonly force: Float64Array; // N: K·displacement, after `forces`
  readonly memoryBytes: number;
  readonly threads: number;
  /** New moduli, MPa by element, > 0. The coarsest levels keep the old ones: that costs iterations, not the answer. */
  setModuli(moduli: Float32Array): void;
  /** What is added to the operator in solutions with `given`; needs a session opened for it. */
  setTangents(tangents: Tangents): void;
  /** @returns relative residuals, the first before the first iteration */
  solve(stop: Stop): Promise<Float64Array>;
  forces(): void;
  /** Ends the other threads' part. */
  close(): void;
}

/**
 * One way of setting up a model: the WASM kernel, the one on a GPU, or the readable twin.
 * @throws SpondylError "out-of-memory", "no-gpu", "unsupported"
 */
export type OpenSession = (
  problem: Problem,
  fixed: FixedPositions,
  crew: Crew,
  needs?: SessionNeeds,
) => Session | Promise<Session>;

export interface SessionNeeds {
  readonly tangents?: boolean; // `TANGENT_BYTES` an element
}

/** Sets a model up in the WASM kernel, and leads as thread 0. @throws SpondylError "out-of-memory" */
export function openWasm(
  problem: Problem,
  fixed: FixedPositions,
  crew: Crew,
  { tangents = false }: SessionNeeds = {},
): Session {
  const { levels, layout } = setUp(problem, fixed, tangents);
  return sessionOn(problem, levels, layout, crew);
}

/** What a kernel stands on that iterates elsewhere: the operator in f64, and what the WASM kernel knows of the levels. */
export interface Operators extends Omit<Session, "solve"> {
  /** mm/N, of levels 0 and 1, [component·stride + slot], 0 where fixed: `setModuli` changes them. */
  readonly inverseDiagonals: readonly [Float32Array, Float32Array];
}

/** The operator of a model in the WASM kernel, on one thread. @throws SpondylError "out-of-memory" */
export function openOperators(problem: Problem, levels: VoxelLevels): Operators {
  const layout = layOut(problem, levels, []);
  const session = sessionOn(problem, levels, layout, { threads: 1, muster: () => {}, report: () => {} });
  return {
    ...session,
    inverseDiagonals: [
      inverseDiagonal(layout, layout.fine, 3 * levels.fine.stride),
      inverseDiagonal(layout, layout.coarse, 3 * levels.coarse.level.stride),
    ],
  };
}

function sessionOn(problem: Problem, levels: VoxelLevels, layout: Layout, crew: Crew): Session {
  const slots = layout.tangents ? elementSlots(levels.fine) : new Int32Array(0);
  const { memory, control } = layout;
  const kernel = instantiate(memory);
  kernel.enter(0, crew.threads, layout.sync, layout.root);
  crew.muster({ memory, sync: layout.sync, root: layout.root, control });
  const vector = (at: number) => new Float64Array(memory.buffer, at, 3 * levels.fine.stride);
  return {
    level: levels.fine,
    slots: levels.slots,
    displacement: vector(layout.displacement),
    load: vector(layout.residual),
    force: vector(layout.force),
    memoryBytes: layout.bytes,
    threads: crew.threads,
    setModuli: (moduli) => writeModuli(layout, problem, levels, moduli),
    setTangents: (list) => writeTangents(layout, levels.fine, slots, list),
    solve: async (stop) => {
      writeStop(memory, control, stop);
      kernel.order(Command.solve);
      const history: number[] = [];
      for (const residual of iterations(kernel, stop)) {
        history.push(residual);
        const pause = crew.report(history.length - 1, residual);
        if (pause) await pause;
      }
      return Float64Array.from(history);
    },
    forces: () => {
      kernel.order(Command.forces);
      kernel.forces();
    },
    close: () => void kernel.order(Command.end),
  };
}

/** The matrices of the aggregated levels are let go of when they are in the kernel's memory. */
function setUp(
  problem: Problem,
  fixed: FixedPositions,
  tangents: boolean,
): { readonly levels: VoxelLevels; readonly layout: Layout } {
  try {
    const { sparse, ...levels } = buildHierarchy(problem, fixed, tangents ? TANGENT_BYTES : 0);
    return { levels, layout: layOut(problem, levels, sparse, tangents) };
  } catch (error) {
    return tellOutOfMemory(error, problem.runs.elements);
  }
}

/** What the other threads do, each on its own instance, until the session is closed. */
export function follow(kernel: Kernel, { memory, control }: Pick<MusterPlace, "memory" | "control">): void {
  for (;;) {
    const command = kernel.order(0);
    if (command === Command.solve) for (const _ of iterations(kernel, readStop(memory, control)));
    else if (command === Command.forces) kernel.forces();
    else return;
  }
}

/** Five f64 in the shared memory; a reference of 0 is none. */
function writeStop({ buffer }: WebAssembly.Memory, at: number, stop: Stop): void {
  const { tolerance, maxIterations, reduction = 0, reference = 0, given = false } = stop;
  new Float64Array(buffer, at, 5).set([tolerance, maxIterations, reduction, reference, given ? 1 : 0]);
}

function readStop({ buffer }: WebAssembly.Memory, at: number): Stop {
  const words = new Float64Array(buffer, at, 5);
  const reference = words[3]!;
  return {
    tolerance: words[0]!,
    maxIterations: words[1]!,
    reduction: words[2]!,
    ...(reference > 0 && { reference }),
    given: words[4] === 1,
  };
}
