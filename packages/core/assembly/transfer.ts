// Trilinear interpolation from level 1 to level 0, and its transpose. Each run of fine nodes meets contiguous coarse
// nodes in four rows (y below and above, z below and above; the same row twice where the fine row lies on a coarse one).
import { correction, layers, planeRow, planeStart, product, right, rowRecord, stride } from "./level";
import { prolongLoose, restrictLoose } from "./loose";
import { barrier, nextShare } from "./team";

/** b of the coarse level = Pᵀ · residual of the fine one. */
export function restrictToCoarse(fine: usize, coarse: usize): void {
  const planes = layers(coarse) + 1, finePlanes = layers(fine) + 1;
  for (let plane = nextShare(); plane < planes; plane = nextShare()) {
    const begin = planeStart(coarse, plane) << 2, end = planeStart(coarse, plane + 1) << 2;
    for (let c: usize = 0; c < 3; c++) {
      const from = product(fine) + c * (stride(fine) << 2), to = right(coarse) + c * (stride(coarse) << 2);
      memory.fill(to + begin, 0, end - begin);
      // a fine plane between two coarse ones gives to both, by the upper and the lower rows of its records
      if (plane > 0 && 2 * plane - 1 < finePlanes) {
        restrictPlane(fine, 2 * plane - 1, from, to, 20, 0.25);
        restrictLoose(fine, 2 * plane - 1, from, to, 4, 4);
      }
      if (2 * plane < finePlanes) {
        restrictPlane(fine, 2 * plane, from, to, 12, 0.5);
        restrictLoose(fine, 2 * plane, from, to, 0, 8);
      }
      if (2 * plane + 1 < finePlanes) {
        restrictPlane(fine, 2 * plane + 1, from, to, 12, 0.25);
        restrictLoose(fine, 2 * plane + 1, from, to, 0, 4);
      }
    }
  }
  barrier();
}

/** Adds one fine plane to the two rows named at `rows` of its records. */
function restrictPlane(fine: usize, plane: i32, from: usize, to: usize, rows: usize, weight: f32): void {
  const last = planeRow(fine, plane + 1);
  for (let r = planeRow(fine, plane); r < last; r++) {
    const record = rowRecord(fine, r);
    let at = from + (<usize>load<i32>(record) << 2);
    const end = at + (<usize>load<i32>(record, 4) << 2);
    let low = to + (<usize>load<i32>(record + rows) << 2), high = to + (<usize>load<i32>(record + rows, 4) << 2);
    let carry: f32 = 0;
    if (load<i32>(record, 8)) {
      carry = 0.5 * weight * load<f32>(at);
      addTwo(low, high, carry);
      low += 4, high += 4, at += 4;
    }
    for (; at < end; at += 8, low += 4, high += 4) {
      const next: f32 = at + 4 < end ? 0.5 * weight * load<f32>(at, 4) : 0;
      addTwo(low, high, carry + weight * load<f32>(at) + next);
      carry = next;
    }
    if (at == end) addTwo(low, high, carry);
  }
}

// @ts-ignore: decorator
@inline
function addTwo(low: usize, high: usize, value: f32): void {
  store<f32>(low, load<f32>(low) + value);
  store<f32>(high, load<f32>(high) + value);
}

/** x of the fine level += P · x of the coarse one. */
export function addFromCoarse(fine: usize, coarse: usize): void {
  const planes = layers(fine) + 1;
  for (let plane = nextShare(); plane < planes; plane = nextShare())
    for (let c: usize = 0; c < 3; c++) {
      const from = correction(coarse) + c * (stride(coarse) << 2), to = correction(fine) + c * (stride(fine) << 2);
      prolongPlane(fine, plane, from, to);
      prolongLoose(fine, plane, from, to);
    }
  barrier();
}

function prolongPlane(fine: usize, plane: i32, from: usize, to: usize): void {
  const last = planeRow(fine, plane + 1);
  for (let r = planeRow(fine, plane); r < last; r++) {
    const record = rowRecord(fine, r);
    let at = to + (<usize>load<i32>(record) << 2);
    const end = at + (<usize>load<i32>(record, 4) << 2);
    const r00 = from + (<usize>load<i32>(record, 12) << 2), r10 = from + (<usize>load<i32>(record, 16) << 2);
    const r01 = from + (<usize>load<i32>(record, 20) << 2), r11 = from + (<usize>load<i32>(record, 24) << 2);
    let i: usize = 0;
    let here = mean(r00, r10, r01, r11, 0);
    if (load<i32>(record, 8)) {
      const next = mean(r00, r10, r01, r11, 4);
      store<f32>(at, load<f32>(at) + 0.5 * (here + next));
      here = next;
      i = 4, at += 4;
    }
    for (; at < end; at += 8, i += 4) {
      store<f32>(at, load<f32>(at) + here);
      if (at + 4 >= end) break;
      const next = mean(r00, r10, r01, r11, i + 4);
      store<f32>(at, load<f32>(at, 4) + 0.5 * (here + next), 4);
      here = next;
    }
  }
}

// @ts-ignore: decorator
@inline
function mean(a: usize, b: usize, c: usize, d: usize, i: usize): f32 {
  return <f32>0.25 * (load<f32>(a + i) + load<f32>(b + i) + (load<f32>(c + i) + load<f32>(d + i)));
}
