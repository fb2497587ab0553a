/**
 * Eigenvalues of a symmetric 3×3 matrix, descending, in closed form; accurate to rounding of the largest one.
 * @param m   xx, yy, zz, yz, xz, xy (tensor components)
 * @param out three values, written
 *
 * Source: Smith, Eigenvalues of a symmetric 3 × 3 matrix (1961).
 */
export function principalValues(m: ArrayLike<number>, out: Float64Array): void {
  const yz = m[3]!;
  const xz = m[4]!;
  const xy = m[5]!;
  const mean = (m[0]! + m[1]! + m[2]!) / 3;
  const a = m[0]! - mean;
  const b = m[1]! - mean;
  const c = m[2]! - mean;
  const p = Math.sqrt((a * a + b * b + c * c + 2 * (yz * yz + xz * xz + xy * xy)) / 6);
  if (p === 0) {
    out.fill(mean);
    return;
  }
  const determinant = a * (b * c - yz * yz) - xy * (xy * c - yz * xz) + xz * (xy * yz - b * xz);
  const angle = Math.acos(Math.min(1, Math.max(-1, determinant / (2 * p * p * p)))) / 3;
  out[0] = mean + 2 * p * Math.cos(angle);
  out[2] = mean + 2 * p * Math.cos(angle + (2 * Math.PI) / 3);
  out[1] = 3 * mean - out[0] - out[2];
}
