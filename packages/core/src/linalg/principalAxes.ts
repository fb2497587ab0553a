/**
 * Eigenvalues and eigenvectors of a symmetric 3×3 matrix by cyclic Jacobi rotations, without allocating: for calls by the
 * million, where `eigenSymmetric3` is for single ones.
 * @param m       xx, yy, zz, yz, xz, xy (tensor components)
 * @param values  three eigenvalues, descending, written
 * @param vectors columns are their unit vectors: [3·axis + n], written
 *
 * Source: Golub & Van Loan, Matrix Computations (2013), 8.5.
 */
export function principalAxes(m: ArrayLike<number>, values: Float64Array, vectors: Float64Array): void {
  const a = work;
  a[0] = m[0]!;
  a[4] = m[1]!;
  a[8] = m[2]!;
  a[5] = m[3]!;
  a[2] = m[4]!;
  a[1] = m[5]!;
  vectors.fill(0);
  vectors[0] = vectors[4] = vectors[8] = 1;
  const size = a[0] * a[0] + a[4] * a[4] + a[8] * a[8] + 2 * (a[1] * a[1] + a[2] * a[2] + a[5] * a[5]);
  for (let sweep = 0; sweep < 20; sweep++) {
    if (a[1]! * a[1]! + a[2]! * a[2]! + a[5]! * a[5]! <= 1e-30 * size) break;
    rotate(a, vectors, 0, 1, 2);
    rotate(a, vectors, 0, 2, 1);
    rotate(a, vectors, 1, 2, 0);
  }
  values[0] = a[0]!;
  values[1] = a[4]!;
  values[2] = a[8]!;
  if (values[0] < values[1]!) swap(values, vectors, 0, 1);
  if (values[1]! < values[2]!) swap(values, vectors, 1, 2);
  if (values[0]! < values[1]!) swap(values, vectors, 0, 1);
}

const work = new Float64Array(9); // upper triangle alone

/** Makes a[p][q] vanish, p < q; r is the third index. */
function rotate(a: Float64Array, v: Float64Array, p: number, q: number, r: number): void {
  const apq = a[3 * p + q]!;
  if (apq === 0) return;
  const theta = (a[4 * q]! - a[4 * p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  a[4 * p]! -= t * apq;
  a[4 * q]! += t * apq;
  a[3 * p + q] = 0;
  const rp = r < p ? 3 * r + p : 3 * p + r;
  const rq = r < q ? 3 * r + q : 3 * q + r;
  const x = a[rp]!;
  const y = a[rq]!;
  a[rp] = c * x - s * y;
  a[rq] = s * x + c * y;
  for (let k = 0; k < 9; k += 3) {
    const vp = v[k + p]!;
    const vq = v[k + q]!;
    v[k + p] = c * vp - s * vq;
    v[k + q] = s * vp + c * vq;
  }
}

function swap(values: Float64Array, v: Float64Array, i: number, j: number): void {
  const value = values[i]!;
  values[i] = values[j]!;
  values[j] = value;
  for (let k = 0; k < 9; k += 3) {
    const x = v[k + i]!;
    v[k + i] = v[k + j]!;
    v[k + j] = x;
  }
}
