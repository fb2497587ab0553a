import { SpondylError } from "../error.js";
import { checkModel } from "../volume/checkModel.js";
import { nodeCount } from "../volume/fixedUnknowns.js";
import { indexToWorld, type Vec3 } from "../volume/volume.js";
import type { VoxelModel } from "../volume/voxelModel.js";

/**
 * The elements of a voxel model and the nodes that they touch, both in the order of the grid. Coordinates are mm along
 * the grid's axes, from the lower corner of voxel (0, 0, 0): the axes of the constraints.
 */
export interface HexMesh {
  readonly size: Vec3; // voxels
  readonly spacing: Vec3; // mm
  readonly voxel: Uint32Array; // of each element, ascending
  readonly node: Uint32Array; // grid index of each node, ascending
  readonly position: Int32Array; // in `node`, of each grid node; −1 where no element is
}

/** @throws SpondylError "bad-input" for a model that is none, or without elements */
export function hexMesh(model: VoxelModel): HexMesh {
  checkModel(model, "export");
  const { size, spacing, data } = model.modulus;
  const voxel = indices(data.length, (v) => data[v]! > 0);
  if (voxel.length === 0)
    throw new SpondylError("bad-input", "export: the modulus is 0 everywhere: no element. Check the image.");
  const position = new Int32Array(nodeCount(size)).fill(-1);
  for (const v of voxel) for (let c = 0; c < 8; c++) position[cornerNode(size, v, c)] = 0;
  const node = indices(position.length, (n) => position[n] === 0);
  for (const [at, n] of node.entries()) position[n] = at;
  return { size, spacing, voxel, node, position };
}

/** Grid node at the corner of a voxel whose x, y, z are bits 0, 1, 2 of `corner`. */
function cornerNode([nx, ny]: Vec3, voxel: number, corner: number): number {
  const x = (voxel % nx) + (corner & 1);
  const y = (Math.floor(voxel / nx) % ny) + ((corner >> 1) & 1);
  const z = Math.floor(voxel / (nx * ny)) + (corner >> 2);
  return x + (nx + 1) * (y + (ny + 1) * z);
}

/** Corners in the order of most programs: round the lower face, then round the upper one, x before y. */
export const roundFaces = [0, 1, 3, 2, 4, 5, 7, 6] as const;

/** Corners in the order of the grid: x fastest, then y, then z. */
export const gridOrder = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Position in `node` of the eight corners of an element. */
export const cornersOf = ({ size, voxel, position }: HexMesh, element: number, order: readonly number[]): number[] =>
  order.map((corner) => position[cornerNode(size, voxel[element]!, corner)]!);

/** Position in `node` of those grid nodes that touch an element. */
export const positionsOf = ({ position }: HexMesh, nodes: Uint32Array = new Uint32Array()): number[] =>
  Array.from(nodes, (n) => position[n] ?? -1).filter((at) => at >= 0);

/** Coordinates of a node, mm. */
export function coordinatesOf({ size, spacing, node }: HexMesh, at: number): Vec3 {
  const [nx, ny] = [size[0] + 1, size[1] + 1];
  const n = node[at]!;
  return [(n % nx) * spacing[0], (Math.floor(n / nx) % ny) * spacing[1], Math.floor(n / (nx * ny)) * spacing[2]];
}

/** Where the mesh lies in the patient: LPS = origin + direction · coordinates. */
export function placement({ modulus }: VoxelModel): { readonly originMm: Vec3; readonly direction: readonly number[] } {
  return { originMm: indexToWorld(modulus, [-0.5, -0.5, -0.5]), direction: [...modulus.direction] };
}

function indices(count: number, chosen: (index: number) => boolean): Uint32Array {
  let found = 0;
  for (let i = 0; i < count; i++) if (chosen(i)) found++;
  const list = new Uint32Array(found);
  for (let i = 0, at = 0; i < count; i++) if (chosen(i)) list[at++] = i;
  return list;
}
