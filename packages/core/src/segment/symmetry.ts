import type { Vec3 } from "../volume/volume.js";
import { worldToIndex } from "../volume/volume.js";
import type { WorkMask } from "./workMask.js";

/** The mirror plane of a vertebra, upright in its work mask. */
export interface Symmetry {
  readonly turn: number; // radians about z from x towards y, of the plane's normal
  readonly offsetMm: number; // of the plane from the centre, along its normal
  readonly overlap: number; // share of the mask that its mirror image covers, 0 to 1
}

/**
 * The plane through z that mirrors the mask best onto itself, within ±20° and ±10 mm of the plane through
 * `centre` across x: coarse search, then finer twice.
 */
export function findSymmetry({ mask, grid }: WorkMask, centre: Vec3): Symmetry {
  const [nx, ny] = grid.size;
  const [cx, cy] = worldToIndex(grid, centre);
  const points: number[] = []; // every second voxel each way
  for (let n = 0; n < mask.length; n++) {
    const x = n % nx,
      y = Math.floor(n / nx) % ny,
      z = Math.floor(n / (nx * ny));
    if (mask[n] && (x + y + z) % 2 === 0 && z % 2 === 0) points.push(x - cx, y - cy, z);
  }
  const overlap = (turn: number, offset: number) => {
    const ux = Math.cos(turn),
      uy = Math.sin(turn);
    let covered = 0;
    for (let p = 0; p < points.length; p += 3) {
      const x = points[p]!,
        y = points[p + 1]!;
      const twice = 2 * (x * ux + y * uy - offset);
      const mx = Math.round(x - twice * ux + cx),
        my = Math.round(y - twice * uy + cy);
      if (mx >= 0 && mx < nx && my >= 0 && my < ny) covered += mask[mx + nx * (my + ny * points[p + 2]!)]!;
    }
    return (3 * covered) / points.length;
  };
  let best: Symmetry = { turn: 0, offsetMm: 0, overlap: overlap(0, 0) };
  for (const [reach, step] of [
    [10, 1],
    [1, 0.5],
    [0.5, 0.125],
  ] as const) {
    const { turn, offsetMm } = best;
    for (let a = -reach; a <= reach; a += step)
      for (let t = -reach; t <= reach; t += step) {
        const tried = { turn: turn + (2 * a * Math.PI) / 180, offsetMm: offsetMm + t };
        const share = overlap(tried.turn, tried.offsetMm);
        if (share > best.overlap) best = { ...tried, overlap: share };
      }
  }
  return best;
}
