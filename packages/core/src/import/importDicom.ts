import type { Run } from "../run.js";
import type { Finding } from "../volume/finding.js";
import type { Vec3, Volume } from "../volume/volume.js";
import { acquisitionFindings, acquisitionOf } from "./acquisition.js";
import { type LocateCodec, loadDecoder } from "./codecs.js";
import { airHu, encodingOf, slicePixels, usablePadding } from "./dicomPixels.js";
import { chooseSeries } from "./dicomSeries.js";
import { type DicomStack, medianOf, shiftedOrigin, stackSlices } from "./dicomStack.js";
import { type Acquisition, note, repaired, warning } from "./quality.js";
import { canvasOf, placeSlice, respace } from "./rectify.js";
import type { ScanFile } from "./scanFile.js";

export interface ImportDicomOptions {
  /** Which series, where the files hold several: its number, its UID, or #1, #2, ... as the error lists them. */
  readonly series?: string;
  /** Where the decoders' WASM files are served; needed in a browser only. */
  readonly locateCodec?: LocateCodec;
}

/** Lateral drift of the slices (pixels) below which the stack counts as upright. */
const uprightTolerance = 0.1;
/** Distance of a slice (in slice steps) from its place on an even grid below which the spacing counts as even. */
const evenTolerance = 0.05;

/**
 * A CT series as one upright, evenly spaced volume in HU. A tilted gantry is de-sheared and varying spacing resampled,
 * and each is named in the findings.
 * @throws SpondylError as `chooseSeries`, `stackSlices` and `slicePixels`
 */
export async function importDicom(
  files: readonly ScanFile[],
  { series, locateCodec }: ImportDicomOptions,
  run: Run,
): Promise<{ scan: Volume<"HU">; findings: readonly Finding[]; acquisition: Acquisition }> {
  const chosen = chooseSeries(files, series);
  const stack = stackSlices(chosen.slices);
  const acquisition = acquisitionOf(stack);
  const pixels = await readPixels(stack, locateCodec, run);
  const spaced = evenSpacing(stack, pixels.data, pixels.size);
  const scan: Volume<"HU"> = {
    quantity: "HU",
    data: spaced.data,
    size: spaced.size,
    spacing: [...stack.pixelSpacing, spaced.step],
    origin: shiftedOrigin(stack, pixels.start),
    direction: Float64Array.from(
      { length: 9 },
      (_, n) => [stack.row, stack.column, stack.normal][n % 3]![Math.floor(n / 3)]! + 0,
    ),
  };
  const findings = [
    ...chosen.findings,
    ...stack.findings,
    ...acquisitionFindings(stack, acquisition),
    ...pixels.findings,
    ...spaced.findings,
  ];
  return { scan, findings, acquisition };
}

/** HU of all slices, each at its place on the common canvas. */
async function readPixels(stack: DicomStack, locate: LocateCodec | undefined, run: Run) {
  const { slices, shifts } = stack;
  const { columns, rows } = slices[0]!;
  const drift = Math.max(...shifts.flat().map(Math.abs));
  const places = drift > uprightTolerance ? shifts : shifts.map(() => [0, 0] as const);
  const canvas = canvasOf(places, columns, rows);
  const area = canvas.size[0] * canvas.size[1];
  const data = new Float32Array(area * slices.length);
  const decoders = new Map<string, Awaited<ReturnType<typeof loadDecoder>>>();
  let padded = 0;
  for (const [k, slice] of slices.entries()) {
    const { scheme } = encodingOf(slice);
    if (!decoders.has(scheme)) decoders.set(scheme, await loadDecoder(scheme, locate));
    const { hu, padded: here } = slicePixels(slice, decoders.get(scheme)!);
    padded += here;
    placeSlice(hu, columns, places[k]!, canvas, data.subarray(k * area, (k + 1) * area), airHu);
    run.progress?.((k + 1) / slices.length);
    if (k % 4 === 3) await pause(); // so that an abort can arrive
    run.signal?.throwIfAborted();
  }
  const size: Vec3 = [...canvas.size, slices.length];
  return {
    data,
    size,
    start: canvas.start,
    findings: [...paddingFindings(stack, padded), ...driftFindings(stack, drift, canvas.size)],
  };
}

const pause = () => new Promise<void>((resume) => setTimeout(resume, 0));

function paddingFindings({ slices }: DicomStack, padded: number): readonly Finding[] {
  const ignored = slices.find((s) => s.padding && !usablePadding(s));
  return [
    ...(padded > 0
      ? [
          note(
            "padding",
            `${padded} pixels outside the scanned circle (PixelPaddingValue) were set to air, ${airHu} HU.`,
          ),
        ]
      : []),
    ...(ignored
      ? [
          warning(
            "padding-ignored",
            `The header's PixelPaddingValue ${ignored.padding![0]} is ${ignored.slope! * ignored.padding![0] + ignored.intercept!} HU, which tissue can have: it was not taken for padding.`,
          ),
        ]
      : []),
  ];
}

function driftFindings(
  { tiltRadians, slices }: DicomStack,
  drift: number,
  [nx, ny]: readonly [number, number],
): readonly Finding[] {
  const tagged = slices[0]!.header.number("x00181120") ?? 0;
  if (drift > uprightTolerance)
    return [
      repaired(
        "gantry-tilt",
        `The slices are sheared by ${degrees(tiltRadians)} degrees (gantry tilt): each was shifted in its plane by up to ${drift.toFixed(1)} pixels ` +
          `(bilinear), on an upright grid of ${nx} x ${ny} pixels filled up with air.`,
      ),
    ];
  if (Math.abs(tagged) < 0.1) return [];
  return [
    note(
      "tilt-tag",
      `The header names a gantry tilt of ${tagged} degrees, but the slices stand upright by their positions, which were trusted.`,
    ),
  ];
}

/** The data as they are where the slices are even, else resampled to the finest spacing in the stack. */
function evenSpacing({ heights }: DicomStack, data: Float32Array, size: Vec3) {
  const mean = heights.at(-1)! / (heights.length - 1);
  const uneven = Math.max(...heights.map((h, n) => Math.abs(h - n * mean))) / mean;
  if (uneven <= evenTolerance) return { data, size, step: tidy(mean), findings: [] };
  const steps = heights.slice(1).map((h, n) => h - heights[n]!);
  const finest = Math.min(...steps),
    coarsest = Math.max(...steps);
  const step = tidy(Math.max(finest, medianOf(steps) / 2)); // not finer for one stray slice
  const even = respace(data, size, heights, step);
  return {
    data: even.data,
    size: [size[0], size[1], even.slices] as const,
    step,
    findings: [
      repaired(
        "varying-spacing",
        `The slices are ${finest.toFixed(3)} to ${coarsest.toFixed(3)} mm apart: ${size[2]} slices were interpolated linearly to ${even.slices}, ${step} mm apart. ` +
          "Where they were farther apart the image is smoother.",
      ),
    ],
  };
}

/** Without the last digits of adding positions up: 0.7 and not 0.7000000000000028. */
const tidy = (mm: number) => Number(mm.toPrecision(9));
const degrees = (radians: number) => ((radians * 180) / Math.PI).toFixed(1);
