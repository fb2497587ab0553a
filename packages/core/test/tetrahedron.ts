import type { TriangleMesh } from "../src/volume/triangleMesh.js";

/** The corner of a cube of 10 mm, away from the origin, turned outwards. */
export const tetrahedron: TriangleMesh = {
  vertices: Float32Array.of(5, -3, 2, 15, -3, 2, 5, 7, 2, 5, -3, 12),
  triangles: Uint32Array.of(0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3),
};
