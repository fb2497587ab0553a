import type { HuffmanReader } from "./huffman.js";
import type { JpegFrame } from "./jpeg.js";

/** Samples of a lossy scan: blocks of 8 x 8 cosine coefficients. Source: ITU-T T.81, annexes A.3 and F. */
export function decodeSequential(
  { bits, width, height, quantization, restart }: JpegFrame,
  reader: HuffmanReader,
  dcTable: Uint16Array,
  acTable: Uint16Array,
): Uint16Array {
  const out = new Uint16Array(width * height);
  const across = Math.ceil(width / 8),
    blocks = across * Math.ceil(height / 8);
  const coefficients = new Float64Array(64);
  const level = 1 << (bits - 1),
    top = (1 << bits) - 1;
  let dc = 0;
  for (let block = 0; block < blocks; block++) {
    if (restart > 0 && block > 0 && block % restart === 0) {
      reader.restart();
      dc = 0;
    }
    dc += reader.difference(dcTable);
    coefficients.fill(0);
    coefficients[0] = dc * quantization[0]!;
    readAlternating(reader, acTable, quantization, coefficients);
    const pixels = inverseCosine(coefficients);
    const x0 = 8 * (block % across),
      y0 = 8 * Math.floor(block / across);
    for (let y = y0; y < Math.min(height, y0 + 8); y++)
      for (let x = x0; x < Math.min(width, x0 + 8); x++)
        out[y * width + x] = Math.max(0, Math.min(top, Math.round(pixels[8 * (y - y0) + x - x0]! + level)));
  }
  return out;
}

function readAlternating(
  reader: HuffmanReader,
  table: Uint16Array,
  quantization: Uint16Array,
  out: Float64Array,
): void {
  for (let k = 1; k < 64; k++) {
    const code = reader.symbol(table);
    const run = code >> 4,
      size = code & 15;
    if (size === 0 && run < 15) return; // end of block
    k += run;
    if (size > 0 && k < 64) out[zigzag[k]!] = reader.extended(size) * quantization[k]!;
  }
}

/** Row-major place of the k-th coefficient. */
const zigzag = Uint8Array.of(
  0,
  1,
  8,
  16,
  9,
  2,
  3,
  10,
  17,
  24,
  32,
  25,
  18,
  11,
  4,
  5,
  12,
  19,
  26,
  33,
  40,
  48,
  41,
  34,
  27,
  20,
  13,
  6,
  7,
  14,
  21,
  28,
  35,
  42,
  49,
  56,
  57,
  50,
  43,
  36,
  29,
  22,
  15,
  23,
  30,
  37,
  44,
  51,
  58,
  59,
  52,
  45,
  38,
  31,
  39,
  46,
  53,
  60,
  61,
  54,
  47,
  55,
  62,
  63,
);

/** basis[8·x + u] = c(u)/2 · cos((2x + 1)uπ/16): the inverse transform along one axis. */
const basis = Float64Array.from({ length: 64 }, (_, n) => {
  const u = n % 8,
    x = (n - u) / 8;
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

function inverseCosine(coefficients: Float64Array): Float64Array {
  const rows = new Float64Array(64),
    out = new Float64Array(64);
  for (let v = 0; v < 8; v++)
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let u = 0; u < 8; u++) sum += basis[8 * x + u]! * coefficients[8 * v + u]!;
      rows[8 * v + x] = sum;
    }
  for (let y = 0; y < 8; y++)
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let v = 0; v < 8; v++) sum += basis[8 * y + v]! * rows[8 * v + x]!;
      out[8 * y + x] = sum;
    }
  return out;
}
