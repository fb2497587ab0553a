import { parentPort } from "node:worker_threads";
import { serve } from "@spondyl/core";

/** A solver thread of Node. */
if (!parentPort) throw new Error("worker.js is started by spondyl itself");
const port = parentPort;
serve({
  post: (message) => port.postMessage(message),
  onMessage: (listener) => port.on("message", listener),
});
