import type { ErrorCode } from "../error.js";
import type { Constraints, Solution, VoxelModel } from "../volume/voxelModel.js";
import type { SolveOptions } from "./options.js";
import type { MusterPlace } from "./session.js";

/** To a worker. The first one leads: it sets everything up and is thread 0. */
export type Order =
  | {
      readonly kind: "lead";
      readonly model: VoxelModel;
      readonly constraints: Constraints;
      readonly options: SolveOptions;
      readonly threads: number;
    }
  | { readonly kind: "follow"; readonly thread: number; readonly threads: number; readonly muster: MusterPlace };

/** From a worker. */
export type Report =
  | { readonly kind: "muster"; readonly muster: MusterPlace }
  | { readonly kind: "progress"; readonly residual: number }
  | { readonly kind: "solution"; readonly solution: Solution }
  | {
      readonly kind: "failure"; // a SpondylError has a code, a bug of ours has none
      readonly code: ErrorCode | undefined;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };
