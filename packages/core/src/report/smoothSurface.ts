import { SpondylError } from "../error.js";
import type { TriangleMesh } from "../volume/triangleMesh.js";

export interface SmoothSurfaceOptions {
  /** Pairs of steps, one inwards and one outwards. Default 20: takes the stairs off a voxel mask. */
  readonly iterations?: number;
  /** Waves longer than about this many edges pass: 0 to 1, lower is smoother. Default 0.1. */
  readonly passBand?: number;
}

/**
 * The surface without the stairs of its voxels: each vertex steps towards the mean of its neighbours and then further
 * back, which leaves long waves, and so the volume, alone where plain Laplacian smoothing shrinks.
 * @throws SpondylError "bad-option" for a pass band out of (0, 1)
 * Source: Taubin, SIGGRAPH 1995 (lambda-mu signal processing; pass band k = 1/lambda + 1/mu).
 */
export function smoothSurface(
  mesh: TriangleMesh,
  { iterations = 20, passBand = 0.1 }: SmoothSurfaceOptions = {},
): TriangleMesh {
  if (!(passBand > 0 && passBand < 1))
    throw new SpondylError("bad-option", `surface: a pass band of ${passBand} is not between 0 and 1.`, { passBand });
  const around = neighbours(mesh);
  const inwards = 0.6307; // Taubin's example; stable below 1 as the weights add up to 1
  const outwards = 1 / (passBand - 1 / inwards);
  let from = Float64Array.from(mesh.vertices),
    to = new Float64Array(from.length);
  for (let n = 0; n < 2 * iterations; n++) {
    step(from, to, around, n % 2 === 0 ? inwards : outwards);
    [from, to] = [to, from];
  }
  return { vertices: Float32Array.from(from), triangles: mesh.triangles };
}

/** Moves each vertex by `factor` towards the mean of its neighbours. */
function step(from: Float64Array, to: Float64Array, { start, list }: Neighbours, factor: number): void {
  for (let v = 0; v < start.length - 1; v++) {
    let x = 0,
      y = 0,
      z = 0;
    const count = start[v + 1]! - start[v]!;
    for (let n = start[v]!; n < start[v + 1]!; n++) {
      const w = 3 * list[n]!;
      x += from[w]!;
      y += from[w + 1]!;
      z += from[w + 2]!;
    }
    const f = count ? factor / count : 0,
      keep = count ? 1 - factor : 1;
    to[3 * v] = keep * from[3 * v]! + f * x;
    to[3 * v + 1] = keep * from[3 * v + 1]! + f * y;
    to[3 * v + 2] = keep * from[3 * v + 2]! + f * z;
  }
}

interface Neighbours {
  readonly start: Uint32Array; // of vertex v in `list`; one longer than the vertices
  readonly list: Uint32Array; // vertex indices
}

/** On a closed surface each edge runs once in either direction: the next corner of each triangle lists every neighbour once. */
function neighbours({ vertices, triangles }: TriangleMesh): Neighbours {
  const start = new Uint32Array(vertices.length / 3 + 1);
  for (const v of triangles) start[v + 1]!++;
  for (let v = 1; v < start.length; v++) start[v]! += start[v - 1]!;
  const list = new Uint32Array(triangles.length);
  const at = start.slice();
  for (let n = 0; n < triangles.length; n++) list[at[triangles[n]!]!++] = triangles[n % 3 === 2 ? n - 2 : n + 1]!;
  return { start, list };
}
