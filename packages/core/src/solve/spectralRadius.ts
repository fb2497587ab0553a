import { type Arena, doublesAt, reserve, type StoredMatrix } from "./arena.js";
import { blockDiagonal } from "./blockMatrix.js";

/** Largest eigenvalue of D⁻¹A, by Lanczos' method: 20 steps agree with the limit to a percent or two. */
export function spectralRadius(arena: Arena, matrix: StoredMatrix, steps = 20): number {
  const n = matrix.rows * matrix.height;
  const [x, y] = [reserve(arena, 8 * n), reserve(arena, 8 * n)];
  const root = blockDiagonal(matrix).map((d) => (d > 0 ? 1 / Math.sqrt(d) : 0));
  const apply = (v: Float64Array) => {
    doublesAt(arena, x, n).set(v.map((value, i) => value * root[i]!));
    arena.kernel.multiplySix(matrix.rows, ...matrix.at, x, y);
    return doublesAt(arena, y, n).map((value, i) => value * root[i]!);
  };
  let v = Float64Array.from(root, (s, i) => (s > 0 ? Math.sin(12.9898 * (i + 1)) : 0)); // any start without symmetry
  let before = new Float64Array(n);
  const alpha: number[] = [];
  const beta: number[] = [];
  let norm = length(v);
  for (let k = 0; k < steps && norm > 1e-12; k++) {
    v = v.map((x) => x / norm);
    const w = apply(v);
    const a = dot(v, w);
    alpha.push(a);
    const last = k > 0 ? beta[k - 1]! : 0;
    const previous = before;
    const current = v;
    const next = w.map((x, i) => x - a * current[i]! - last * previous[i]!);
    before = v;
    v = next;
    norm = length(v);
    beta.push(norm);
  }
  return largestOfTridiagonal(alpha, beta);
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};
const length = (v: Float64Array): number => Math.sqrt(dot(v, v));

/** By bisection on the count of negative pivots. */
function largestOfTridiagonal(alpha: readonly number[], beta: readonly number[]): number {
  let low = 0;
  let high = Math.max(0, ...alpha.map((a, i) => a + (beta[i - 1] ?? 0) + (beta[i] ?? 0)));
  const allBelow = (x: number): boolean => {
    let pivot = 1;
    for (let i = 0; i < alpha.length; i++) {
      pivot = alpha[i]! - x - (i > 0 ? beta[i - 1]! ** 2 / pivot : 0);
      if (pivot >= 0) return false;
    }
    return true;
  };
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (allBelow(middle)) high = middle;
    else low = middle;
  }
  return high;
}
