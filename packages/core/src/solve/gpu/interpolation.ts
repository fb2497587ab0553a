import { constants, upload } from "../../gpu/buffer.js";
import type { Gpu } from "../../gpu/gpu.js";
import { eachItem, type Kernels, type Launch, launch, workgroupsFor } from "../../gpu/launch.js";
import { transposeIndex } from "../blockMatrix.js";
import type { Transfer } from "../transfer.js";
import type { VoxelLevel } from "../voxelLevel.js";

/** Between two levels: restriction of the residual, and what the lower level adds to the upper one. */
export interface DeviceTransfer {
  /** b of the lower level = Pᵀ · the residual of the upper one. */
  readonly restrict: Launch;
  /** A vector of the upper level += P · x of the lower one; from the first aggregates to level 1 it is set to that. */
  readonly prolong: (lower: GPUBuffer, upper: GPUBuffer) => Launch;
}

/** The nodes of level 1 that each slot of level 0 is interpolated from, all with the weight 1/(their number). */
interface Parents {
  readonly ptr: Uint32Array; // slots + 1
  readonly col: Uint32Array; // slot of level 1; twice where two of a split node's corners fall together
}

const declarations = /* wgsl */ `
struct Strides { fine: u32, coarse: u32 }
@group(0) @binding(0) var<uniform> stride: Strides;
@group(0) @binding(1) var<storage, read> parents: array<u32>; // first parent of each fine slot, and the end
`;

/** WGSL, by coarse slot: children have each coarse slot's fine ones. */
const restrictShader = /* wgsl */ `${declarations}
@group(0) @binding(2) var<storage, read> first: array<u32>;
@group(0) @binding(3) var<storage, read> children: array<u32>;
@group(0) @binding(4) var<storage, read> residual: array<f32>;
@group(0) @binding(5) var<storage, read_write> b: array<f32>;
${eachItem(
  "stride.coarse",
  /* wgsl */ `var sum = vec3f();
    for (var n = first[item]; n < first[item + 1u]; n++) {
      let at = children[n];
      let value = vec3f(residual[at], residual[at + stride.fine], residual[at + 2u * stride.fine]);
      sum += value / f32(parents[at + 1u] - parents[at]);
    }
    b[item] = sum.x;
    b[item + stride.coarse] = sum.y;
    b[item + 2u * stride.coarse] = sum.z;`,
)}`;

/** WGSL, by fine slot. */
const prolongShader = /* wgsl */ `${declarations}
@group(0) @binding(2) var<storage, read> parent: array<u32>;
@group(0) @binding(3) var<storage, read> coarse: array<f32>;
@group(0) @binding(4) var<storage, read_write> x: array<f32>;
${eachItem(
  "stride.fine",
  /* wgsl */ `var sum = vec3f();
    let begin = parents[item];
    let end = parents[item + 1u];
    for (var n = begin; n < end; n++) {
      let at = parent[n];
      sum += vec3f(coarse[at], coarse[at + stride.coarse], coarse[at + 2u * stride.coarse]);
    }
    if (begin < end) {
      sum /= f32(end - begin);
      x[item] += sum.x;
      x[item + stride.fine] += sum.y;
      x[item + 2u * stride.fine] += sum.z;
    }`,
)}`;

/** The kernels of trilinear interpolation. */
export const interpolationShaders = { restrictNodes: restrictShader, prolongNodes: prolongShader } as const;

/** Trilinear interpolation from level 1 to level 0 and its transpose, from the records that the WASM kernel reads. */
export function interpolation(
  gpu: Gpu,
  kernels: Kernels<keyof typeof interpolationShaders>,
  { fine, coarse, down }: { readonly fine: VoxelLevel; readonly coarse: VoxelLevel; readonly down: Transfer },
  residual: GPUBuffer,
  right: GPUBuffer,
): DeviceTransfer {
  const parents = parentsOf(down, fine.stride);
  const children = transposeIndex({ rows: fine.stride, columns: coarse.stride, ...parents });
  const strides = constants(gpu, Uint32Array.of(fine.stride, coarse.stride));
  const ptr = upload(gpu, parents.ptr);
  const col = upload(gpu, parents.col);
  const lists = [upload(gpu, children.ptr), upload(gpu, children.col)];
  return {
    restrict: launch(
      gpu,
      kernels.restrictNodes,
      [strides, ptr, ...lists, residual, right],
      workgroupsFor(coarse.stride),
    ),
    prolong: (lower, upper) =>
      launch(gpu, kernels.prolongNodes, [strides, ptr, col, lower, upper], workgroupsFor(fine.stride)),
  };
}

function parentsOf({ rows, loose }: Transfer, slots: number): Parents {
  const ptr = new Uint32Array(slots + 1);
  for (let r = 0; r < rows.length; r += 8) {
    const [first, count, parity] = rows.subarray(r, r + 3) as unknown as [number, number, number];
    const met = coarseRows(rows, r).length;
    for (let n = 0; n < count; n++) ptr[first + n + 1] = met << ((parity + n) & 1); // an odd node lies between two
  }
  for (let n = 0; n < loose.length; n += 9) ptr[loose[n]! + 1] = 8;
  for (let s = 0; s < slots; s++) ptr[s + 1]! += ptr[s]!;
  const col = new Uint32Array(ptr[slots]!);
  for (let r = 0; r < rows.length; r += 8) {
    const [first, count, parity] = rows.subarray(r, r + 3) as unknown as [number, number, number];
    const met = coarseRows(rows, r);
    let at = ptr[first]!;
    for (let x = parity; x < parity + count; x++)
      for (const row of met) for (let i = x >> 1; i <= (x + 1) >> 1; i++) col[at++] = row + i;
  }
  for (let n = 0; n < loose.length; n += 9) col.set(loose.subarray(n + 1, n + 9), ptr[loose[n]!]);
  return { ptr, col };
}

/** First nodes of the one, two or four rows of level 1 that a row of level 0 lies on or between; see `Transfer`. */
const coarseRows = (rows: Int32Array, r: number): number[] => [...new Set(rows.subarray(r + 3, r + 7))];
