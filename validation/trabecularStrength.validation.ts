import { expect, test } from "vitest";
import { nodeThreads } from "../packages/cli/dist/threads.js";
import { type Row, record } from "./record.ts";
import { breakCube, readTable, type StrengthRow } from "./trabecularStrength.ts";

const { rows: cubes } = readTable();
const yielded = cubes.filter((c) => c.yieldMPa !== null && c.yieldStrainPercent !== null);

test("the cube of least BV/TV breaks as the table says", async () => {
  const kept = cubes[0]!;
  const again = await breakCube(kept.cube, nodeThreads(2));
  for (const name of ["modulusMPa", "yieldMPa", "yieldStrainPercent", "ultimateMPa"] as const)
    expect(Math.abs(again[name]! / kept[name]! - 1)).toBeLessThan(1e-3); // other machines round otherwise
});

test("yield of human L1 cubes against published values", () => {
  const mean = (of: (c: StrengthRow) => number) => yielded.reduce((sum, c) => sum + of(c), 0) / yielded.length;
  const sd = (of: (c: StrengthRow) => number) =>
    Math.sqrt(yielded.reduce((sum, c) => sum + (of(c) - mean(of)) ** 2, 0) / (yielded.length - 1));
  const power = line(yielded.map((c) => [Math.log(c.bvtv), Math.log(c.yieldMPa!)]));
  const straight = line(yielded.map((c) => [c.bvtv, c.yieldMPa!]));
  const low = yielded.filter((c) => c.bvtv < 0.08);
  const atLow = low.reduce((sum, c) => sum + c.yieldMPa!, 0) / low.length;
  const row = { case: `${yielded.length} cubes of human L1, tissue-damage, 50 um`, tolerancePercent: null };
  const linear = "10.1002/jbmr.1657 (PMC3423528): micro-FE of 16 human vertebral specimens, 25.1 BV/TV - 0.97";
  const experiment = "PMC3352993: experiment, 9 human lumbar specimens of BV/TV 0.0675";
  const rows: Row[] = [
    {
      ...row,
      quantity: "exponent of yield stress over BV/TV",
      published: 1.7,
      computed: power.slope,
      source: "Sanyal 2012 (54 cubes of several sites)",
    },
    { ...row, quantity: "R2 of that power law", published: 0.97, computed: power.r2, source: "Sanyal 2012" },
    {
      ...row,
      quantity: "yield stress at the mean BV/TV, MPa",
      published: 25.1 * mean((c) => c.bvtv) - 0.97,
      computed: mean((c) => c.yieldMPa!),
      source: linear,
    },
    {
      ...row,
      quantity: "slope of yield stress over BV/TV, MPa",
      published: 25.1,
      computed: straight.slope,
      source: linear,
    },
    { ...row, quantity: "yield stress below BV/TV 0.08, MPa", published: 1.19, computed: atLow, source: experiment },
    {
      ...row,
      quantity: "yield strain, mean, %",
      published: 0.75,
      computed: mean((c) => c.yieldStrainPercent!),
      tolerancePercent: 12,
      source: experiment,
    },
    {
      ...row,
      quantity: "yield strain, SD, %",
      published: 0.04,
      computed: sd((c) => c.yieldStrainPercent!),
      source: experiment,
    },
    {
      ...row,
      quantity: "largest error of the energy balance, %",
      published: null,
      computed: Math.max(...cubes.map((c) => c.energyErrorPercent)),
      source: "-",
    },
  ];
  expect(record("6-trabecular-strength", rows)).toBeUndefined();
});

/** Least-squares line through points. */
function line(points: readonly (readonly [number, number])[]): { slope: number; r2: number } {
  const mean = (of: (p: readonly [number, number]) => number) => points.reduce((s, p) => s + of(p), 0) / points.length;
  const [mx, my] = [mean((p) => p[0]), mean((p) => p[1])];
  const xx = mean((p) => (p[0] - mx) ** 2);
  const yy = mean((p) => (p[1] - my) ** 2);
  const xy = mean((p) => (p[0] - mx) * (p[1] - my));
  return { slope: xy / xx, r2: xy ** 2 / (xx * yy) };
}
