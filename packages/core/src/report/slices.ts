import { Compartment } from "../volume/compartment.js";
import type { AnatomicalFrame } from "../volume/frame.js";
import type { Mask } from "../volume/mask.js";
import { percentile } from "../volume/statistics.js";
import type { Volume } from "../volume/volume.js";
import { css, distinct, type Rgb } from "./colour.js";
import { colourBar, type Figure, panel } from "./figure.js";
import { number } from "./format.js";
import { labelsInPlane, type Pixels, paintField, paintLabels, paintScan, type Window } from "./paint.js";
import { type Plane, type Reach, threePlanes } from "./plane.js";
import { type ColourScale, scaleNote } from "./scale.js";

export interface SliceInput {
  readonly scan: Volume;
  readonly frame: AnatomicalFrame;
  readonly reach: Reach;
  readonly labels?: Volume<"label">;
  readonly field?: {
    readonly volume: Volume;
    readonly mask: Mask;
    readonly scale: ColourScale;
    readonly sampling?: string;
  };
  readonly window: Window;
}

/** Compartments and their colours, in the order of the legend. */
export const compartmentColours: readonly { readonly code: number; readonly name: string; readonly colour: Rgb }[] = [
  { code: Compartment.bodyCore, name: "body, trabecular core", colour: distinct.skyBlue },
  { code: Compartment.bodyShell, name: "body, cortical shell", colour: distinct.orange },
  { code: Compartment.posteriorCore, name: "posterior elements, core", colour: distinct.green },
  { code: Compartment.posteriorShell, name: "posterior elements, shell", colour: distinct.yellow },
  { code: Compartment.inferiorCap, name: "inferior cap or disc", colour: distinct.purple },
  { code: Compartment.superiorCap, name: "superior cap or disc", colour: distinct.vermilion },
];

/** The scan in three planes, as it is, with its compartments, and with the field: one figure each. */
export function slicePictures(input: SliceInput): Figure[] {
  const widest = Math.max(...Object.values(input.reach).map(([a, b]) => a + b));
  const pixelMm = widest / 520; // 520 pixels across the widest picture: sharp in print, small in the file
  const planes = threePlanes(input.frame, input.reach, pixelMm);
  const scans = planes.map((plane) => paintScan(input.scan, plane.grid, input.window));
  const figure = (
    id: string,
    title: string,
    caption: string,
    what: string,
    paint: (p: Pixels, plane: Plane) => Pixels,
  ) => ({
    id,
    title,
    caption,
    panels: planes.map((plane, n) =>
      panel(paint(scans[n]!, plane), pixelMm, {
        title: plane.name,
        letters: plane.letters,
        alt: `${what}, ${plane.name} plane through the centre of the vertebral body. ${letterText(plane)}`,
      }),
    ),
  });
  const unit = unitOf(input.scan);
  const grey = `Grey values from ${number(input.window.low, 3)} to ${number(input.window.high, 3)}${unit}.`;
  return [
    figure(
      "scan",
      "The scan",
      `Three planes through the centre of the vertebral body, along its own axes. ${grey} R right, L left, A anterior, P posterior, S superior, I inferior of the vertebra itself.`,
      "CT",
      (p) => p,
    ),
    ...(input.labels ? [compartments(input.labels, figure)] : []),
    ...(input.field ? [fieldSlices(input.field, figure)] : []),
  ];
}

type Draw = (
  id: string,
  title: string,
  caption: string,
  what: string,
  paint: (p: Pixels, plane: Plane) => Pixels,
) => Figure;

function compartments(labels: Volume<"label">, draw: Draw): Figure {
  const present = new Set(labels.data);
  const shown = compartmentColours.filter(({ code }) => present.has(code));
  const colours = Object.fromEntries(shown.map(({ code, colour }) => [code, colour]));
  const figure = draw(
    "compartments",
    "Compartments",
    "What each part of the bone counts as. Edges are drawn between voxels, so they look smoother than the voxels are.",
    `CT with compartments (${shown.map((s) => s.name).join("; ")})`,
    (pixels, plane) => paintLabels(pixels, labelsInPlane(labels, plane.grid), colours),
  );
  return { ...figure, legend: shown.map(({ name, colour }) => ({ name, colour: css(colour) })) };
}

function fieldSlices(field: NonNullable<SliceInput["field"]>, draw: Draw): Figure {
  const { scale, sampling } = field;
  const figure = draw(
    "energy",
    "Strain energy density",
    `Linear model under the load of the table below.${sampling ? ` Sampled: ${sampling}.` : ""}${scaleNote(scale)}`,
    `Strain energy density, ${scale.map} colours over the CT`,
    (pixels, plane) => paintField(pixels, plane.grid, field, scale),
  );
  return { ...figure, bar: colourBar(scale, "bar-slices") };
}

const letterText = ({ letters: l }: Plane): string =>
  `Left of the picture: ${direction[l.left]}; top: ${direction[l.top]}.`;
const direction: Readonly<Record<string, string>> = {
  R: "the patient's right",
  L: "the patient's left",
  A: "anterior",
  P: "posterior",
  S: "superior",
  I: "inferior",
};

/** Unit of a volume, with a space before, for people. */
export function unitOf({ quantity }: Pick<Volume, "quantity">): string {
  const names: Readonly<Partial<Record<Volume["quantity"], string>>> = {
    HU: " HU",
    "mgK2HPO4/cm3": " mg K₂HPO₄/cm³",
    "mgHA/cm3": " mg HA/cm³",
    MPa: " MPa",
  };
  return names[quantity] ?? "";
}

/** A window that shows marrow as dark grey and all but the densest bone below white. @param bone values of the body */
export function windowOf(scan: Volume, bone: ArrayLike<number>): Window {
  const values = Float32Array.from(bone).sort();
  const high = percentile(values, 99);
  const low = scan.quantity === "HU" ? -200 : Math.min(0, percentile(values, 1));
  return high > low ? { low, high } : { low: low - 1, high: low + 1 };
}
