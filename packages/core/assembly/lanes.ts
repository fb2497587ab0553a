// Vector lanes over consecutive nodes or elements: four of f32, two of f64.

/** Values of the nodes n + i, n + i + 1, … of one component. */
// @ts-ignore: decorator
@inline
export function row<T>(base: usize, n: usize, i: usize): v128 {
  return v128.load(base + (n + i) * sizeof<T>());
}

// @ts-ignore: decorator
@inline
export function addRow<T>(base: usize, n: usize, i: usize, value: v128): void {
  const at = base + (n + i) * sizeof<T>();
  v128.store(at, v128.add<T>(v128.load(at), value));
}

/** The lanes moved up by one, the last lane of the block before coming in first. */
// @ts-ignore: decorator
@inline
export function carried<T>(before: v128, now: v128): v128 {
  if (sizeof<T>() == 4) return v128.shuffle<f32>(before, now, 3, 4, 5, 6);
  return v128.shuffle<f64>(before, now, 1, 2);
}

// @ts-ignore: decorator
@inline
export function zero<T>(): v128 {
  return v128.splat<T>(<T>0);
}

/** Coefficient number `index` of the f64 list at `at`, in every lane. */
// @ts-ignore: decorator
@inline
export function coefficient<T>(at: usize, index: usize): v128 {
  return v128.splat<T>(<T>load<f64>(at + (index << 3)));
}

/** Moduli (f32 in memory) of the elements i, i + 1, … */
// @ts-ignore: decorator
@inline
export function moduliAt<T>(base: usize, i: usize): v128 {
  if (sizeof<T>() == 4) return v128.load(base + (i << 2));
  return f64x2.promote_low_f32x4(v128.load64_zero(base + (i << 2)));
}
