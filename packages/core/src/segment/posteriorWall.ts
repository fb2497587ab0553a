import { dot, subtract } from "../linalg/vec3.js";
import { percentile } from "../volume/statistics.js";
import { indexToWorld, worldToIndex } from "../volume/volume.js";
import type { Canal } from "./canal.js";
import type { WorkMask } from "./workMask.js";

/** Back wall of the body, in the axes of a work mask. */
export interface PosteriorWall {
  readonly cut: Float64Array; // per z: y index at which a pedicle leaves the body
  readonly front: number; // y index of its foremost point
}

const REACH = 20; // mm from the middle of the canal to the wall, at most
const CENTRAL = 0.7; // of the canal's half width: further out the wall rounds off into the pedicles

/** The posterior wall in the axes of the work mask; undefined when no slice shows it. */
export function findPosteriorWall(work: WorkMask, canal: Canal): PosteriorWall | undefined {
  const nz = work.grid.size[2];
  const canalX = new Float64Array(nz),
    canalY = new Float64Array(nz);
  for (let z = 0; z < nz; z++) [canalX[z], canalY[z]] = canalAt(work, canal, z);
  const halves: number[] = [],
    seen: (number[] | undefined)[] = [];
  for (let z = 0; z < nz; z++) {
    const half = halfWidth(work, canalX[z]!, canalY[z]!, z);
    if (half !== undefined) halves.push(half);
  }
  if (halves.length === 0) return undefined;
  const canalHalfWidth = percentile(
    halves.sort((a, b) => a - b),
    50,
  );
  for (let z = 0; z < nz; z++) seen.push(wallPoints(work, canalX[z]!, canalY[z]!, z, CENTRAL * canalHalfWidth));
  const points = seen.filter((p) => p !== undefined);
  if (points.length === 0) return undefined;
  const corner = seen.map((p) =>
    p
      ? percentile(
          p.toSorted((a, b) => a - b),
          90,
        )
      : Number.NaN,
  );
  const all = points.flat().sort((a, b) => a - b);
  return { cut: smooth(fillGaps(corner)), front: percentile(all, 2) };
}

/** The same for a body that is known but not seen from a canal: flat, behind nearly all of it. */
export function wallBehind(body: Pick<WorkMask, "mask" | "grid">): PosteriorWall | undefined {
  const [nx, ny, nz] = body.grid.size;
  const ys: number[] = [];
  for (let n = 0; n < body.mask.length; n++) if (body.mask[n]) ys.push(Math.floor(n / nx) % ny);
  if (ys.length === 0) return undefined;
  const back = percentile(
    ys.sort((a, b) => a - b),
    99,
  );
  return { cut: new Float64Array(nz).fill(back), front: back };
}

/** x and y index of the canal's axis in slice z. */
function canalAt({ grid }: WorkMask, { point, axis }: Canal, z: number): [number, number] {
  const up: readonly [number, number, number] = [grid.direction[2]!, grid.direction[5]!, grid.direction[8]!];
  const plane = indexToWorld(grid, [0, 0, z]);
  const along = dot(subtract(plane, point), up) / dot(axis, up);
  const at = worldToIndex(grid, [point[0] + along * axis[0], point[1] + along * axis[1], point[2] + along * axis[2]]);
  return [at[0], at[1]];
}

/** Free voxels to the nearer side of the canal's middle, where bone closes it on both sides. */
function halfWidth({ mask, grid }: WorkMask, cx: number, cy: number, z: number): number | undefined {
  const [nx, ny] = grid.size;
  const row = nx * (Math.round(cy) + ny * z),
    middle = Math.round(cx);
  if (mask[row + middle]) return undefined;
  let left = middle,
    right = middle;
  while (left >= 0 && !mask[row + left]) left--;
  while (right < nx && !mask[row + right]) right++;
  return left >= 0 && right < nx ? (right - left - 1) / 2 : undefined;
}

/** y of the first bone in front of the canal, in each column near its middle; undefined if bone fills the canal or none is met. */
function wallPoints({ mask, grid }: WorkMask, cx: number, cy: number, z: number, half: number): number[] | undefined {
  const [nx, ny] = grid.size;
  const met: number[] = [];
  for (let x = Math.ceil(cx - half); x <= cx + half; x++) {
    const at = (y: number) => mask[x + nx * (y + ny * z)];
    let y = Math.round(cy);
    if (at(y)) continue;
    while (y > cy - REACH && y > 0 && !at(y)) y--;
    if (at(y)) met.push(y);
  }
  return met.length >= half ? met : undefined;
}

/** Missing values from the nearest ones on both sides. */
function fillGaps(values: readonly number[]): number[] {
  const known = values.flatMap((v, n) => (Number.isNaN(v) ? [] : [n]));
  return values.map((v, n) => {
    if (!Number.isNaN(v)) return v;
    const before = known.findLast((k) => k < n),
      after = known.find((k) => k > n);
    if (before === undefined) return values[after!]!;
    if (after === undefined) return values[before]!;
    return values[before]! + ((values[after]! - values[before]!) * (n - before)) / (after - before);
  });
}

/** Running median over 5 slices, then mean over 5. */
function smooth(values: readonly number[]): Float64Array {
  const window = (list: ArrayLike<number>, n: number) =>
    Array.from({ length: 5 }, (_, k) => list[Math.min(list.length - 1, Math.max(0, n + k - 2))]!);
  const medians = values.map((_, n) => window(values, n).sort((a, b) => a - b)[2]!);
  return Float64Array.from(medians, (_, n) => window(medians, n).reduce((a, b) => a + b) / 5);
}
