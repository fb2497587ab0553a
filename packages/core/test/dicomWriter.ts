import { deflateSync } from "fflate";
import type { ScanFile } from "../src/import/scanFile.ts";

/** Value of a tag: text, unsigned shorts, bytes, or the items of a sequence. */
export type TagValue = string | number | Uint8Array | readonly Tags[];
/** Tags by "ggggeeee"; undefined leaves one out. */
export type Tags = Readonly<Record<string, readonly [vr: string, value: TagValue] | undefined>>;

export const Syntax = {
  implicit: "1.2.840.10008.1.2",
  explicit: "1.2.840.10008.1.2.1",
  deflated: "1.2.840.10008.1.2.1.99",
  bigEndian: "1.2.840.10008.1.2.2",
  rle: "1.2.840.10008.1.2.5",
  jpegBaseline: "1.2.840.10008.1.2.4.50",
  jpegExtended: "1.2.840.10008.1.2.4.51",
  jpegLossless: "1.2.840.10008.1.2.4.70",
  jpegLs: "1.2.840.10008.1.2.4.80",
  jpeg2000: "1.2.840.10008.1.2.4.90",
  jpeg2000Lossy: "1.2.840.10008.1.2.4.91",
} as const;

/** A DICOM file; coded frames make the pixel data encapsulated. */
export function dicomFile(tags: Tags, syntax: string = Syntax.explicit, frames?: readonly Uint8Array[]): Uint8Array {
  const big = syntax === Syntax.bigEndian;
  const meta = elements({ "00020010": ["UI", syntax] }, true, false);
  const body = bytesOf([elements(tags, syntax !== Syntax.implicit, big), ...(frames ? [encapsulated(frames)] : [])]);
  const length = elements({ "00020000": ["UL", new Uint8Array(Uint32Array.of(meta.length).buffer)] }, true, false);
  const dicm = new Uint8Array(132);
  dicm.set([0x44, 0x49, 0x43, 0x4d], 128);
  return bytesOf([dicm, length, meta, syntax === Syntax.deflated ? deflateSync(body) : body]);
}

function encapsulated(frames: readonly Uint8Array[]): Uint8Array {
  const item = (element: number, bytes: Uint8Array) =>
    bytesOf([shorts([0xfffe, element], false), words([bytes.length + (bytes.length % 2)], false), padded(bytes)]);
  return bytesOf([
    shorts([0x7fe0, 0x0010], false),
    Uint8Array.of(0x4f, 0x42, 0, 0, 255, 255, 255, 255), // OB of undefined length
    item(0xe000, new Uint8Array(0)), // empty offset table
    ...frames.map((f) => item(0xe000, f)),
    item(0xe0dd, new Uint8Array(0)),
  ]);
}

function elements(tags: Tags, explicit: boolean, big: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const tag of Object.keys(tags).sort()) {
    if (!tags[tag]) continue;
    const [vr, value] = tags[tag];
    const bytes = valueBytes(value, explicit, big, vr === "UI" ? 0 : 32);
    const long = ["OB", "OW", "SQ", "UN", "UT"].includes(vr);
    parts.push(shorts([Number.parseInt(tag.slice(0, 4), 16), Number.parseInt(tag.slice(4), 16)], big));
    if (explicit) parts.push(new TextEncoder().encode(vr));
    if (explicit && long) parts.push(new Uint8Array(2));
    parts.push(explicit && !long ? shorts([bytes.length], big) : words([bytes.length], big), bytes);
  }
  return bytesOf(parts);
}

function valueBytes(value: TagValue, explicit: boolean, big: boolean, filler: number): Uint8Array {
  if (typeof value === "string") return padded(new TextEncoder().encode(value), filler);
  if (typeof value === "number") return shorts([value], big);
  if (value instanceof Uint8Array) return padded(value);
  return bytesOf(
    value.map((item) => {
      const bytes = elements(item, explicit, big);
      return bytesOf([shorts([0xfffe, 0xe000], big), words([bytes.length], big), bytes]);
    }),
  );
}

const padded = (bytes: Uint8Array, filler = 0) => (bytes.length % 2 ? bytesOf([bytes, Uint8Array.of(filler)]) : bytes);

export function shorts(values: readonly number[], big: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * values.length));
  for (const [n, v] of values.entries()) view.setUint16(2 * n, v & 0xffff, !big);
  return new Uint8Array(view.buffer);
}

function words(values: readonly number[], big: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [n, v] of values.entries()) view.setUint32(4 * n, v, !big);
  return new Uint8Array(view.buffer);
}

export function bytesOf(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const columns = 16,
  rows = 12;

/** CT number of the test body at a position in LPS: linear, so that every interpolation reproduces it. */
export const bodyHu = (x: number, y: number, z: number): number => 2 * x - 3 * y + 5 * z;

export interface SliceOptions {
  readonly position?: readonly [number, number, number]; // mm, LPS
  readonly orientation?: readonly number[];
  readonly spacing?: readonly [number, number]; // mm along row, along column
  readonly hu?: (x: number, y: number, z: number) => number; // of a position in LPS
  readonly tags?: Tags;
  readonly syntax?: string;
}

/** The stored values of a slice: HU + 1024. */
export function storedPixels({
  position = [0, 0, 0],
  orientation = [1, 0, 0, 0, 1, 0],
  spacing = [1, 1],
  hu = bodyHu,
}: SliceOptions): number[] {
  return Array.from({ length: rows * columns }, (_, n) => {
    const i = (n % columns) * spacing[0],
      j = Math.floor(n / columns) * spacing[1];
    const at = (a: number) => position[a]! + i * orientation[a]! + j * orientation[3 + a]!;
    return Math.round(hu(at(0), at(1), at(2))) + 1024;
  });
}

/** Header of slice k of a sound axial series: 16 x 12 pixels of 1 mm, slices 1 mm apart. */
export function sliceTags(
  k: number,
  { position = [0, 0, k], orientation = [1, 0, 0, 0, 1, 0], spacing = [1, 1], tags = {} }: SliceOptions = {},
): Tags {
  return {
    "00080008": ["CS", "ORIGINAL\\PRIMARY\\AXIAL"],
    "00080016": ["UI", "1.2.840.10008.5.1.4.1.1.2"],
    "00080060": ["CS", "CT"],
    "0008103e": ["LO", "Spine 1.0"],
    "00100010": ["PN", "Secret^Patient"],
    "00100020": ["LO", "ID-12345"],
    "00180050": ["DS", "1"],
    "00180060": ["DS", "120"],
    "00181210": ["SH", "B30f"],
    "0020000e": ["UI", "1.2.3"],
    "00200011": ["IS", "4"],
    "00200013": ["IS", `${k + 1}`],
    "00200032": ["DS", position.join("\\")],
    "00200037": ["DS", orientation.join("\\")],
    "00280002": ["US", 1],
    "00280010": ["US", rows],
    "00280011": ["US", columns],
    "00280030": ["DS", `${spacing[1]}\\${spacing[0]}`],
    "00280100": ["US", 16],
    "00280101": ["US", 16],
    "00280102": ["US", 15],
    "00280103": ["US", 0],
    "00281052": ["DS", "-1024"],
    "00281053": ["DS", "1"],
    ...tags,
  };
}

/** File of slice k, uncompressed. */
export function slice(k: number, options: SliceOptions = {}): ScanFile {
  const { syntax = Syntax.explicit } = options;
  const pixels = shorts(storedPixels({ position: [0, 0, k], ...options }), syntax === Syntax.bigEndian);
  return { name: `slice${k}.dcm`, bytes: dicomFile({ ...sliceTags(k, options), "7fe00010": ["OW", pixels] }, syntax) };
}

/** A sound series of so many slices, each changed as `change` says. */
export const series = (count: number, change: (k: number) => SliceOptions = () => ({})): ScanFile[] =>
  Array.from({ length: count }, (_, k) => slice(k, change(k)));
