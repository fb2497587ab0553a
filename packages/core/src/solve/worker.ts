import { SpondylError } from "../error.js";
import type { WorkerPort } from "../run.js";
import { instantiate } from "./kernel.js";
import type { Job, Order, Report } from "./messages.js";
import { checkSolveOptions } from "./options.js";
import { failModel } from "./path/failModel.js";
import { solveProgress } from "./progress.js";
import { type Crew, follow } from "./session.js";
import { solveModel } from "./solveModel.js";

/** The side of a worker: does what `solve` orders through the port. A worker script calls this and nothing else. */
export function serve(port: Pick<WorkerPort, "post" | "onMessage">): void {
  const report = (message: Report) => port.post(message);
  port.onMessage((message) => {
    obey(message as Order, report).catch((error: unknown) => report(failure(error)));
  });
}

async function obey(order: Order, report: (message: Report) => void): Promise<void> {
  if (order.kind === "follow") {
    const { memory, sync, root } = order.muster;
    const kernel = instantiate(memory);
    kernel.enter(order.thread, order.threads, sync, root);
    follow(kernel, order.muster);
    return;
  }
  report({ kind: "answer", answer: await lead(order.job, order.threads, report) });
}

/** Does a job as thread 0. */
function lead(job: Job, threads: number, report: (message: Report) => void): Promise<unknown> {
  const muster: Crew["muster"] = (place) => report({ kind: "muster", muster: place });
  if (job.kind === "fail")
    return failModel(job.input, job.options, { threads, muster, report: () => {} }, (point, save) =>
      report({ kind: "point", point, ...(job.keepStates && { state: save() }) }),
    );
  const { tolerance } = checkSolveOptions(job.options);
  return solveModel(job.model, job.constraints, job.options, {
    threads,
    muster,
    report: (_, residual) => report({ kind: "progress", done: solveProgress(residual, tolerance) }),
  });
}

function failure(error: unknown): Report {
  if (error instanceof SpondylError)
    return { kind: "failure", code: error.code, message: error.message, details: error.details };
  return { kind: "failure", code: undefined, message: String(error), details: {} };
}
