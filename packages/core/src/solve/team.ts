import { SpondylError } from "../error.js";
import type { Run, Threads, WorkerPort } from "../run.js";
import type { Job, Order, Report } from "./messages.js";
import type { PathPoint, PathState } from "./path/pathPoint.js";

/** The run, and who hears of points on a path. */
export interface TeamRun extends Run {
  readonly onPoint?: (point: PathPoint) => void;
  readonly onState?: (state: PathState) => void;
}

/** Does a job on workers: the first one leads, the others join when it has laid out the memory. Ends all of them. */
export function runOnTeam<Answer>(job: Job, run: TeamRun, threads: Threads): Promise<Answer> {
  if (!(Number.isInteger(threads.count) && threads.count >= 1))
    throw new SpondylError("bad-option", `solve: ${threads.count} threads. Give a whole number above 0.`);
  const workers: WorkerPort[] = [];
  let abort = () => {};
  const answer = new Promise<Answer>((resolve, reject) => {
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
      if (report.kind === "answer") resolve(report.answer as Answer);
      else if (report.kind === "failure") reject(toError(report));
      else if (report.kind === "progress") run.progress?.(report.done);
      else if (report.kind === "point") {
        run.onPoint?.(report.point);
        if (report.state) run.onState?.(report.state);
        run.progress?.(report.point.share);
      } else
        for (let thread = 1; thread < threads.count; thread++)
          order(followers[thread - 1]!, { kind: "follow", thread, threads: threads.count, muster: report.muster });
    };
    const leader = hire(listen);
    const followers = Array.from({ length: threads.count - 1 }, () => hire(listen));
    order(leader, { kind: "lead", job, threads: threads.count });
  });
  return answer.finally(() => {
    run.signal?.removeEventListener("abort", abort);
    for (const worker of workers) worker.terminate();
  });
}

function toError({ code, message, details }: Extract<Report, { kind: "failure" }>): Error {
  return code ? new SpondylError(code, message, details) : new Error(`the solver failed: ${message}`);
}
