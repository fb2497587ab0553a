import { SpondylError } from "../error.js";
import type { Quantity, Vec3, Volume } from "../volume/volume.js";

/** How a file stores one number. */
export type ScalarType =
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float32"
  | "float64";

/** Bytes of one number. */
export const scalarBytes = (type: ScalarType): number => Number.parseInt(type.replace(/\D+/, ""), 10) / 8;

export interface ScalarLayout {
  readonly type: ScalarType;
  readonly littleEndian: boolean;
  readonly slope?: number; // value = slope·stored + intercept
  readonly intercept?: number;
}

/**
 * The first `count` stored numbers as float32, scaled. Every host of JavaScript in use is little-endian.
 * @param stored at least count · scalarBytes(type) bytes, at any alignment
 */
export function decodeScalars(stored: Uint8Array, count: number, layout: ScalarLayout): Float32Array {
  const { type, littleEndian, slope = 1, intercept = 0 } = layout;
  const width = scalarBytes(type);
  const bytes = new Uint8Array(count * width); // aligned, and ours to swap
  bytes.set(stored.subarray(0, bytes.length)); // not slice(): on Node's Buffer that is a view
  if (!littleEndian) swapBytes(bytes, width);
  const values = view(bytes.buffer, type);
  const out = new Float32Array(count);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array)
    for (let i = 0; i < count; i++) out[i] = slope * Number(values[i]!) + intercept;
  else if (slope === 1 && intercept === 0) out.set(values);
  else for (let i = 0; i < count; i++) out[i] = slope * values[i]! + intercept;
  return out;
}

/** Numbers as stored bytes, little-endian. Values must fit the type: see `smallestType`. */
export function encodeScalars(values: Float32Array, type: ScalarType): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * scalarBytes(type));
  const stored = view(bytes.buffer, type);
  if (stored instanceof BigInt64Array || stored instanceof BigUint64Array)
    throw new Error("64-bit integers are not written");
  stored.set(values);
  return bytes;
}

/** The smallest type that holds every value exactly; float32 unless all are whole numbers. */
export function smallestType(values: Float32Array): ScalarType {
  let low = 0,
    high = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!Number.isInteger(v)) return "float32";
    if (v < low) low = v;
    else if (v > high) high = v;
  }
  const fits = ([, min, max]: readonly [ScalarType, number, number]) => low >= min && high <= max;
  return integerRanges.find(fits)?.[0] ?? "float32";
}

const integerRanges = [
  ["uint8", 0, 255],
  ["int16", -32768, 32767],
  ["uint16", 0, 65535],
  ["int32", -(2 ** 31), 2 ** 31 - 1],
] as const;

function view(buffer: ArrayBuffer, type: ScalarType) {
  switch (type) {
    case "int8":
      return new Int8Array(buffer);
    case "uint8":
      return new Uint8Array(buffer);
    case "int16":
      return new Int16Array(buffer);
    case "uint16":
      return new Uint16Array(buffer);
    case "int32":
      return new Int32Array(buffer);
    case "uint32":
      return new Uint32Array(buffer);
    case "int64":
      return new BigInt64Array(buffer);
    case "uint64":
      return new BigUint64Array(buffer);
    case "float32":
      return new Float32Array(buffer);
    case "float64":
      return new Float64Array(buffer);
  }
}

function swapBytes(bytes: Uint8Array, width: number): void {
  for (let at = 0; at + width <= bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

/**
 * The volume itself, once every voxel is a finite number.
 * @throws SpondylError "bad-input" with the number of bad voxels and where the first one is
 */
export function requireFinite<Q extends Quantity>(volume: Volume<Q>, format: string): Volume<Q> {
  const { data, size } = volume;
  let bad = 0,
    first = -1;
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]!)) {
      if (bad++ === 0) first = i;
    }
  if (bad === 0) return volume;
  const voxel = voxelOf(first, size);
  throw new SpondylError(
    "bad-input",
    `${format}: ${bad} of ${data.length} voxels are not finite numbers (NaN or infinite), the first at voxel (${voxel.join(", ")}). ` +
      "Replace them, e.g. air (-1024 HU) outside the field of view, and save the image again.",
    { count: bad, first: voxel },
  );
}

/** Grid position of the voxel with this index. */
export const voxelOf = (index: number, [nx, ny]: Vec3): Vec3 => [
  index % nx,
  Math.floor(index / nx) % ny,
  Math.floor(index / (nx * ny)),
];
