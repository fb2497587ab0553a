import caseTable from "@kitware/vtk.js/Filters/General/ImageMarchingCubes/caseTable.js";
import { SpondylError } from "../error.js";
import type { Run } from "../run.js";
import type { TriangleMesh } from "../volume/triangleMesh.js";
import { type Grid, indexToWorld } from "../volume/volume.js";

export interface IsoSurfaceOptions {
  /** Value at the surface; the inside is at or above it. Default 0.5, half way into a mask. */
  readonly level?: number;
}

/**
 * Where the values, linear between voxel centres, cross a level: marching cubes over typed arrays with vtk.js's case
 * table. (vtk.js's own filter prints its time to standard output and is four times slower.) The grid is surrounded by
 * one layer of outside, so that the surface is closed: each edge belongs to exactly two triangles.
 *
 * @param values one per voxel of the grid, x fastest: a mask, or a field
 * @returns vertices in LPS, mm; triangles counter-clockwise as seen from outside, for left-handed grids too
 * @throws SpondylError "bad-input" when nothing lies at or above the level
 * Source: Lorensen & Cline, SIGGRAPH 1987.
 */
export function isoSurface(
  values: ArrayLike<number>,
  grid: Grid,
  { level = 0.5 }: IsoSurfaceOptions = {},
  run: Run = {},
): TriangleMesh {
  const mesh = march(surround(values, grid, level), grid, level, run);
  if (mesh.triangles.length === 0)
    throw new SpondylError("bad-input", `surface: no voxel reaches ${level}, so there is no surface. Check the mask.`, {
      level,
    });
  return inWorld(mesh, grid);
}

/** The values with one more layer on every side, which lies below the level. */
function surround(values: ArrayLike<number>, { size: [nx, ny, nz] }: Grid, level: number): Float32Array {
  const mx = nx + 2,
    my = ny + 2;
  let low = Infinity,
    high = -Infinity;
  for (let n = 0; n < values.length; n++) {
    if (values[n]! < low) low = values[n]!;
    if (values[n]! > high) high = values[n]!;
  }
  low = Math.min(low, 2 * level - high); // a mask that touches the edge of the grid is surrounded by 0
  const padded = new Float32Array(mx * my * (nz + 2)).fill(low);
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) padded[i + 1 + mx * (j + 1 + my * (k + 1))] = values[n++]!;
  return padded;
}

/** VTK's corner numbers run around the faces; ours are x, y, z bits. */
const vtkCorner = [0, 1, 3, 2, 4, 5, 7, 6] as const;
const cases = Array.from({ length: 256 }, (_, ours) => {
  let index = 0;
  for (let n = 0; n < 8; n++) if (ours & (1 << vtkCorner[n]!)) index |= 1 << n;
  const edges = caseTable.getCase(index);
  return Uint8Array.from(edges.slice(0, edges.indexOf(-1) < 0 ? edges.length : edges.indexOf(-1)));
});
const edgeCorners = Array.from({ length: 12 }, (_, edge) => caseTable.getEdge(edge));

/** The surface in voxel indices of the unpadded grid. Vertices are shared: one per cut edge of the grid. */
function march(field: Float32Array, { size }: Grid, level: number, run: Run): TriangleMesh {
  const mx = size[0] + 2,
    my = size[1] + 2,
    mz = size[2] + 2;
  const step = [1, mx, mx * my] as const;
  const offset = Array.from({ length: 8 }, (_, c) => (c & 1) + mx * ((c >> 1) & 1) + mx * my * (c >> 2));
  const vertexOf = new Map<number, number>(); // by 3·voxel + axis of the cut edge
  const vertices: number[] = [],
    triangles: number[] = [];

  const vertex = (voxel: number, edge: number, i: number, j: number, k: number): number => {
    const [a, b] = edgeCorners[edge]!;
    const axis = (b - a) >> 1; // corners of an edge differ by 1, 2 or 4: axis 0, 1, 2
    const key = 3 * (voxel + offset[a]!) + axis;
    const known = vertexOf.get(key);
    if (known !== undefined) return known;
    const from = field[voxel + offset[a]!]!;
    const t = (level - from) / (field[voxel + offset[a]! + step[axis]!]! - from);
    const at = vertices.length / 3;
    vertices.push(i - 1 + (a & 1), j - 1 + ((a >> 1) & 1), k - 1 + (a >> 2));
    vertices[3 * at + axis]! += t;
    vertexOf.set(key, at);
    return at;
  };

  for (let k = 0; k < mz - 1; k++) {
    run.signal?.throwIfAborted();
    for (let j = 0; j < my - 1; j++)
      for (let i = 0, voxel = mx * (j + my * k); i < mx - 1; i++, voxel++) {
        let corners = 0;
        for (let c = 0; c < 8; c++) if (field[voxel + offset[c]!]! >= level) corners |= 1 << c;
        if (corners === 0 || corners === 255) continue;
        for (const edge of cases[corners]!) triangles.push(vertex(voxel, edge, i, j, k));
      }
  }
  return { vertices: Float32Array.from(vertices), triangles: Uint32Array.from(triangles) };
}

/** Indices to mm, LPS, with the triangles turned outwards. */
function inWorld({ vertices, triangles }: TriangleMesh, grid: Grid): TriangleMesh {
  const world = new Float32Array(vertices.length);
  for (let v = 0; v < vertices.length; v += 3)
    world.set(indexToWorld(grid, [vertices[v]!, vertices[v + 1]!, vertices[v + 2]!]), v);
  if (determinant(grid.direction) > 0) return { vertices: world, triangles };
  const turned = triangles.slice();
  for (let n = 0; n < turned.length; n += 3) [turned[n], turned[n + 1]] = [turned[n + 1]!, turned[n]!];
  return { vertices: world, triangles: turned };
}

const determinant = (d: Float64Array): number =>
  d[0]! * (d[4]! * d[8]! - d[5]! * d[7]!) -
  d[1]! * (d[3]! * d[8]! - d[5]! * d[6]!) +
  d[2]! * (d[3]! * d[7]! - d[4]! * d[6]!);
