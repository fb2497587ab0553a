/// <reference path="./untyped.d.ts" />
import dicomParser from "dicom-parser";
import { SpondylError } from "../error.js";
import { type Decode, type Encoding, encodings } from "./codecs.js";
import type { DicomSlice } from "./dicomSlice.js";

/** Air. What lies outside the scanned circle is given this value. */
export const airHu = -1024;

/** HU of one slice, and how many of its pixels were padding. */
export interface SlicePixels {
  readonly hu: Float32Array; // rows·columns, row by row
  readonly padded: number;
}

/**
 * How the slice's pixels are stored.
 * @throws SpondylError "unsupported" for a transfer syntax that is not read
 */
export function encodingOf(slice: DicomSlice): Encoding {
  const encoding = encodings[slice.transferSyntax];
  if (encoding) return encoding;
  throw new SpondylError(
    "unsupported",
    `import: ${slice.file} is stored in transfer syntax ${slice.transferSyntax || "(none named)"}, which is not read. ` +
      "Export the series uncompressed or as JPEG-2000 lossless.",
    { file: slice.file, transferSyntax: slice.transferSyntax },
  );
}

/** The slice's coded bytes, as they lie in the file. */
export function codedFrame({ dataSet, frame, frames, rows, columns, bitsAllocated, file }: DicomSlice): Uint8Array {
  const element = dataSet.elements.x7fe00010!;
  if (!element.fragments) {
    const length = (rows * columns * bitsAllocated) / 8;
    const start = element.dataOffset + frame * length;
    const here = dataSet.byteArray.subarray(start, Math.min(start + length, element.dataOffset + element.length));
    if (here.length < length) throw broken(file, `${here.length} bytes of pixels instead of ${length}`);
    return here;
  }
  try {
    if (frames === 1)
      return dicomParser.readEncapsulatedPixelDataFromFragments(dataSet, element, 0, element.fragments.length);
    if (element.basicOffsetTable?.length) return dicomParser.readEncapsulatedImageFrame(dataSet, element, frame);
    if (element.fragments.length === frames)
      return dicomParser.readEncapsulatedPixelDataFromFragments(dataSet, element, frame);
    const offsets = dicomParser.createJPEGBasicOffsetTable(dataSet, element);
    return dicomParser.readEncapsulatedImageFrame(dataSet, element, frame, offsets);
  } catch (cause) {
    throw broken(file, "its compressed fragments do not fit together", cause);
  }
}

/**
 * Decodes and rescales one slice. Padding becomes air, unless the header's padding value lies among real tissue.
 * @throws SpondylError "bad-input" when the pixels do not decode to rows x columns
 */
export function slicePixels(slice: DicomSlice, decode: Decode): SlicePixels {
  const stored = storedValues(slice, decode);
  const slope = slice.slope!,
    intercept = slice.intercept!;
  const padding = usablePadding(slice);
  const hu = new Float32Array(stored.length);
  let padded = 0;
  for (let n = 0; n < hu.length; n++) {
    const value = stored[n]!;
    const outside = padding !== undefined && value >= padding[0] && value <= padding[1];
    if (outside) padded++;
    hu[n] = outside ? airHu : slope * value + intercept;
  }
  return { hu, padded };
}

/** Padding range, if its HU cannot be taken for tissue: some headers name 0, which is water where the intercept is 0. */
export function usablePadding({ padding, slope, intercept }: DicomSlice): readonly [number, number] | undefined {
  const isAir = padding?.every((value) => slope! * value + intercept! <= -900 || slope! * value + intercept! > 20000);
  return isAir ? padding : undefined;
}

/** Integers as the scanner stored them, sign and unused bits settled. */
function storedValues(slice: DicomSlice, decode: Decode): Int32Array {
  const { rows, columns, bitsAllocated, bitsStored, highBit, signed, file } = slice;
  const count = rows * columns;
  if (bitsAllocated !== 16 && bitsAllocated !== 8)
    throw new SpondylError(
      "unsupported",
      `import: ${file} has ${bitsAllocated} bits per pixel; 8 and 16 are read. Export the series with 16.`,
      { file, bitsAllocated },
    );
  if (!(bitsStored >= 1 && bitsStored <= bitsAllocated && highBit < bitsAllocated && highBit + 1 >= bitsStored))
    throw broken(file, `${bitsStored} bits stored up to bit ${highBit} do not fit ${bitsAllocated}`);
  const { scheme, bigEndian = false } = encodingOf(slice);
  const samples = decodeOrExplain(slice, decode);
  const { bytes, bytesPerSample, width = columns, height = rows } = samples;
  if (width !== columns || height !== rows || bytes.length < count * bytesPerSample)
    throw broken(file, `the pixels are ${width} x ${height} (${bytes.length} bytes) instead of ${columns} x ${rows}`);
  const unused = 32 - bitsStored;
  const below = scheme === "raw" || scheme === "rle" ? highBit + 1 - bitsStored : 0; // bits under the lowest in use
  const out = new Int32Array(count);
  for (let n = 0; n < count; n++) {
    const first = bytes[n * bytesPerSample]!,
      second = bytesPerSample === 2 ? bytes[2 * n + 1]! : 0;
    const word = bigEndian && bytesPerSample === 2 ? (first << 8) | second : first | (second << 8);
    const raised = (word >>> below) << unused;
    out[n] = signed ? raised >> unused : raised >>> unused;
  }
  return out;
}

function decodeOrExplain(slice: DicomSlice, decode: Decode) {
  const { rows, columns, bitsAllocated, file } = slice;
  const coded = codedFrame(slice);
  try {
    return decode(coded, { count: rows * columns, bytesPerSample: bitsAllocated / 8 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw broken(file, `its ${encodingOf(slice).name} pixels do not decode (${why})`, cause);
  }
}

const broken = (file: string, what: string, cause?: unknown) =>
  new SpondylError(
    "bad-input",
    `import: ${file} is damaged: ${what}. Export or copy the series again.`,
    { file },
    { cause },
  );
