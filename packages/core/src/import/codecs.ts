/// <reference path="./untyped.d.ts" />
import { decodeJpeg } from "./jpeg.js";
import { decodeRle } from "./rle.js";

/** How the pixels of a transfer syntax are stored. */
export interface Encoding {
  readonly name: string;
  readonly scheme: "raw" | "rle" | "jpeg" | "jpeg-ls" | "jpeg-2000";
  readonly compression: "none" | "lossless" | "lossy"; // as the standard allows; JPEG-2000 part 1 may be either
  readonly bigEndian?: boolean;
}

/** Transfer syntaxes that are read, by UID. Source: DICOM PS3.6, table A-1. */
export const encodings: Readonly<Record<string, Encoding>> = {
  "1.2.840.10008.1.2": { name: "implicit little endian", scheme: "raw", compression: "none" },
  "1.2.840.10008.1.2.1": { name: "explicit little endian", scheme: "raw", compression: "none" },
  "1.2.840.10008.1.2.1.99": { name: "deflated explicit little endian", scheme: "raw", compression: "lossless" },
  "1.2.840.10008.1.2.2": { name: "explicit big endian", scheme: "raw", compression: "none", bigEndian: true },
  "1.2.840.10008.1.2.5": { name: "RLE lossless", scheme: "rle", compression: "lossless" },
  "1.2.840.10008.1.2.4.50": { name: "JPEG baseline", scheme: "jpeg", compression: "lossy" },
  "1.2.840.10008.1.2.4.51": { name: "JPEG extended", scheme: "jpeg", compression: "lossy" },
  "1.2.840.10008.1.2.4.57": { name: "JPEG lossless", scheme: "jpeg", compression: "lossless" },
  "1.2.840.10008.1.2.4.70": { name: "JPEG lossless, first-order prediction", scheme: "jpeg", compression: "lossless" },
  "1.2.840.10008.1.2.4.80": { name: "JPEG-LS lossless", scheme: "jpeg-ls", compression: "lossless" },
  "1.2.840.10008.1.2.4.81": { name: "JPEG-LS near-lossless", scheme: "jpeg-ls", compression: "lossy" },
  "1.2.840.10008.1.2.4.90": { name: "JPEG-2000 lossless", scheme: "jpeg-2000", compression: "lossless" },
  "1.2.840.10008.1.2.4.91": { name: "JPEG-2000", scheme: "jpeg-2000", compression: "lossy" },
};

/** Samples of one frame, as the codec left them: 1 or 2 little-endian bytes each. */
export interface Samples {
  readonly bytes: Uint8Array;
  readonly bytesPerSample: number;
  readonly width?: number; // where the coded image says so itself
  readonly height?: number;
}

/** Turns coded frames into samples. Throws what the codecs throw. */
export type Decode = (coded: Uint8Array, expected: { count: number; bytesPerSample: number }) => Samples;

/** Where the decoders' WASM files are served: needed in a browser; in Node they are found beside their packages. */
export type LocateCodec = (file: string) => string;

/** The decoder of a scheme. The WASM ones are loaded only here, when a scan needs them. */
export async function loadDecoder(scheme: Encoding["scheme"], locate?: LocateCodec): Promise<Decode> {
  const settings = { print() {}, printErr() {}, ...(locate && { locateFile: locate }) };
  switch (scheme) {
    case "raw":
      return (bytes, { bytesPerSample }) => ({ bytes, bytesPerSample });
    case "rle":
      return (coded, { count, bytesPerSample }) => ({
        bytes: present(decodeRle(coded, count, bytesPerSample)),
        bytesPerSample,
      });
    case "jpeg":
      return decodeJpegFrame;
    case "jpeg-ls": {
      const { JpegLSDecoder } = await (await import("@cornerstonejs/codec-charls/decodewasmjs")).default(settings);
      return (coded) => decodeWasm(new JpegLSDecoder(), coded);
    }
    case "jpeg-2000": {
      const { J2KDecoder } = await (await import("@cornerstonejs/codec-openjpeg/decodewasmjs")).default(settings);
      return (coded) => decodeWasm(new J2KDecoder(), coded);
    }
  }
}

function decodeJpegFrame(coded: Uint8Array): Samples {
  const { samples, width, height } = decodeJpeg(coded);
  return { bytes: new Uint8Array(samples.buffer), bytesPerSample: 2, width, height };
}

function decodeWasm(decoder: CodecDecoder, coded: Uint8Array): Samples {
  try {
    decoder.getEncodedBuffer(coded.length).set(coded);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
    if (componentCount !== 1) throw new Error(`${componentCount} components instead of 1`);
    return { bytes: decoder.getDecodedBuffer().slice(), bytesPerSample: bitsPerSample <= 8 ? 1 : 2, width, height };
  } finally {
    decoder.delete();
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the coded data end too early");
  return value;
}
