import { SpondylError } from "../error.js";
import { type Grid, indexToWorld, type Vec3, voxelCount } from "../volume/volume.js";
import { escapeText } from "./escape.js";
import { type VtkArray, vtkDataArray } from "./vtkDataArray.js";

/** One field of a VTI file; vectors and tensors in LPS. */
export interface VtiArray extends VtkArray {
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
 * Source: Kitware, VTK File Formats (VTK XML formats).
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
  ...arrays.map((array) => vtkDataArray(array, compress)),
  `</${tag}>`,
];

/** The first array of that many components is the one that programs show first. */
function active(role: string, components: number, arrays: readonly VtiArray[]): string {
  const first = arrays.find((a) => (a.components ?? 1) === components);
  return first ? ` ${role}="${escapeText(first.name)}"` : "";
}

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
