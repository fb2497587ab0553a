import { zlibSync } from "fflate";
import { toBase64 } from "./base64.js";
import { escapeText } from "./escape.js";
import { concat } from "./gzip.js";

/** One array of a VTK XML file. */
export interface VtkArray {
  readonly name: string; // with its unit: "strainEnergyDensityMPa"
  readonly data: Float32Array | Float64Array | Uint8Array | Int16Array | Int32Array;
  /** Values per tuple: 1 scalar; 3 vector x, y, z; 6 symmetric tensor xx, yy, zz, xy, yz, xz. */
  readonly components?: 1 | 3 | 6;
}

/**
 * The array as a DataArray element with inline base64, for files whose header says byte_order="LittleEndian" and
 * header_type="UInt32", and compressor="vtkZLibDataCompressor" when compressed.
 * Source: Kitware, VTK File Formats (VTK XML formats; compressed-data header [blocks, size, last size, packed sizes]).
 */
export function vtkDataArray({ name, data, components = 1 }: VtkArray, compress: boolean): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const names = componentNames[components].map((c, n) => ` ComponentName${n}="${c}"`).join("");
  const open = `<DataArray type="${vtkType(data)}" Name="${escapeText(name)}" NumberOfComponents="${components}"${names} format="binary">`;
  return `${open}${compress ? packed(bytes) : plain(bytes)}</DataArray>`;
}

const componentNames = { 1: [], 3: ["x", "y", "z"], 6: ["xx", "yy", "zz", "xy", "yz", "xz"] } as const;

/** Length, then the bytes, in one piece of base64. */
const plain = (bytes: Uint8Array): string => toBase64(concat([words([bytes.length]), bytes]));

/** Header and zlib blocks, each its own piece of base64. */
function packed(bytes: Uint8Array): string {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += blockSize)
    blocks.push(zlibSync(bytes.subarray(at, at + blockSize), { level: 6 }));
  const header = words([blocks.length, blockSize, bytes.length % blockSize, ...blocks.map((b) => b.length)]);
  return toBase64(header) + toBase64(concat(blocks));
}

const blockSize = 1 << 20;
const words = (values: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

function vtkType(data: VtkArray["data"]): string {
  if (data instanceof Float32Array) return "Float32";
  if (data instanceof Float64Array) return "Float64";
  if (data instanceof Uint8Array) return "UInt8";
  return data instanceof Int16Array ? "Int16" : "Int32";
}
