import { Worker } from "node:worker_threads";
import type { Threads, WorkerPort } from "@spondyl/core";

/** Threads of Node for the core. Workers live while a stage uses them, which ends each of them. */
export const nodeThreads = (count: number): Threads => ({ count, spawn });

function spawn(): WorkerPort {
  const worker = new Worker(new URL("./worker.js", import.meta.url));
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => void worker.on("message", listener),
    onError: (listener) => void worker.on("error", listener),
    terminate: () => void worker.terminate(),
  };
}
