import { expect, test } from "vitest";
import { cross, dot, unit } from "../src/linalg/vec3.js";
import { colourAt } from "../src/report/colour.js";
import { isoSurface } from "../src/report/isoSurface.js";
import { labelsInPlane, paintField, paintScan } from "../src/report/paint.js";
import { reachOf, threePlanes } from "../src/report/plane.js";
import { project, rasterise, type Screen } from "../src/report/rasterise.js";
import { roundUp, scaleOf } from "../src/report/scale.js";
import { viewFrom } from "../src/report/views.js";
import type { AnatomicalFrame } from "../src/volume/frame.js";
import { identityDirection, indexToWorld, type Vec3, type Volume } from "../src/volume/volume.js";

/** A frame that is turned about all axes. */
const cranial = unit([0.1, -0.2, 1]);
const anterior = unit(cross(cranial, [-1, 0.1, 0.3]));
const frame: AnatomicalFrame = { centre: [12, -7, 40], right: cross(anterior, cranial), anterior, cranial };
const reach = { right: [20, 22], anterior: [15, 30], cranial: [12, 14] } as const;

test("the letters lie where the frame says: towards the left edge of the axial picture is the patient's right", () => {
  const axes: Record<string, Vec3> = { R: frame.right, A: frame.anterior, S: frame.cranial };
  const opposite: Record<string, string> = { L: "R", P: "A", I: "S" };
  const along = (letter: string, from: Vec3, to: Vec3) => {
    const d: Vec3 = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    return letter in axes ? dot(d, axes[letter]!) : -dot(d, axes[opposite[letter]!]!);
  };
  for (const { grid, letters } of threePlanes(frame, reach, 0.5)) {
    const last: Vec3 = [grid.size[0] - 1, grid.size[1] - 1, 0];
    const corner = indexToWorld(grid, [0, 0, 0]),
      right = indexToWorld(grid, [last[0], 0, 0]),
      bottom = indexToWorld(grid, [0, last[1], 0]);
    expect(along(letters.right, corner, right)).toBeCloseTo(last[0] * 0.5, 9);
    expect(along(letters.left, right, corner)).toBeCloseTo(last[0] * 0.5, 9);
    expect(along(letters.bottom, corner, bottom)).toBeCloseTo(last[1] * 0.5, 9);
    expect(along(letters.top, bottom, corner)).toBeCloseTo(last[1] * 0.5, 9);
  }
});

test("every plane passes through the centre, at the distances asked for", () => {
  const [axial, coronal, sagittal] = threePlanes(frame, reach, 0.5);
  expect([axial!.widthMm, axial!.heightMm]).toEqual([42, 45]);
  expect([coronal!.widthMm, coronal!.heightMm]).toEqual([42, 26]);
  expect([sagittal!.widthMm, sagittal!.heightMm]).toEqual([45, 26]);
  const centre = indexToWorld(axial!.grid, [20 / 0.5 - 0.5, 15 / 0.5 - 0.5, 0]);
  for (const axis of [0, 1, 2]) expect(centre[axis]).toBeCloseTo(frame.centre[axis]!, 9);
});

const grid = {
  size: [40, 44, 36] as Vec3,
  spacing: [1, 1, 1] as Vec3,
  origin: [-8, -30, 22] as Vec3,
  direction: identityDirection(),
};
const places = (value: (p: Vec3) => number): Float32Array =>
  Float32Array.from({ length: 40 * 44 * 36 }, (_, n) =>
    value(indexToWorld(grid, [n % 40, Math.floor(n / 40) % 44, Math.floor(n / 1760)])),
  );
const fromCentre = (p: Vec3) => Math.hypot(p[0] - frame.centre[0], p[1] - frame.centre[1], p[2] - frame.centre[2]);

test("a linear scan is grey in proportion along a turned plane", () => {
  const scan: Volume<"HU"> = { ...grid, quantity: "HU", data: places((p) => 10 * (p[2] - frame.centre[2])) };
  const [, coronal] = threePlanes(frame, { right: [8, 8], anterior: [8, 8], cranial: [8, 8] }, 1);
  const { rgba, width, height } = paintScan(scan, coronal!.grid, { low: -100, high: 100 });
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const p = indexToWorld(coronal!.grid, [x, y, 0]);
      const grey = (255 * (10 * (p[2] - frame.centre[2]) + 100)) / 200;
      expect(Math.abs(rgba[4 * (x + width * y)]! - grey)).toBeLessThan(0.51); // rounding to whole grey values
    }
});

test("a ball's label fills its disc in each plane to the pixel's width", () => {
  const labels: Volume<"label"> = { ...grid, quantity: "label", data: places((p) => (fromCentre(p) < 9 ? 3 : 0)) };
  const r = reachOf(labels, frame, 0);
  for (const axis of ["right", "anterior", "cranial"] as const)
    for (const end of r[axis]) expect(Math.abs(end - 9)).toBeLessThan(1); // voxel centres within a ball of 9 mm
  for (const { grid: plane } of threePlanes(frame, { right: [12, 12], anterior: [12, 12], cranial: [12, 12] }, 0.25)) {
    const area = labelsInPlane(labels, plane).filter((l) => l === 3).length * 0.25 ** 2;
    expect(Math.abs(area / (Math.PI * 81) - 1)).toBeLessThan(0.05); // half a voxel of stairs averages out
  }
});

test("a field is painted where its mask is, in the colours of the scale, and nowhere else", () => {
  const volume: Volume<"MPa"> = { ...grid, quantity: "MPa", data: new Float32Array(40 * 44 * 36).fill(0.003) };
  const mask = Uint8Array.from(places((p) => (fromCentre(p) < 9 ? 1 : 0)));
  const scale = { map: "viridis", title: "", unit: "", factor: 1000, high: 0.006, highest: 0.006 } as const;
  const [axial] = threePlanes(frame, { right: [12, 12], anterior: [12, 12], cranial: [12, 12] }, 0.5);
  const black = { rgba: new Uint8ClampedArray(4 * 48 * 48), width: 48, height: 48 };
  const { rgba } = paintField(black, axial!.grid, { volume, mask }, scale, 1);
  const at = (x: number, y: number) => [...rgba.subarray(4 * (x + 48 * y), 4 * (x + 48 * y) + 3)];
  expect(at(24, 24)).toEqual([...colourAt("viridis", 0.5)]);
  expect(at(1, 1)).toEqual([0, 0, 0]);
});

test("the picture of a sphere is a disc of the right size and depth, and a cut halves it", () => {
  const mesh = isoSurface(
    places((p) => 9 - fromCentre(p)),
    grid,
    { level: 0 },
  );
  const view = viewFrom(frame, [0.6, 0.7, 0.4]);
  const screen: Screen = { view, centre: frame.centre, width: 200, height: 200, pixelsPerMm: 8 };
  const whole = rasterise(mesh, screen);
  const seen = whole.triangle.filter((t) => t >= 0).length / 64;
  expect(Math.abs(seen / (Math.PI * 81) - 1)).toBeLessThan(0.01); // rim of 9 mm · 2π at a pixel of 1/8 mm, half of it off
  expect(Math.abs(whole.depth[100 + 200 * 100]! - 9)).toBeLessThan(0.05);
  const cut = rasterise(mesh, screen, { point: frame.centre, normal: view.toViewer });
  expect(cut.depth[100 + 200 * 100]).toBeCloseTo(-9, 1); // the back wall shows through
  const half = rasterise(mesh, screen, { point: frame.centre, normal: view.right });
  expect(Math.abs(half.triangle.filter((t) => t >= 0).length / 64 / seen - 0.5)).toBeLessThan(0.02);
});

test("a view is right-handed and upright", () => {
  for (const from of [
    [1, 0, 0],
    [0.3, -0.8, 0.4],
    [-0.5, 0.2, -0.3],
  ] as const) {
    const { right, up, toViewer } = viewFrom(frame, from);
    expect(dot(cross(right, up), toViewer)).toBeCloseTo(1, 12);
    expect(dot(up, frame.cranial)).toBeGreaterThan(0);
    expect(dot(right, frame.cranial)).toBeCloseTo(0, 12);
  }
  const from = viewFrom(frame, [1, 0, 0]).toViewer; // from the patient's left
  expect(dot(from, frame.right)).toBeCloseTo(-1, 12);
  const front: Screen = {
    view: viewFrom(frame, [0, 1, 0]),
    centre: frame.centre,
    width: 100,
    height: 100,
    pixelsPerMm: 1,
  };
  const left: Vec3 = [
    frame.centre[0] - 10 * frame.right[0],
    frame.centre[1] - 10 * frame.right[1],
    frame.centre[2] - 10 * frame.right[2],
  ];
  expect(project(front, left)[0]).toBeCloseTo(60, 9); // from the front the patient's left is on the right
});

test("the colour maps grow lighter at every step, so that grey print and colour blindness keep the order", () => {
  for (const map of ["viridis", "inferno"] as const) {
    let last = -1;
    for (let t = 0; t <= 1.0001; t += 1 / 64) {
      const [r, g, b] = colourAt(map, t).map((c) => (c / 255) ** 2.2) as [number, number, number];
      const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      expect(light).toBeGreaterThan(last);
      last = light;
    }
  }
  expect(colourAt("viridis", 0)).toEqual([68, 1, 84]);
  expect(colourAt("viridis", 5)).toEqual([253, 231, 37]);
});

test("a scale ends at a round number at or above the percentile and knows the highest value", () => {
  const values = Float32Array.from({ length: 1000 }, (_, n) => n / 1e6);
  const scale = scaleOf(values, { map: "viridis", title: "", unit: "", factor: 1000 });
  expect(scale.high).toBeCloseTo(1e-3, 12); // the 98th percentile is 0.98 kJ/m³
  expect(scale.highest).toBeCloseTo(999e-6, 9);
  expect(scaleOf(new Float32Array(9), { map: "viridis", title: "", unit: "", factor: 1 }).high).toBe(1); // nothing but 0
  expect([0.98, 17.2, 0.0031, 5].map(roundUp)).toEqual([1, 20, 0.004, 5]);
});
