import { SpondylError } from "../error.js";
import { type TriangleMesh, type VertexScalars, vertexNormals } from "../volume/triangleMesh.js";
import { concat } from "./gzip.js";

export interface PlyOptions {
  /** Numbers at the vertices; each becomes a float property of that name. */
  readonly scalars?: readonly VertexScalars[];
  /** sRGB colours of the vertices, [3·vertex + channel]. */
  readonly colours?: Uint8Array;
}

/**
 * The surface as binary little-endian PLY: coordinates in mm, LPS, normals, colours and scalars at the vertices.
 * @throws SpondylError "bad-input" when scalars or colours do not fit the vertices or a name has a space
 */
export function writePly(mesh: TriangleMesh, { scalars = [], colours }: PlyOptions = {}): Uint8Array<ArrayBuffer> {
  const count = mesh.vertices.length / 3;
  check(count, scalars, colours);
  const header = plyHeader(count, mesh.triangles.length / 3, scalars, colours !== undefined);
  return concat([new TextEncoder().encode(header), vertexRows(mesh, scalars, colours), faceRows(mesh)]);
}

function plyHeader(vertices: number, faces: number, scalars: readonly VertexScalars[], coloured: boolean): string {
  const lines = [
    "ply",
    "format binary_little_endian 1.0",
    "comment Spondyl surface; coordinates in mm, LPS",
    `element vertex ${vertices}`,
    ...["x", "y", "z", "nx", "ny", "nz"].map((p) => `property float ${p}`),
    ...(coloured ? ["red", "green", "blue"].map((p) => `property uchar ${p}`) : []),
    ...scalars.map((s) => `property float ${s.name}`),
    `element face ${faces}`,
    "property list uchar int vertex_indices",
    "end_header",
  ];
  return `${lines.join("\n")}\n`;
}

function vertexRows(mesh: TriangleMesh, scalars: readonly VertexScalars[], colours?: Uint8Array): Uint8Array {
  const count = mesh.vertices.length / 3;
  const normals = vertexNormals(mesh);
  const rows = new Uint8Array(count * (24 + (colours ? 3 : 0) + 4 * scalars.length));
  const view = new DataView(rows.buffer);
  let at = 0;
  const float = (value: number) => {
    view.setFloat32(at, value, true);
    at += 4;
  };
  for (let v = 0; v < count; v++) {
    for (let axis = 0; axis < 3; axis++) float(mesh.vertices[3 * v + axis]!);
    for (let axis = 0; axis < 3; axis++) float(normals[3 * v + axis]!);
    for (let c = 0; colours && c < 3; c++) rows[at++] = colours[3 * v + c]!;
    for (const s of scalars) float(s.values[v]!);
  }
  return rows;
}

function faceRows({ triangles }: TriangleMesh): Uint8Array {
  const rows = new Uint8Array((triangles.length / 3) * 13);
  const view = new DataView(rows.buffer);
  for (let n = 0, at = 0; n < triangles.length; n += 3, at += 13) {
    rows[at] = 3;
    for (let c = 0; c < 3; c++) view.setInt32(at + 1 + 4 * c, triangles[n + c]!, true);
  }
  return rows;
}

function check(count: number, scalars: readonly VertexScalars[], colours?: Uint8Array): void {
  for (const { name, values } of scalars)
    if (values.length !== count || !/^[\w.-]+$/.test(name))
      throw new SpondylError(
        "bad-input",
        `ply: scalars "${name}" (${values.length} values) do not fit ${count} vertices, or the name has a space.`,
      );
  if (colours && colours.length !== 3 * count)
    throw new SpondylError(
      "bad-input",
      `ply: ${colours.length} colour bytes for ${count} vertices. Give three a vertex.`,
    );
}
