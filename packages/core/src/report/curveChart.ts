import { type ChartDocument, figure, frame } from "./charts.js";
import { css, distinct } from "./colour.js";
import type { Figure } from "./figure.js";
import { number } from "./format.js";
import { type CurveResult, type FailureResult, loadComponents } from "./result.js";

/** What a curve is drawn by: the component of its load over that of the motion, so that both rise. */
export interface CurveAxes {
  readonly x: { readonly label: string; readonly of: (c: CurveResult) => number };
  readonly y: { readonly label: string; readonly of: (c: CurveResult) => number };
}

export function curveAxes({ curve, load }: Pick<FailureResult, "curve" | "load">): CurveAxes {
  const component = loadComponents.indexOf(load.component);
  const turns = component >= 3;
  const moved = ({ shiftMm, displacementMm, rotationDeg }: CurveResult) =>
    [...shiftMm, displacementMm, ...rotationDeg][component]!;
  const loaded = ({ shearN, forceN, momentNMm }: CurveResult) =>
    [...shearN, forceN, ...momentNMm.map((m) => m / 1000)][component]!;
  const sign = Math.sign(moved(curve.at(-1)!)) || 1;
  return {
    x: { label: turns ? "rotation, degrees" : "displacement, mm", of: (c) => sign * moved(c) },
    y: { label: turns ? "moment, N m" : "force, N", of: (c) => sign * loaded(c) },
  };
}

/** The load-displacement curve of one path, with its yield and ultimate points. @param n number of the figure */
export async function curveChart(failure: FailureResult, n: number, document: ChartDocument): Promise<Figure> {
  const Plot = await import("@observablehq/plot");
  const { x, y } = curveAxes(failure);
  const rows = failure.curve.map((c) => ({ x: x.of(c), y: y.of(c) }));
  const marks = readings(failure);
  const colour = css(distinct.blue);
  const chart = Plot.plot({
    document: document as never,
    ...frame,
    x: { label: x.label, labelAnchor: "center", labelArrow: "none", nice: true },
    y: { label: y.label, grid: true, labelArrow: "none", nice: true },
    marks: [
      Plot.ruleY([0]),
      Plot.lineY(rows, { x: "x", y: "y", stroke: colour, strokeWidth: 1.8 }),
      Plot.dot(rows, { x: "x", y: "y", r: 2, fill: colour }),
      Plot.dot(marks, { x: "x", y: "y", r: 4.5, stroke: css(distinct.vermilion), strokeWidth: 1.8, fill: "white" }),
      Plot.text(marks, {
        x: "x",
        y: "y",
        text: "name",
        dy: 15,
        textAnchor: "end",
        fill: css(distinct.vermilion),
        fontWeight: 600,
        stroke: "white",
        strokeWidth: 4,
      }),
    ],
  });
  const told = marks.map((m) => `${m.name} ${number(m.y, 4)} at ${number(m.x, 3)}`).join("; ");
  return figure(
    `curve-${n}`,
    `Path to failure: ${failure.load.name}`,
    `One point per step of equilibrium.${told ? ` ${told}.` : ""}`,
    chart,
    `Line chart of ${y.label} over ${x.label}. ${told}.`,
  );
}

function readings(f: FailureResult): { name: string; x: number; y: number }[] {
  const all = [
    { name: "yield", x: f.yieldDisplacementMm, y: f.yieldLoadN },
    { name: "ultimate", x: f.ultimateDisplacementMm, y: f.ultimateLoadN },
    { name: "yield", x: f.yieldRotationDeg, y: f.yieldMomentNMm !== undefined ? f.yieldMomentNMm / 1000 : undefined },
    {
      name: "ultimate",
      x: f.ultimateRotationDeg,
      y: f.ultimateMomentNMm !== undefined ? f.ultimateMomentNMm / 1000 : undefined,
    },
  ];
  return all.flatMap(({ name, x, y }) => (x === undefined || y === undefined ? [] : [{ name, x, y }]));
}
