import { type ChartDocument, figure, frame } from "./charts.js";
import { css, distinct } from "./colour.js";
import type { Figure } from "./figure.js";
import { number } from "./format.js";
import type { CurveResult, FailureResult } from "./result.js";

/** What a curve is drawn by: force over shortening, or the larger moment over its rotation. */
export interface CurveAxes {
  readonly x: { readonly label: string; readonly of: (c: CurveResult) => number };
  readonly y: { readonly label: string; readonly of: (c: CurveResult) => number };
}

export function curveAxes({ curve, ultimateLoadN }: Pick<FailureResult, "curve" | "ultimateLoadN">): CurveAxes {
  const last = curve.at(-1)!;
  if (ultimateLoadN !== undefined) {
    const sign = Math.sign(last.displacementMm) || 1;
    return {
      x: { label: "displacement, mm", of: (c) => sign * c.displacementMm },
      y: { label: "force, N", of: (c) => sign * c.forceN },
    };
  }
  const turns = last.rotationDeg.map(Math.abs);
  const m = turns.indexOf(Math.max(...turns)) as 0 | 1 | 2;
  const sign = Math.sign(last.rotationDeg[m]);
  return {
    x: { label: "rotation, degrees", of: (c) => sign * c.rotationDeg[m] },
    y: { label: "moment, N m", of: (c) => (sign * c.momentNMm[m]) / 1000 },
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
