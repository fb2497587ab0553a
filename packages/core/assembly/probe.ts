// For tests and benchmarks: the bare operators and the memory triad.
import { NOTHING } from "./finish";
import { sweep } from "./sweep";

export function applySingle(level: usize, x: usize, y: usize): void {
  sweep<f32>(level, x, y, NOTHING);
}

export function applyDouble(level: usize, x: usize, y: usize): void {
  sweep<f64>(level, x, y, NOTHING);
}

/** a = b + s·c over `bytes` bytes of f32 (a multiple of 64): the roofline. */
export function triad(a: usize, b: usize, c: usize, s: f32, bytes: usize): void {
  const factor = f32x4.splat(s);
  for (let i: usize = 0; i < bytes; i += 64) {
    v128.store(a + i, f32x4.add(v128.load(b + i), f32x4.mul(factor, v128.load(c + i))));
    v128.store(a + i, f32x4.add(v128.load(b + i, 16), f32x4.mul(factor, v128.load(c + i, 16))), 16);
    v128.store(a + i, f32x4.add(v128.load(b + i, 32), f32x4.mul(factor, v128.load(c + i, 32))), 32);
    v128.store(a + i, f32x4.add(v128.load(b + i, 48), f32x4.mul(factor, v128.load(c + i, 48))), 48);
  }
}
