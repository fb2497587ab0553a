import { SpondylError } from "../error.js";
import { add, angle, cross, dot, length, reject, scale, subtract, unit } from "../linalg/vec3.js";
import type { Finding } from "../volume/finding.js";
import type { Vec3 } from "../volume/volume.js";
import { codedFrame } from "./dicomPixels.js";
import { fewestSlices } from "./dicomSeries.js";
import type { DicomSlice } from "./dicomSlice.js";
import { note } from "./quality.js";

/** Slices of one series in the order of their positions, checked against each other before any pixel is decoded. */
export interface DicomStack {
  readonly slices: readonly DicomSlice[];
  readonly row: Vec3; // unit vectors, LPS: the way the column index grows,
  readonly column: Vec3; // the way the row index grows,
  readonly normal: Vec3; // and from the first slice to the last
  readonly pixelSpacing: readonly [number, number]; // mm, along row, along column
  readonly heights: readonly number[]; // mm along the normal, ascending, the first is 0
  readonly shifts: readonly (readonly [number, number])[]; // pixels along row and column, against the first slice
  readonly tiltRadians: number; // between the normal and the way from the first slice to the last
  readonly findings: readonly Finding[];
}

/**
 * Orders the slices by position along their normal and looks for what breaks a volume.
 * @throws SpondylError "bad-input" naming the files: no position, spacing or rescale; too few slices; different size,
 *   orientation or pixel spacing; two different images at one place; a missing slice
 */
export function stackSlices(slices: readonly DicomSlice[]): DicomStack {
  for (const slice of slices) requireHeader(slice);
  requireAlike(slices);
  const first = slices[0]!;
  const row = unit(first.rowDirection!);
  const column = unit(reject(first.columnDirection!, row));
  const normal = cross(row, column);
  const height = (s: DicomSlice) => dot(s.position!, normal);
  const ordered = [...slices].sort((a, b) => height(a) - height(b));
  const { kept, findings } = withoutCopies(ordered, normal);
  if (kept.length < fewestSlices)
    throw bad(`the series has ${kept.length} slices; a vertebra needs ${fewestSlices} or more. Give the whole series`, {
      slices: kept.length,
    });
  requireNoGap(kept, kept.map(height));
  const origin = kept[0]!.position!;
  const offsets = kept.map((s) => subtract(s.position!, origin));
  return {
    slices: kept,
    row,
    column,
    normal,
    pixelSpacing: first.pixelSpacing!,
    heights: offsets.map((o) => dot(o, normal)),
    shifts: offsets.map((o) => [dot(o, row) / first.pixelSpacing![0], dot(o, column) / first.pixelSpacing![1]]),
    tiltRadians: angle(normal, offsets.at(-1)!),
    findings,
  };
}

function requireHeader(s: DicomSlice): void {
  const missing = [
    s.position ? "" : "ImagePositionPatient (0020,0032)",
    s.rowDirection ? "" : "ImageOrientationPatient (0020,0037)",
    s.pixelSpacing ? "" : "PixelSpacing (0028,0030)",
    s.slope ? "" : "RescaleSlope (0028,1053)", // 0 is no slope either
    s.intercept === undefined ? "RescaleIntercept (0028,1052)" : "",
  ].filter((m) => m !== "");
  if (missing.length > 0)
    throw bad(
      `${s.file} has no ${missing.join(", ")}: ${missing.some((m) => m.startsWith("Rescale")) ? "its stored values cannot be turned into HU" : "its place is unknown"}. Export the original series from the scanner or archive`,
      { file: s.file, missing },
    );
  if (s.rescaleType !== "" && !/^(HU|US$)/i.test(s.rescaleType))
    // US: unspecified; a warning tells
    throw bad(`${s.file} holds values of type "${s.rescaleType}" instead of HU. Give the CT series in HU`, {
      file: s.file,
      rescaleType: s.rescaleType,
    });
  if (s.rows < 2 || s.columns < 2)
    throw bad(`${s.file} has the impossible size ${s.columns} x ${s.rows}`, { file: s.file });
}

/** Everything that must be equal in all slices of a volume. */
function requireAlike(slices: readonly DicomSlice[]): void {
  const rounded = (v: readonly number[]) => v.map((x) => (Math.round(x * 1e4) / 1e4 + 0).toString()).join("\\");
  requireEqual(slices, "sizes (pixels)", (s) => `${s.columns} x ${s.rows}`);
  requireEqual(slices, "orientations (0020,0037)", (s) => rounded([...s.rowDirection!, ...s.columnDirection!]));
  requireEqual(slices, "pixel spacings (mm)", (s) => rounded(s.pixelSpacing!));
}

function requireEqual(slices: readonly DicomSlice[], what: string, value: (s: DicomSlice) => string): void {
  const counts = new Map<string, number>();
  for (const s of slices) counts.set(value(s), (counts.get(value(s)) ?? 0) + 1);
  if (counts.size === 1) return;
  const listing = [...counts].map(([v, n]) => `${n} of ${v}`).join(", ");
  const odd = slices.find((s) => counts.get(value(s)) === Math.min(...counts.values()))!;
  throw bad(
    `one series mixes images of different ${what}: ${listing}; for example ${odd.file}. Remove those that do not belong to it`,
    { counts: Object.fromEntries(counts) },
  );
}

/** Drops byte-for-byte copies; two different images at one place are an error. */
function withoutCopies(
  ordered: readonly DicomSlice[],
  normal: Vec3,
): { kept: readonly DicomSlice[]; findings: Finding[] } {
  const kept: DicomSlice[] = [];
  let clashes = 0;
  let clash: readonly [DicomSlice, DicomSlice] | undefined;
  for (const slice of ordered) {
    const same = kept.findLast((k) => samePlace(k, slice, normal));
    if (!same) kept.push(slice);
    else if (!sameImage(same, slice)) {
      clashes++;
      clash ??= [same, slice];
    }
  }
  if (clash) {
    const at = placeOf(clash[1], normal);
    throw bad(
      `${clashes} slices lie where another, different one is, the first at ${at}: ${clash[0].file} and ${clash[1].file}. Give one reconstruction and one contrast phase`,
      { clashes, files: clash.map((s) => s.file) },
    );
  }
  const copies = ordered.length - kept.length;
  return {
    kept,
    findings: copies > 0 ? [note("copies-dropped", `${copies} exact copies of slices were left out.`)] : [],
  };
}

const samePlace = (a: DicomSlice, b: DicomSlice, normal: Vec3) =>
  Math.abs(dot(subtract(a.position!, b.position!), normal)) < 1e-3; // mm

function sameImage(a: DicomSlice, b: DicomSlice): boolean {
  if (a.slope !== b.slope || a.intercept !== b.intercept || length(subtract(a.position!, b.position!)) > 1e-3)
    return false;
  const x = codedFrame(a),
    y = codedFrame(b);
  return x.length === y.length && x.every((byte, n) => byte === y[n]);
}

/**
 * A step half as long again as the median one is a missing slice if its neighbours are not so long, or if the images'
 * numbers jump there; otherwise the spacing changes, which can be repaired.
 */
function requireNoGap(slices: readonly DicomSlice[], heights: readonly number[]): void {
  const steps = heights.slice(1).map((h, n) => h - heights[n]!);
  const median = medianOf(steps);
  const long = (n: number) => steps[n]! > 1.5 * median;
  const jumps = (n: number) => Math.abs((slices[n + 1]!.instance ?? 0) - (slices[n]!.instance ?? 0)) > 1;
  const ordinary = steps.filter((_, n) => !long(n));
  const usuallyOne = steps.filter((_, n) => !long(n) && !jumps(n)).length > 0.9 * ordinary.length;
  const alone = (n: number) => [n - 1, n + 1].every((m) => steps[m] === undefined || steps[n]! > 1.5 * steps[m]!);
  const gaps = steps.flatMap((_, n) => (long(n) && (alone(n) || (usuallyOne && jumps(n))) ? [n] : []));
  if (gaps.length === 0) return;
  const at = gaps[0]!;
  const missing = gaps.reduce((sum, n) => sum + Math.max(1, Math.round(steps[n]! / median) - 1), 0);
  throw bad(
    `${missing} slices are missing in ${gaps.length} places, the first between ${slices[at]!.file} and ${slices[at + 1]!.file}: ` +
      `they are ${steps[at]!.toFixed(3)} mm apart and the others ${median.toFixed(3)} mm. Export or copy the whole series again`,
    { missing, places: gaps.map((n) => [slices[n]!.file, slices[n + 1]!.file]) },
  );
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Where on the patient a slice is: its coordinate along the nearest body axis. */
function placeOf(slice: DicomSlice, normal: Vec3): string {
  const axis = [0, 1, 2].reduce((best, a) => (Math.abs(normal[a]!) > Math.abs(normal[best]!) ? a : best), 0);
  return `${"LPS"[axis]} = ${slice.position![axis]!.toFixed(2)} mm`;
}

/** Centre of the first pixel of a grid that begins `shift` pixels before the first slice's. */
export const shiftedOrigin = (
  { slices, row, column, pixelSpacing }: DicomStack,
  shift: readonly [number, number],
): Vec3 =>
  add(slices[0]!.position!, add(scale(row, shift[0] * pixelSpacing[0]), scale(column, shift[1] * pixelSpacing[1])));

const bad = (what: string, details: Readonly<Record<string, unknown>> = {}) =>
  new SpondylError("bad-input", `import: ${what}.`, details);
