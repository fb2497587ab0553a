import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SpondylError } from "@spondyl/core";

/**
 * Writes all files into a folder, or none: first under temporary names, then renamed together.
 * The folder is made when it is missing; other files in it are left alone.
 * @throws SpondylError "write-failed" naming the path and the cause, with the temporary files removed
 */
export async function writeFolder(
  folder: string,
  files: Readonly<Record<string, Uint8Array | string>>,
  signal?: AbortSignal,
): Promise<void> {
  const temporary = new Map<string, string>();
  let at = folder;
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      signal?.throwIfAborted();
      at = join(folder, name);
      const partial = join(folder, `.${name}.${process.pid}.partial`);
      temporary.set(partial, at);
      await writeFile(partial, content);
    }
    for (const [partial, final] of temporary) {
      await rename(partial, final);
      temporary.delete(partial);
    }
  } catch (error) {
    await Promise.all([...temporary.keys()].map((partial) => rm(partial, { force: true })));
    if (signal?.aborted) throw signal.reason;
    throw new SpondylError(
      "write-failed",
      `output: ${at} could not be written (${(error as Error).message}). Check space and permissions, or choose another --out.`,
      { path: at },
      { cause: error },
    );
  }
}
