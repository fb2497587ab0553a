import { escapeText } from "../formats/escape.js";
import { css, distinct } from "./colour.js";
import type { Figure } from "./figure.js";
import { given, number, powerOfTen } from "./format.js";

/** Where charts are drawn: a browser's document, or linkedom's when there is none. */
export type ChartDocument = unknown;

/** A document without a browser; loaded when it is first needed. */
export async function ownDocument(): Promise<ChartDocument> {
  const { parseHTML } = await import("linkedom");
  return parseHTML("<!doctype html><html><body></body></html>").document;
}

/** Size and type of every chart. */
export const frame = {
  width: 460,
  height: 250,
  marginLeft: 56,
  marginBottom: 40,
  marginTop: 38,
  style: { background: "none", fontFamily: "system-ui, sans-serif", fontSize: "12px" },
} as const;

/** Share of the core's and of the shell's volume by density; undefined where no value is finite. */
export async function densityHistogram(
  core: Float32Array,
  shell: Float32Array,
  unit: string,
  document: ChartDocument,
): Promise<Figure | undefined> {
  const Plot = await import("@observablehq/plot");
  const groups = [
    { name: "trabecular core", values: core, colour: css(distinct.blue), dash: "none" },
    { name: "cortical shell", values: shell, colour: css(distinct.vermilion), dash: "6 3" },
  ]
    .map((g) => ({ ...g, values: g.values.filter(Number.isFinite) }))
    .filter((g) => g.values.length > 0);
  if (groups.length === 0) return undefined;
  const bins = binsOf(groups.map((g) => g.values));
  const rows = groups.flatMap((g) => shares(g.values, bins).map((percent, n) => ({ ...bins[n]!, percent, ...g })));
  const tops = groups.map((g) =>
    rows.filter((r) => r.name === g.name).reduce((a, b) => (b.percent > a.percent ? b : a)),
  );
  const chart = Plot.plot({
    document: document as never,
    ...frame,
    x: { label: `density, ${unit}`, labelAnchor: "center", labelArrow: "none" },
    y: { label: "volume, %", grid: true, nice: true, labelArrow: "none" },
    marks: [
      ...groups.flatMap((g) => {
        const own = rows.filter((r) => r.name === g.name);
        const step = { x: (r: (typeof rows)[number]) => r.middle, y: "percent", curve: "step" } as const;
        return [
          Plot.areaY(own, { ...step, fill: g.colour, fillOpacity: 0.16 }),
          Plot.lineY(own, { ...step, stroke: g.colour, strokeWidth: 1.8, strokeDasharray: g.dash }),
        ];
      }),
      Plot.ruleY([0]),
      Plot.text(tops, {
        x: "middle",
        y: "percent",
        text: "name",
        fill: (r: (typeof rows)[number]) => r.colour,
        dy: -9,
        fontWeight: 600,
        stroke: "white",
        strokeWidth: 4,
      }),
    ],
  });
  const medians = groups.map((g) => `${g.name}: median ${number(median(g.values), 3)}`).join("; ");
  return figure(
    "histogram",
    "Density of the body",
    `Share of each compartment's volume by density, ${unit}, in bins of ${given(bins[0]!.high - bins[0]!.low)}. ${sentence(medians)}.`,
    chart,
    `Histogram. ${sentence(medians)} ${unit}.`,
  );
}

/** How the solver's residual fell; undefined where it never was above 0. */
export async function residualChart(
  history: ArrayLike<number>,
  document: ChartDocument,
  tolerance?: number,
): Promise<Figure | undefined> {
  const Plot = await import("@observablehq/plot");
  const rows = Array.from(history, (residual, iteration) => ({ iteration, residual })).filter((r) => r.residual > 0);
  const last = rows.at(-1);
  if (!last) return undefined;
  const chart = Plot.plot({
    document: document as never,
    ...frame,
    x: {
      label: "iteration",
      labelAnchor: "center",
      labelArrow: "none",
      tickFormat: (n: number) => (Number.isInteger(n) ? String(n) : ""),
    },
    y: {
      type: "log",
      label: "relative residual",
      grid: true,
      labelArrow: "none",
      tickFormat: (v: number) => power(v),
      ticks: 6,
    },
    marks: [
      ...(tolerance
        ? [
            Plot.ruleY([tolerance], { stroke: "#5b6570", strokeDasharray: "4 3" }),
            Plot.text([tolerance], {
              y: (v: number) => v,
              frameAnchor: "left",
              text: () => "tolerance",
              dx: 4,
              dy: -7,
              textAnchor: "start",
              fill: "#4a545e",
            }),
          ]
        : []),
      Plot.lineY(rows, { x: "iteration", y: "residual", stroke: css(distinct.blue), strokeWidth: 1.8 }),
      Plot.dot([last], { x: "iteration", y: "residual", r: 3, fill: css(distinct.blue) }),
    ],
  });
  const text = `The relative residual fell to ${number(last.residual, 2)} in ${last.iteration} iterations`;
  return figure("residual", "Convergence of the solver", `${text}.`, chart, `Line chart. ${text}.`);
}

/** A chart as a figure. @param alt for those who cannot see it */
export function figure(id: string, title: string, caption: string, chart: unknown, alt: string): Figure {
  const svg = (chart as { outerHTML: string }).outerHTML
    .replace(/^<svg /, `<svg role="img" aria-label="${escapeText(alt)}" `)
    .replaceAll(/ aria-(label|description)="[^"]*"(?=[^>]*>)/g, (found, _kind, at: number) => (at < 40 ? found : ""));
  return { id, title, caption, panels: [{ title: "", svg, widthMm: frame.width, heightMm: frame.height }] };
}

interface Bin {
  readonly low: number;
  readonly high: number;
  readonly middle: number;
}

/** About 40 bins of one round width over all but the lowest 0.5 % and the highest 1 %. */
function binsOf(groups: readonly Float32Array[]): Bin[] {
  const ends = groups.map((values) => {
    const v = Float32Array.from(values).sort();
    return [v[Math.floor(0.005 * v.length)]!, v[Math.ceil(0.99 * v.length) - 1]!] as const;
  });
  const low = Math.min(...ends.map((e) => e[0])),
    high = Math.max(...ends.map((e) => e[1]));
  const rough = Math.max((high - low) / 40, 1e-6 * Math.abs(high), 1e-9); // equal values still make a bin with a width
  const power = 10 ** Math.floor(Math.log10(rough));
  const width = [1, 2, 5, 10].map((s) => s * power).find((s) => s >= rough) ?? 10 * power;
  const first = Math.floor(low / width);
  return Array.from({ length: Math.max(1, Math.ceil(high / width) - first) }, (_, n) => ({
    low: (first + n) * width,
    high: (first + n + 1) * width,
    middle: (first + n + 0.5) * width,
  }));
}

/** Percent of the values in each bin; the few beyond the ends are left out of the picture, not of the total. */
function shares(values: Float32Array, bins: readonly Bin[]): number[] {
  const percent = new Array<number>(bins.length).fill(0);
  const { low, high } = bins[0]!;
  for (const value of values) {
    const n = Math.floor((value - low) / (high - low));
    if (n >= 0 && n < bins.length) percent[n]! += 100 / values.length;
  }
  return percent;
}

function median(values: Float32Array): number {
  const ascending = Float32Array.from(values).sort();
  return ascending[Math.floor(ascending.length / 2)] ?? Number.NaN;
}

/** Whole powers of ten get a tick label, others none. */
const power = (value: number): string => {
  const exponent = Math.log10(value);
  return Math.abs(exponent - Math.round(exponent)) < 1e-9 ? powerOfTen(Math.round(exponent)) : "";
};
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
