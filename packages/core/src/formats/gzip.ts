import { Gunzip, gzipSync, inflateSync } from "fflate";
import { SpondylError } from "../error.js";
import { crc32 } from "./crc32.js";

/** Whether these bytes begin like a gzip file. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;

/** Gzip without a time stamp: the same input gives the same bytes. */
export const gzip = (bytes: Uint8Array, level: 1 | 6 | 9 = 6): Uint8Array => gzipSync(bytes, { level, mtime: 0 });

/**
 * Contents of a gzip file, of one member or several, checked against the checksum it carries.
 * @throws SpondylError "bad-input" when it is cut off or damaged
 */
export function gunzip(bytes: Uint8Array, name = "the file"): Uint8Array {
  return oneMember(bytes) ?? severalMembers(bytes, name);
}

/** Nearly every file has one member, whose size stands at the end: inflate in one piece. */
function oneMember(bytes: Uint8Array): Uint8Array | undefined {
  const start = headerLength(bytes);
  if (start === undefined || bytes.length < start + 8) return undefined;
  const tail = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8);
  const size = tail.getUint32(4, true);
  if (size > 1040 * bytes.length) return undefined; // deflate cannot shrink more: these are not the real last bytes
  try {
    const contents = inflateSync(bytes.subarray(start, -8), { out: new Uint8Array(size) });
    return contents.length === size && crc32(contents) === tail.getUint32(0, true) ? contents : undefined;
  } catch {
    return undefined;
  }
}

function severalMembers(bytes: Uint8Array, name: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let members = 0;
  const stream = new Gunzip((part) => parts.push(part));
  stream.onmember = () => members++;
  try {
    stream.push(bytes, true);
  } catch (cause) {
    throw damaged(name, bytes, cause);
  }
  if (members === 0) throw damaged(name, bytes); // one member that did not match its checksum
  return concat(parts);
}

const damaged = (name: string, bytes: Uint8Array, cause?: unknown) =>
  new SpondylError(
    "bad-input",
    `gzip: ${name} (${bytes.length} bytes) is cut off or damaged. Copy or download it again.`,
    { bytes: bytes.length },
    { cause },
  );

/** Bytes before the compressed data (RFC 1952), undefined when this is no gzip. */
function headerLength(bytes: Uint8Array): number | undefined {
  if (!isGzip(bytes)) return undefined;
  const flags = bytes[3]!;
  let at = 10;
  if (flags & 4) at += 2 + (bytes[at]! | (bytes[at + 1]! << 8)); // extra field
  for (const flag of [8, 16]) if (flags & flag) at = bytes.indexOf(0, at) + 1; // name, comment
  return flags & 2 ? at + 2 : at; // header checksum
}

/** The parts in one piece. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
