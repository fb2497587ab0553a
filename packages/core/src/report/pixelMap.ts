import { type Grid, indexToWorld, type Vec3, worldToIndex } from "../volume/volume.js";

/** Where the pixels of a picture lie in a volume: voxel index = start + x·right + y·down. */
export interface PixelMap {
  readonly start: Vec3; // of the pixel in the upper left corner
  readonly right: Vec3; // step from one pixel to the next
  readonly down: Vec3;
}

/** The map of a picture in which pixel (x, y) shows the point at(x, y), which is linear in both, mm, LPS. */
export function pixelMap(volume: Grid, at: (x: number, y: number) => Vec3): PixelMap {
  const index = (x: number, y: number) => worldToIndex(volume, at(x, y));
  const start = index(0, 0);
  const step = ([i, j, k]: Vec3): Vec3 => [i - start[0], j - start[1], k - start[2]];
  return { start, right: step(index(1, 0)), down: step(index(0, 1)) };
}

/** The map of a plane of pixels. */
export const planeMap = (volume: Grid, plane: Grid): PixelMap =>
  pixelMap(volume, (x, y) => indexToWorld(plane, [x, y, 0]));
