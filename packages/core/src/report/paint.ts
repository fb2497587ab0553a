import type { Mask } from "../volume/mask.js";
import { resample } from "../volume/resample.js";
import type { Grid, Volume } from "../volume/volume.js";
import { colourAt, type Rgb } from "./colour.js";
import { fieldAt } from "./fieldAt.js";
import { planeMap } from "./pixelMap.js";
import type { ColourScale } from "./scale.js";

/** Window of grey values: black at `low`, white at `high`, in the unit of the volume. */
export interface Window {
  readonly low: number;
  readonly high: number;
}

/** A picture: rows from the top, [4·(x + width·y) + channel]. */
export interface Pixels {
  readonly rgba: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** The scan in a plane, in grey, linear between voxels; what lies outside the scan is black. */
export function paintScan(scan: Volume, plane: Grid, { low, high }: Window): Pixels {
  const values = resample({ ...scan, quantity: "grey" }, plane, { outside: low }).data;
  const [width, height] = plane.size;
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let n = 0; n < values.length; n++) {
    const grey = (255 * (values[n]! - low)) / (high - low);
    rgba[4 * n] = rgba[4 * n + 1] = rgba[4 * n + 2] = grey;
    rgba[4 * n + 3] = 255;
  }
  return { rgba, width, height };
}

/** Label of each pixel: the one with the largest share of the eight voxels around, which rounds the voxels' corners. */
export function labelsInPlane({ data, size, ...grid }: Volume<"label">, plane: Grid): Uint8Array {
  const [width, height] = plane.size;
  const { start, right, down } = planeMap({ size, ...grid }, plane);
  const found = new Uint8Array(width * height);
  const share = new Float32Array(256);
  for (let y = 0, n = 0; y < height; y++)
    for (let x = 0; x < width; x++, n++) {
      const i = start[0] + x * right[0] + y * down[0],
        j = start[1] + x * right[1] + y * down[1],
        k = start[2] + x * right[2] + y * down[2];
      found[n] = largestShare(data, size, i, j, k, share);
    }
  return found;
}

/** @param share scratch, one entry per label, 0 before and after */
function largestShare(
  data: Float32Array,
  [nx, ny, nz]: Grid["size"],
  x: number,
  y: number,
  z: number,
  share: Float32Array,
): number {
  const i = Math.floor(x),
    j = Math.floor(y),
    k = Math.floor(z);
  let best = 0;
  for (let c = 0; c < 8; c++) {
    const a = i + (c & 1),
      b = j + ((c >> 1) & 1),
      d = k + (c >> 2);
    const inside = a >= 0 && a < nx && b >= 0 && b < ny && d >= 0 && d < nz;
    const label = inside ? data[a + nx * (b + ny * d)]! & 255 : 0;
    share[label]! += (1 - Math.abs(x - a)) * (1 - Math.abs(y - b)) * (1 - Math.abs(z - d));
    if (share[label]! > share[best]!) best = label;
  }
  for (let c = 0; c < 8; c++) {
    const a = i + (c & 1),
      b = j + ((c >> 1) & 1),
      d = k + (c >> 2);
    const inside = a >= 0 && a < nx && b >= 0 && b < ny && d >= 0 && d < nz;
    share[inside ? data[a + nx * (b + ny * d)]! & 255 : 0] = 0;
  }
  return best;
}

/** Tints each label and draws a line along its inner edge. */
export function paintLabels(
  { rgba, width, height }: Pixels,
  label: Uint8Array,
  colours: Readonly<Record<number, Rgb>>,
  { tint = 0.22, line = 0.95, linePixels = 2 } = {},
): Pixels {
  const out = rgba.slice();
  for (let y = 0, n = 0; y < height; y++)
    for (let x = 0; x < width; x++, n++) {
      const colour = label[n] ? colours[label[n]!] : undefined;
      if (colour) blend(out, n, colour, isEdge(label, width, height, x, y, linePixels) ? line : tint);
    }
  return { rgba: out, width, height };
}

function isEdge(label: Uint8Array, width: number, height: number, x: number, y: number, reach: number): boolean {
  const own = label[x + width * y];
  for (let d = 1; d <= reach; d++)
    if (
      (x >= d && label[x - d + width * y] !== own) ||
      (x + d < width && label[x + d + width * y] !== own) ||
      (y >= d && label[x + width * (y - d)] !== own) ||
      (y + d < height && label[x + width * (y + d)] !== own)
    )
      return true;
  return false;
}

/** A field and the voxels in which it means something. */
export interface MaskedField {
  readonly volume: Volume;
  readonly mask: Mask;
}

/** Covers the pixels of the field's mask with its colours. */
export function paintField(
  pixels: Pixels,
  plane: Grid,
  { volume, mask }: MaskedField,
  scale: ColourScale,
  opacity = 0.9,
): Pixels {
  const out = pixels.rgba.slice();
  const inside = labelsInPlane({ ...volume, quantity: "label", data: Float32Array.from(mask) }, plane);
  const { start, right, down } = planeMap(volume, plane);
  for (let y = 0, n = 0; y < pixels.height; y++)
    for (let x = 0; x < pixels.width; x++, n++) {
      if (!inside[n]) continue;
      const i = start[0] + x * right[0] + y * down[0],
        j = start[1] + x * right[1] + y * down[1],
        k = start[2] + x * right[2] + y * down[2];
      blend(out, n, colourAt(scale.map, fieldAt(volume.data, mask, volume.size, i, j, k) / scale.high), opacity);
    }
  return { ...pixels, rgba: out };
}

function blend(rgba: Uint8ClampedArray, pixel: number, colour: Rgb, opacity: number): void {
  for (let c = 0; c < 3; c++) rgba[4 * pixel + c] = rgba[4 * pixel + c]! * (1 - opacity) + colour[c]! * opacity;
}
