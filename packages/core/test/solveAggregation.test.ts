import { expect, test } from "vitest";
import { newArena } from "../src/solve/arena.js";
import type { BlockMatrix } from "../src/solve/blockMatrix.js";
import { coarseMatrix } from "../src/solve/coarseMatrix.js";
import { coarseMotions } from "../src/solve/coarseMotions.js";
import { gaussModuli } from "../src/solve/coarsen.js";
import { buildHierarchy, elementModuli } from "../src/solve/hierarchy.js";
import { activeNodes } from "../src/solve/nodes.js";
import { checkProblem } from "../src/solve/problem.js";
import { coarsenByAggregation } from "../src/solve/smoothedAggregation.js";
import { clearStiffless } from "../src/solve/stiffless.js";
import { fixedPositions } from "../src/solve/system.js";
import { randomModel } from "./solveModels.js";

/** The first level of aggregates of a porous model, level 1 being written out so many rows at a time. */
function firstAggregates(windowRows: number) {
  const { model, constraints } = randomModel([24, 22, 26], [1, 1, 1.2], 0.4, 3);
  const problem = checkProblem(model, constraints, { floating: "remove" });
  const { coarse, fixed, damping } = buildHierarchy(problem, fixedPositions(problem, activeNodes(problem.runs)));
  const moduli = gaussModuli(coarse, problem.runs, elementModuli(problem));
  const arena = newArena();
  const matrix = coarseMatrix(arena, coarse.level, moduli, problem.poisson, fixed[1], windowRows);
  const motions = coarseMotions(coarse.level, fixed[1]);
  const next = coarsenByAggregation(arena, matrix, motions, { threshold: 0.05, damping, keep: "tentative" });
  return { windows: matrix.windows.length, ...next };
}

test("a matrix written out in windows gives the same aggregates, to the bit", () => {
  const whole = firstAggregates(1 << 20);
  const parts = firstAggregates(500);
  expect(whole.windows).toBe(1);
  expect(parts.windows).toBeGreaterThan(3);
  expect(parts.matrix.col).toEqual(whole.matrix.col);
  expect(parts.matrix.value).toEqual(whole.matrix.value);
  expect(parts.prolongation).toEqual(whole.prolongation);
  expect(parts.scale).toEqual(whole.scale);
});

test("the coarse matrix is symmetric, and no diagonal is below 0", () => {
  const { matrix } = firstAggregates(500);
  const dense = toDense(matrix);
  const n = 6 * matrix.rows;
  const largest = dense.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let i = 0; i < n; i++) {
    expect(dense[i * (n + 1)]).toBeGreaterThanOrEqual(0);
    for (let j = 0; j < i; j++)
      // blocks above the diagonal are copied below it; those on it are summed entry by entry, 10⁴ terms
      expect(Math.abs(dense[i * n + j]! - dense[j * n + i]!)).toBeLessThanOrEqual(1e4 * Number.EPSILON * largest);
  }
});

test("rounding left of a motion that costs nothing is cleared, a soft one stays", () => {
  const value = Float64Array.of(4, 1e-17, 1, 1e-17, 1e-17, 0, 1, 0, 1e-3);
  const matrix: BlockMatrix = {
    ...{ rows: 1, columns: 1, height: 3, width: 3 },
    ...{ ptr: Uint32Array.of(0, 1), col: Uint32Array.of(0), value },
  };
  clearStiffless(matrix, Float64Array.of(4, 4, 4));
  expect(value).toEqual(Float64Array.of(4, 0, 1, 0, 0, 0, 1, 0, 1e-3));
});

function toDense({ rows, ptr, col, value }: BlockMatrix): Float64Array {
  const n = 6 * rows;
  const dense = new Float64Array(n * n);
  for (let r = 0; r < rows; r++)
    for (let b = ptr[r]!; b < ptr[r + 1]!; b++)
      for (let i = 0; i < 6; i++)
        for (let j = 0; j < 6; j++) dense[(6 * r + i) * n + 6 * col[b]! + j] = value[36 * b + 6 * i + j]!;
  return dense;
}
