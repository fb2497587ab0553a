import type { ErrorCode } from "../error.js";
import type { Constraints, Solution, VoxelModel } from "../volume/voxelModel.js";
import type { Stop } from "./kernel.js";
import type { SolveOptions } from "./options.js";

/** What a follower needs to begin: the shared memory, and where in it. */
export interface Muster {
  readonly memory: WebAssembly.Memory;
  readonly sync: number;
  readonly root: number;
  readonly stop: Stop;
}

/** To a worker. The first one leads: it sets everything up and is thread 0. */
export type Order =
  | {
      readonly kind: "lead";
      readonly model: VoxelModel;
      readonly constraints: Constraints;
      readonly options: SolveOptions;
      readonly threads: number;
    }
  | { readonly kind: "follow"; readonly thread: number; readonly threads: number; readonly muster: Muster };

/** From a worker. */
export type Report =
  | { readonly kind: "muster"; readonly muster: Muster }
  | { readonly kind: "progress"; readonly residual: number }
  | { readonly kind: "solution"; readonly solution: Solution }
  | {
      readonly kind: "failure"; // a SpondylError has a code, a bug of ours has none
      readonly code: ErrorCode | undefined;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };
