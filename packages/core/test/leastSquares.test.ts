import { expect, test } from "vitest";
import { fitLine, leastSquares, propagate } from "../src/linalg/leastSquares.js";
import { random } from "./random.js";

const x = [-850, -80, 12, 105, 430, 1210];
const noise = random(1);
const y = x.map((value) => 31.5 + 0.82 * value + 20 * (noise() - 0.5));

test("a line through noisy points is the textbook one: slope Sxy/Sxx, covariance s²/Sxx and s²(1/n + x̄²/Sxx)", () => {
  const n = x.length;
  const mean = (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / n;
  const [mx, my] = [mean(x), mean(y)];
  const sxx = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  const slope = x.reduce((sum, v, i) => sum + (v - mx) * (y[i]! - my), 0) / sxx;
  const intercept = my - slope * mx;
  const misfit = x.reduce((sum, v, i) => sum + (y[i]! - intercept - slope * v) ** 2, 0);
  const variance = misfit / (n - 2);
  const fit = fitLine(x, y)!;
  // 1e-12: sums of six terms, with a condition number of a few hundred
  expect(fit.slope / slope - 1).toBeCloseTo(0, 12);
  expect(fit.intercept / intercept - 1).toBeCloseTo(0, 12);
  expect(fit.residualSd! / Math.sqrt(variance) - 1).toBeCloseTo(0, 12);
  expect(fit.covariance![1]![1]! / (variance / sxx) - 1).toBeCloseTo(0, 12);
  expect(fit.covariance![0]![0]! / (variance * (1 / n + mx ** 2 / sxx)) - 1).toBeCloseTo(0, 12);
  expect(fit.covariance![0]![1]! / ((-variance * mx) / sxx) - 1).toBeCloseTo(0, 12);
  const total = y.reduce((sum, v) => sum + (v - my) ** 2, 0);
  expect(fit.r2!).toBeCloseTo(1 - misfit / total, 12);
});

test("points on a polynomial give it back, and no residual", () => {
  const parabola = (v: number) => 3 - 0.5 * v + 1e-3 * v * v;
  const fit = leastSquares(
    x.map((v) => [1, v, v * v]),
    x.map(parabola),
  )!;
  // 1e-11 of the largest term: the columns differ by 1e6 in size
  [3, -0.5, 1e-3].forEach((c, i) => {
    expect(Math.abs(fit.coefficients[i]! - c) * 1210 ** i).toBeLessThan(1e-11 * 2000);
  });
  expect(fit.residualSd!).toBeLessThan(1e-9);
  expect(fit.r2).toBeCloseTo(1, 14);
});

test("the residuals of a weighted fit are orthogonal to the columns under the weights", () => {
  const sd = [1, 5, 2, 8, 1, 3];
  const fit = fitLine(x, y, { sd })!;
  const moment = (power: number) => fit.residuals.reduce((sum, r, i) => sum + (r * x[i]! ** power) / sd[i]! ** 2, 0);
  const scale = Math.max(...y.map(Math.abs));
  expect(Math.abs(moment(0))).toBeLessThan(1e-12 * scale);
  expect(Math.abs(moment(1))).toBeLessThan(1e-12 * scale * 1210);
});

test("a point given twice counts like one with an SD smaller by √2", () => {
  const twice = fitLine([...x, x[2]!], [...y, y[2]!], { sd: Array(7).fill(1) })!;
  const weighted = fitLine(x, y, { sd: x.map((_, i) => (i === 2 ? Math.SQRT1_2 : 1)) })!;
  expect(weighted.slope).toBeCloseTo(twice.slope, 12);
  expect(weighted.intercept).toBeCloseTo(twice.intercept, 9);
  expect(weighted.unscaledCovariance[1]![1]! / twice.unscaledCovariance[1]![1]!).toBeCloseTo(1, 12);
});

test("given uncertainties set the covariance, and too much scatter enlarges it by the reduced χ²", () => {
  const calm = fitLine(x, y, { sd: x.map(() => 100) })!; // the noise is 6
  expect(calm.reducedChiSquare!).toBeLessThan(1);
  expect(calm.covariance).toEqual(calm.unscaledCovariance);
  const wild = fitLine(x, y, { sd: x.map(() => 1) })!;
  expect(wild.reducedChiSquare!).toBeGreaterThan(1);
  expect(wild.covariance![1]![1]! / (wild.reducedChiSquare! * wild.unscaledCovariance[1]![1]!)).toBeCloseTo(1, 12);
  // equal uncertainties that are scaled to the scatter say no more than none
  expect(wild.covariance![1]![1]! / fitLine(x, y)!.covariance![1]![1]!).toBeCloseTo(1, 12);
});

test("two points leave no covariance unless their uncertainty is given", () => {
  expect(fitLine([0, 10], [1, 2])!.covariance).toBeNull();
  expect(fitLine([0, 10], [1, 2])!.residualSd).toBeNull();
  // slope = (y₂ − y₁)/10 with each y ± 3: SD 3·√2/10
  const slopeVariance = fitLine([0, 10], [1, 2], { sd: [3, 3] })!.covariance![1]![1]!;
  expect(slopeVariance).toBeCloseTo(18 / 100, 12);
});

test("points that fix nothing give nothing", () => {
  expect(fitLine([5], [1])).toBeUndefined();
  expect(fitLine([5, 5, 5], [1, 2, 3])).toBeUndefined();
  expect(fitLine([0, Number.NaN], [1, 2])).toBeUndefined();
  expect(leastSquares([], [])).toBeUndefined();
});

test("a covariance goes through a linear map as J·C·Jᵀ", () => {
  // a + b and a − b of independent a ± 2 and b ± 1
  expect(
    propagate(
      [
        [1, 1],
        [1, -1],
      ],
      [
        [4, 0],
        [0, 1],
      ],
    ),
  ).toEqual([
    [5, 3],
    [3, 5],
  ]);
});
