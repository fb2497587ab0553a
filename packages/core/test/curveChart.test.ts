import { expect, test } from "vitest";
import { leadingComponent } from "../src/load/loadCase.js";
import { loadCaseOf } from "../src/load/loadRequest.js";
import { curveAxes } from "../src/report/curveChart.js";
import { type CurveResult, loadComponents } from "../src/report/result.js";

/** A state whose every component is another number: 1 to 6 of motion, 10 to 60 of load. */
const state = {
  shiftMm: [1, 2],
  displacementMm: 3,
  rotationDeg: [4, 5, 6],
  shearN: [10, 20],
  forceN: 30,
  momentNMm: [40_000, 50_000, 60_000],
} as unknown as CurveResult;

const [mm, deg] = [
  { unit: "mm", value: 0.1 },
  { unit: "deg", value: 0.5 },
] as const;
const held = { inferior: "fixed", superior: "fixed" } as const;

test.each([
  ["shear-left", mm, 1, 10],
  ["shear-posterior", mm, 2, 20],
  ["compression", mm, 3, 30],
  ["flexion", deg, 4, 40],
  ["bending-left", deg, 5, 50],
  ["torsion-left", deg, 6, 60],
] as const)("a curve in %s is drawn by its own motion and load", (direction, amount, moved, loaded) => {
  const load = loadCaseOf({ parts: [{ direction, amount }] }, 30, held);
  const component = loadComponents[leadingComponent(load)];
  const { x, y } = curveAxes({ curve: [state], load: { component } as never });
  expect(x.of(state)).toBeCloseTo(moved, 12);
  expect(y.of(state)).toBeCloseTo(loaded, 12);
});
