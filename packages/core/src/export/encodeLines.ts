import type { Run } from "../run.js";

/**
 * Lines as UTF-8 in pieces of about a megabyte, each line ended. Lets go of the thread after each piece.
 * @throws the reason of `run.signal` when it is aborted
 */
export async function encodeLines(lines: Iterable<string>, run: Run = {}): Promise<Uint8Array[]> {
  const encoder = new TextEncoder();
  const chunks: Uint8Array[] = [];
  let pending: string[] = [];
  let length = 0;
  const flush = () => {
    chunks.push(encoder.encode(pending.map((line) => `${line}\n`).join("")));
    pending = [];
    length = 0;
  };
  for (const line of lines) {
    pending.push(line);
    length += line.length;
    if (length < chunkLength) continue;
    flush();
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    run.signal?.throwIfAborted();
  }
  flush();
  return chunks;
}

const chunkLength = 1 << 20; // characters
