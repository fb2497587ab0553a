import { constants, upload } from "../../gpu/buffer.js";
import type { Gpu } from "../../gpu/gpu.js";
import { eachItem, type Kernels, launch, workgroupsFor } from "../../gpu/launch.js";
import { type BlockMatrix, transposeIndex } from "../blockMatrix.js";
import type { DeviceTransfer } from "./interpolation.js";

const declarations = /* wgsl */ `
struct Shape {
  height: u32,    // rows of a block: unknowns of a node of the upper level
  hop: u32,       // from one of a node's unknowns to the next, in a vector
  nodeHop: u32,   // from a node to the next
  unknowns: u32,  // of the level that is written
  add: u32,       // 1 where what is interpolated is added, 0 where it is set
}
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> first: array<u32>;
@group(0) @binding(2) var<storage, read> blocks: array<f32>; // height×6, row-major
`;

/** WGSL, by unknown of the lower level: Pᵀ by its rows, with the number of each block in P. */
const restrictShader = /* wgsl */ `${declarations}
@group(0) @binding(3) var<storage, read> node: array<u32>;
@group(0) @binding(4) var<storage, read> block: array<u32>;
@group(0) @binding(5) var<storage, read> residual: array<f32>;
@group(0) @binding(6) var<storage, read_write> b: array<f32>;
${eachItem(
  "shape.unknowns",
  /* wgsl */ `var sum = 0.0;
    for (var n = first[item / 6u]; n < first[item / 6u + 1u]; n++) {
      for (var c = 0u; c < shape.height; c++) {
        sum += blocks[6u * (shape.height * block[n] + c) + item % 6u] * residual[shape.nodeHop * node[n] + shape.hop * c];
      }
    }
    b[item] = sum;`,
)}`;

/** WGSL, by unknown of the upper level. */
const prolongShader = /* wgsl */ `${declarations}
@group(0) @binding(3) var<storage, read> aggregate: array<u32>;
@group(0) @binding(4) var<storage, read> coarse: array<f32>;
@group(0) @binding(5) var<storage, read_write> x: array<f32>;
${eachItem(
  "shape.unknowns",
  /* wgsl */ `let node = item / shape.height;
    let c = item % shape.height;
    var sum = 0.0;
    for (var n = first[node]; n < first[node + 1u]; n++) {
      for (var m = 0u; m < 6u; m++) {
        sum += blocks[6u * (shape.height * n + c) + m] * coarse[6u * aggregate[n] + m];
      }
    }
    let at = shape.nodeHop * node + shape.hop * c;
    x[at] = select(0.0, x[at], shape.add == 1u) + sum;`,
)}`;

/** The kernels of the interpolation from aggregates. */
export const aggregationShaders = { restrictBlocks: restrictShader, prolongBlocks: prolongShader } as const;

/**
 * Interpolation from the aggregates of the level below, and its transpose.
 * @param P blocks of 3 rows on level 1, whose vectors go by component, and which is not smoothed yet: what it gives is
 *   not added but set; of 6 below it, whose vectors go by aggregate
 */
export function aggregation(
  gpu: Gpu,
  kernels: Kernels<keyof typeof aggregationShaders>,
  P: BlockMatrix,
  residual: GPUBuffer,
  right: GPUBuffer,
): DeviceTransfer {
  const [hop, nodeHop, add] = P.height === 3 ? [P.rows, 1, 0] : [1, 6, 1];
  const shape = (unknowns: number) => constants(gpu, Uint32Array.of(P.height, hop, nodeHop, unknowns, add));
  const transpose = transposeIndex(P);
  const blocks = upload(gpu, new Float32Array(P.value));
  const [below, above] = [6 * P.columns, P.height * P.rows];
  const [ptr, col] = [upload(gpu, P.ptr), upload(gpu, P.col)];
  const [first, node, block] = [transpose.ptr, transpose.col, transpose.block].map((list) => upload(gpu, list));
  const [down, up] = [shape(below), shape(above)];
  return {
    restrict: launch(
      gpu,
      kernels.restrictBlocks,
      [down, first, blocks, node, block, residual, right],
      workgroupsFor(below),
    ),
    prolong: (lower, upper) =>
      launch(gpu, kernels.prolongBlocks, [up, ptr, blocks, col, lower, upper], workgroupsFor(above)),
  };
}
