import { expect, test } from "vitest";
import { isoSurface } from "../src/report/isoSurface.js";
import { sampleSurface } from "../src/report/sampleSurface.js";
import { smoothSurface } from "../src/report/smoothSurface.js";
import { enclosedVolume, surfaceArea, type TriangleMesh, vertexNormals } from "../src/volume/triangleMesh.js";
import { type Grid, identityDirection, indexToWorld, type Vec3, type Volume } from "../src/volume/volume.js";

const h = 0.5; // mm
const grid: Grid = { size: [48, 48, 48], spacing: [h, h, h], origin: [-30, 12, 7], direction: identityDirection() };
const centre = indexToWorld(grid, [23.3, 23.7, 23.5]); // between the voxels, as nature has it
const radius = 9; // mm
const sphere = { volume: (4 / 3) * Math.PI * radius ** 3, area: 4 * Math.PI * radius ** 2 };

/** One value per voxel of a grid from its place in LPS. */
function field(g: Grid, value: (p: Vec3) => number): Float32Array {
  const [nx, ny, nz] = g.size;
  return Float32Array.from({ length: nx * ny * nz }, (_, n) =>
    value(indexToWorld(g, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))])),
  );
}
const distance = (p: Vec3) => Math.hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]);

/** How often each edge is used, by its two vertices. */
function edgeUse({ triangles: t }: TriangleMesh): Map<string, number> {
  const use = new Map<string, number>();
  for (let n = 0; n < t.length; n++) {
    const a = t[n]!,
      b = t[n % 3 === 2 ? n - 2 : n + 1]!;
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    use.set(key, (use.get(key) ?? 0) + 1);
  }
  return use;
}
const isClosed = (mesh: TriangleMesh) => [...edgeUse(mesh).values()].every((count) => count === 2);
const euler = (mesh: TriangleMesh) => mesh.vertices.length / 3 - edgeUse(mesh).size + mesh.triangles.length / 3;

test("the surface of a sphere is closed, of Euler number 2, and right in volume and area to (h/R)²", () => {
  const mesh = isoSurface(
    field(grid, (p) => radius - distance(p)),
    grid,
    { level: 0 },
  );
  expect(isClosed(mesh)).toBe(true);
  expect(euler(mesh)).toBe(2);
  const tolerance = (h / radius) ** 2; // flat triangles within a curved surface miss by h²/(8R), in radius
  expect(Math.abs(enclosedVolume(mesh) / sphere.volume - 1)).toBeLessThan(tolerance);
  expect(Math.abs(surfaceArea(mesh) / sphere.area - 1)).toBeLessThan(tolerance);
});

test("the error in volume falls with h²", () => {
  const error = (n: number) => {
    const s = 24 / n;
    const g: Grid = { ...grid, size: [n, n, n], spacing: [s, s, s] };
    return Math.abs(
      enclosedVolume(
        isoSurface(
          field(g, (p) => radius - distance(p)),
          g,
          { level: 0 },
        ),
      ) /
        sphere.volume -
        1,
    );
  };
  expect(Math.log2(error(24) / error(48))).toBeGreaterThan(1.8);
});

test("a mask's surface keeps volume when its stairs are smoothed, and finds the area", () => {
  const mask = field(grid, (p) => (distance(p) < radius ? 1 : 0));
  const voxels = mask.reduce((sum, m) => sum + m, 0) * h ** 3;
  const stairs = isoSurface(mask, grid);
  const mesh = smoothSurface(stairs);
  expect(isClosed(mesh)).toBe(true);
  expect(euler(mesh)).toBe(2);
  expect(Math.abs(enclosedVolume(mesh) / voxels - 1)).toBeLessThan(0.01); // the mask itself is 0.1 % off the sphere
  expect(surfaceArea(stairs) / sphere.area).toBeGreaterThan(1.05); // stairs are longer than the slope
  expect(Math.abs(surfaceArea(mesh) / sphere.area - 1)).toBeLessThan(0.02);
  const n = vertexNormals(mesh);
  let worst = 1;
  for (let v = 0; v < n.length; v += 3) {
    const r = [0, 1, 2].map((axis) => mesh.vertices[v + axis]! - centre[axis]!);
    worst = Math.min(worst, r.reduce((sum, x, axis) => sum + x * n[v + axis]!, 0) / Math.hypot(...r));
  }
  expect(worst).toBeGreaterThan(0.93); // outwards, within 20 degrees of the sphere's normal everywhere
});

test("random noise, with every ambiguous case in it, is closed too", () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  const g: Grid = { ...grid, size: [16, 16, 16] };
  const mesh = isoSurface(
    field(g, () => (random() < 0.5 ? 1 : 0)),
    g,
  );
  expect(isClosed(mesh)).toBe(true);
  expect(enclosedVolume(mesh)).toBeGreaterThan(0);
});

test("a body cut off by the grid is closed at the cut: a full grid is a box", () => {
  const g: Grid = { ...grid, size: [6, 8, 10] };
  const mesh = isoSurface(
    field(g, () => 1),
    g,
  );
  expect(isClosed(mesh)).toBe(true);
  expect(euler(mesh)).toBe(2);
  const [a, b, c] = [5, 7, 9]; // between the outer centres; half a voxel beyond them, with bevelled edges and corners
  const voxels = a * b * c + (a * b + b * c + c * a) + (4 * (a + b + c)) / 8 + 8 / 48;
  expect(enclosedVolume(mesh) / (voxels * h ** 3)).toBeCloseTo(1, 5); // float32 vertices
});

test.each([
  ["a left-handed grid", Float64Array.of(-1, 0, 0, 0, 1, 0, 0, 0, 1)],
  ["a turned grid", Float64Array.of(0.6, -0.8, 0, 0.8, 0.6, 0, 0, 0, 1)],
])("%s and uneven spacing give the same sphere in LPS, turned outwards", (_, direction) => {
  const g: Grid = { size: [40, 52, 30], spacing: [0.6, 0.5, 0.9], origin: [0, 0, 0], direction };
  const middle = indexToWorld(g, [19.6, 25.4, 14.7]);
  const r = 8;
  const mesh = isoSurface(
    field(g, (p) => r - Math.hypot(p[0] - middle[0], p[1] - middle[1], p[2] - middle[2])),
    g,
    { level: 0 },
  );
  expect(Math.abs(enclosedVolume(mesh) / ((4 / 3) * Math.PI * r ** 3) - 1)).toBeLessThan((0.9 / r) ** 2);
  for (let v = 0; v < mesh.vertices.length; v += 3) {
    const from = [0, 1, 2].map((axis) => mesh.vertices[v + axis]! - middle[axis]!);
    expect(Math.abs(Math.hypot(...from) - r)).toBeLessThan(0.9 ** 2 / (4 * r)); // h²/(8R), doubled for slant
  }
});

test("a linear field is found exactly on the surface where the mask surrounds it", () => {
  const linear = (p: Vec3) => 2 * p[0] - 3 * p[1] + p[2] + 5;
  const volume: Volume<"MPa"> = { quantity: "MPa", ...grid, data: field(grid, linear) };
  const mesh = isoSurface(
    field(grid, (p) => radius - distance(p)),
    grid,
    { level: 0 },
  );
  const found = sampleSurface(mesh, volume, new Uint8Array(volume.data.length).fill(1));
  for (let v = 0; v < found.length; v++) {
    const p: Vec3 = [mesh.vertices[3 * v]!, mesh.vertices[3 * v + 1]!, mesh.vertices[3 * v + 2]!];
    expect(found[v]).toBeCloseTo(linear(p), 3); // float32 of values near 100
  }
});

test("voxels outside the mask do not dilute the field on the surface", () => {
  const inside = field(grid, (p) => (distance(p) < radius ? 1 : 0));
  const volume: Volume<"MPa"> = { quantity: "MPa", ...grid, data: inside.map((m) => 3 * m) };
  const found = sampleSurface(smoothSurface(isoSurface(inside, grid)), volume, Uint8Array.from(inside));
  expect(found.every((value) => Math.abs(value - 3) < 1e-6)).toBe(true);
});

test("nothing above the level is an error, and so is a pass band out of range", () => {
  expect(() =>
    isoSurface(
      field(grid, () => 0),
      grid,
    ),
  ).toThrow(/no voxel reaches 0.5/);
  const mesh = isoSurface(
    field(grid, (p) => radius - distance(p)),
    grid,
    { level: 0 },
  );
  expect(() => smoothSurface(mesh, { passBand: 0 })).toThrow(/pass band/);
});
