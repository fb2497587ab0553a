import type { Vec3 } from "../volume/volume.js";

/** In-plane cells that a stack of shifted slices covers: how far it begins before the first slice, and its size. */
export interface Canvas {
  readonly start: readonly [number, number]; // whole pixels, <= 0
  readonly size: readonly [number, number]; // pixels
}

/** The smallest upright canvas that holds every slice at its shift (pixels). */
export function canvasOf(shifts: readonly (readonly [number, number])[], columns: number, rows: number): Canvas {
  const range = (axis: 0 | 1) => {
    const along = shifts.map((s) => snap(s[axis]));
    return [Math.floor(Math.min(0, ...along)), Math.ceil(Math.max(0, ...along))] as const;
  };
  const [left, right] = range(0);
  const [up, down] = range(1);
  return { start: [left, up], size: [columns + right - left, rows + down - up] };
}

/**
 * Puts a slice on the canvas at its shift, bilinearly; `outside` where it does not reach.
 * A shift by whole pixels copies the values unchanged.
 */
export function placeSlice(
  slice: Float32Array,
  columns: number,
  shift: readonly [number, number],
  { start, size }: Canvas,
  out: Float32Array, // size[0]·size[1]
  outside: number,
): void {
  const rows = slice.length / columns;
  const at = (axis: 0 | 1) => {
    const offset = start[axis] - snap(shift[axis]);
    const whole = Math.floor(offset);
    return [whole, offset - whole] as const;
  };
  const [x0, fx] = at(0);
  const [y0, fy] = at(1);
  const right = fx > 0 ? 1 : 0,
    below = fy > 0 ? 1 : 0;
  if (slice.length === out.length && x0 === 0 && y0 === 0 && fx === 0 && fy === 0) {
    out.set(slice); // upright, the common case
    return;
  }
  out.fill(outside);
  for (let y = Math.max(0, -y0); y < size[1] && y + y0 + below < rows; y++)
    for (let x = Math.max(0, -x0); x < size[0] && x + x0 + right < columns; x++) {
      const n = (y + y0) * columns + x + x0,
        m = n + below * columns;
      const upper = slice[n]! + fx * (slice[n + right]! - slice[n]!);
      const lower = slice[m]! + fx * (slice[m + right]! - slice[m]!);
      out[y * size[0] + x] = upper + fy * (lower - upper);
    }
}

/** A thousandth of a pixel is rounding in the header. */
const snap = (shift: number) => (Math.abs(shift - Math.round(shift)) < 1e-3 ? Math.round(shift) : shift);

/**
 * Slices at any heights, linearly interpolated at even ones from the first to the last.
 * @param heights mm, ascending, one per slice
 * @param step    mm between the new slices
 */
export function respace(
  data: Float32Array,
  [nx, ny]: Vec3,
  heights: readonly number[],
  step: number,
): { data: Float32Array; slices: number } {
  const area = nx * ny;
  const first = heights[0]!;
  const slices = Math.floor((heights.at(-1)! - first) / step + 1e-6) + 1;
  const out = new Float32Array(area * slices);
  for (let k = 0, below = 0; k < slices; k++) {
    const h = first + k * step;
    while (below < heights.length - 2 && heights[below + 1]! <= h) below++;
    const t = Math.min(1, (h - heights[below]!) / (heights[below + 1]! - heights[below]!));
    const a = below * area,
      b = a + area,
      to = k * area;
    for (let n = 0; n < area; n++) out[to + n] = data[a + n]! + t * (data[b + n]! - data[a + n]!);
  }
  return { data: out, slices };
}
