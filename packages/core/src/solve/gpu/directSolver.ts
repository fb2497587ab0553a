import { upload, zeros } from "../../gpu/buffer.js";
import type { Gpu } from "../../gpu/gpu.js";
import { type Launch, launch, WORKGROUP } from "../../gpu/launch.js";
import type { Factor } from "../cholesky.js";
import { workgroupSum } from "./workgroupSum.js";

/** The lowest level of the cycle: x = A⁻¹·b. */
export interface DirectSolver {
  readonly right: GPUBuffer;
  readonly x: GPUBuffer;
  readonly launches: readonly Launch[];
}

/** WGSL: out[to[i]] = Σ M[i, k]·v[from[k]]; a workgroup has one row. */
export const denseShader: string = /* wgsl */ `
@group(0) @binding(0) var<storage, read> M: array<f32>;     // square, row-major
@group(0) @binding(1) var<storage, read> places: array<u32>; // from, then to
@group(0) @binding(2) var<storage, read> v: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
${workgroupSum(WORKGROUP)}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(local_invocation_index) me: u32, @builtin(workgroup_id) id: vec3u) {
  let size = arrayLength(&places) / 2u;
  var sum = 0.0;
  for (var k = me; k < size; k += ${WORKGROUP}u) {
    sum += M[size * id.x + k] * v[places[k]];
  }
  let total = workgroupSum(sum, me);
  if (me == 0u) {
    out[places[size + id.x]] = total;
  }
}`;

/** A⁻¹·b as two products with the inverse W of the Cholesky factor, A⁻¹ = Wᵀ·W: no step has to wait for another. */
export function directSolver(
  gpu: Gpu,
  dense: GPUComputePipeline,
  { unknown, lower }: Factor,
  unknowns: number,
): DirectSolver {
  const n = unknown.length;
  const vector = () => zeros(gpu, 4 * unknowns);
  const [right, x, between] = [vector(), vector(), vector()];
  if (n === 0) return { right, x, launches: [] };
  const { inverse, transpose } = invertLower(lower, n);
  const own = unknown.map((_, i) => i);
  const places = (from: Uint32Array, to: Uint32Array) => upload(gpu, Uint32Array.from([...from, ...to]));
  const product = (M: Float32Array, from: Uint32Array, to: Uint32Array, v: GPUBuffer, out: GPUBuffer) =>
    launch(gpu, dense, [upload(gpu, M), places(from, to), v, out], n);
  return {
    ...{ right, x },
    launches: [product(inverse, unknown, own, right, between), product(transpose, own, unknown, between, x)],
  };
}

/** The inverse of a packed lower triangular matrix and its transpose, n×n, row-major. */
function invertLower(lower: Float64Array, n: number): { inverse: Float32Array; transpose: Float32Array } {
  const inverse = new Float32Array(n * n);
  const transpose = new Float32Array(n * n);
  const column = new Float64Array(n);
  for (let c = 0; c < n; c++)
    for (let r = c; r < n; r++) {
      const row = (r * (r + 1)) / 2;
      let sum = r === c ? 1 : 0;
      for (let k = c; k < r; k++) sum -= lower[row + k]! * column[k]!;
      column[r] = sum / lower[row + r]!;
      inverse[n * r + c] = transpose[n * c + r] = column[r]!;
    }
  return { inverse, transpose };
}
