// The matrix of level 1 written out in 3×3 blocks of f64, for the set-up of the aggregated levels.
import { find } from "./blocks";

/**
 * Adds the elements from `begin` to `end` to the rows from `first` to `last`.
 * @param nodes    8 slots per element    @param moduli f32, 8 per element (Gauss points)
 * @param points   f64, for each pair of corners a ≤ b and each Gauss point 10 numbers: the 3×3 block that the point gives
 *                 for 1 MPa, and 0; pairs in the order (0,0) (0,1) … (7,7)
 * @param fixed    a byte per slot, a bit per component
 * @param value    f64 blocks, filled with 0    @param local work space for 10 f64
 */
export function assemble(
  begin: u32, end: u32, first: u32, last: u32, nodes: usize, moduli: usize, points: usize, fixed: usize,
  ptr: usize, col: usize, value: usize, local: usize,
): void {
  for (let e = begin; e < end; e++) {
    const slots = nodes + (<usize>e << 5), E = moduli + (<usize>e << 5);
    let point = points;
    for (let a: usize = 0; a < 8; a++)
      for (let b = a; b < 8; b++, point += 640) {
        const s = load<u32>(slots + (a << 2)), t = load<u32>(slots + (b << 2));
        const above = s >= first && s < last, below = a != b && t >= first && t < last;
        if (!above && !below) continue;
        pairBlock(E, point, local);
        const mask = load<u8>(fixed + s) | load<u8>(fixed + t);
        if (mask) clearFixed(local, load<u8>(fixed + s), load<u8>(fixed + t));
        if (above) addBlock(value + find(ptr, col, s, t) * 72, local);
        if (below) addTransposedBlock(value + find(ptr, col, t, s) * 72, local);
      }
  }
}

/** Σ over the Gauss points of modulus times block. */
// @ts-ignore: decorator
@inline
function pairBlock(E: usize, point: usize, local: usize): void {
  let b0 = f64x2.splat(0), b1 = b0, b2 = b0, b3 = b0, b4 = b0;
  for (let q: usize = 0; q < 8; q++) {
    const e = f64x2.splat(<f64>load<f32>(E + (q << 2))), from = point + 80 * q;
    b0 = f64x2.add(b0, f64x2.mul(e, v128.load(from)));
    b1 = f64x2.add(b1, f64x2.mul(e, v128.load(from, 16)));
    b2 = f64x2.add(b2, f64x2.mul(e, v128.load(from, 32)));
    b3 = f64x2.add(b3, f64x2.mul(e, v128.load(from, 48)));
    b4 = f64x2.add(b4, f64x2.mul(e, v128.load(from, 64)));
  }
  v128.store(local, b0);
  v128.store(local, b1, 16);
  v128.store(local, b2, 32);
  v128.store(local, b3, 48);
  v128.store(local, b4, 64);
}

/** Rows and columns of fixed components become 0. */
function clearFixed(local: usize, rows: u32, columns: u32): void {
  for (let i: u32 = 0; i < 3; i++)
    for (let j: u32 = 0; j < 3; j++)
      if (((rows >> i) | (columns >> j)) & 1) store<f64>(local + (<usize>(3 * i + j) << 3), 0);
}

// @ts-ignore: decorator
@inline
function addBlock(block: usize, from: usize): void {
  for (let i: usize = 0; i < 64; i += 16) v128.store(block + i, f64x2.add(v128.load(block + i), v128.load(from + i)));
  store<f64>(block, load<f64>(block, 64) + load<f64>(from, 64), 64);
}

// @ts-ignore: decorator
@inline
function addTransposedBlock(block: usize, from: usize): void {
  for (let i: usize = 0; i < 3; i++)
    for (let j: usize = 0; j < 3; j++) {
      const at = block + ((3 * i + j) << 3);
      store<f64>(at, load<f64>(at) + load<f64>(from + ((3 * j + i) << 3)));
    }
}
