/// <reference path="./untyped.d.ts" />
import dicomParser, { type DataSet } from "dicom-parser";
import { inflateSync } from "fflate";
import { SpondylError } from "../error.js";
import { concat } from "../formats/gzip.js";
import type { Vec3 } from "../volume/volume.js";
import type { ScanFile } from "./scanFile.js";

/**
 * One image of a DICOM file, as its header describes it. The tags that name the patient, the hospital or a date are
 * never read. Fields are undefined where the header is silent: what that means is decided where they are used.
 */
export interface DicomSlice {
  readonly file: string;
  readonly dataSet: DataSet; // holds the stored pixels
  readonly frame: number; // of the file, from 0
  readonly frames: number; // in the file
  readonly transferSyntax: string;
  readonly seriesUid: string; // empty in some anonymised files
  readonly seriesNumber: string;
  readonly seriesDescription: string; // for messages to the user only: free text never enters a result
  readonly modality: string;
  readonly sopClass: string;
  readonly imageType: readonly string[];
  readonly instance: number | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly samples: number; // per pixel: 3 for colour
  readonly position: Vec3 | undefined; // LPS, mm, centre of the first pixel
  readonly rowDirection: Vec3 | undefined; // the way the column index grows
  readonly columnDirection: Vec3 | undefined; // the way the row index grows
  readonly pixelSpacing: readonly [number, number] | undefined; // mm, along a row, along a column
  readonly slope: number | undefined;
  readonly intercept: number | undefined;
  readonly rescaleType: string;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly padding: readonly [number, number] | undefined; // stored values from, to
  readonly lossy: boolean; // as the header says
  readonly header: HeaderReader;
}

/** Looks a tag up in the frame's own groups, the groups all frames share, and the file. */
export interface HeaderReader {
  text(tag: string): string; // empty when absent
  number(tag: string): number | undefined; // decimal strings, integer strings and doubles
}

/** Whether this is a DICOM file: 128 bytes of anything, then "DICM". */
export const isDicom = (bytes: Uint8Array): boolean =>
  bytes.length > 132 && bytes[128] === 0x44 && bytes[129] === 0x49 && bytes[130] === 0x43 && bytes[131] === 0x4d;

/**
 * The images of a DICOM file: one, several in a multi-frame file, none in a report or a directory.
 * @throws SpondylError "bad-input" when the file is cut off
 */
export function dicomSlices({ name, bytes }: ScanFile): readonly DicomSlice[] {
  const dataSet = parse(name, bytes);
  const root = readerOf([dataSet]);
  if (!dataSet.elements.x7fe00010) return [];
  const frames = root.number("x00280008") ?? 1;
  return Array.from({ length: frames }, (_, frame) => sliceOf(name, dataSet, frame, frames));
}

function parse(name: string, bytes: Uint8Array): DataSet {
  try {
    const dataSet = dicomParser.parseDicom(bytes, {
      inflater: (all, position) => concat([all.subarray(0, position), inflateSync(all.subarray(position))]),
    });
    const pixels = dataSet.elements.x7fe00010;
    const end = pixels ? pixels.dataOffset + pixels.length : 0;
    const fragmentsEnd = !dataSet.warnings.some((w) => /missing/.test(w)); // cut between two, nothing else tells
    const whole = dataSet.byteArray.length >= end && fragmentsEnd;
    if (whole) return dataSet;
  } catch (cause) {
    throw cutOff(name, bytes, cause);
  }
  throw cutOff(name, bytes);
}

const cutOff = (name: string, bytes: Uint8Array, cause?: unknown) =>
  new SpondylError(
    "bad-input",
    `import: the DICOM file ${name} (${bytes.length} bytes) is cut off or damaged. Export or copy the series again.`,
    { file: name, bytes: bytes.length },
    { cause },
  );

function sliceOf(file: string, dataSet: DataSet, frame: number, frames: number): DicomSlice {
  const header = readerOf(places(dataSet, frame));
  const { text, number } = header;
  const whole = (tag: string, otherwise: number) => number(tag) ?? otherwise;
  const orientation = numbers(text("x00200037"), 6);
  const spacing = numbers(text("x00280030"), 2);
  const signed = whole("x00280103", 0) === 1;
  const bitsAllocated = whole("x00280100", 16);
  const bitsStored = whole("x00280101", bitsAllocated);
  return {
    file,
    dataSet,
    frame,
    frames,
    transferSyntax: text("x00020010"),
    seriesUid: text("x0020000e"),
    seriesNumber: text("x00200011"),
    seriesDescription: text("x0008103e"),
    modality: text("x00080060"),
    sopClass: text("x00080016"),
    imageType: text("x00080008").split("\\"),
    instance: number("x00200013"),
    rows: whole("x00280010", 0),
    columns: whole("x00280011", 0),
    samples: whole("x00280002", 1),
    position: numbers(text("x00200032"), 3) as Vec3 | undefined,
    rowDirection: orientation?.slice(0, 3) as Vec3 | undefined,
    columnDirection: orientation?.slice(3) as Vec3 | undefined,
    pixelSpacing: spacing && [spacing[1]!, spacing[0]!], // the header gives the step between rows first
    slope: number("x00281053"),
    intercept: number("x00281052"),
    rescaleType: text("x00281054"),
    bitsAllocated,
    bitsStored,
    highBit: whole("x00280102", bitsStored - 1),
    signed,
    padding: paddingOf(dataSet, signed),
    lossy: text("x00282110") === "01",
    header,
  };
}

/** Where a frame's tags are: its own functional groups, those it shares, the file itself. */
function places(dataSet: DataSet, frame: number): readonly DataSet[] {
  const groups = (tag: string, item: number) => {
    const group = dataSet.elements[tag]?.items?.[item]?.dataSet;
    return group ? Object.values(group.elements).flatMap((e) => e?.items?.[0]?.dataSet ?? []) : [];
  };
  return [...groups("x52009230", frame), ...groups("x52009229", 0), dataSet];
}

function readerOf(sets: readonly DataSet[]): HeaderReader {
  const find = (tag: string) => sets.find((s) => (s.elements[tag]?.length ?? 0) > 0);
  const text = (tag: string) => find(tag)?.string(tag)?.trim() ?? "";
  return { text, number: (tag) => numberIn(find(tag), tag) };
}

const binaryShorts = new Set([
  "x00280002",
  "x00280010",
  "x00280011",
  "x00280100",
  "x00280101",
  "x00280102",
  "x00280103",
]);

function numberIn(set: DataSet | undefined, tag: string): number | undefined {
  if (!set) return undefined;
  if (binaryShorts.has(tag)) return set.uint16(tag);
  const value = set.elements[tag]?.vr === "FD" ? set.double(tag) : Number.parseFloat(set.string(tag, 0) ?? "");
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function paddingOf(dataSet: DataSet, signed: boolean): readonly [number, number] | undefined {
  const read = (tag: string) => (signed ? dataSet.int16(tag) : dataSet.uint16(tag));
  const value = read("x00280120");
  if (value === undefined) return undefined;
  const limit = read("x00280121") ?? value;
  return [Math.min(value, limit), Math.max(value, limit)];
}

/** Exactly this many numbers from a multi-valued decimal string. */
function numbers(text: string, count: number): readonly number[] | undefined {
  const values = text.split("\\").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  return values.length === count && values.every(Number.isFinite) ? values : undefined;
}
