import { SpondylError } from "../error.js";
import type { Run, Threads, WorkerPort } from "../run.js";
import type { Constraints, Solution, VoxelModel } from "../volume/voxelModel.js";
import type { Order, Report } from "./messages.js";
import { checkSolveOptions, type SolveOptions } from "./options.js";
import { solveProgress } from "./progress.js";

/** Solves on workers: the first one leads, the others join when it has laid out the memory. Ends all of them. */
export function solveOnTeam(
  model: VoxelModel,
  constraints: Constraints,
  options: SolveOptions,
  run: Run,
  threads: Threads,
): Promise<Solution> {
  const { tolerance } = checkSolveOptions(options);
  if (!(Number.isInteger(threads.count) && threads.count >= 1))
    throw new SpondylError("bad-option", `solve: ${threads.count} threads. Give a whole number above 0.`);
  const workers: WorkerPort[] = [];
  let abort = () => {};
  const answer = new Promise<Solution>((resolve, reject) => {
    abort = () => reject(run.signal?.reason);
    run.signal?.addEventListener("abort", abort);
    const hire = (listener: (report: Report) => void): WorkerPort => {
      const worker = threads.spawn();
      workers.push(worker);
      worker.onMessage((message) => listener(message as Report));
      worker.onError(reject);
      return worker;
    };
    const order = (worker: WorkerPort, message: Order) => worker.post(message);
    const listen = (report: Report) => {
      if (report.kind === "solution") resolve(report.solution);
      else if (report.kind === "failure") reject(toError(report));
      else if (report.kind === "progress") run.progress?.(solveProgress(report.residual, tolerance));
      else
        for (let thread = 1; thread < threads.count; thread++)
          order(followers[thread - 1]!, { kind: "follow", thread, threads: threads.count, muster: report.muster });
    };
    const leader = hire(listen);
    const followers = Array.from({ length: threads.count - 1 }, () => hire(listen));
    order(leader, { kind: "lead", model, constraints, options, threads: threads.count });
  });
  return answer.finally(() => {
    run.signal?.removeEventListener("abort", abort);
    for (const worker of workers) worker.terminate();
  });
}

function toError({ code, message, details }: Extract<Report, { kind: "failure" }>): Error {
  return code ? new SpondylError(code, message, details) : new Error(`the solver failed: ${message}`);
}
