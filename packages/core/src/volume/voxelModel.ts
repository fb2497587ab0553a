import type { Volume } from "./volume.js";

/** A finite-element model in which every voxel with a modulus is one 8-node brick. */
export interface VoxelModel {
  readonly modulus: Volume<"MPa">; // Young's modulus per voxel; 0 = void, no element
  readonly poisson: number; // of all elements, in (-1, 0.5)
}

/**
 * Prescribed displacements, one entry per node and axis. Axes are those of the model's grid. Nodes are the voxel
 * corners, (size + 1)³ of them, x fastest: node (i, j, k) is the lower corner of voxel (i, j, k) and has the index
 * i + (nx + 1)·(j + (ny + 1)·k).
 */
export interface Constraints {
  readonly node: Uint32Array;
  readonly axis: Uint8Array; // 0, 1, 2
  readonly value: Float64Array; // mm
}

/** Displacement and reactions of a solved model. */
export interface Solution {
  readonly node: Uint32Array; // grid indices of the nodes that touch an element, ascending
  readonly displacement: Float64Array; // mm, [3·position in `node` + axis]
  readonly reaction: Float64Array; // N, one per entry of the Constraints that were given
  readonly strainEnergy: number; // N mm, ½·uᵀKu
  readonly iterations: number;
  readonly residual: number; // ‖f − Ku‖ / ‖f‖ over the free unknowns, f = what the prescribed displacements exert
  readonly residualHistory: Float64Array; // relative, one per iteration, the first is 1
  readonly elements: number;
  readonly nodes: number;
  readonly memoryBytes: number;
  readonly threads: number;
  readonly kernel: "wasm" | "webgpu" | "typescript";
}
