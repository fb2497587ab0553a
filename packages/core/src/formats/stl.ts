import { areaVectors, type TriangleMesh } from "../volume/triangleMesh.js";

/**
 * The surface as binary STL, coordinates in mm, LPS. STL has no units, no shared vertices and no scalars: write PLY
 * or GLB to keep those.
 */
export function writeStl(mesh: TriangleMesh): Uint8Array<ArrayBuffer> {
  const count = mesh.triangles.length / 3;
  const file = new Uint8Array(84 + 50 * count);
  file.set(new TextEncoder().encode("Spondyl surface, mm, LPS")); // 80 bytes; must not begin with "solid"
  const view = new DataView(file.buffer);
  view.setUint32(80, count, true);
  const normals = areaVectors(mesh);
  for (let t = 0, at = 84; t < count; t++, at += 50) {
    const n = normals.subarray(3 * t, 3 * t + 3);
    const size = Math.hypot(n[0]!, n[1]!, n[2]!) || 1; // a triangle without area has no normal: zeros are allowed
    for (let axis = 0; axis < 3; axis++) {
      view.setFloat32(at + 4 * axis, n[axis]! / size, true);
      for (let c = 0; c < 3; c++)
        view.setFloat32(at + 12 + 12 * c + 4 * axis, mesh.vertices[3 * mesh.triangles[3 * t + c]! + axis]!, true);
    }
  }
  return file;
}
