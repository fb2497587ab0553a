import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { isMetaImage, isNrrd, metaImageDataFile, nrrdDataFile, type ScanFile, SpondylError } from "@spondyl/core";

/**
 * What a path holds: one file, with the data file its header may name, or all files of a folder and its sub-folders,
 * in the order of their names. Archives are left packed; the core looks into them.
 * @throws SpondylError "bad-input" when the path is missing or cannot be read
 */
export async function readScanFiles(path: string): Promise<ScanFile[]> {
  const found = await stat(path).catch((cause) => Promise.reject(unreadable(path, cause)));
  if (!found.isDirectory()) {
    const file = await read(path, basename(path));
    const named = dataFileOf(file);
    return named === undefined ? [file] : [file, await read(join(dirname(path), named), named)];
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const paths = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
  const files: ScanFile[] = [];
  for (const each of paths.sort()) files.push(await read(each, relative(path, each)));
  return files;
}

/**
 * The text of a file.
 * @throws SpondylError "bad-input" when it is missing or cannot be read
 */
export const readText = async (path: string): Promise<string> => new TextDecoder().decode(await readBytes(path));

/** The bytes of a file. @throws SpondylError as `readText` */
export const readBytes = async (path: string): Promise<Uint8Array> => (await read(path, path)).bytes;

/** Whether a path exists and is a folder. */
export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/**
 * Writes a file whole or not at all: under a temporary name beside it, then renamed. Missing folders are made.
 * @throws SpondylError "write-failed" naming the path and the cause, with the temporary file removed
 */
export async function writeAtomically(
  path: string,
  content: Uint8Array | string | readonly Uint8Array[],
  signal?: AbortSignal,
): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.${process.pid}.partial`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, content, { ...(signal && { signal }) });
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => {}); // the folder itself may be what is wrong
    if (signal?.aborted) throw signal.reason;
    throw new SpondylError(
      "write-failed",
      `output: ${path} could not be written (${messageOf(cause)}). Check space and permissions, or choose another place.`,
      { path },
      { cause },
    );
  }
}

async function read(path: string, name: string): Promise<ScanFile> {
  const buffer = await readFile(path).catch((cause) => Promise.reject(unreadable(path, cause)));
  return { name, bytes: new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length) };
}

/** The data file that an .mhd or .nhdr header points to. */
function dataFileOf({ bytes }: ScanFile): string | undefined {
  if (isNrrd(bytes)) return nrrdDataFile(bytes);
  return isMetaImage(bytes) ? metaImageDataFile(bytes) : undefined;
}

const unreadable = (path: string, cause: unknown) => {
  const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
  const what = missing ? "does not exist" : `cannot be read (${messageOf(cause)})`;
  return new SpondylError("bad-input", `input: ${path} ${what}. Check the path.`, { path }, { cause });
};

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
