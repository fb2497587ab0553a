/**
 * Solves A·X = B for a small dense matrix by elimination with partial pivoting.
 * @param matrix  n×n by rows
 * @param right   n×columns by rows; columns = right.length / n
 * @returns X like `right`; not finite where the matrix is singular. The arguments are left alone.
 */
export function solveDense(matrix: ArrayLike<number>, right: ArrayLike<number>, n: number): Float64Array {
  const a = Float64Array.from(matrix);
  const x = Float64Array.from(right);
  const m = x.length / n;
  for (let p = 0; p < n; p++) {
    let pivot = p;
    for (let r = p + 1; r < n; r++) if (Math.abs(a[n * r + p]!) > Math.abs(a[n * pivot + p]!)) pivot = r;
    if (pivot !== p) {
      swapRows(a, n, p, pivot);
      swapRows(x, m, p, pivot);
    }
    for (let r = p + 1; r < n; r++) {
      const factor = a[n * r + p]! / a[n * p + p]!;
      if (factor === 0) continue;
      for (let c = p; c < n; c++) a[n * r + c]! -= factor * a[n * p + c]!;
      for (let c = 0; c < m; c++) x[m * r + c]! -= factor * x[m * p + c]!;
    }
  }
  for (let c = 0; c < m; c++)
    for (let p = n - 1; p >= 0; p--) {
      let sum = x[m * p + c]!;
      for (let k = p + 1; k < n; k++) sum -= a[n * p + k]! * x[m * k + c]!;
      x[m * p + c] = sum / a[n * p + p]!;
    }
  return x;
}

function swapRows(matrix: Float64Array, width: number, p: number, q: number): void {
  for (let c = 0; c < width; c++) {
    const held = matrix[width * p + c]!;
    matrix[width * p + c] = matrix[width * q + c]!;
    matrix[width * q + c] = held;
  }
}
