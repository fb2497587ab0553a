import { dot } from "../linalg/vec3.js";
import { alignedGrid } from "../volume/alignedGrid.js";
import { depthIn } from "../volume/distance.js";
import type { Mask } from "../volume/mask.js";
import { fillHoles } from "../volume/morphology.js";
import { resampleMask } from "../volume/resample.js";
import type { EndPlate, Vertebra } from "../volume/vertebra.js";
import { type Grid, gridAxis, worldToIndex } from "../volume/volume.js";

/** Measures of a vertebral body along its own axes. NaN where the body is too small to show one. */
export interface BodyShape {
  readonly heightMm: number; // mean distance between the end-plates, rim left out
  readonly anteriorHeightMm: number; // in the middle 10 mm from side to side, at 10 to 25 % of the depth
  readonly middleHeightMm: number; // at 42 to 58 %
  readonly posteriorHeightMm: number; // at 75 to 90 %
  readonly superiorEndPlateMm2: number; // projected area of the body that ends within 4 mm of the end-plate's plane
  readonly inferiorEndPlateMm2: number;
  readonly depthMm: number; // front to back, in the middle 10 mm
  readonly widthMm: number; // side to side, at the height of the centroid
}

const EDGE = 0.5; // mm
const RIM = 3; // mm left out at the edge: rounded corners are not height
const BAND = 5; // mm to either side of the middle
const NEAR = 4; // mm from the end-plate's plane: dished end-plates are 2 to 3 deep

/** Heights, end-plate areas, depth and width of the body. */
export function bodyShape({ body, grid, frame, endPlates }: Vertebra): BodyShape {
  const aligned = alignedGrid(body, grid, frame, EDGE, 2);
  const columns = columnsOf(fillHoles(resampleMask(body, grid, aligned), aligned.size), aligned);
  const [x, , z] = worldToIndex(aligned, frame.centre);
  const band = columns.list.filter((c) => Math.abs(c.x - x) * EDGE <= BAND);
  const front = Math.min(...band.map((c) => c.y)),
    back = Math.max(...band.map((c) => c.y));
  const between = (low: number, high: number) =>
    meanHeight(band.filter((c) => c.y >= front + low * (back - front) && c.y <= front + high * (back - front)));
  const across = columns.list.filter((c) => c.bottom <= z && c.top >= z).map((c) => c.x);
  return {
    heightMm: meanHeight(columns.list.filter((c) => columns.depth[c.x + aligned.size[0] * c.y]! > RIM)),
    anteriorHeightMm: between(0.1, 0.25),
    middleHeightMm: between(0.42, 0.58),
    posteriorHeightMm: between(0.75, 0.9),
    superiorEndPlateMm2: areaNear(columns.list, (c) => c.top + 0.5, endPlates.superior, aligned),
    inferiorEndPlateMm2: areaNear(columns.list, (c) => c.bottom - 0.5, endPlates.inferior, aligned),
    depthMm: (back - front + 1) * EDGE,
    widthMm: (Math.max(...across) - Math.min(...across) + 1) * EDGE,
  };
}

/** The bone above and below one point of the body's footprint: z indices of its first and last voxel. */
interface Column {
  readonly x: number;
  readonly y: number;
  readonly bottom: number;
  readonly top: number;
}

/** The columns of a mask, and the depth (mm) of each in the footprint, by x + nx·y. */
function columnsOf(mask: Mask, { size: [nx, ny, nz], spacing }: Grid): { list: Column[]; depth: Float32Array } {
  const footprint = new Uint8Array(nx * ny);
  const list: Column[] = [];
  for (let n = 0; n < nx * ny; n++) {
    let bottom = 0,
      top = nz - 1;
    while (bottom < nz && !mask[n + nx * ny * bottom]) bottom++;
    if (bottom === nz) continue;
    while (!mask[n + nx * ny * top]) top--;
    footprint[n] = 1;
    list.push({ x: n % nx, y: Math.floor(n / nx), bottom, top });
  }
  return { list, depth: depthIn(footprint, { size: [nx, ny, 1], spacing: [spacing[0], spacing[1], 1e6] }) };
}

const meanHeight = (columns: readonly Column[]) =>
  (EDGE * columns.reduce((sum, { top, bottom }) => sum + top - bottom + 1, 0)) / columns.length;

/** Area of the columns whose end lies near the plane, mm². */
function areaNear(
  columns: readonly Column[],
  end: (c: Column) => number,
  { point, normal }: EndPlate,
  grid: Grid,
): number {
  const [x0, y0, z0] = worldToIndex(grid, point);
  const [nx, ny, nz] = ([0, 1, 2] as const).map((axis) => dot(normal, gridAxis(grid, axis))) as [
    number,
    number,
    number,
  ];
  const plane = (c: Column) => z0 - (nx * (c.x - x0) + ny * (c.y - y0)) / nz;
  return columns.filter((c) => Math.abs(end(c) - plane(c)) * EDGE <= NEAR).length * EDGE * EDGE;
}
