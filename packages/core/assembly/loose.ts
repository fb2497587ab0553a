// What does not lie in rows: elements of level 1 with a copy of a split node (src/solve/split.ts), as dense matrices, and
// fine nodes that are interpolated from such copies. They are few.
import { layerLoose, looseNodes, looseRecord, looseStiffness, planeLoose, stride } from "./level";

/** y += K·x of the loose elements of one layer, f32. */
export function applyLoose(level: usize, layer: i32, x: usize, y: usize): void {
  const end = layerLoose(level, layer + 1), hop = stride(level) << 2;
  for (let e = layerLoose(level, layer); e < end; e++) applyDense(looseNodes(level, e), looseStiffness(level, e), x, y, hop);
}

function applyDense(nodes: usize, K: usize, x: usize, y: usize, hop: usize): void {
  let f0 = f32x4.splat(0), f1 = f0, f2 = f0, f3 = f0, f4 = f0, f5 = f0;
  for (let a: usize = 0; a < 8; a++)
    for (let c: usize = 0; c < 3; c++) {
      const u = v128.load32_splat(x + c * hop + (<usize>load<i32>(nodes + (a << 2)) << 2));
      const column = K + (3 * a + c) * 96; // K is symmetric: its rows are its columns
      f0 = f32x4.add(f0, f32x4.mul(u, v128.load(column)));
      f1 = f32x4.add(f1, f32x4.mul(u, v128.load(column, 16)));
      f2 = f32x4.add(f2, f32x4.mul(u, v128.load(column, 32)));
      f3 = f32x4.add(f3, f32x4.mul(u, v128.load(column, 48)));
      f4 = f32x4.add(f4, f32x4.mul(u, v128.load(column, 64)));
      f5 = f32x4.add(f5, f32x4.mul(u, v128.load(column, 80)));
    }
  add4(nodes, 0, y, hop, f0);
  add4(nodes, 4, y, hop, f1);
  add4(nodes, 8, y, hop, f2);
  add4(nodes, 12, y, hop, f3);
  add4(nodes, 16, y, hop, f4);
  add4(nodes, 20, y, hop, f5);
}

/** Adds four of the 24 forces, [3·node + component], from `first` on. */
// @ts-ignore: decorator
@inline
function add4(nodes: usize, first: usize, y: usize, hop: usize, force: v128): void {
  add1(nodes, first, y, hop, f32x4.extract_lane(force, 0));
  add1(nodes, first + 1, y, hop, f32x4.extract_lane(force, 1));
  add1(nodes, first + 2, y, hop, f32x4.extract_lane(force, 2));
  add1(nodes, first + 3, y, hop, f32x4.extract_lane(force, 3));
}

// @ts-ignore: decorator
@inline
function add1(nodes: usize, unknown: usize, y: usize, hop: usize, force: f32): void {
  const at = y + (unknown % 3) * hop + (<usize>load<i32>(nodes + ((unknown / 3) << 2)) << 2);
  store<f32>(at, load<f32>(at) + force);
}

/** Adds an eighth of each loose fine node of a plane to `count` of its coarse nodes, from number `first` on. */
export function restrictLoose(fine: usize, plane: i32, from: usize, to: usize, first: usize, count: usize): void {
  const end = planeLoose(fine, plane + 1);
  for (let n = planeLoose(fine, plane); n < end; n++) {
    const record = looseRecord(fine, n);
    const value = <f32>0.125 * load<f32>(from + (<usize>load<i32>(record) << 2));
    for (let a = first; a < first + count; a++) {
      const at = to + (<usize>load<i32>(record + 4 + (a << 2)) << 2);
      store<f32>(at, load<f32>(at) + value);
    }
  }
}

/** Adds the mean of its eight coarse nodes to each loose fine node of a plane. */
export function prolongLoose(fine: usize, plane: i32, from: usize, to: usize): void {
  const end = planeLoose(fine, plane + 1);
  for (let n = planeLoose(fine, plane); n < end; n++) {
    const record = looseRecord(fine, n);
    let sum: f32 = 0;
    for (let a: usize = 0; a < 8; a++) sum += load<f32>(from + (<usize>load<i32>(record + 4 + (a << 2)) << 2));
    const at = to + (<usize>load<i32>(record) << 2);
    store<f32>(at, load<f32>(at) + <f32>0.125 * sum);
  }
}
