import { SpondylError } from "../error.js";
import type { WorkerPort } from "../run.js";
import { instantiate } from "./kernel.js";
import type { Order, Report } from "./messages.js";
import { follow } from "./session.js";
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
  const solution = await solveModel(order.model, order.constraints, order.options, {
    threads: order.threads,
    muster: (muster) => report({ kind: "muster", muster }),
    report: (_, residual) => report({ kind: "progress", residual }),
  });
  report({ kind: "solution", solution });
}

function failure(error: unknown): Report {
  if (error instanceof SpondylError)
    return { kind: "failure", code: error.code, message: error.message, details: error.details };
  return { kind: "failure", code: undefined, message: String(error), details: {} };
}
