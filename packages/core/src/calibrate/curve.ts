import { propagate, type SmallMatrix } from "../linalg/leastSquares.js";

/** Density (mg/cm³) as a polynomial in HU, with the uncertainty of its coefficients. */
export interface Curve {
  readonly coefficients: readonly number[]; // mg/cm³ per HUⁱ, constant first: two for a line, three for a quadratic
  /** Covariance of the coefficients; null when the points leave no way to tell it. */
  readonly covariance: SmallMatrix | null;
}

/** The curve and its uncertainty at one CT number. */
export interface CurvePoint {
  readonly hu: number;
  readonly density: number; // mg/cm³
  readonly densitySd: number | null; // mg/cm³; null: not known
}

/** Density at a CT number, mg/cm³. */
export function densityAt({ coefficients }: Pick<Curve, "coefficients">, hu: number): number {
  return coefficients.reduceRight((sum, c) => sum * hu + c, 0);
}

/**
 * Standard uncertainty of the density at a CT number, mg/cm³; null when it is not known. It is that of the curve: it
 * shifts all voxels of this CT number alike, so averaging over voxels does not reduce it. Image noise comes on top.
 */
export function densitySdAt({ coefficients, covariance }: Curve, hu: number): number | null {
  if (!covariance) return null;
  const powers = coefficients.map((_, i) => hu ** i);
  return Math.sqrt(Math.max(0, propagate([powers], covariance)[0]![0]!));
}

/** The curve at these CT numbers. */
export const curveTable = (curve: Curve, hus: readonly number[]): CurvePoint[] =>
  hus.map((hu) => ({ hu, density: densityAt(curve, hu), densitySd: densitySdAt(curve, hu) }));
