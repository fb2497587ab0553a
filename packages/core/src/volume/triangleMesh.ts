import type { Vec3 } from "./volume.js";

/** A triangulated surface. Closed surfaces turn their triangles counter-clockwise as seen from outside. */
export interface TriangleMesh {
  readonly vertices: Float32Array; // mm, LPS, [3·vertex + axis]
  readonly triangles: Uint32Array; // vertex indices, [3·triangle + corner]
}

/** One number per vertex, such as a field sampled on the surface. */
export interface VertexScalars {
  readonly name: string; // with its unit: "strainEnergyDensityMPa"
  readonly values: Float32Array;
}

/** Corner 0, 1 or 2 of a triangle, mm, LPS. */
export function corner({ vertices, triangles }: TriangleMesh, triangle: number, which: 0 | 1 | 2): Vec3 {
  const v = 3 * triangles[3 * triangle + which]!;
  return [vertices[v]!, vertices[v + 1]!, vertices[v + 2]!];
}

/** Twice the area (mm²) times the outward unit normal of each triangle: [3·triangle + axis]. */
export function areaVectors({ vertices: p, triangles: t }: TriangleMesh): Float32Array {
  const normals = new Float32Array(t.length);
  for (let n = 0; n < t.length; n += 3) {
    const a = 3 * t[n]!,
      b = 3 * t[n + 1]!,
      c = 3 * t[n + 2]!;
    const ux = p[b]! - p[a]!,
      uy = p[b + 1]! - p[a + 1]!,
      uz = p[b + 2]! - p[a + 2]!;
    const vx = p[c]! - p[a]!,
      vy = p[c + 1]! - p[a + 1]!,
      vz = p[c + 2]! - p[a + 2]!;
    normals[n] = uy * vz - uz * vy;
    normals[n + 1] = uz * vx - ux * vz;
    normals[n + 2] = ux * vy - uy * vx;
  }
  return normals;
}

/** Outward unit normals of the vertices, weighted by the area of the triangles around: [3·vertex + axis]. */
export function vertexNormals(mesh: TriangleMesh): Float32Array {
  const faces = areaVectors(mesh);
  const normals = new Float32Array(mesh.vertices.length);
  for (let n = 0; n < mesh.triangles.length; n++) {
    const v = 3 * mesh.triangles[n]!,
      f = n - (n % 3);
    for (let axis = 0; axis < 3; axis++) normals[v + axis]! += faces[f + axis]!;
  }
  for (let v = 0; v < normals.length; v += 3) {
    const size = Math.hypot(normals[v]!, normals[v + 1]!, normals[v + 2]!) || 1;
    for (let axis = 0; axis < 3; axis++) normals[v + axis]! /= size;
  }
  return normals;
}

/** Area of the surface, mm². */
export function surfaceArea(mesh: TriangleMesh): number {
  const n = areaVectors(mesh);
  let twice = 0;
  for (let i = 0; i < n.length; i += 3) twice += Math.hypot(n[i]!, n[i + 1]!, n[i + 2]!);
  return twice / 2;
}

/** Volume inside a closed surface, mm³ (divergence theorem); negative when it is turned inside out. */
export function enclosedVolume(mesh: TriangleMesh): number {
  const n = areaVectors(mesh);
  const { vertices: p, triangles: t } = mesh;
  let six = 0;
  for (let i = 0; i < t.length; i += 3) {
    const a = 3 * t[i]!;
    six += p[a]! * n[i]! + p[a + 1]! * n[i + 1]! + p[a + 2]! * n[i + 2]!;
  }
  return six / 6;
}
