/** A small symmetric matrix, row by row. */
export type SmallMatrix = readonly (readonly number[])[];

export interface LeastSquaresOptions {
  /** Standard uncertainty of each value, in its unit, > 0: the values are then weighted by 1/sd². */
  readonly sd?: readonly number[];
}

export interface Fit {
  readonly coefficients: readonly number[];
  readonly fitted: readonly number[]; // what the fit says at each point
  readonly residuals: readonly number[]; // value − fitted
  readonly n: number; // points
  readonly degreesOfFreedom: number; // n − coefficients
  /** Explained share of the (weighted) variance, 0 to 1; null when all values are equal. */
  readonly r2: number | null;
  /** SD of the residuals: √(Σr²/dof), weights left out; null without a degree of freedom. */
  readonly residualSd: number | null;
  /** Σ(r/sd)²/dof: near 1 when the given uncertainties explain the scatter; null without them or without a dof. */
  readonly reducedChiSquare: number | null;
  /** (XᵀWX)⁻¹: the covariance of the coefficients per unit of residual variance (W = 1 without `sd`). */
  readonly unscaledCovariance: SmallMatrix;
  /**
   * Covariance of the coefficients. Without `sd`: the residual variance times `unscaledCovariance`, null without a
   * degree of freedom. With `sd`: `unscaledCovariance`, enlarged by the reduced χ² where that exceeds 1, because
   * then the points scatter more than their uncertainties admit (the Birge ratio: Birge, Phys Rev 40:207, 1932).
   */
  readonly covariance: SmallMatrix | null;
}

/**
 * Linear least squares: coefficients c that minimise Σ (yᵢ − Σⱼ Xᵢⱼ cⱼ)² / sdᵢ².
 *
 * @param design X, one row per point, one column per coefficient
 * @param values y, one per point
 * @returns undefined when the points do not fix the coefficients (too few, or dependent columns)
 *
 * R of X = QR by modified Gram–Schmidt, then RᵀRc = XᵀWy with one step of refinement (the corrected seminormal
 * equations). Source: Björck, Numerical Methods for Least Squares Problems (1996), ch. 2.4 and 6.6.
 */
export function leastSquares(
  design: SmallMatrix,
  values: readonly number[],
  { sd }: LeastSquaresOptions = {},
): Fit | undefined {
  const n = values.length;
  const columns = design[0]?.length ?? 0;
  if (!columns || n < columns) return undefined;
  const weight = (i: number) => (sd ? 1 / sd[i]! : 1); // square root of the statistical weight
  const inverse = inverseOfR(design, weight);
  if (!inverse) return undefined;
  const unscaledCovariance = timesTransposed(inverse);
  const solve = (y: readonly number[]) =>
    times(
      unscaledCovariance,
      range(columns).map((j) =>
        inner(
          y,
          design.map((row, i) => row[j]! * weight(i) ** 2),
        ),
      ),
    );
  const first = solve(values);
  const step = solve(values.map((y, i) => y - inner(design[i]!, first))); // what rounding left
  const coefficients = first.map((c, j) => c + step[j]!);
  return { coefficients, ...evidence(design, values, coefficients, unscaledCovariance, sd) };
}

/** The line y = intercept + slope·x by least squares; `coefficients` and `covariance` in that order. */
export function fitLine(
  x: readonly number[],
  y: readonly number[],
  options: LeastSquaresOptions = {},
): (Fit & { readonly slope: number; readonly intercept: number }) | undefined {
  const fit = leastSquares(
    x.map((value) => [1, value]),
    y,
    options,
  );
  return fit && { ...fit, intercept: fit.coefficients[0]!, slope: fit.coefficients[1]! };
}

/** J·C·Jᵀ: the covariance of f(c) from that of c, to first order; J holds ∂fᵢ/∂cⱼ. */
export function propagate(jacobian: SmallMatrix, covariance: SmallMatrix): number[][] {
  return jacobian.map((row) => jacobian.map((other) => inner(row, times(covariance, other))));
}

function evidence(
  design: SmallMatrix,
  values: readonly number[],
  coefficients: readonly number[],
  unscaledCovariance: SmallMatrix,
  sd: readonly number[] | undefined,
): Omit<Fit, "coefficients"> {
  const n = values.length;
  const degreesOfFreedom = n - coefficients.length;
  const fitted = design.map((row) => inner(row, coefficients));
  const residuals = values.map((y, i) => y - fitted[i]!);
  const weights = values.map((_, i) => (sd ? sd[i]! ** -2 : 1));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const mean = inner(weights, values) / total;
  const spread = weights.reduce((sum, w, i) => sum + w * (values[i]! - mean) ** 2, 0);
  const misfit = weights.reduce((sum, w, i) => sum + w * residuals[i]! ** 2, 0);
  const perFreedom = (sum: number) => (degreesOfFreedom ? sum / degreesOfFreedom : null);
  const variance = perFreedom(misfit); // of a point of weight 1
  const scale = sd ? Math.max(1, variance ?? 1) : variance;
  return {
    fitted,
    residuals,
    n,
    degreesOfFreedom,
    r2: spread > 0 ? Math.max(0, 1 - misfit / spread) : null,
    residualSd: degreesOfFreedom ? Math.sqrt(inner(residuals, residuals) / degreesOfFreedom) : null,
    reducedChiSquare: sd ? variance : null,
    unscaledCovariance,
    covariance: scale === null ? null : unscaledCovariance.map((row) => row.map((c) => c * scale)),
  };
}

/** R⁻¹ of the weighted design matrix X = QR (upper triangular); undefined when the columns are dependent. */
function inverseOfR(design: SmallMatrix, weight: (i: number) => number): number[][] | undefined {
  const columns = design[0]!.length;
  const q = range(columns).map((j) => design.map((row, i) => row[j]! * weight(i)));
  const inverse = range(columns).map((j) => range(columns).map((i) => (i === j ? 1 : 0)));
  for (let j = 0; j < columns; j++) {
    const before = Math.hypot(...q[j]!);
    for (let k = 0; k < j; k++) {
      const share = inner(q[k]!, q[j]!);
      q[j] = q[j]!.map((value, i) => value - share * q[k]![i]!);
      for (let r = 0; r < columns; r++) inverse[r]![j]! -= share * inverse[r]![k]!;
    }
    const after = Math.hypot(...q[j]!);
    if (!(after > 1e-9 * before)) return undefined; // also when a value is NaN
    q[j] = q[j]!.map((value) => value / after);
    for (let r = 0; r < columns; r++) inverse[r]![j]! /= after;
  }
  return inverse;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const inner = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
const times = (m: SmallMatrix, v: readonly number[]): number[] => m.map((row) => inner(row, v));
const timesTransposed = (m: SmallMatrix): number[][] => m.map((a) => m.map((b) => inner(a, b)));
