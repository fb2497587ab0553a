import type { Run } from "../run.js";
import { Compartment, isBody, isBone, isCap } from "../volume/compartment.js";
import type { AnatomicalFrame } from "../volume/frame.js";
import { type Mask, maskOf } from "../volume/mask.js";
import { resample } from "../volume/resample.js";
import { centroid, valuesIn } from "../volume/statistics.js";
import type { TriangleMesh } from "../volume/triangleMesh.js";
import { type Density, type Grid, indexToWorld, sameGrid, type Vec3, type Volume } from "../volume/volume.js";
import { type ChartDocument, densityHistogram, ownDocument, residualChart } from "./charts.js";
import { curveChart } from "./curveChart.js";
import type { Figure } from "./figure.js";
import { modelSurface } from "./modelSurface.js";
import type { Window } from "./paint.js";
import { reachOf } from "./plane.js";
import type { FailureResult } from "./result.js";
import { sampleSurface } from "./sampleSurface.js";
import { type ColourScale, scaleOf } from "./scale.js";
import { slicePictures, unitOf, windowOf } from "./slices.js";
import { surfaceViews } from "./views.js";

/** What the pictures show. Grids may differ: everything meets in LPS. What is absent is not drawn. */
export interface PictureInput {
  readonly scan: Volume; // HU or density
  readonly labels?: Volume<"label">; // compartments of the model, caps included
  readonly frame?: AnatomicalFrame; // absent: the axes of LPS through the middle of the body
  readonly strainEnergyDensity?: Volume<"MPa">; // one value per element, 0 where there is none
  readonly density?: Density; // for the histogram; absent: the scan, when it is a density
  readonly surface?: TriangleMesh; // of the bone's elements; absent: it is made here
  readonly residualHistory?: ArrayLike<number>; // of the solver
  readonly failures?: readonly FailurePictureInput[];
}

/** One path to failure. */
export interface FailurePictureInput {
  readonly result: FailureResult;
  readonly damage: Volume<"fraction">; // at the end, 0 to 1, on the grid of the labels
}

export interface PictureOptions {
  /** Grey values of the slices, in the scan's unit. Default: from the bone itself. */
  readonly window?: Window;
  /** Where in an element the strain energy density was taken, in words. */
  readonly strainEnergySampling?: string;
  readonly tolerance?: number; // relative residual that the solver was asked for
  /** A browser's document, to draw the charts in. Default: one of linkedom, loaded when needed. */
  readonly document?: ChartDocument;
}

/** The pictures of a report: plain data, SVG with PNG inside. */
export interface ReportPictures {
  readonly slices: readonly Figure[];
  readonly model?: Figure;
  readonly histogram?: Figure;
  readonly residual?: Figure;
  readonly failures?: readonly { readonly curve: Figure; readonly damage?: Figure }[];
}

/** Draws everything that a report shows. Same input, same bytes. */
export async function makePictures(
  input: PictureInput,
  options: PictureOptions = {},
  run: Run = {},
): Promise<ReportPictures> {
  const step = (done: number) => {
    run.signal?.throwIfAborted();
    run.progress?.(done);
  };
  step(0);
  const frame = input.frame ?? imageFrame(input);
  const field = fieldOf(input);
  const slices = drawSlices(input, options, frame, field);
  step(0.4);
  const model = field && drawModel(input, options, frame, field, run);
  step(0.9);
  const charts = await drawCharts(input, options);
  const failures = await drawFailures(input, options, frame, run);
  step(1);
  return { slices, ...(model && { model }), ...charts, ...(failures.length > 0 && { failures }) };
}

/** Curve and damaged bone of each path. */
async function drawFailures(
  { failures = [], labels, surface }: PictureInput,
  { document: asked }: PictureOptions,
  frame: AnatomicalFrame,
  run: Run,
): Promise<{ curve: Figure; damage?: Figure }[]> {
  if (failures.length === 0) return [];
  const document = asked ?? (await ownDocument());
  const drawn: { curve: Figure; damage?: Figure }[] = [];
  for (const [n, { result, damage }] of failures.entries()) {
    run.signal?.throwIfAborted();
    const curve = await curveChart(result, n + 1, document);
    const figure = labels && drawDamage(damage, onGrid(labels, damage), surface, frame, result, n + 1, run);
    drawn.push({ curve, ...(figure && { damage: figure }) });
  }
  return drawn;
}

function drawDamage(
  damage: Volume<"fraction">,
  labels: Volume<"label">,
  surface: TriangleMesh | undefined,
  frame: AnatomicalFrame,
  { load, material }: FailureResult,
  number: number,
  run: Run,
): Figure {
  const mask = Uint8Array.from(labels.data, (code) => (isBone(code) ? 1 : 0));
  const bone = surface ?? modelSurface(mask, damage, {}, run);
  const share = /damage|brittle/.test(material.law) ? "damage" : "plastic strain over the ultimate one";
  const scale: ColourScale = { map: "viridis", title: share, unit: "0 to 1", factor: 1, high: 1, highest: 1 };
  const scene = { bone, values: sampleSurface(bone, damage, mask), field: damage, mask, scale };
  return surfaceViews(scene, frame, {
    id: `damage-${number}`,
    title: `Where it fails: ${load.name}`,
    field: share,
    note: "At the end of the path.",
  });
}

interface Field {
  readonly volume: Volume<"MPa">;
  readonly mask: Mask; // elements of bone
  readonly labels: Volume<"label"> | undefined; // on the field's grid
  readonly scale: ColourScale;
}

function fieldOf({ strainEnergyDensity: volume, labels: given }: PictureInput): Field | undefined {
  if (!volume) return undefined;
  const labels = given && onGrid(given, volume);
  const mask = new Uint8Array(volume.data.length);
  for (let n = 0; n < mask.length; n++) if (volume.data[n]! > 0 && (!labels || isBone(labels.data[n]!))) mask[n] = 1;
  const values = valuesIn(volume, mask);
  if (values.length === 0) return undefined;
  const printed = { map: "viridis", title: "strain energy density", unit: "kJ/m³", factor: 1000 } as const; // 1 MPa = 1000 kJ/m³
  return { volume, mask, labels, scale: scaleOf(values, printed) };
}

const onGrid = (labels: Volume<"label">, grid: Grid): Volume<"label"> =>
  sameGrid(labels, grid) ? labels : resample(labels, grid);

/** Values of a volume where the labels, on its grid, are of a kind. */
function valuesWhere(volume: Volume, labels: Volume<"label">, kind: (code: number) => boolean): Float32Array {
  let count = 0;
  for (let n = 0; n < volume.data.length; n++) if (kind(labels.data[n]!)) count++;
  const values = new Float32Array(count);
  for (let n = 0, m = 0; n < volume.data.length; n++) if (kind(labels.data[n]!)) values[m++] = volume.data[n]!;
  return values;
}

function drawSlices(
  { scan, labels }: PictureInput,
  { window, strainEnergySampling: sampling }: PictureOptions,
  frame: AnatomicalFrame,
  field: Field | undefined,
): Figure[] {
  const shown = labels ?? { ...scan, data: new Float32Array(scan.data.length).fill(1) };
  const body = labels && valuesWhere(scan, onGrid(labels, scan), isBody);
  return slicePictures({
    scan,
    frame,
    reach: reachOf(shown, frame, labels ? 6 : 0),
    window: window ?? windowOf(scan, body?.length ? body : scan.data),
    ...(labels && { labels }),
    ...(field && { field: { ...field, ...(sampling !== undefined && { sampling }) } }),
  });
}

function drawModel(
  { surface }: PictureInput,
  { strainEnergySampling }: PictureOptions,
  frame: AnatomicalFrame,
  { volume, mask, labels, scale }: Field,
  run: Run,
): Figure {
  const mesh = surface ?? modelSurface(mask, volume, {}, run);
  const cap = labels && Uint8Array.from(labels.data, (code) => (isCap(code) ? 1 : 0));
  const scene = { bone: mesh, values: sampleSurface(mesh, volume, mask), field: volume, mask, scale };
  const caps = cap?.some((c) => c) ? { caps: modelSurface(cap, volume, {}, run) } : {};
  return surfaceViews({ ...scene, ...caps }, frame, {
    id: "model",
    title: "The model in three dimensions",
    field: "strain energy density",
    ...(strainEnergySampling && { note: `Sampled: ${strainEnergySampling}.` }),
  });
}

async function drawCharts(
  { scan, labels, density: given, residualHistory }: PictureInput,
  { document: asked, tolerance }: PictureOptions,
): Promise<Pick<ReportPictures, "histogram" | "residual">> {
  const density = given ?? (isDensity(scan) ? scan : undefined);
  const body = density && labels && onGrid(labels, density);
  const core = body ? valuesWhere(density, body, (code) => code === Compartment.bodyCore) : none;
  const shell = body ? valuesWhere(density, body, (code) => code === Compartment.bodyShell) : none;
  const residuals = residualHistory && residualHistory.length > 1 ? residualHistory : undefined;
  if (core.length + shell.length === 0 && !residuals) return {};
  const document = asked ?? (await ownDocument());
  const histogram =
    core.length + shell.length > 0 && (await densityHistogram(core, shell, unitOf(density!).trim(), document));
  const residual = residuals && (await residualChart(residuals, document, tolerance));
  return { ...(histogram && { histogram }), ...(residual && { residual }) };
}

const none = new Float32Array(0);

const isDensity = (volume: Volume): volume is Density =>
  volume.quantity === "mgK2HPO4/cm3" || volume.quantity === "mgHA/cm3";

/** The axes of LPS, through the middle of the body, of all labels, or of the image. */
function imageFrame({ labels, scan }: PictureInput): AnatomicalFrame {
  const centre =
    (labels && (centroid(maskOf(labels, Compartment.bodyCore, Compartment.bodyShell), labels) ?? middle(labels))) ??
    middle(scan);
  return { centre, right: [-1, 0, 0], anterior: [0, -1, 0], cranial: [0, 0, 1] };
}

const middle = (grid: Grid): Vec3 =>
  indexToWorld(grid, [(grid.size[0] - 1) / 2, (grid.size[1] - 1) / 2, (grid.size[2] - 1) / 2]);
