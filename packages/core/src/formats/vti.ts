import { zlibSync } from "fflate";
import { SpondylError } from "../error.js";
import { type Grid, indexToWorld, type Vec3, voxelCount } from "../volume/volume.js";
import { toBase64 } from "./base64.js";
import { concat } from "./gzip.js";

/** One field of a VTI file. */
export interface VtiArray {
  readonly name: string; // with its unit: "strainEnergyDensityMPa"
  readonly data: Float32Array | Float64Array | Uint8Array | Int16Array | Int32Array;
  /** Values per voxel or node: 1 scalar; 3 vector x, y, z; 6 symmetric tensor xx, yy, zz, xy, yz, xz; in LPS. */
  readonly components?: 1 | 3 | 6;
  /** Where the values sit: in the voxels (size of the grid), or at their corners (size + 1). Default "voxel". */
  readonly at?: "voxel" | "node";
}

export interface VtiOptions {
  /**
   * What a voxel becomes. "cell" (default): a cell, as in the finite-element model, with node values at its corners.
   * "point": a point at the voxel's centre, which programs interpolate between, as is usual for scans.
   */
  readonly voxelsAs?: "cell" | "point";
  readonly compress?: boolean; // default true
}

/**
 * Fields on one grid as VTK XML image data (.vti, inline base64), for ParaView, 3D Slicer and VTK >= 9. Coordinates
 * are mm, LPS; the grid's rotation is in `Direction`, row-major like ours. VTK does not turn vectors and tensors with
 * the grid: give them in LPS.
 * @throws SpondylError "bad-input" when an array does not fit the grid or two share a name
 * Source: Kitware, VTK File Formats (VTK XML formats; compressed-data header [blocks, size, last size, packed sizes]).
 */
export function writeVti(
  arrays: readonly VtiArray[],
  grid: Grid,
  { voxelsAs = "cell", compress = true }: VtiOptions = {},
): Uint8Array<ArrayBuffer> {
  for (const array of arrays) check(array, arrays, grid, voxelsAs);
  const cells = voxelsAs === "cell";
  const extent = grid.size.map((n) => `0 ${cells ? n : n - 1}`).join(" ");
  const origin = cells ? indexToWorld(grid, [-0.5, -0.5, -0.5]) : grid.origin;
  const inCells = arrays.filter((a) => cells && (a.at ?? "voxel") === "voxel");
  const atPoints = arrays.filter((a) => !inCells.includes(a));
  const xml = [
    '<?xml version="1.0"?>',
    `<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" header_type="UInt32"${compress ? ' compressor="vtkZLibDataCompressor"' : ""}>`,
    `<ImageData WholeExtent="${extent}" Origin="${origin.join(" ")}" Spacing="${grid.spacing.join(" ")}" Direction="${Array.from(grid.direction).join(" ")}">`,
    `<Piece Extent="${extent}">`,
    ...section("PointData", atPoints, compress),
    ...section("CellData", inCells, compress),
    "</Piece>",
    "</ImageData>",
    "</VTKFile>",
    "",
  ];
  return new TextEncoder().encode(xml.join("\n"));
}

const section = (tag: string, arrays: readonly VtiArray[], compress: boolean): string[] => [
  `<${tag}${active("Scalars", 1, arrays)}${active("Vectors", 3, arrays)}>`,
  ...arrays.map((array) => dataArray(array, compress)),
  `</${tag}>`,
];

/** The first array of that many components is the one that programs show first. */
function active(role: string, components: number, arrays: readonly VtiArray[]): string {
  const first = arrays.find((a) => (a.components ?? 1) === components);
  return first ? ` ${role}="${escaped(first.name)}"` : "";
}

function dataArray({ name, data, components = 1 }: VtiArray, compress: boolean): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const names = componentNames[components].map((c, n) => ` ComponentName${n}="${c}"`).join("");
  const open = `<DataArray type="${vtkType(data)}" Name="${escaped(name)}" NumberOfComponents="${components}"${names} format="binary">`;
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

function vtkType(data: VtiArray["data"]): string {
  if (data instanceof Float32Array) return "Float32";
  if (data instanceof Float64Array) return "Float64";
  if (data instanceof Uint8Array) return "UInt8";
  return data instanceof Int16Array ? "Int16" : "Int32";
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => `&${{ "&": "amp", "<": "lt", ">": "gt", '"': "quot" }[c]};`);

function check(array: VtiArray, all: readonly VtiArray[], grid: Grid, voxelsAs: "cell" | "point"): void {
  const { name, data, components = 1, at = "voxel" } = array;
  const nodes: Vec3 = [grid.size[0] + 1, grid.size[1] + 1, grid.size[2] + 1];
  const values = components * voxelCount(at === "node" ? nodes : grid.size);
  if (data.length !== values)
    throw new SpondylError(
      "bad-input",
      `vti: "${name}" has ${data.length} values where the grid needs ${values} (${components} per ${at}).`,
    );
  if (at === "node" && voxelsAs === "point")
    throw new SpondylError(
      "bad-option",
      `vti: "${name}" sits at the nodes, but the voxels are written as points. Write them as cells.`,
    );
  if (all.find((a) => a.name === name && (a.at ?? "voxel") === at) !== array)
    throw new SpondylError("bad-input", `vti: two arrays are named "${name}". Give each its own name.`);
}
