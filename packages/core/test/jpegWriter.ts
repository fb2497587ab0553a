import { bytesOf, shorts } from "./dicomWriter.ts";

/** A JPEG of one component from its scan: lossless (SOF3) or sequential (SOF0, SOF1). */
function jpegFile(
  frame: { marker: number; bits: number; width: number; height: number },
  scan: readonly number[],
  parts: readonly Uint8Array[],
  coded: Uint8Array,
): Uint8Array {
  const segment = (marker: number, body: readonly number[]) =>
    bytesOf([shorts([marker, body.length + 2], true), Uint8Array.from(body)]);
  const { marker, bits, width, height } = frame;
  return bytesOf([
    Uint8Array.of(0xff, 0xd8),
    segment(marker, [bits, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]),
    ...parts,
    segment(0xffda, [1, 1, 0, ...scan]),
    coded,
    Uint8Array.of(0xff, 0xd9),
  ]);
}

/** A Huffman table in which symbol n has the code n, of 8 bits; the code of ones alone is not used. */
function flatTable(id: number, symbols: readonly number[]): Uint8Array {
  const counts = [0, 0, 0, 0, 0, 0, 0, symbols.length, 0, 0, 0, 0, 0, 0, 0, 0];
  const body = [id, ...counts, ...symbols];
  return bytesOf([shorts([0xffc4, body.length + 2], true), Uint8Array.from(body)]);
}

/** Bits to bytes, a zero stuffed after each 0xff, ones at the end. */
function bitWriter() {
  const bits: number[] = [];
  const write = (value: number, length: number) => {
    for (let b = length - 1; b >= 0; b--) bits.push((value >> b) & 1);
  };
  const difference = (d: number, symbolOf: (size: number) => number) => {
    const size = d === 0 ? 0 : d === 32768 ? 16 : 32 - Math.clz32(Math.abs(d));
    write(symbolOf(size), 8);
    if (size > 0 && size < 16) write(d > 0 ? d : d + (1 << size) - 1, size);
  };
  const take = () => {
    while (bits.length % 8) bits.push(1);
    const bytes: number[] = [];
    for (let at = 0; at < bits.length; at += 8) {
      const byte = Number.parseInt(bits.slice(at, at + 8).join(""), 2);
      bytes.push(byte, ...(byte === 0xff ? [0] : []));
    }
    bits.length = 0;
    return Uint8Array.from(bytes);
  };
  return { write, difference, take };
}

/** Lossless JPEG of samples of 16 bits. `restart`: rows between restart markers, 0 for none. */
export function encodeLossless(samples: ArrayLike<number>, width: number, predictor: number, restart = 0): Uint8Array {
  const height = samples.length / width;
  const writer = bitWriter();
  const parts: Uint8Array[] = [];
  for (let y = 0; y < height; y++) {
    const fresh = restart > 0 && y % restart === 0;
    if (fresh && y > 0) parts.push(writer.take(), Uint8Array.of(0xff, 0xd0 + ((y / restart - 1) % 8)));
    for (let x = 0; x < width; x++) {
      const at = (dx: number, dy: number) => samples[(y - dy) * width + x - dx]!;
      const topRow = y === 0 || fresh;
      const guess =
        x === 0 && topRow
          ? 32768
          : topRow
            ? at(1, 0)
            : x === 0
              ? at(0, 1)
              : predict(predictor, at(1, 0), at(0, 1), at(1, 1));
      const d = (at(0, 0) - guess) & 0xffff;
      writer.difference(d > 32768 ? d - 65536 : d, (size) => size);
    }
  }
  parts.push(writer.take());
  const tables = [
    flatTable(
      0,
      Array.from({ length: 17 }, (_, n) => n),
    ),
  ];
  if (restart > 0) tables.push(bytesOf([shorts([0xffdd, 4, restart * width], true)]));
  return jpegFile({ marker: 0xffc3, bits: 16, width, height }, [predictor, 0, 0], tables, bytesOf(parts));
}

const predict = (p: number, a: number, b: number, c: number) =>
  [0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1][p]!;

/** Sequential JPEG from quantised coefficients, 64 a block in zig-zag order; the one quantisation step is `step`. */
export function encodeSequential(
  blocks: readonly ArrayLike<number>[],
  width: number,
  height: number,
  bits: 8 | 12,
  step: number,
): Uint8Array {
  const writer = bitWriter();
  const acSymbols = Array.from({ length: 254 }, (_, n) => n); // run·16 + size
  let last = 0;
  for (const block of blocks) {
    writer.difference(block[0]! - last, (size) => size);
    last = block[0]!;
    let run = 0;
    for (let k = 1; k < 64; k++) {
      if (block[k] === 0) run++;
      else {
        for (; run > 15; run -= 16) writer.write(0xf0, 8);
        const zeros = run;
        writer.difference(block[k]!, (size) => 16 * zeros + size);
        run = 0;
      }
    }
    if (run > 0) writer.write(0, 8); // end of block
  }
  const quantisation = bytesOf([shorts([0xffdb, 67], true), new Uint8Array(65).fill(step, 1)]);
  const tables = [
    quantisation,
    flatTable(
      0,
      Array.from({ length: 17 }, (_, n) => n),
    ),
    flatTable(16, acSymbols),
  ];
  return jpegFile({ marker: bits === 8 ? 0xffc0 : 0xffc1, bits, width, height }, [0, 63, 0], tables, writer.take());
}
