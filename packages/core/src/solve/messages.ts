import type { ErrorCode } from "../error.js";
import type { Constraints, VoxelModel } from "../volume/voxelModel.js";
import type { SolveOptions } from "./options.js";
import type { FailInput } from "./path/failModel.js";
import type { FailOptions } from "./path/failOptions.js";
import type { PathPoint, PathState } from "./path/pathPoint.js";
import type { MusterPlace } from "./session.js";

/** What a team works on. */
export type Job =
  | {
      readonly kind: "solve";
      readonly model: VoxelModel;
      readonly constraints: Constraints;
      readonly options: SolveOptions;
    }
  | {
      readonly kind: "fail";
      readonly input: FailInput;
      readonly options: FailOptions;
      readonly keepStates: boolean; // whether states are reported with the points
    };

/** To a worker. The first one leads: it sets everything up and is thread 0. */
export type Order =
  | { readonly kind: "lead"; readonly job: Job; readonly threads: number }
  | { readonly kind: "follow"; readonly thread: number; readonly threads: number; readonly muster: MusterPlace };

/** From a worker. */
export type Report =
  | { readonly kind: "muster"; readonly muster: MusterPlace }
  | { readonly kind: "progress"; readonly done: number }
  | { readonly kind: "point"; readonly point: PathPoint; readonly state?: PathState }
  | { readonly kind: "answer"; readonly answer: unknown } // of the job: a Solution or a Failure
  | {
      readonly kind: "failure"; // a SpondylError has a code, a bug of ours has none
      readonly code: ErrorCode | undefined;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };
