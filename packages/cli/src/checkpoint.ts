import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import {
  type FailInput,
  type FailOptions,
  type Failure,
  fail,
  leadingComponent,
  type PathPoint,
  type PathState,
  packState,
  pathFingerprint,
  unpackState,
} from "@spondyl/core";
import type { Context, Given } from "./command.js";
import { readBytes, writeAtomically } from "./files.js";
import { text } from "./given.js";
import { requireWritableFile } from "./outputFolder.js";

/** Seconds between two writings of a checkpoint. */
const CHECKPOINT_SECONDS = 10;

/**
 * The files that keep the states of so many paths: what `--checkpoint` names, and for further paths the same with .2, .3,
 * ... behind it; none when it was not given. Whether they can be written is looked at here, before any work.
 * @throws SpondylError as `requireWritableFile`
 */
export async function checkpointFiles(given: Given, paths = 1): Promise<string[]> {
  const named = text(given, "checkpoint");
  if (named === undefined) return [];
  const files = Array.from({ length: paths }, (_, at) => (at === 0 ? named : `${named}.${at + 1}`));
  for (const file of files) await requireWritableFile(file, "--checkpoint");
  return files;
}

/**
 * Follows a path to failure, keeping its state in a file when one is named, and going on from that file when it is there.
 * The file outlives the path, whose result is not written yet: a complete path is taken up at no cost. That it cannot be
 * written is told, and costs the path nothing else.
 * @throws SpondylError as `fail` and `unpackState`
 */
export async function failWithCheckpoint(
  input: FailInput,
  options: FailOptions,
  file: string | undefined,
  context: Context,
): Promise<Failure> {
  const leading = leadingComponent(input.load);
  const unit = leading < 3 ? "N" : "N mm";
  const onPoint = ({ share, resultant }: PathPoint) =>
    context.stage(`fail: ${(100 * share).toFixed(0)} %, ${Math.abs(resultant[leading]!).toPrecision(4)} ${unit}`);
  if (file === undefined) return fail(input, options, { ...context, onPoint });
  const key = pathFingerprint(input, options);
  const resume = existsSync(file) ? unpackState(await readBytes(file), key) : undefined;
  if (resume) context.say(`going on from ${file} at ${(100 * resume.points.at(-1)!.share).toFixed(1)} % of the path`);
  const writer = lastWriter(
    (state: PathState) => writeAtomically(file, packState(state, key)),
    (error) => context.say(`warning: the state of the path is not kept: ${error.message} The path goes on.`),
  );
  try {
    return await fail({ ...input, ...(resume && { resume }) }, options, {
      ...context,
      onPoint,
      onState: writer.offer,
    });
  } finally {
    await writer.flush();
  }
}

/** Removes the files of complete paths, once their results are written. One that stays is told. */
export async function removeCheckpoints(files: readonly string[], { say }: Context): Promise<void> {
  for (const file of files)
    await rm(file, { force: true }).catch((error: Error) =>
      say(`warning: ${file} could not be removed (${error.message}). It is of no more use.`),
    );
}

/**
 * Writes states one after the other, the newest only, and not more often than CHECKPOINT_SECONDS. One that could not be
 * written waits for the next try. Neither function throws.
 * @param failed told when writing fails, not again until it has succeeded once
 */
function lastWriter<T>(write: (state: T) => Promise<void>, failed: (error: Error) => void) {
  let waiting: T | undefined;
  let busy: Promise<void> = Promise.resolve();
  let last = Number.NEGATIVE_INFINITY;
  let failing = false;
  const attempt = async () => {
    if (waiting === undefined) return;
    const state = waiting;
    last = performance.now();
    try {
      await write(state);
      failing = false;
      if (waiting === state) waiting = undefined;
    } catch (error) {
      if (!failing) failed(error as Error);
      failing = true;
    }
  };
  const flush = (): Promise<void> => {
    busy = busy.then(attempt);
    return busy;
  };
  return {
    offer: (state: T) => {
      waiting = state;
      if (performance.now() - last > 1000 * CHECKPOINT_SECONDS) void flush();
    },
    flush,
  };
}
