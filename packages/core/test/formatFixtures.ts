import type { Quantity, Vec3, Volume } from "../src/volume/volume.ts";

/** Rotation about a skew axis, so that no axis of the grid is one of the body. */
export function turned(radians = 0.7): Float64Array {
  const [x, y, z] = [2 / 7, 3 / 7, 6 / 7];
  const c = Math.cos(radians),
    s = Math.sin(radians),
    t = 1 - c;
  return Float64Array.of(
    t * x * x + c,
    t * x * y - s * z,
    t * x * z + s * y,
    t * x * y + s * z,
    t * y * y + c,
    t * y * z - s * x,
    t * x * z - s * y,
    t * y * z + s * x,
    t * z * z + c,
  );
}

/** A volume with values that differ at every voxel. */
export function sample<Q extends Quantity>(
  quantity: Q,
  direction: Float64Array = turned(),
  value = (n: number) => n - 11,
): Volume<Q> {
  const size: Vec3 = [4, 3, 2];
  return {
    quantity,
    size,
    spacing: [0.3, 0.7, 2.5],
    origin: [-12.5, 33.25, -801.5],
    direction,
    data: Float32Array.from({ length: 24 }, (_, n) => value(n)),
  };
}

/** Largest difference between two grids' numbers, mm. */
export function gridDifference(a: Volume, b: Volume): number {
  const all = (v: Volume) => [...v.size, ...v.spacing, ...v.origin, ...v.direction];
  return Math.max(...all(a).map((v, n) => Math.abs(v - all(b)[n]!)));
}

/** Changes one voxel grid's handedness: the first axis points the other way. */
export const mirrored = (direction: Float64Array): Float64Array => direction.map((v, n) => (n % 3 === 0 ? -v : v));

export const types = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;
export type TypeName = keyof typeof types;

/** Numbers as bytes of a type, in either byte order. */
export function stored(values: readonly number[], type: TypeName, big = false): Uint8Array {
  const typed = type === "int64" || type === "uint64" ? new types[type](values.map(BigInt)) : new types[type](values);
  const bytes = new Uint8Array(typed.buffer);
  const width = typed.BYTES_PER_ELEMENT;
  if (big) for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
  return bytes;
}
