import { add, dot, scale, subtract, unit } from "../linalg/vec3.js";
import type { Mask } from "../volume/mask.js";
import { type TriangleMesh, vertexNormals } from "../volume/triangleMesh.js";
import type { Volume } from "../volume/volume.js";
import { colourAt, type Rgb } from "./colour.js";
import { fieldAt } from "./fieldAt.js";
import type { Pixels } from "./paint.js";
import { pixelMap } from "./pixelMap.js";
import { type Cut, type Fragments, rasterise, type Screen, type View } from "./rasterise.js";
import type { ColourScale } from "./scale.js";

/** The model as it is drawn. */
export interface Scene {
  readonly bone: TriangleMesh;
  readonly values: Float32Array; // field at the vertices of the bone, in its unit
  readonly field: Volume; // the same field, for the face of a cut
  readonly mask: Mask; // voxels of the field that count
  readonly scale: ColourScale;
  readonly caps?: TriangleMesh; // drawn as glass
}

/**
 * A picture of the model, shaded, on white. Pixels are computed at twice the size and averaged.
 * @param cut takes a part away; the face it leaves shows the field inside
 */
export function renderSurface(scene: Scene, screen: Screen, cut?: Cut): Pixels {
  const fine: Screen = {
    ...screen,
    width: 2 * screen.width,
    height: 2 * screen.height,
    pixelsPerMm: 2 * screen.pixelsPerMm,
  };
  const rgb = new Float32Array(3 * fine.width * fine.height).fill(255);
  const bone = rasterise(scene.bone, fine, cut);
  paintBone(rgb, bone, scene, fine, cut);
  if (scene.caps) paintGlass(rgb, rasterise(scene.caps, fine, cut), bone, scene.caps, fine);
  return halved(rgb, fine);
}

function paintBone(rgb: Float32Array, seen: Fragments, scene: Scene, screen: Screen, cut?: Cut): void {
  const normals = vertexNormals(scene.bone);
  const shade = shader(screen.view);
  const onCut = cut && cutFace(scene, screen, cut);
  const [vx, vy, vz] = screen.view.toViewer;
  const { triangles } = scene.bone;
  for (let n = 0; n < seen.triangle.length; n++) {
    const t = seen.triangle[n]!;
    if (t < 0) continue;
    const a = triangles[3 * t]!,
      b = triangles[3 * t + 1]!,
      c = triangles[3 * t + 2]!;
    const wa = seen.weight[2 * n]!,
      wb = seen.weight[2 * n + 1]!,
      wc = 1 - wa - wb;
    const x = wa * normals[3 * a]! + wb * normals[3 * b]! + wc * normals[3 * c]!,
      y = wa * normals[3 * a + 1]! + wb * normals[3 * b + 1]! + wc * normals[3 * c + 1]!,
      z = wa * normals[3 * a + 2]! + wb * normals[3 * b + 2]! + wc * normals[3 * c + 2]!;
    const inside = onCut !== undefined && x * vx + y * vy + z * vz < 0; // its back is seen: through the cut
    const value = inside
      ? onCut(n % screen.width, Math.floor(n / screen.width))
      : wa * scene.values[a]! + wb * scene.values[b]! + wc * scene.values[c]!;
    const colour = Number.isNaN(value) ? hollow : colourAt(scene.scale.map, value / scene.scale.high);
    if (inside) shade(rgb, n, colour, cut!.normal[0], cut!.normal[1], cut!.normal[2]);
    else shade(rgb, n, colour, x, y, z);
  }
}

/** The field where the line of sight through a pixel meets the cut. */
function cutFace({ field, mask }: Scene, screen: Screen, cut: Cut): (x: number, y: number) => number {
  const { view, centre, width, height, pixelsPerMm } = screen;
  const { start, right, down } = pixelMap(field, (x, y) => {
    const across = scale(view.right, (x + 0.5 - width / 2) / pixelsPerMm);
    const from = add(centre, add(across, scale(view.up, (height / 2 - y - 0.5) / pixelsPerMm)));
    const along = dot(subtract(cut.point, from), cut.normal) / dot(view.toViewer, cut.normal);
    return add(from, scale(view.toViewer, along));
  });
  return (x, y) =>
    fieldAt(
      field.data,
      mask,
      field.size,
      start[0] + x * right[0] + y * down[0],
      start[1] + x * right[1] + y * down[1],
      start[2] + x * right[2] + y * down[2],
    );
}

/** Caps in front of the bone, or beside it: a thin grey veil that lets the bone through, denser at the rims. */
function paintGlass(rgb: Float32Array, seen: Fragments, bone: Fragments, mesh: TriangleMesh, screen: Screen): void {
  const normals = vertexNormals(mesh);
  for (let n = 0; n < seen.triangle.length; n++) {
    const t = seen.triangle[n]!;
    if (t < 0 || seen.depth[n]! < bone.depth[n]! + touching) continue;
    const v = 3 * mesh.triangles[3 * t]!;
    const facing = Math.abs(dot([normals[v]!, normals[v + 1]!, normals[v + 2]!], screen.view.toViewer));
    const opacity = 0.28 + 0.35 * (1 - facing) ** 2;
    for (let c = 0; c < 3; c++) rgb[3 * n + c] = rgb[3 * n + c]! * (1 - opacity) + glass[c]! * opacity;
  }
}

/** Glass that lies on the bone is not drawn, mm: where the two surfaces touch they would show in stripes. */
const touching = 1;

const glass: Rgb = [150, 160, 172];
const hollow: Rgb = [190, 190, 190];

/** Soft light from over the viewer's left shoulder and some from everywhere, so that the colours stay readable. */
function shader({ toViewer, up, right }: View) {
  const [lx, ly, lz] = unit(add(toViewer, add(scale(up, 0.55), scale(right, -0.45))));
  const [hx, hy, hz] = unit(add([lx, ly, lz], toViewer)); // half way to the viewer, for the shine
  return (rgb: Float32Array, pixel: number, colour: Rgb, x: number, y: number, z: number): void => {
    const size = Math.sqrt(x * x + y * y + z * z) || 1;
    const diffuse = 0.42 + (0.62 * Math.max(0, x * lx + y * ly + z * lz)) / size;
    const shine = 26 * (Math.max(0, x * hx + y * hy + z * hz) / size) ** 24;
    for (let c = 0; c < 3; c++) rgb[3 * pixel + c] = diffuse * colour[c]! + shine;
  };
}

/** The mean of each two by two pixels. */
function halved(rgb: Float32Array, { width }: Screen): Pixels {
  const w = width / 2,
    h = rgb.length / (3 * width) / 2;
  const rgba = new Uint8ClampedArray(4 * w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const n = 3 * (2 * x + width * 2 * y);
      for (let c = 0; c < 3; c++)
        rgba[4 * (x + w * y) + c] =
          (rgb[n + c]! + rgb[n + 3 + c]! + rgb[n + 3 * width + c]! + rgb[n + 3 * width + 3 + c]!) / 4;
      rgba[4 * (x + w * y) + 3] = 255;
    }
  return { rgba, width: w, height: h };
}
