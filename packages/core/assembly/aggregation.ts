// The heavy parts of smoothed aggregation, done once in the set-up, in f64: see src/solve/smoothedAggregation.ts.
import { addProduct, addTransposed, at, find } from "./blocks";

/**
 * P = T − W·A·T, T the tentative interpolation (a height×6 block per row, `groups` its aggregate or −1), W = ω·D⁻¹ by
 * unknown. The pattern of P is given and its blocks are 0; `place` is work space for an i32 per aggregate. Rows `begin` to `end`.
 */
export function smoothProlongation(
  begin: u32, end: u32, height: usize,
  aPtr: usize, aCol: usize, a: usize,
  groups: usize, tentative: usize, weight: usize,
  pPtr: usize, pCol: usize, p: usize, place: usize,
): void {
  const aSize = height * height << 3, pSize = height * 48;
  for (let r = begin; r < end; r++) {
    const first = at(pPtr, r), last = at(pPtr, r + 1);
    for (let n = first; n < last; n++) store<u32>(place + (<usize>at(pCol, n) << 2), n);
    for (let n = at(aPtr, r); n < at(aPtr, r + 1); n++) {
      const c = at(aCol, n), group = <i32>at(groups, c);
      if (group < 0) continue;
      const out = p + <usize>load<u32>(place + (<usize>group << 2)) * pSize;
      addProduct(out, a + <usize>n * aSize, tentative + <usize>c * pSize, height);
    }
    for (let n = first; n < last; n++)
      for (let i: usize = 0; i < height; i++) {
        const factor = -load<f64>(weight + ((<usize>r * height + i) << 3)), row = p + <usize>n * pSize + 48 * i;
        for (let m: usize = 0; m < 48; m += 8) store<f64>(row + m, factor * load<f64>(row + m));
      }
    const own = <i32>at(groups, r);
    if (own < 0) continue;
    const out = p + <usize>load<u32>(place + (<usize>own << 2)) * pSize;
    for (let m: usize = 0; m < pSize; m += 8)
      store<f64>(out + m, load<f64>(out + m) + load<f64>(tentative + <usize>r * pSize + m));
  }
}

/**
 * The coarse operator Pᵀ·A·P: 6×6 blocks on and above the diagonal, pattern given and blocks 0. `place` is work space
 * for an i32 per coarse row, filled with −1, `row` for the widest row of A·P, `met` for the coarse rows it meets.
 * Adds what rows `begin` to `end` of A give.
 */
export function galerkin(
  begin: u32, end: u32, height: usize,
  aPtr: usize, aCol: usize, a: usize,
  pPtr: usize, pCol: usize, p: usize,
  cPtr: usize, cCol: usize, c: usize,
  place: usize, row: usize, met: usize,
): void {
  const aSize = height * height << 3, pSize = height * 48;
  for (let r = begin; r < end; r++) {
    const first = at(pPtr, r), last = at(pPtr, r + 1);
    if (first == last) continue;
    let columns: u32 = 0;
    for (let n = at(aPtr, r); n < at(aPtr, r + 1); n++) {
      const k = at(aCol, n);
      for (let q = at(pPtr, k); q < at(pPtr, k + 1); q++) {
        const j = at(pCol, q), slot = place + (<usize>j << 2);
        if (load<i32>(slot) < 0) {
          store<i32>(slot, columns);
          memory.fill(row + <usize>columns * pSize, 0, pSize);
          store<u32>(met + (<usize>columns << 2), j);
          columns++;
        }
        addProduct(row + <usize>load<i32>(slot) * pSize, a + <usize>n * aSize, p + <usize>q * pSize, height);
      }
    }
    for (let q = first; q < last; q++) {
      const i = at(pCol, q);
      for (let m: u32 = 0; m < columns; m++) {
        const j = at(met, m);
        if (j >= i) addTransposed(c + find(cPtr, cCol, i, j) * 288, p + <usize>q * pSize, row + <usize>m * pSize, height);
      }
    }
    for (let m: u32 = 0; m < columns; m++) store<i32>(place + (<usize>at(met, m) << 2), -1);
  }
}

