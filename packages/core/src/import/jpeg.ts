import { type HuffmanReader, huffmanReader, huffmanTable } from "./huffman.js";
import { decodeSequential } from "./jpegSequential.js";

/** A decoded single-component JPEG. */
export interface JpegImage {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint16Array; // width·height, row by row
}

/** What the markers before a scan have set. */
export interface JpegFrame {
  process: "lossless" | "sequential";
  bits: number; // per sample
  width: number;
  height: number;
  quantization: Uint16Array; // 64, zig-zag order, of the one component
  restart: number; // units between restart markers, 0: none
}

/**
 * A grey JPEG in memory: lossless (process 14, any predictor) and the lossy baseline and extended processes with 8 or
 * 12 bits, Huffman-coded. Progressive and arithmetic coding, and colour, are not read.
 * Source: ITU-T T.81, annexes B, F, H.
 * @throws Error naming what is wrong or not read
 */
export function decodeJpeg(bytes: Uint8Array): JpegImage {
  const word = (at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const tables = new Map<number, Uint16Array>(); // Huffman: class·16 + id
  const quantizations = new Map<number, Uint16Array>();
  let frame: JpegFrame | undefined;
  let quantizationId = 0;
  let restart = 0;
  for (let at = 2; at + 4 <= bytes.length; at += 2 + word(at + 2)) {
    const marker = word(at);
    const body = bytes.subarray(at + 4, at + 2 + word(at + 2));
    if (marker === 0xffc4) readHuffmanTables(body, tables);
    else if (marker === 0xffdb) readQuantizations(body, quantizations);
    else if (marker === 0xffdd) restart = word(at + 4);
    else if (marker === 0xffc0 || marker === 0xffc1 || marker === 0xffc3) {
      if (body[5] !== 1) throw new Error(`${body[5]} components instead of 1`);
      quantizationId = body[8]!;
      frame = {
        process: marker === 0xffc3 ? "lossless" : "sequential",
        bits: body[0]!,
        height: word(at + 5),
        width: word(at + 7),
        quantization: new Uint16Array(64),
        restart: 0,
      };
    } else if (marker > 0xffc0 && marker <= 0xffcf && marker !== 0xffc8 && marker !== 0xffcc)
      throw new Error(`JPEG process 0x${marker.toString(16)} is not read`);
    else if (marker === 0xffda) {
      if (!frame || body[0] !== 1) throw new Error("a scan without a frame of one component");
      const quantization = quantizations.get(quantizationId) ?? frame.quantization;
      const scan = bytes.subarray(at + 2 + word(at + 2));
      return decodeScan({ ...frame, quantization, restart }, body, scan, tables);
    } else if (marker < 0xff00) throw new Error(`no marker at byte ${at}`);
  }
  throw new Error("no scan");
}

function readHuffmanTables(body: Uint8Array, tables: Map<number, Uint16Array>): void {
  for (let at = 0; at < body.length; ) {
    const counts = body.subarray(at + 1, at + 17);
    const symbols = counts.reduce((sum, n) => sum + n, 0);
    tables.set(body[at]!, huffmanTable(counts, body.subarray(at + 17, at + 17 + symbols)));
    at += 17 + symbols;
  }
}

function readQuantizations(body: Uint8Array, tables: Map<number, Uint16Array>): void {
  for (let at = 0; at < body.length; ) {
    const wide = body[at]! >> 4; // 1: two bytes each
    const value = (n: number) => (wide ? (body[at + 1 + 2 * n]! << 8) | body[at + 2 + 2 * n]! : body[at + 1 + n]!);
    tables.set(
      body[at]! & 15,
      Uint16Array.from({ length: 64 }, (_, n) => value(n)),
    );
    at += 1 + 64 * (1 + wide);
  }
}

function decodeScan(
  frame: JpegFrame,
  scan: Uint8Array,
  data: Uint8Array,
  tables: ReadonlyMap<number, Uint16Array>,
): JpegImage {
  const dc = tables.get(scan[2]! >> 4);
  const ac = tables.get(16 + (scan[2]! & 15));
  const reader = huffmanReader(data);
  const { width, height } = frame;
  if (!dc || (frame.process === "sequential" && !ac)) throw new Error("a scan without its Huffman table");
  const samples =
    frame.process === "lossless"
      ? decodeLossless(frame, reader, dc, scan[3]!, scan[5]! & 15)
      : decodeSequential(frame, reader, dc, ac!);
  if (reader.overrun()) throw new Error("the coded data end too early");
  return { width, height, samples };
}

/** Annex H: each sample is predicted from its left (a), upper (b) and upper left (c) neighbours. */
function decodeLossless(
  { bits, width, height, restart }: JpegFrame,
  reader: HuffmanReader,
  table: Uint16Array,
  predictor: number,
  pointTransform: number,
): Uint16Array {
  const out = new Uint16Array(width * height);
  const first = 1 << (bits - pointTransform - 1);
  let firstRow = 0; // of the current restart interval
  for (let y = 0, n = 0; y < height; y++)
    for (let x = 0; x < width; x++, n++) {
      const restarted = restart > 0 && n > 0 && n % restart === 0;
      if (restarted) {
        reader.restart();
        firstRow = y;
      }
      const a = out[n - 1]!,
        b = out[n - width]!,
        c = out[n - width - 1]!;
      let guess: number;
      if (n === 0 || restarted) guess = first;
      else if (y === firstRow) guess = a;
      else if (x === 0) guess = b;
      else guess = predict(predictor, a, b, c);
      out[n] = guess + reader.difference(table); // modulo 2^16, as the standard has it
    }
  return pointTransform > 0 ? out.map((v) => v << pointTransform) : out;
}

function predict(predictor: number, a: number, b: number, c: number): number {
  switch (predictor) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    case 7:
      return (a + b) >> 1;
    default:
      throw new Error(`predictor ${predictor}`);
  }
}
