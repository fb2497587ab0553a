import { unzipSync } from "fflate";

export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float64Array; // C order
}

/** The arrays of a NumPy .npz archive (zip of .npy, version 1 or 2, C order), by name. */
export function readNpz(bytes: Uint8Array): Record<string, NpyArray> {
  const arrays: Record<string, NpyArray> = {};
  for (const [name, npy] of Object.entries(unzipSync(bytes)))
    if (name.endsWith(".npy")) arrays[name.slice(0, -4)] = readNpy(npy);
  return arrays;
}

function readNpy(npy: Uint8Array): NpyArray {
  const view = new DataView(npy.buffer, npy.byteOffset, npy.byteLength);
  const long = npy[6]! > 1;
  const start = long ? 12 : 10;
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = new TextDecoder().decode(npy.subarray(start, start + length));
  const descr = /'descr': '([^']+)'/.exec(header)?.[1] ?? "";
  if (/'fortran_order': True/.test(header)) throw new Error("npz: Fortran order");
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "")
    .split(",")
    .filter((s) => s.trim())
    .map(Number);
  const read = readers[descr];
  if (!read) throw new Error(`npz: no reader for ${descr}`);
  const [size, value] = read;
  const count = shape.reduce((a, b) => a * b, 1);
  const data = Float64Array.from({ length: count }, (_, i) => value(view, start + length + i * size));
  return { shape, data };
}

const readers: Readonly<Record<string, readonly [number, (view: DataView, at: number) => number]>> = {
  "|u1": [1, (v, at) => v.getUint8(at)],
  "<f4": [4, (v, at) => v.getFloat32(at, true)],
  "<f8": [8, (v, at) => v.getFloat64(at, true)],
  "<i8": [8, (v, at) => Number(v.getBigInt64(at, true))],
};
