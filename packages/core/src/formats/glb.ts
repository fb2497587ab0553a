import { SpondylError } from "../error.js";
import { type TriangleMesh, type VertexScalars, vertexNormals } from "../volume/triangleMesh.js";
import { concat } from "./gzip.js";

export interface GlbOptions {
  readonly name?: string;
  /** sRGB colours of the vertices, [3·vertex + channel]. */
  readonly colours?: Uint8Array;
  /** Numbers at the vertices; each becomes a custom attribute, "_NAME" in capitals. */
  readonly scalars?: readonly VertexScalars[];
}

/**
 * The surface as binary glTF 2.0. Vertices stay in mm, LPS; the node's matrix turns them to glTF's metres with +Y
 * cranial and +Z anterior, so that a viewer shows the patient upright from the front.
 * @throws SpondylError "bad-input" for an empty mesh, or when colours or scalars do not fit the vertices
 * Source: Khronos, glTF 2.0 specification; vertex colours are linear there, hence the conversion from sRGB.
 */
export function writeGlb(
  mesh: TriangleMesh,
  { name = "vertebra", colours, scalars = [] }: GlbOptions = {},
): Uint8Array<ArrayBuffer> {
  const parts = buffers(mesh, colours, scalars);
  check(mesh, parts);
  const views = layOut(parts);
  const json = {
    asset: { version: "2.0", generator: "Spondyl" },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ name, mesh: 0, matrix: [0.001, 0, 0, 0, 0, 0, -0.001, 0, 0, 0.001, 0, 0, 0, 0, 0, 1] }], // column-major
    meshes: [{ name, primitives: [{ attributes: attributes(parts), indices: 0, material: 0, mode: 4 }] }],
    materials: [{ name: "bone", pbrMetallicRoughness: { metallicFactor: 0, roughnessFactor: 0.8 } }],
    accessors: parts.map((part, bufferView) => ({ bufferView, ...part.accessor })),
    bufferViews: views.map(({ offset, bytes }, n) => ({
      buffer: 0,
      byteOffset: offset,
      byteLength: bytes.length,
      target: n === 0 ? 34963 : 34962, // element array, array buffer
    })),
    buffers: [{ byteLength: views.reduce((end, v) => Math.max(end, v.offset + padded(v.bytes.length)), 0) }],
  };
  const text = new TextEncoder().encode(JSON.stringify(json));
  return container(pad(text, 0x20), concat(views.map((v) => pad(v.bytes, 0))));
}

interface Part {
  readonly attribute?: string; // none: the triangles
  readonly accessor: Readonly<Record<string, unknown>> & { readonly count: number };
  readonly data: Float32Array | Uint16Array | Uint32Array;
}

const float = 5126,
  unsignedShort = 5123,
  unsignedInt = 5125;

function buffers(mesh: TriangleMesh, colours: Uint8Array | undefined, scalars: readonly VertexScalars[]): Part[] {
  const { vertices, triangles } = mesh;
  const vector = (attribute: string, data: Float32Array, extra = {}): Part => ({
    attribute,
    accessor: { componentType: float, type: "VEC3", count: data.length / 3, ...extra },
    data,
  });
  return [
    { accessor: { componentType: unsignedInt, type: "SCALAR", count: triangles.length }, data: triangles },
    vector("POSITION", vertices, bounds(vertices)),
    vector("NORMAL", vertexNormals(mesh)),
    ...(colours ? [colourPart(colours)] : []),
    ...scalars.map(({ name, values }) => ({
      attribute: `_${name.replace(/\W/g, "_").toUpperCase()}`,
      accessor: { componentType: float, type: "SCALAR", count: values.length },
      data: values,
    })),
  ];
}

/** Linear RGBA, 16 bits a channel: 8 would band in the dark, and four channels keep the vertices aligned. */
function colourPart(colours: Uint8Array): Part {
  const count = Math.floor(colours.length / 3);
  const data = new Uint16Array(4 * count).fill(65535);
  for (let v = 0; v < count; v++)
    for (let c = 0; c < 3; c++) data[4 * v + c] = Math.round(65535 * linear(colours[3 * v + c]! / 255));
  return {
    attribute: "COLOR_0",
    accessor: { componentType: unsignedShort, normalized: true, type: "VEC4", count },
    data,
  };
}

/** sRGB to linear light (IEC 61966-2-1), 0 to 1. */
const linear = (s: number): number => (s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4);

function bounds(vertices: Float32Array): { min: number[]; max: number[] } {
  const min = [Infinity, Infinity, Infinity],
    max = [-Infinity, -Infinity, -Infinity];
  for (let n = 0; n < vertices.length; n++) {
    min[n % 3] = Math.min(min[n % 3]!, vertices[n]!);
    max[n % 3] = Math.max(max[n % 3]!, vertices[n]!);
  }
  return { min, max };
}

const attributes = (parts: readonly Part[]): Record<string, number> =>
  Object.fromEntries(parts.flatMap(({ attribute }, n) => (attribute ? [[attribute, n]] : [])));

function layOut(parts: readonly Part[]): { offset: number; bytes: Uint8Array }[] {
  let offset = 0;
  return parts.map(({ data }) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const view = { offset, bytes };
    offset += padded(bytes.length);
    return view;
  });
}

function check({ vertices, triangles }: TriangleMesh, parts: readonly Part[]): void {
  if (triangles.length === 0)
    throw new SpondylError("bad-input", "glb: the surface has no triangle, and glTF cannot hold none.");
  for (const { attribute, accessor } of parts)
    if (attribute && accessor.count !== vertices.length / 3)
      throw new SpondylError(
        "bad-input",
        `glb: ${attribute} has ${accessor.count} values for ${vertices.length / 3} vertices.`,
      );
}

const padded = (length: number): number => Math.ceil(length / 4) * 4;

function pad(bytes: Uint8Array, filler: number): Uint8Array {
  const whole = new Uint8Array(padded(bytes.length)).fill(filler);
  whole.set(bytes);
  return whole;
}

/** 12 bytes of header, then the JSON and the binary chunk. */
function container(json: Uint8Array, binary: Uint8Array): Uint8Array<ArrayBuffer> {
  const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);
  const length = 12 + 8 + json.length + 8 + binary.length;
  return concat([
    words(0x46546c67, 2, length),
    words(json.length, 0x4e4f534a),
    json,
    words(binary.length, 0x004e4942),
    binary,
  ]);
}
