// What is done to a plane of nodes when the product y = K·x is complete there.
import { correction, damping, direction, fixedUnknown, inverseDiagonal, planeFixed, planeStart, right, stride } from "./level";

export const NOTHING: i32 = 0;
export const RESIDUAL: i32 = 1; // f32: y = b − y
export const SMOOTH: i32 = 2; // f32: d = c1·d + c2·D⁻¹·(b − y), x += d
export const FREE: i32 = 3; // f64: y = 0 where fixed, and the plane's share of x·y
// Interpolation from the aggregates is P = (I − ω·D⁻¹·K)·T, T the rigid motions of each. Only T is stored:
export const DAMPED: i32 = 4; // f32: d = x + ω·D⁻¹·(b − y), whose residual is (I − ω·K·D⁻¹)·(b − y)
export const SMOOTHED: i32 = 5; // f32: x += d − ω·D⁻¹·y, y being K·d and d = T·e

let c1: f32 = 0;
let c2: f32 = 0;
let partial: usize = 0; // f64 per plane: shares of dot products

export function smootherStep(directionFactor: f32, residualFactor: f32): void {
  c1 = directionFactor;
  c2 = residualFactor;
}

export function sharesAt(memory: usize): void {
  partial = memory;
}

// @ts-ignore: decorator
@inline
export function setShare(plane: i32, value: f64): void {
  store<f64>(partial + (<usize>plane << 3), value);
}

/** Sum of the shares of all planes, in their order: the same whoever formed them. */
export function sumShares(planes: i32): f64 {
  let sum: f64 = 0;
  for (let k = 0; k < planes; k++) sum += load<f64>(partial + (<usize>k << 3));
  return sum;
}

export function finishPlane<T>(level: usize, plane: i32, x: usize, y: usize, finish: i32): void {
  if (finish == NOTHING) return;
  if (sizeof<T>() == 8) {
    freePlane(level, plane, x, y);
    return;
  }
  const begin = planeStart(level, plane) << 2, end = planeStart(level, plane + 1) << 2;
  for (let c: usize = 0; c < 3; c++) {
    const hop = c * (stride(level) << 2);
    if (finish == RESIDUAL) residualRow(right(level) + hop, y + hop, begin, end);
    else if (finish == SMOOTH) smoothRow(level, hop, y + hop, begin, end);
    else if (finish == DAMPED) dampedRow(level, hop, y + hop, begin, end);
    else smoothedRow(level, hop, y + hop, begin, end);
  }
}

function residualRow(b: usize, y: usize, begin: usize, end: usize): void {
  for (let i = begin; i < end; i += 16) v128.store(y + i, f32x4.sub(v128.load(b + i), v128.load(y + i)));
}

function smoothRow(level: usize, hop: usize, y: usize, begin: usize, end: usize): void {
  const b = right(level) + hop, d = direction(level) + hop, x = correction(level) + hop;
  const inverse = inverseDiagonal(level) + hop;
  const f1 = f32x4.splat(c1), f2 = f32x4.splat(c2);
  for (let i = begin; i < end; i += 16) {
    const r = f32x4.mul(f32x4.sub(v128.load(b + i), v128.load(y + i)), v128.load(inverse + i));
    const step = f32x4.add(f32x4.mul(f1, v128.load(d + i)), f32x4.mul(f2, r));
    v128.store(d + i, step);
    v128.store(x + i, f32x4.add(v128.load(x + i), step));
  }
}

function dampedRow(level: usize, hop: usize, y: usize, begin: usize, end: usize): void {
  const b = right(level) + hop, d = direction(level) + hop, x = correction(level) + hop;
  const inverse = inverseDiagonal(level) + hop, omega = f32x4.splat(<f32>damping(level));
  for (let i = begin; i < end; i += 16) {
    const r = f32x4.mul(f32x4.sub(v128.load(b + i), v128.load(y + i)), v128.load(inverse + i));
    v128.store(d + i, f32x4.add(v128.load(x + i), f32x4.mul(omega, r)));
  }
}

function smoothedRow(level: usize, hop: usize, y: usize, begin: usize, end: usize): void {
  const d = direction(level) + hop, x = correction(level) + hop;
  const inverse = inverseDiagonal(level) + hop, omega = f32x4.splat(<f32>damping(level));
  for (let i = begin; i < end; i += 16) {
    const step = f32x4.mul(omega, f32x4.mul(v128.load(y + i), v128.load(inverse + i)));
    v128.store(x + i, f32x4.add(v128.load(x + i), f32x4.sub(v128.load(d + i), step)));
  }
}

function freePlane(level: usize, plane: i32, x: usize, y: usize): void {
  const end = planeFixed(level, plane + 1);
  for (let i = planeFixed(level, plane); i < end; i++) store<f64>(y + (fixedUnknown(level, i) << 3), 0);
  setShare(plane, dotPlane(level, plane, x, y));
}

/** x·y over the nodes of a plane, f64. */
export function dotPlane(level: usize, plane: i32, x: usize, y: usize): f64 {
  const begin = planeStart(level, plane) << 3, end = planeStart(level, plane + 1) << 3;
  let even = f64x2.splat(0), odd = f64x2.splat(0);
  for (let c: usize = 0; c < 3; c++) {
    const hop = c * (stride(level) << 3);
    for (let i = begin + hop; i < end + hop; i += 32) {
      even = f64x2.add(even, f64x2.mul(v128.load(x + i), v128.load(y + i)));
      odd = f64x2.add(odd, f64x2.mul(v128.load(x + i, 16), v128.load(y + i, 16)));
    }
  }
  const sum = f64x2.add(even, odd);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
