// Sparse matrices of dense row-major f64 blocks, compressed by rows: see src/solve/blockMatrix.ts.

// @ts-ignore: decorator
@inline
export function at(list: usize, index: u32): u32 {
  return load<u32>(list + (<usize>index << 2));
}

/** Number of the block of `row` in column `column`, which is there. */
export function find(ptr: usize, col: usize, row: u32, column: u32): usize {
  let low = at(ptr, row), high = at(ptr, row + 1) - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(col, middle) < column) low = middle + 1;
    else high = middle;
  }
  return <usize>low;
}

/** Adds left (height×height) · right (height×6) to out (height×6). */
// @ts-ignore: decorator
@inline
export function addProduct(out: usize, left: usize, right: usize, height: usize): void {
  for (let i: usize = 0; i < height; i++, out += 48) {
    let a = v128.load(out), b = v128.load(out, 16), c = v128.load(out, 32);
    for (let k: usize = 0; k < height; k++, left += 8) {
      const f = v128.load64_splat(left), from = right + 48 * k;
      a = f64x2.add(a, f64x2.mul(f, v128.load(from)));
      b = f64x2.add(b, f64x2.mul(f, v128.load(from, 16)));
      c = f64x2.add(c, f64x2.mul(f, v128.load(from, 32)));
    }
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
  }
}

/** Adds leftᵀ (6×height) · right (height×6) to out (6×6). */
// @ts-ignore: decorator
@inline
export function addTransposed(out: usize, left: usize, right: usize, height: usize): void {
  for (let i: usize = 0; i < 6; i++, out += 48) {
    let a = v128.load(out), b = v128.load(out, 16), c = v128.load(out, 32);
    for (let k: usize = 0; k < height; k++) {
      const f = v128.load64_splat(left + 48 * k + (i << 3)), from = right + 48 * k;
      a = f64x2.add(a, f64x2.mul(f, v128.load(from)));
      b = f64x2.add(b, f64x2.mul(f, v128.load(from, 16)));
      c = f64x2.add(c, f64x2.mul(f, v128.load(from, 32)));
    }
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
  }
}

/** y = A·x with blocks of 6×6. */
export function multiplySix(rows: u32, ptr: usize, col: usize, value: usize, x: usize, y: usize): void {
  for (let r: u32 = 0; r < rows; r++)
    for (let i: usize = 0; i < 6; i++) {
      let sum = f64x2.splat(0);
      for (let n = at(ptr, r); n < at(ptr, r + 1); n++) {
        const block = value + <usize>n * 288 + 48 * i, from = x + <usize>at(col, n) * 48;
        sum = f64x2.add(sum, f64x2.mul(v128.load(block), v128.load(from)));
        sum = f64x2.add(sum, f64x2.mul(v128.load(block, 16), v128.load(from, 16)));
        sum = f64x2.add(sum, f64x2.mul(v128.load(block, 32), v128.load(from, 32)));
      }
      store<f64>(y + <usize>r * 48 + (i << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
    }
}

/** Frobenius norms (f32, by number) of the blocks from `begin` to `end`, of `size` f64 each. */
export function blockNorms(begin: u32, end: u32, size: usize, value: usize, norm: usize): void {
  for (let n = begin; n < end; n++) {
    const block = value + <usize>n * (size << 3);
    let sum: f64 = 0;
    for (let i: usize = 0; i < size; i++) sum += load<f64>(block + (i << 3)) * load<f64>(block + (i << 3));
    store<f32>(norm + (<usize>n << 2), <f32>Math.sqrt(sum));
  }
}
