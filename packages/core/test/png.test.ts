import { unzlibSync } from "fflate";
import { expect, test } from "vitest";
import { crc32 } from "../src/formats/crc32.js";
import { encodePng, pngDataUri } from "../src/formats/png.js";

/** A reader of what the writer may write, straight from the PNG specification. */
function decodePng(file: Uint8Array): { width: number; height: number; rgba: Uint8Array } {
  expect([...file.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(file.buffer, file.byteOffset);
  const blocks = new Map<string, Uint8Array>();
  for (let at = 8; at < file.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    blocks.set(type, file.subarray(at + 8, at + 8 + length));
    expect(view.getUint32(at + 8 + length)).toBe(crc32(file.subarray(at + 4, at + 8 + length)));
    at += 12 + length;
  }
  expect([...blocks.keys()]).toEqual(["IHDR", "IDAT", "IEND"]);
  const header = blocks.get("IHDR")!;
  const channels = header[9] === 2 ? 3 : 4;
  const width = view.getUint32(16),
    height = view.getUint32(20);
  const rows = unzlibSync(blocks.get("IDAT")!);
  const flat = new Uint8Array(width * channels * height);
  for (let y = 0, n = 0; y < height; y++)
    for (let x = 0; x < width * channels; x++, n++) {
      const filter = rows[y * (width * channels + 1)];
      const left = x < channels ? 0 : flat[n - channels]!;
      const up = y === 0 ? 0 : flat[n - width * channels]!;
      flat[n] = rows[n + y + 1]! + (filter === 1 ? left : filter === 2 ? up : 0);
    }
  const rgba = Uint8Array.from({ length: 4 * width * height }, (_, n) =>
    n % 4 < channels ? flat[Math.floor(n / 4) * channels + (n % 4)]! : 255,
  );
  return { width, height, rgba };
}

test.each([
  ["opaque", 1],
  ["translucent", 5],
])("a %s picture comes back pixel for pixel", (_, step) => {
  const width = 37,
    height = 23;
  const rgba = Uint8Array.from({ length: 4 * width * height }, (_, n) =>
    n % 4 === 3 ? 255 - (step - 1) * (n % 13) : (n * n * 31 + (n >> 3)) & 255,
  );
  const png = encodePng(rgba, width, height);
  expect(decodePng(png)).toEqual({ width, height, rgba });
  expect(png[25]).toBe(step === 1 ? 2 : 6); // colour type: without alpha where none is needed
});

test("crc32 of the standard's check string", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

test("a smooth picture packs well", () => {
  const width = 256,
    height = 256;
  const rgba = Uint8Array.from({ length: 4 * width * height }, (_, n) =>
    n % 4 === 3 ? 255 : (Math.floor(n / 4) % width) / 2 + Math.floor(n / 4 / width) / 2,
  );
  expect(encodePng(rgba, width, height).length).toBeLessThan(rgba.length / 100);
});

test("the URI holds the file", () => {
  const uri = pngDataUri(encodePng(new Uint8Array(4 * 100 * 100).fill(255), 100, 100));
  expect(uri).toMatch(/^data:image\/png;base64,iVBORw0KGgo[A-Za-z0-9+/]+=*$/);
});

test("pixels that do not fit the size are refused", () => {
  expect(() => encodePng(new Uint8Array(12), 2, 2)).toThrow(/12 bytes are not 2 x 2/);
  expect(() => encodePng(new Uint8Array(0), 0, 0)).toThrow(/png/);
});
