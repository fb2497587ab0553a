// The matrix of level 1 written out in 3×3 blocks of f64, for the set-up of the aggregated levels.
import { find } from "./blocks";

/**
 * Adds the elements from `begin` to `end`.
 * @param nodes    8 slots per element    @param moduli f32, 8 per element (Gauss points)
 * @param points   eight 24×24 f64, the stiffness that each Gauss point gives for 1 MPa
 * @param free     f64 by unknown, [component·stride + slot]: 1, and 0 where fixed
 * @param value    f64 blocks, filled with 0; `local` is work space for 24×24 f64
 */
export function assemble(
  begin: u32, end: u32, nodes: usize, moduli: usize, points: usize, free: usize, stride: usize,
  ptr: usize, col: usize, value: usize, local: usize,
): void {
  for (let e = begin; e < end; e++) {
    elementStiffness(moduli + (<usize>e << 5), points, local);
    const slots = nodes + (<usize>e << 5);
    for (let a: usize = 0; a < 8; a++)
      for (let b: usize = 0; b < 8; b++) {
        const s = load<u32>(slots + (a << 2)), t = load<u32>(slots + (b << 2));
        addBlock(value + find(ptr, col, s, t) * 72, local + a * 576 + b * 24, free, stride, s, t);
      }
  }
}

function elementStiffness(moduli: usize, points: usize, local: usize): void {
  for (let i: usize = 0; i < 4608; i += 16) {
    let sum = f64x2.splat(0);
    for (let q: usize = 0; q < 8; q++) {
      const modulus = f64x2.splat(<f64>load<f32>(moduli + (q << 2)));
      sum = f64x2.add(sum, f64x2.mul(modulus, v128.load(points + q * 4608 + i)));
    }
    v128.store(local + i, sum);
  }
}

// @ts-ignore: decorator
@inline
function addBlock(block: usize, from: usize, free: usize, stride: usize, s: u32, t: u32): void {
  for (let i: usize = 0; i < 3; i++) {
    const row = load<f64>(free + ((i * stride + s) << 3));
    for (let j: usize = 0; j < 3; j++) {
      const at = block + ((3 * i + j) << 3);
      const column = load<f64>(free + ((j * stride + t) << 3));
      store<f64>(at, load<f64>(at) + row * column * load<f64>(from + i * 192 + (j << 3)));
    }
  }
}
