import type { Run } from "../run.js";

/** Between two pieces of work: lets an abort arrive and obeys it, and tells how much is done (0 to 1). */
export async function step(run: Run, done: number): Promise<void> {
  await new Promise<void>((resume) => setTimeout(resume, 0));
  run.signal?.throwIfAborted();
  run.progress?.(done);
}

/** The run of a part of the work: its progress from 0 to 1 is the whole's from `from` to `to`. */
export const part = (run: Run, from: number, to: number): Run => ({
  ...(run.signal && { signal: run.signal }),
  progress: (done) => run.progress?.(from + done * (to - from)),
});
