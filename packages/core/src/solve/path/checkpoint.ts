import { SpondylError } from "../../error.js";
import { crc32 } from "../../formats/crc32.js";
import type { StateArrays } from "./equilibrium.js";
import type { FailInput } from "./failModel.js";
import type { FailOptions } from "./failOptions.js";
import type { PathPoint, PathState } from "./pathPoint.js";

/**
 * A path's state as bytes: magic, version, length of the header, CRC-32 of all that follows, header as JSON, then the
 * arrays, each from a multiple of 8. Little-endian.
 */
const MAGIC = "SPONDYL\x01";
const VERSION = 1;
const PREFIX = 24;

interface Header {
  readonly fingerprint: string;
  readonly points: readonly PathPoint[];
  readonly stepShare: number;
  readonly dissipateNMm: number;
  readonly arrays: readonly { readonly name: string; readonly type: "f32" | "f64"; readonly length: number }[];
}

/**
 * What a path depends on, as a short text: a state is taken up only by the run that it belongs to.
 * The kernel and the number of threads are not part of it.
 */
export function pathFingerprint(
  { model, ends, load, material }: FailInput,
  { kernel: _, ...options }: FailOptions,
): string {
  const sums: number[] = [];
  const plain = JSON.stringify(
    [model.poisson, model.modulus.size, model.modulus.spacing, load, material, options],
    (_key, value) => {
      if (!ArrayBuffer.isView(value)) return value;
      sums.push(crc32(bytesOf(value)));
      return value.byteLength;
    },
  );
  for (const array of [model.modulus.data, ends.node, ends.axis, ...ends.modes]) sums.push(crc32(bytesOf(array)));
  return `${crc32(new TextEncoder().encode(plain))}-${sums.join("-")}`;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** @param fingerprint of the run, see `pathFingerprint` */
export function packState({ points, stepShare, dissipateNMm, arrays }: PathState, fingerprint: string): Uint8Array {
  const list = Object.entries(arrays);
  const header: Header = {
    fingerprint,
    points,
    stepShare,
    dissipateNMm,
    arrays: list.map(([name, a]) => ({ name, type: a instanceof Float32Array ? "f32" : "f64", length: a.length })),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = align(PREFIX + json.length);
  const bytes = new Uint8Array(list.reduce((end, [, a]) => end + align(a.byteLength), start));
  bytes.set(Uint8Array.from(MAGIC, (c) => c.charCodeAt(0)));
  bytes.set(json, PREFIX);
  let at = start;
  for (const [, a] of list) {
    bytes.set(bytesOf(a), at);
    at += align(a.byteLength);
  }
  const words = new DataView(bytes.buffer);
  words.setUint32(8, VERSION, true);
  words.setUint32(12, json.length, true);
  words.setUint32(16, crc32(bytes.subarray(PREFIX)), true);
  return bytes;
}

const align = (n: number): number => 8 * Math.ceil(n / 8);

/**
 * @throws SpondylError "bad-input" for bytes that are no checkpoint, damaged, of another version or of another run
 */
export function unpackState(bytes: Uint8Array, fingerprint: string): PathState {
  const bad = (message: string) => new SpondylError("bad-input", `checkpoint: ${message}`);
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < PREFIX || String.fromCharCode(...bytes.subarray(0, 8)) !== MAGIC)
    throw bad("the file is no checkpoint of Spondyl. Name another one.");
  if (words.getUint32(8, true) !== VERSION)
    throw bad(`the file has version ${words.getUint32(8, true)}, not ${VERSION}. Start anew without it.`);
  if (crc32(bytes.subarray(PREFIX)) !== words.getUint32(16, true))
    throw bad("the file is damaged or cut short. Start anew without it.");
  const length = words.getUint32(12, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(PREFIX, PREFIX + length))) as Header;
  if (header.fingerprint !== fingerprint)
    throw bad("the file belongs to another model, load, material or option. Name another file, or remove it.");
  const arrays: Record<string, StateArrays[string]> = {};
  let at = align(PREFIX + length);
  for (const { name, type, length: count } of header.arrays) {
    const kind = type === "f32" ? Float32Array : Float64Array;
    const size = count * kind.BYTES_PER_ELEMENT;
    arrays[name] = new kind(bytes.slice(at, at + size).buffer);
    at += align(size);
  }
  const { points, stepShare, dissipateNMm } = header;
  return { points, stepShare, dissipateNMm, arrays };
}
