import { sweepShader } from "./sweep.js";

/**
 * The operator of an aggregated level: a sparse matrix of 6×6 blocks. Vectors hold six numbers per aggregate; an
 * invocation has one row of the matrix.
 */
export const blockSweep: string = sweepShader(
  /* wgsl */ `
struct Level { unknowns: u32 }
@group(0) @binding(2) var<storage, read> rows: array<u32>;    // first block of each row of blocks, and the end
@group(0) @binding(3) var<storage, read> columns: array<u32>; // column of each block
@group(0) @binding(4) var<storage, read> blocks: array<f32>;  // 6×6, row-major, N/mm

fn forceAt(item: u32) -> f32 {
  let row = item / 6u;
  let r = item % 6u;
  var force = 0.0;
  for (var n = rows[row]; n < rows[row + 1u]; n++) {
    for (var c = 0u; c < 6u; c++) {
      force += blocks[36u * n + 6u * r + c] * x[6u * columns[n] + c];
    }
  }
  return force;
}`,
  "level.unknowns",
  "finish(item, forceAt(item));",
);
