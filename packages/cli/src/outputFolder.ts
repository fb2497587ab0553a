import { access, constants, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { SpondylError } from "@spondyl/core";
import { isFolder } from "./files.js";

/**
 * Makes sure, before any work, that a folder for results can be written; it is not made yet. What a look cannot tell, such
 * as a full disk, `writeFolder` meets at the end.
 *
 * @param folder as typed; neither it nor the folders above it need exist
 * @param flag   the option that names it
 * @throws SpondylError "bad-option" when it is empty, "write-failed" when it or a folder above it is a file or
 *   write-protected
 */
export async function requireWritable(folder: string, flag = "--out"): Promise<void> {
  if (folder.trim() === "") throw new SpondylError("bad-option", `${flag} is empty. Give a folder.`);
  const nearest = await nearestExisting(resolve(folder));
  const refuse = (what: string) =>
    new SpondylError("write-failed", `output: ${folder} cannot be written into: ${what}. Choose another ${flag}.`, {
      path: folder,
    });
  if (!nearest.isDirectory) throw refuse(`${nearest.path} is a file`);
  await access(nearest.path, constants.W_OK | constants.X_OK).catch(() => {
    throw refuse(`${nearest.path} is write-protected`);
  });
}

/**
 * The same for one file in such a folder.
 * @throws SpondylError "bad-option" when the name is empty, "write-failed" when it is that of a folder, or as above
 */
export async function requireWritableFile(path: string, flag = "--out"): Promise<void> {
  if (path.trim() === "") throw new SpondylError("bad-option", `${flag} is empty. Give a file.`);
  if (await isFolder(path))
    throw new SpondylError("write-failed", `output: ${path} is a folder. Give the name of a file.`, { path });
  await requireWritable(dirname(resolve(path)), flag);
}

/** The path itself or the first above it that exists. */
async function nearestExisting(path: string): Promise<{ readonly path: string; readonly isDirectory: boolean }> {
  const found = await stat(path).catch(() => undefined);
  if (found || dirname(path) === path) return { path, isDirectory: found?.isDirectory() ?? false };
  return nearestExisting(dirname(path));
}

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
