// Chebyshev's polynomials of the fourth kind on D⁻¹K, D the diagonal. They need no lower end of the spectrum, only a
// bound of the upper one, which is rigorous here: element by element, Kₑ ≤ λ·Dₑ.
//
// Source: Lottes, Optimal polynomial smoothers for multigrid V-cycles (2023), algorithm 1.
import { SMOOTH, smootherStep } from "./finish";
import { correction, degree, direction, inverseDiagonal, layers, planeStart, product, right, stride, upper } from "./level";
import { sweep } from "./sweep";
import { barrier, nextShare } from "./team";

/** Factors of step k = 1, 2, …: d = directionFactor·d + residualFactor·D⁻¹·r. */
// @ts-ignore: decorator
@inline
export function directionFactor(k: i32): f64 {
  return <f64>(2 * k - 3) / <f64>(2 * k + 1);
}
// @ts-ignore: decorator
@inline
export function residualFactor(k: i32, bound: f64): f64 {
  return <f64>(8 * k - 4) / (<f64>(2 * k + 1) * bound);
}

/** x = S·b from x = 0. */
export function smoothFromZero(level: usize): void {
  const planes = layers(level) + 1;
  const factor = <f32>residualFactor(1, upper(level));
  for (let plane = nextShare(); plane < planes; plane = nextShare()) firstStep(level, plane, factor);
  barrier();
  smoothSteps(level, 2);
}

/** x = x + S·(b − K·x). */
export function smooth(level: usize): void {
  smoothSteps(level, 1);
}

function smoothSteps(level: usize, from: i32): void {
  for (let k = from; k <= degree(level); k++) {
    smootherStep(k == 1 ? 0 : <f32>directionFactor(k), <f32>residualFactor(k, upper(level)));
    sweep<f32>(level, correction(level), product(level), SMOOTH);
  }
}

function firstStep(level: usize, plane: i32, factor: f32): void {
  const begin = planeStart(level, plane) << 2, end = planeStart(level, plane + 1) << 2;
  const f = f32x4.splat(factor);
  for (let c: usize = 0; c < 3; c++) {
    const hop = c * (stride(level) << 2);
    for (let i = begin + hop; i < end + hop; i += 16) {
      const step = f32x4.mul(f, f32x4.mul(v128.load(inverseDiagonal(level) + i), v128.load(right(level) + i)));
      v128.store(direction(level) + i, step);
      v128.store(correction(level) + i, step);
    }
  }
}
