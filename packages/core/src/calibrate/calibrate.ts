import { SpondylError } from "../error.js";
import type { Run } from "../run.js";
import type { Finding } from "../volume/finding.js";
import type { Density, Volume } from "../volume/volume.js";
import { type Curve, type CurvePoint, curveTable } from "./curve.js";
import type { Solved } from "./evidence.js";
import { solveInternal } from "./internal.js";
import { solveLine } from "./line.js";
import type { CalibrationMethod } from "./method.js";
import { unitOf } from "./method.js";
import { solveInserts, solveMindways } from "./phantom.js";
import { type PossibleDensity, possibleDensities, requirePossible } from "./possible.js";

export interface CalibrateOptions {
  /** CT numbers below this one count as it, HU: scanners pad the image with −1024 to −3024. Default −1024. */
  readonly lowestHu?: number;
  /** Where the result tabulates the curve and its uncertainty, HU. */
  readonly tableHu?: readonly number[];
  /** Where a curve outside these densities is refused, as one in g/cm³ would be. Default `possibleDensities`. */
  readonly possible?: readonly PossibleDensity[];
}

/** The density image, the curve that made it, and how far to trust it. */
export interface Calibration extends Solved {
  readonly density: Density; // mg/cm³ of the reference material; may be below 0, in fat and air
  readonly method: CalibrationMethod["kind"];
  readonly table: readonly CurvePoint[]; // the curve and its SD at some CT numbers; `densitySdAt` gives any other
  readonly voxelsBelowLowestHu: number; // counted as `lowestHu`
  readonly voxelsAboveCalibrated: number; // brighter than the brightest point of the fit: extrapolated
}

/**
 * CT numbers to mineral density.
 *
 * @param scan CT numbers; for the method "density" also grey values or a density, which are then taken as they are
 * @param method phantom inserts, Mindways rods, the patient's own tissues, a given line, or density given already
 * @throws SpondylError "bad-option" without a method or with one that fixes no curve, or one of impossible densities;
 *   "bad-input" for an image that holds something else than CT numbers, or a value that is not finite or gives no
 *   possible density
 */
export async function calibrate(
  scan: Volume<"HU"> | Volume<"grey"> | Density,
  method: CalibrationMethod | undefined,
  {
    lowestHu = -1024,
    tableHu = [-100, 0, 50, 100, 200, 300, 600, 1000],
    possible = possibleDensities,
  }: CalibrateOptions = {},
  run: Run = {},
): Promise<Calibration> {
  const chosen = requireMethod(method);
  if (Number.isNaN(lowestHu)) throw new SpondylError("bad-option", "calibrate: lowestHu is NaN. Give a CT number.");
  checkQuantity(scan, chosen);
  const solved = solve(chosen);
  const isDensity = chosen.kind === "density";
  if (!isDensity) requirePossible(solved.curve, possible);
  const bounds = {
    lowestHu: isDensity ? Number.NEGATIVE_INFINITY : lowestHu,
    brightestHu: Math.max(...(solved.evidence?.points.map((p) => p.hu) ?? [Number.POSITIVE_INFINITY])),
  };
  const { data, below, above } = await apply(scan, solved.curve, bounds, run);
  return {
    ...solved,
    density: { ...scan, quantity: unitOf(solved.reference), data } as Density,
    method: chosen.kind,
    table: isDensity ? [] : curveTable(solved.curve, tableHu),
    voxelsBelowLowestHu: below,
    voxelsAboveCalibrated: above,
    findings: [...solved.findings, ...imageFindings(scan, above, bounds.brightestHu)],
  };
}

/**
 * The method, if there is one.
 * @throws SpondylError "bad-option" that names the five ways when there is none
 */
export function requireMethod(method: CalibrationMethod | undefined): CalibrationMethod {
  if (method) return method;
  throw noMethod();
}

function solve(method: CalibrationMethod): Solved {
  switch (method.kind) {
    case "inserts":
      return solveInserts(method.inserts, method.reference);
    case "mindways":
      return solveMindways(method.rods);
    case "internal":
      return solveInternal(method);
    case "line":
      return solveLine(method);
    case "density":
      return {
        reference: method.reference ?? "K2HPO4",
        curve: { coefficients: [0, 1], covariance: null },
        evidence: null,
        findings: [],
      };
    default:
      throw noMethod((method as { kind?: unknown }).kind);
  }
}

const noMethod = (kind?: unknown) =>
  new SpondylError(
    "bad-option",
    `calibrate: ${kind === undefined ? "no calibration is given" : `the calibration "${kind}" is unknown`}, and CT numbers alone say no density. ` +
      "Give one (--calibration on the command line): inserts or mindways (a phantom in the scan), internal (the patient's own tissues), " +
      "line (known for this scanner), or density (the image is one already).",
  );

function checkQuantity({ quantity }: Volume, method: CalibrationMethod): void {
  const isDensity = quantity === "mgHA/cm3" || quantity === "mgK2HPO4/cm3";
  if (method.kind !== "density") {
    if (quantity === "HU") return;
    throw new SpondylError(
      "bad-input",
      `calibrate: the image holds ${quantity}, not HU, so the method "${method.kind}" does not apply. ` +
        "Give a CT, or say that the image is a density already (density).",
    );
  }
  if (isDensity && quantity !== unitOf(method.reference ?? "K2HPO4"))
    throw new SpondylError(
      "bad-option",
      `calibrate: the image holds ${quantity}, but is declared ${unitOf(method.reference ?? "K2HPO4")}. Name its own reference material.`,
    );
  if (!isDensity && quantity !== "HU" && quantity !== "grey")
    throw new SpondylError(
      "bad-input",
      `calibrate: the image holds ${quantity}, which is no density. Give an image in mg/cm³.`,
    );
}

/** Bright voxels are common in bone, so this is a note with the count, not a warning. */
function imageFindings(scan: Volume, above: number, brightest: number): Finding[] {
  if (!above) return [];
  const percent = ((100 * above) / scan.data.length).toPrecision(2);
  return [
    {
      code: "calibration-extrapolated",
      severity: "note",
      message: `${above} voxels (${percent} %) are brighter than the brightest calibration point, ${brightest} HU: there the curve is extrapolated.`,
    },
  ];
}

/** Voxels between two looks at the abort signal: well below a second of work. */
const breath = 1 << 22;

/** mg/cm³. Metal at the end of an extended CT scale comes to some 10⁵ on the curve of the internal method. */
const endOfDensity = 1e7;

interface Bounds {
  readonly lowestHu: number;
  readonly brightestHu: number;
}

async function apply(scan: Volume, curve: Curve, bounds: Bounds, run: Run) {
  const data = new Float32Array(scan.data.length);
  let below = 0,
    above = 0;
  for (let start = 0; start < data.length; start += breath) {
    await new Promise<void>((resolve) => setTimeout(resolve, 0)); // lets an abort arrive
    run.signal?.throwIfAborted();
    const end = Math.min(data.length, start + breath);
    const outside = applyBetween(start, end, scan, curve, bounds, data);
    below += outside.below;
    above += outside.above;
    run.progress?.(end / data.length);
  }
  return { data, below, above };
}

/** The curve at the voxels from `start` to `end`; counts those outside the bounds. */
function applyBetween(start: number, end: number, scan: Volume, curve: Curve, bounds: Bounds, data: Float32Array) {
  const [constant = 0, linear = 0, quadratic = 0] = curve.coefficients;
  const { lowestHu, brightestHu } = bounds;
  const source = scan.data;
  let below = 0,
    above = 0;
  for (let i = start; i < end; i++) {
    const hu = source[i]!;
    if (hu - hu !== 0) throw notFinite(scan, i);
    if (hu < lowestHu) below++;
    if (hu > brightestHu) above++;
    const h = Math.max(hu, lowestHu);
    const density = constant + h * (linear + h * quadratic);
    if (!(Math.abs(density) < endOfDensity)) throw notPossible(scan, i, density);
    data[i] = density;
  }
  return { below, above };
}

const voxelOf = ({ size: [nx, ny] }: Volume, i: number) => [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))];

function notFinite(scan: Volume, i: number): SpondylError {
  const voxel = voxelOf(scan, i);
  return new SpondylError(
    "bad-input",
    `calibrate: voxel (${voxel.join(", ")}) of the image is ${scan.data[i]}. Replace such voxels before.`,
    { voxel },
  );
}

function notPossible(scan: Volume, i: number, density: number): SpondylError {
  const voxel = voxelOf(scan, i);
  return new SpondylError(
    "bad-input",
    `calibrate: voxel (${voxel.join(", ")}) of the image is ${Number(scan.data[i]!.toPrecision(6))} and gives ${Number(density.toPrecision(4))} mg/cm³, which is no density. Check the image's unit, or replace such voxels before.`,
    { voxel, density },
  );
}
