// The aggregated levels: few unknowns, six rigid motions per aggregate, 6×6 blocks with rows of 8 lanes (the last two
// are 0). Vectors hold 8 numbers per aggregate. The record of a level, as 32-bit words (src/solve/layout.ts writes it):
//   0 aggregates    1 row pointers    2 columns    3 blocks, 6 columns of 8    4 inverse diagonal
//   5 b    6 x    7 y    8 d    9 degree    10 f64 bound
//   11 P (T below level 1, see finish.ts): row pointers over the fine nodes    12 columns    13 blocks, `fine rows` rows of 8
//   14 Pᵀ: row pointers    15 fine nodes    16 block numbers
//   17 rows of a P block, 3 or 6    18 fine nodes    19 hop between components    20 hop between nodes, both in bytes
//   21 unknowns of the direct solver, 0 = none    22 f64 factor, row by row, packed    23 their places in a vector
import { directionFactor, residualFactor } from "./smoother";
import { barrier, nextShare, thread } from "./team";

const CHUNK: i32 = 64; // aggregates, or fine nodes, per share

// @ts-ignore: decorator
@inline
function word(level: usize, at: usize): usize {
  return <usize>load<u32>(level + (at << 2));
}

/** b = Pᵀ · residual of the level above, whose vector starts at `fine`. */
export function restrictSparse(level: usize, fine: usize): void {
  const rows = <i32>word(level, 0);
  for (let share = nextShare(); share * CHUNK < rows; share = nextShare()) {
    const end = min(rows, (share + 1) * CHUNK);
    for (let a = share * CHUNK; a < end; a++) restrictRow(level, fine, a);
  }
  barrier();
}

function restrictRow(level: usize, fine: usize, a: i32): void {
  const ptr = word(level, 14) + (<usize>a << 2), height = word(level, 17);
  const componentHop = word(level, 19), nodeHop = word(level, 20);
  let low = f32x4.splat(0), high = f32x4.splat(0);
  for (let i = load<u32>(ptr); i < load<u32>(ptr, 4); i++) {
    const from = fine + <usize>load<u32>(word(level, 15) + (<usize>i << 2)) * nodeHop;
    const block = word(level, 13) + <usize>load<u32>(word(level, 16) + (<usize>i << 2)) * (height << 5);
    for (let c: usize = 0; c < height; c++) {
      const value = v128.load32_splat(from + c * componentHop);
      low = f32x4.add(low, f32x4.mul(value, v128.load(block + (c << 5))));
      high = f32x4.add(high, f32x4.mul(value, v128.load(block + (c << 5), 16)));
    }
  }
  const to = word(level, 5) + (<usize>a << 5);
  v128.store(to, low);
  v128.store(to, high, 16);
}

/** x of the level above, which starts at `fine`, += P · x. */
export function addFromSparse(level: usize, fine: usize): void {
  prolong(level, fine, true);
}

/** A vector of the level above, which starts at `fine`, = P · x. */
export function setFromSparse(level: usize, fine: usize): void {
  prolong(level, fine, false);
}

// @ts-ignore: decorator
@inline
function prolong(level: usize, fine: usize, add: bool): void {
  const nodes = <i32>word(level, 18);
  for (let share = nextShare(); share * CHUNK < nodes; share = nextShare()) {
    const end = min(nodes, (share + 1) * CHUNK);
    for (let n = share * CHUNK; n < end; n++)
      for (let c: usize = 0; c < word(level, 17); c++) {
        const at = fine + <usize>n * word(level, 20) + c * word(level, 19);
        store<f32>(at, (add ? load<f32>(at) : 0) + prolongedRow(level, n, c));
      }
  }
  barrier();
}

/** Row c of the blocks of fine node n, times x. */
// @ts-ignore: decorator
@inline
function prolongedRow(level: usize, n: i32, c: usize): f32 {
  const ptr = word(level, 11) + (<usize>n << 2);
  let sum: f32 = 0;
  for (let i = load<u32>(ptr); i < load<u32>(ptr, 4); i++) {
    const from = word(level, 6) + (<usize>load<u32>(word(level, 12) + (<usize>i << 2)) << 5);
    const at = word(level, 13) + (<usize>i * word(level, 17) + c << 5);
    const p = f32x4.add(f32x4.mul(v128.load(from), v128.load(at)), f32x4.mul(v128.load(from, 16), v128.load(at, 16)));
    const q = f32x4.add(p, v128.shuffle<f32>(p, p, 2, 3, 0, 1));
    sum += f32x4.extract_lane(q, 0) + f32x4.extract_lane(q, 1);
  }
  return sum;
}

/** x = S·b from x = 0. */
export function smoothSparseFromZero(level: usize): void {
  const rows = <i32>word(level, 0), bound = load<f64>(word(level, 10));
  const factor = f32x4.splat(<f32>residualFactor(1, bound));
  for (let share = nextShare(); share * CHUNK < rows; share = nextShare()) {
    const end = <usize>min(rows, (share + 1) * CHUNK) << 5;
    for (let i = <usize>(share * CHUNK) << 5; i < end; i += 16) {
      const step = f32x4.mul(factor, f32x4.mul(v128.load(word(level, 4) + i), v128.load(word(level, 5) + i)));
      v128.store(word(level, 8) + i, step);
      v128.store(word(level, 6) + i, step);
    }
  }
  barrier();
  smoothSparseSteps(level, 2);
}

/** x = x + S·(b − A·x). */
export function smoothSparse(level: usize): void {
  smoothSparseSteps(level, 1);
}

function smoothSparseSteps(level: usize, from: i32): void {
  const rows = <i32>word(level, 0), bound = load<f64>(word(level, 10));
  for (let k = from; k <= <i32>word(level, 9); k++) {
    residualSparse(level);
    const f1 = f32x4.splat(k == 1 ? 0 : <f32>directionFactor(k)), f2 = f32x4.splat(<f32>residualFactor(k, bound));
    for (let share = nextShare(); share * CHUNK < rows; share = nextShare()) {
      const end = <usize>min(rows, (share + 1) * CHUNK) << 5;
      for (let i = <usize>(share * CHUNK) << 5; i < end; i += 16) {
        const r = f32x4.mul(v128.load(word(level, 4) + i), v128.load(word(level, 7) + i));
        const step = f32x4.add(f32x4.mul(f1, v128.load(word(level, 8) + i)), f32x4.mul(f2, r));
        v128.store(word(level, 8) + i, step);
        v128.store(word(level, 6) + i, f32x4.add(v128.load(word(level, 6) + i), step));
      }
    }
    barrier();
  }
}

/** y = b − A·x. */
export function residualSparse(level: usize): void {
  const rows = <i32>word(level, 0);
  for (let share = nextShare(); share * CHUNK < rows; share = nextShare()) {
    const end = min(rows, (share + 1) * CHUNK);
    for (let a = share * CHUNK; a < end; a++) residualRow(level, a);
  }
  barrier();
}

function residualRow(level: usize, a: i32): void {
  const ptr = word(level, 1) + (<usize>a << 2), x = word(level, 6);
  let low = v128.load(word(level, 5) + (<usize>a << 5)), high = v128.load(word(level, 5) + (<usize>a << 5), 16);
  for (let i = load<u32>(ptr); i < load<u32>(ptr, 4); i++) {
    const from = x + (<usize>load<u32>(word(level, 2) + (<usize>i << 2)) << 5);
    const block = word(level, 3) + <usize>i * 192;
    for (let c: usize = 0; c < 6; c++) {
      const value = v128.load32_splat(from + (c << 2));
      low = f32x4.sub(low, f32x4.mul(value, v128.load(block + (c << 5))));
      high = f32x4.sub(high, f32x4.mul(value, v128.load(block + (c << 5), 16)));
    }
  }
  v128.store(word(level, 7) + (<usize>a << 5), low);
  v128.store(word(level, 7) + (<usize>a << 5), high, 16);
}

/** x = A⁻¹·b by the Cholesky factor, in f64, by one thread. */
export function solveDirect(level: usize): void {
  if (thread == 0) {
    const n = <i32>word(level, 21), places = word(level, 23);
    const b = word(level, 5), x = word(level, 6), y = word(level, 7); // y: f64 work space, twice as long
    for (let i = 0; i < n; i++) forward(i, word(level, 22), y, <f64>load<f32>(b + place(places, i)));
    memory.fill(x, 0, word(level, 0) << 5);
    for (let i = n - 1; i >= 0; i--) {
      const value = backward(i, word(level, 22), y);
      store<f32>(x + place(places, i), <f32>value);
    }
  }
  barrier();
}

// @ts-ignore: decorator
@inline
function place(places: usize, i: i32): usize {
  return <usize>load<u32>(places + (<usize>i << 2)) << 2;
}

// @ts-ignore: decorator
@inline
function factorRow(factor: usize, i: i32): usize {
  return factor + ((<usize>i * <usize>(i + 1)) << 2); // i(i + 1)/2 numbers of 8 bytes
}

function forward(i: i32, factor: usize, y: usize, right: f64): void {
  const row = factorRow(factor, i);
  let sum = right;
  for (let j = 0; j < i; j++) sum -= load<f64>(row + (<usize>j << 3)) * load<f64>(y + (<usize>j << 3));
  store<f64>(y + (<usize>i << 3), sum / load<f64>(row + (<usize>i << 3)));
}

function backward(i: i32, factor: usize, y: usize): f64 {
  const row = factorRow(factor, i);
  const value = load<f64>(y + (<usize>i << 3)) / load<f64>(row + (<usize>i << 3));
  for (let j = 0; j < i; j++) {
    const at = y + (<usize>j << 3);
    store<f64>(at, load<f64>(at) - load<f64>(row + (<usize>j << 3)) * value);
  }
  return value;
}
