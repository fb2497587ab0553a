import { add, cross, dot, negate, scale, subtract } from "../linalg/vec3.js";
import type { AnatomicalFrame } from "../volume/frame.js";
import { type Grid, indexToWorld, type Vec3, type Volume } from "../volume/volume.js";

export type PlaneName = "axial" | "coronal" | "sagittal";

/** One picture plane through the vertebra, as radiologists look at it. */
export interface Plane {
  readonly name: PlaneName;
  readonly grid: Grid; // one layer of pixels; x runs to the picture's right, y down, from the upper left corner
  readonly widthMm: number;
  readonly heightMm: number;
  readonly letters: { readonly left: string; readonly right: string; readonly top: string; readonly bottom: string };
}

/** Reach of something from the frame's centre along its axes, mm: [towards, away from] right, anterior, cranial. */
export type Reach = Readonly<Record<"right" | "anterior" | "cranial", readonly [number, number]>>;

/**
 * The three planes through the frame's centre, along its axes: the letters hold for the vertebra itself, whatever the
 * image header says. Axial is seen from below and coronal from the front, so that the patient's right is on the left;
 * sagittal has the front on the left.
 */
export function threePlanes(frame: AnatomicalFrame, reach: Reach, pixelMm: number): Plane[] {
  const { right, anterior, cranial } = frame;
  const names = { right: ["R", "L"], anterior: ["A", "P"], cranial: ["S", "I"] } as const;
  const make = (name: PlaneName, u: keyof Reach, v: keyof Reach): Plane => {
    const axes = { right, anterior, cranial };
    const from = add(frame.centre, add(scale(axes[u], reach[u][0]), scale(axes[v], reach[v][0])));
    const [toRight, down] = [negate(axes[u]), negate(axes[v])];
    const widthMm = reach[u][0] + reach[u][1],
      heightMm = reach[v][0] + reach[v][1];
    return {
      name,
      grid: pixels(from, toRight, down, widthMm, heightMm, pixelMm),
      widthMm,
      heightMm,
      letters: { left: names[u][0], right: names[u][1], top: names[v][0], bottom: names[v][1] },
    };
  };
  return [
    make("axial", "right", "anterior"),
    make("coronal", "right", "cranial"),
    make("sagittal", "anterior", "cranial"),
  ];
}

function pixels(from: Vec3, toRight: Vec3, down: Vec3, widthMm: number, heightMm: number, pixelMm: number): Grid {
  const n = cross(toRight, down);
  const half = scale(add(toRight, down), pixelMm / 2);
  return {
    size: [Math.max(1, Math.round(widthMm / pixelMm)), Math.max(1, Math.round(heightMm / pixelMm)), 1],
    spacing: [pixelMm, pixelMm, pixelMm],
    origin: add(from, half),
    direction: Float64Array.of(toRight[0], down[0], n[0], toRight[1], down[1], n[1], toRight[2], down[2], n[2]),
  };
}

/** How far the voxels that are not 0 reach from the frame's centre, and a margin around. */
export function reachOf(labels: Volume, frame: AnatomicalFrame, marginMm: number): Reach {
  const [nx, ny, nz] = labels.size;
  const reach = { right: [0, 0], anterior: [0, 0], cranial: [0, 0] } as Record<keyof Reach, [number, number]>;
  const extend = (p: Vec3) => {
    const d = subtract(p, frame.centre);
    for (const axis of ["right", "anterior", "cranial"] as const) {
      const along = dot(d, frame[axis]);
      reach[axis][0] = Math.max(reach[axis][0], along);
      reach[axis][1] = Math.max(reach[axis][1], -along);
    }
  };
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      const row = nx * (j + ny * k);
      const first = firstFilled(labels.data, row, nx, 1),
        last = firstFilled(labels.data, row, nx, -1);
      if (first < 0) continue; // the ends of a row reach furthest whatever the direction
      extend(indexToWorld(labels, [first, j, k]));
      extend(indexToWorld(labels, [last, j, k]));
    }
  const grown = (axis: keyof Reach) => [reach[axis][0] + marginMm, reach[axis][1] + marginMm] as const;
  return { right: grown("right"), anterior: grown("anterior"), cranial: grown("cranial") };
}

/** First voxel of a row, from its start (1) or its end (-1), that is not 0; -1 without any. */
function firstFilled(data: Float32Array, row: number, nx: number, step: 1 | -1): number {
  for (let i = step > 0 ? 0 : nx - 1; i >= 0 && i < nx; i += step) if (data[row + i]) return i;
  return -1;
}
