import { createHash } from "node:crypto";
import { arch, cpus, platform, totalmem } from "node:os";
import type { ProvenanceResult, ScanFile } from "@spondyl/core";
import type { Given } from "./command.js";

/** SHA-256 of an input: of its bytes, or for several files of their hashes in the order of their names. */
export function hashOf(files: readonly ScanFile[]): string {
  const one = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  const first = files[0];
  if (files.length === 1 && first) return one(first.bytes);
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  return one(Buffer.from(sorted.map((file) => one(file.bytes)).join("\n")));
}

const identifying = new Set([
  ...["out", "labels", "labelsMap", "parts", "calibration", "series", "checkpoint"],
  ...["json", "quiet"], // of no matter
]);

/** Whether `--yield`, a number or the path of an image, is the latter. */
const isImage = (typed: Given[string]): boolean => typeof typed === "string" && !Number.isFinite(Number(typed));

/**
 * What it takes to run the same again, beside the inputs and the calibration, which the result describes by itself. Paths
 * and series identifiers stay out: they may name a patient.
 */
export function provenance(
  command: string,
  given: Given,
  inputs: Readonly<Record<string, readonly ScanFile[]>>,
  startedAt: Date,
): ProvenanceResult {
  const options = Object.fromEntries(
    Object.entries({ ...given, ...(isImage(given.yield) && { yield: "an image" }) }).filter(
      ([name, v]) => v !== undefined && !identifying.has(name),
    ),
  );
  return {
    command,
    options,
    inputs: Object.entries(inputs).map(([role, files]) => ({
      role,
      sha256: hashOf(files),
      bytes: files.reduce((sum, file) => sum + file.bytes.length, 0),
    })),
    machine: {
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      cores: cpus().length,
      memoryBytes: totalmem(),
      platform: `${platform()} ${arch()}`,
      node: process.version,
    },
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
  };
}

/** Wall-clock time by stage: a `stage` callback that also remembers, and the seconds of each. */
export function stopwatch(stage: (name: string) => void) {
  const started: { readonly name: string; readonly at: number }[] = [];
  return {
    stage(name: string) {
      started.push({ name, at: performance.now() });
      stage(name);
    },
    /** Seconds by stage in order, and their total; the last stage ends now. */
    seconds(): Record<string, number> {
      const now = performance.now();
      const times: Record<string, number> = {};
      started.forEach(({ name, at }, i) => {
        times[name] = (times[name] ?? 0) + ((started[i + 1]?.at ?? now) - at) / 1000;
      });
      times.total = (now - (started[0]?.at ?? now)) / 1000;
      return times;
    },
  };
}
