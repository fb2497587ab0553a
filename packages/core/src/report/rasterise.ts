import { dot, subtract } from "../linalg/vec3.js";
import type { TriangleMesh } from "../volume/triangleMesh.js";
import type { Vec3 } from "../volume/volume.js";

/** A parallel view. Unit vectors in LPS, right-handed: right × up = towards the viewer. */
export interface View {
  readonly name: string; // "from the front and the left"
  readonly right: Vec3; // of the picture
  readonly up: Vec3;
  readonly toViewer: Vec3;
}

/** A view and the pixels that show it. */
export interface Screen {
  readonly view: View;
  readonly centre: Vec3; // mm, LPS, in the middle of the picture
  readonly width: number; // pixels
  readonly height: number;
  readonly pixelsPerMm: number;
}

/** What is seen in each pixel. */
export interface Fragments {
  readonly triangle: Int32Array; // -1: nothing
  readonly depth: Float32Array; // mm towards the viewer, from the centre
  readonly weight: Float32Array; // barycentric, of the triangle's corners 0 and 1: [2·pixel + corner]
}

/** A half space: what lies at `point` and beyond it along `normal` (unit, LPS) is cut away. */
export interface Cut {
  readonly point: Vec3;
  readonly normal: Vec3;
}

/** Position of a point on the screen: pixels right and down, mm towards the viewer. */
export function project({ view, centre, width, height, pixelsPerMm }: Screen, point: Vec3): Vec3 {
  const d = subtract(point, centre);
  return [
    width / 2 + pixelsPerMm * dot(d, view.right),
    height / 2 - pixelsPerMm * dot(d, view.up),
    dot(d, view.toViewer),
  ];
}

/** The nearest point of the mesh in each pixel that the cut has left. */
export function rasterise(mesh: TriangleMesh, screen: Screen, cut?: Cut): Fragments {
  const { width, height } = screen;
  const seen: Fragments = {
    triangle: new Int32Array(width * height).fill(-1),
    depth: new Float32Array(width * height).fill(-Infinity),
    weight: new Float32Array(2 * width * height),
  };
  const corners = projectAll(mesh, screen);
  const away = cut && heights(mesh, cut);
  for (let t = 0; t < mesh.triangles.length; t += 3) {
    const a = mesh.triangles[t]!,
      b = mesh.triangles[t + 1]!,
      c = mesh.triangles[t + 2]!;
    if (away && away[a]! > 0 && away[b]! > 0 && away[c]! > 0) continue;
    fill(seen, width, height, corners, a, b, c, t / 3, away);
  }
  return seen;
}

/** Pixels whose centre lies in the triangle, by edge functions; either side of it is seen. */
function fill(
  { triangle, depth, weight }: Fragments,
  width: number,
  height: number,
  p: Float32Array,
  a: number,
  b: number,
  c: number,
  index: number,
  away: Float32Array | undefined,
): void {
  const ax = p[3 * a]!,
    ay = p[3 * a + 1]!,
    bx = p[3 * b]!,
    by = p[3 * b + 1]!,
    cx = p[3 * c]!,
    cy = p[3 * c + 1]!;
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  if (area === 0) return;
  const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5)),
    right = Math.min(width - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5)),
    bottom = Math.min(height - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const px = x + 0.5,
        py = y + 0.5;
      const wa = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area;
      const wb = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area;
      const wc = 1 - wa - wb;
      if (wa < 0 || wb < 0 || wc < 0) continue;
      const z = wa * p[3 * a + 2]! + wb * p[3 * b + 2]! + wc * p[3 * c + 2]!;
      const n = x + width * y;
      if (z <= depth[n]!) continue;
      if (away && wa * away[a]! + wb * away[b]! + wc * away[c]! > 0) continue;
      depth[n] = z;
      triangle[n] = index;
      weight[2 * n] = wa;
      weight[2 * n + 1] = wb;
    }
}

function projectAll({ vertices: v }: TriangleMesh, screen: Screen): Float32Array {
  const corners = new Float32Array(v.length);
  for (let n = 0; n < v.length; n += 3) corners.set(project(screen, [v[n]!, v[n + 1]!, v[n + 2]!]), n);
  return corners;
}

/** Height of each vertex above the cut, mm. */
function heights({ vertices: v }: TriangleMesh, { point, normal }: Cut): Float32Array {
  return Float32Array.from({ length: v.length / 3 }, (_, n) =>
    dot(subtract([v[3 * n]!, v[3 * n + 1]!, v[3 * n + 2]!], point), normal),
  );
}
