/** Share of the work done, 0 to 1, on the logarithmic scale on which the residual falls. */
export const solveProgress = (residual: number, tolerance: number): number =>
  Math.min(1, Math.max(0, Math.log(residual) / Math.log(tolerance)));
