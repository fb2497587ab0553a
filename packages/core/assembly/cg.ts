// Conjugate gradients in f64 with the f32 multigrid cycle before them. The cycle is not quite linear in f32, so each
// direction is made conjugate to the last one explicitly (flexible conjugate gradients: Notay 2000).
//
// The root record, as 32-bit words (src/solve/layout.ts writes it):
//   0 level 0    1 level 1    2 first sparse level    3 number of them    4 f64 x    5 f64 r    6 f32 p    7 f32 q
//   8 f64 shares    9 state: f64 load, residual norm, p·q, and i32 iterations    10 stop flag
//   11 tangents (see tangent.ts), 0 for none    12 f64 p    13 f64 q
//
// What is left of a direction and its product between two iterations is kept in f32: the next direction is made
// conjugate with it, which asks for no more. Within an iteration, p is widened without loss and q = K·p formed in f64, so
// that x and r follow each other to rounding. Both wide vectors lie where the cycle has its own: p where it keeps its
// product and direction, q where it keeps its right-hand side and correction.
import { cycle } from "./cycle";
import { dotPlane, FREE, NOTHING, setShare, sharesAt, sumShares } from "./finish";
import { correction, fixedUnknown, layers, planeFixed, planeStart, right, stride } from "./level";
import { clearPlane, sweep } from "./sweep";
import { addTangents } from "./tangent";
import { barrier, join, nextShare, thread } from "./team";

export const GOING: i32 = 0;
export const STOPPED: i32 = 1; // by the flag
export const BROKEN: i32 = 2; // not a number, or no energy in the direction

let root: usize = 0;
let rNorm: f64 = 0; // the same in every thread
let pq: f64 = 0;

// @ts-ignore: decorator
@inline
function word(at: usize): usize {
  return <usize>load<u32>(root + (at << 2));
}

/** Tells an instance which thread of how many it is, and where the root record and the shared words are. */
export function enter(me: i32, count: i32, sync: usize, record: usize): void {
  join(me, count, sync);
  root = record;
  sharesAt(word(8));
}

/** r = −K·x on the free unknowns, for the displacements as they are, and p = 0. Returns ‖r‖. All threads call it. */
export function start(): f64 {
  const level = word(0), planes = layers(level) + 1;
  sweep<f64>(level, word(4), word(13), FREE);
  for (let plane = nextShare(); plane < planes; plane = nextShare()) {
    setShare(plane, negate(level, plane));
    clearPlane<f32>(level, plane, word(6));
  }
  barrier();
  rNorm = Math.sqrt(sumShares(planes));
  pq = 0;
  barrier();
  return rNorm;
}

/** The same for a right-hand side r that has been written, 0 where fixed, and x = 0. Returns ‖r‖. */
export function startGiven(): f64 {
  const level = word(0), planes = layers(level) + 1;
  for (let plane = nextShare(); plane < planes; plane = nextShare()) {
    setShare(plane, dotPlane(level, plane, word(5), word(5)));
    clearPlane<f32>(level, plane, word(6));
  }
  barrier();
  rNorm = Math.sqrt(sumShares(planes));
  pq = 0;
  barrier();
  return rNorm;
}

/** One iteration. Returns the norm of the residual; −1 when the stop flag is up, −2 when the arithmetic broke down. */
export function iterate(): f64 {
  const level = word(0), planes = layers(level) + 1, z = correction(level);
  if (thread == 0) store<i32>(word(9), atomic.load<i32>(word(10)));
  barrier();
  if (load<i32>(word(9))) return -1;
  if (!(rNorm > 0)) return -2;

  const scale = 1 / rNorm; // keeps the cycle away from the ends of f32
  for (let plane = nextShare(); plane < planes; plane = nextShare()) toCycle(level, plane, scale);
  barrier();
  cycle(level, word(1), word(2), <i32>word(3));

  let beta: f64 = 0;
  if (pq > 0) {
    for (let plane = nextShare(); plane < planes; plane = nextShare()) setShare(plane, dotSingle(level, plane, z, word(7)));
    barrier();
    beta = -sumShares(planes) / pq;
    barrier();
  }
  for (let plane = nextShare(); plane < planes; plane = nextShare()) setShare(plane, turn(level, plane, z, beta));
  barrier();
  const pr = sumShares(planes);
  barrier();

  sweep<f64>(level, word(12), word(13), FREE);
  if (word(11)) addTangents(level, word(11), word(12), word(13));
  pq = sumShares(planes);
  barrier();
  if (!(pq > 0)) return -2;
  const alpha = pr / pq;
  for (let plane = nextShare(); plane < planes; plane = nextShare()) setShare(plane, advance(level, plane, alpha));
  barrier();
  rNorm = Math.sqrt(sumShares(planes));
  barrier();
  return rNorm == rNorm ? rNorm : -2;
}

/** q = K·x on all unknowns: reactions where they are fixed, the true residual elsewhere. */
export function forces(): void {
  sweep<f64>(word(0), word(4), word(13), NOTHING);
}

/** r = −q; returns the share of r·r. */
function negate(level: usize, plane: i32): f64 {
  for (let c: usize = 0; c < 3; c++) {
    const hop = c * (stride(level) << 3);
    const end = (planeStart(level, plane + 1) << 3) + hop;
    for (let i = (planeStart(level, plane) << 3) + hop; i < end; i += 16)
      v128.store(word(5) + i, f64x2.neg(v128.load(word(13) + i)));
  }
  return dotPlane(level, plane, word(5), word(5));
}

/** b of level 0 = r·scale in f32. */
function toCycle(level: usize, plane: i32, scale: f64): void {
  const b = right(level), r = word(5), factor = f64x2.splat(scale);
  for (let c: usize = 0; c < 3; c++) {
    const end = planeStart(level, plane + 1) + c * stride(level);
    for (let i = planeStart(level, plane) + c * stride(level); i < end; i += 4)
      v128.store(b + (i << 2), narrow(f64x2.mul(factor, v128.load(r + (i << 3))), f64x2.mul(factor, v128.load(r + (i << 3), 16))));
  }
}

/** Share of z·q of two f32 vectors, summed in f64. */
function dotSingle(level: usize, plane: i32, z: usize, q: usize): f64 {
  let sum = f64x2.splat(0);
  for (let c: usize = 0; c < 3; c++) {
    const end = planeStart(level, plane + 1) + c * stride(level);
    for (let i = planeStart(level, plane) + c * stride(level); i < end; i += 2)
      sum = f64x2.add(sum, f64x2.mul(widened(z + (i << 2)), widened(q + (i << 2))));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** p = z + beta·p, rounded to f32, and the same in f64; returns the share of p·r. */
function turn(level: usize, plane: i32, z: usize, beta: f64): f64 {
  const p = word(6), wide = word(12), factor = f64x2.splat(beta);
  for (let c: usize = 0; c < 3; c++) {
    const end = planeStart(level, plane + 1) + c * stride(level);
    for (let i = planeStart(level, plane) + c * stride(level); i < end; i += 4) {
      const at = p + (i << 2), from = z + (i << 2);
      const low = f64x2.add(widened(from), f64x2.mul(factor, widened(at)));
      const high = f64x2.add(widened(from + 8), f64x2.mul(factor, widened(at + 8)));
      v128.store(at, narrow(low, high));
      v128.store(wide + (i << 3), widened(at));
      v128.store(wide + (i << 3), widened(at + 8), 16);
    }
  }
  return dotPlane(level, plane, wide, word(5));
}

/** x += alpha·p, r −= alpha·q, and q is kept in f32; returns the share of r·r. */
function advance(level: usize, plane: i32, alpha: f64): f64 {
  const x = word(4), r = word(5), p = word(12), q = word(13), factor = f64x2.splat(alpha);
  for (let c: usize = 0; c < 3; c++) {
    const end = planeStart(level, plane + 1) + c * stride(level);
    for (let i = planeStart(level, plane) + c * stride(level); i < end; i += 4) {
      const at = i << 3, q0 = v128.load(q + at), q1 = v128.load(q + at, 16);
      v128.store(x + at, f64x2.add(v128.load(x + at), f64x2.mul(factor, v128.load(p + at))));
      v128.store(x + at, f64x2.add(v128.load(x + at, 16), f64x2.mul(factor, v128.load(p + at, 16))), 16);
      v128.store(r + at, f64x2.sub(v128.load(r + at), f64x2.mul(factor, q0)));
      v128.store(r + at, f64x2.sub(v128.load(r + at, 16), f64x2.mul(factor, q1)), 16);
      v128.store(word(7) + (i << 2), narrow(q0, q1));
    }
  }
  return dotPlane(level, plane, r, r);
}

/** Two numbers in f32, as f64. */
// @ts-ignore: decorator
@inline
function widened(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** Four numbers in f64, as f32. */
// @ts-ignore: decorator
@inline
function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<f64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}
