import { zlibSync } from "fflate";
import { SpondylError } from "../error.js";
import { toBase64 } from "./base64.js";
import { crc32 } from "./crc32.js";
import { concat } from "./gzip.js";

/**
 * A picture as PNG: 8 bits a channel, without alpha where every pixel is opaque. Same pixels, same bytes.
 * @param rgba rows from the top, [4·(x + width·y) + channel], not premultiplied
 * @throws SpondylError "bad-input" when the pixels are not 4·width·height bytes, or none
 * Source: W3C, Portable Network Graphics (PNG) Specification, 2nd ed. (2003).
 */
export function encodePng(
  rgba: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
): Uint8Array<ArrayBuffer> {
  if (!(width > 0 && height > 0 && rgba.length === 4 * width * height))
    throw new SpondylError(
      "bad-input",
      `png: ${rgba.length} bytes are not ${width} x ${height} RGBA pixels, four bytes each.`,
      {
        width,
        height,
      },
    );
  const channels = isOpaque(rgba) ? 3 : 4;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, channels === 3 ? 2 : 6], 8); // bit depth, colour type
  const pixels = zlibSync(filterRows(rgba, width, height, channels), { level: 6 });
  return concat([signature, block("IHDR", header), block("IDAT", pixels), block("IEND", new Uint8Array(0))]);
}

/** A PNG as a URI that a page can hold. */
export const pngDataUri = (png: Uint8Array): string => `data:image/png;base64,${toBase64(png)}`;

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

function isOpaque(rgba: Uint8Array | Uint8ClampedArray): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false;
  return true;
}

/** Each row as differences to its left (1) or upper (2) neighbour, whichever has the smaller sum: packs tighter. */
function filterRows(
  rgba: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: 3 | 4,
): Uint8Array<ArrayBuffer> {
  const length = width * channels;
  const rows = new Uint8Array((length + 1) * height);
  let above = new Uint8Array(length),
    row = new Uint8Array(length);
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = 4 * y * width, o = 0; x < width; x++, i += 4)
      for (let c = 0; c < channels; c++) row[o++] = rgba[i + c]!;
    let left = 0,
      up = 0;
    for (let n = 0; n < length; n++) {
      left += folded(row[n]! - (n < channels ? 0 : row[n - channels]!));
      up += folded(row[n]! - above[n]!);
    }
    const at = y * (length + 1);
    rows[at] = up < left ? 2 : 1;
    for (let n = 0; n < length; n++)
      rows[at + 1 + n] = row[n]! - (up < left ? above[n]! : n < channels ? 0 : row[n - channels]!);
    [above, row] = [row, above];
  }
  return rows;
}

/** Size of a difference of bytes, modulo 256: 0 to 128. */
function folded(difference: number): number {
  const d = difference & 255;
  return d < 128 ? d : 256 - d;
}

function block(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
}
