/**
 * A symmetric 6×6 matrix that couples the normal components alone, as those of an orthotropic material in its own axes:
 * the 3×3 block of xx, yy, zz by rows, then the diagonal of yz, xz, xy. Twelve numbers.
 */
export type Orthotropic = Float64Array;

/** M·x of six components, written to `out`, which is not `x`. */
export function timesOrthotropic(m: Orthotropic, x: Float64Array, out: Float64Array): void {
  const [a, b, c] = x as unknown as readonly [number, number, number];
  out[0] = m[0]! * a + m[1]! * b + m[2]! * c;
  out[1] = m[3]! * a + m[4]! * b + m[5]! * c;
  out[2] = m[6]! * a + m[7]! * b + m[8]! * c;
  for (let s = 3; s < 6; s++) out[s] = m[6 + s]! * x[s]!;
}

/** M⁻¹, written to `out`, which is not `m`; not finite where M is singular. */
export function invertOrthotropic(m: Orthotropic, out: Orthotropic): void {
  const [a, b, c] = [m[0]!, m[1]!, m[2]!];
  const [d, e, f] = [m[4]!, m[5]!, m[8]!];
  const [A, B, C] = [d * f - e * e, c * e - b * f, b * e - c * d]; // cofactors
  const det = a * A + b * B + c * C;
  out[0] = A / det;
  out[1] = out[3] = B / det;
  out[2] = out[6] = C / det;
  out[4] = (a * f - c * c) / det;
  out[5] = out[7] = (b * c - a * e) / det;
  out[8] = (a * d - b * b) / det;
  for (let s = 9; s < 12; s++) out[s] = 1 / m[s]!;
}
