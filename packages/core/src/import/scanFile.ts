import { unzipSync } from "fflate";
import { SpondylError } from "../error.js";

/** One file of a scan: a DICOM slice, a whole image, or a zip of either. */
export interface ScanFile {
  readonly name: string; // for messages, and for headers that name their data file
  readonly bytes: Uint8Array;
}

/**
 * The files themselves, those in zip archives unpacked in memory; what systems add to folders is left out.
 * @throws SpondylError "bad-input" for a damaged or encrypted archive
 */
export function unpackZips(files: readonly ScanFile[]): readonly ScanFile[] {
  return files
    .flatMap((file) => (isZip(file.bytes) ? unpackZips(unzip(file)) : [file]))
    .filter((f) => !isClutter(f.name));
}

const isZip = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

const isClutter = (name: string) => /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|\._)/.test(name);

function unzip({ name, bytes }: ScanFile): readonly ScanFile[] {
  if (bytes[6]! & 1)
    throw new SpondylError(
      "bad-input",
      `import: the archive ${name} is encrypted. Unpack it with its password first.`,
      { name },
    );
  try {
    return Object.entries(
      unzipSync(bytes, { filter: (entry) => !entry.name.endsWith("/") && !isClutter(entry.name) }),
    ).map(([entry, contents]) => ({ name: `${name}/${entry}`, bytes: contents }));
  } catch (cause) {
    throw new SpondylError(
      "bad-input",
      `import: the archive ${name} (${bytes.length} bytes) is cut off or damaged. Copy or download it again.`,
      { name, bytes: bytes.length },
      { cause },
    );
  }
}
