import { write } from "../../gpu/buffer.js";
import type { Gpu } from "../../gpu/gpu.js";
import { compile, type Kernels } from "../../gpu/launch.js";
import { blockDiagonal } from "../blockMatrix.js";
import { gaussModuli } from "../coarsen.js";
import type { Hierarchy, SparseLevel, VoxelLevels } from "../hierarchy.js";
import { DEGREES } from "../layout.js";
import type { Problem } from "../problem.js";
import { transfer } from "../transfer.js";
import { aggregation, aggregationShaders } from "./aggregation.js";
import { blockSweep } from "./blockSweep.js";
import { brickConstants, brickMaps, brickSweep, modulusByVoxel } from "./brickSweep.js";
import type { DeviceLevels } from "./cycle.js";
import { type DeviceLevel, deviceLevel, firstStepShader } from "./deviceLevel.js";
import { denseShader, directSolver } from "./directSolver.js";
import { gaussConstants, gaussLists, gaussSweep } from "./gaussSweep.js";
import { type DeviceTransfer, interpolation, interpolationShaders } from "./interpolation.js";

/** What of the two voxel levels depends on the moduli. */
export interface ModuliParts {
  readonly moduli: Float32Array; // MPa, by element of level 0
  readonly inverseDiagonals: readonly [Float32Array, Float32Array]; // mm/N, [component·stride + slot], 0 where fixed
}

/** The kernels of the cycle. */
const shaders = {
  brick: brickSweep,
  gauss: gaussSweep,
  blocks: blockSweep,
  dense: denseShader,
  firstStep: firstStepShader,
  ...interpolationShaders,
  ...aggregationShaders,
} as const;
type CycleKernels = Kernels<keyof typeof shaders>;

/** Puts all levels of a model on the GPU. @throws SpondylError "no-gpu" when a part is larger than a buffer may be */
export async function deviceHierarchy(
  gpu: Gpu,
  problem: Problem,
  hierarchy: Hierarchy,
  parts: ModuliParts,
): Promise<DeviceLevels> {
  const kernels = await compile(gpu, shaders);
  const levels: DeviceLevel[] = [...voxelLevels(gpu, kernels, problem, hierarchy, parts)];
  const { fine, coarse } = hierarchy;
  const down = transfer(fine, coarse.level, (v) => problem.modulus[v]! > 0);
  const voxels = { fine, coarse: coarse.level, down };
  const transfers: DeviceTransfer[] = [interpolation(gpu, kernels, voxels, levels[0]!.product, levels[1]!.right)];
  for (const sparse of hierarchy.sparse.slice(0, -1)) {
    const level = blockLevel(gpu, kernels.blocks, sparse);
    transfers.push(aggregation(gpu, kernels, sparse.prolongation, levels.at(-1)!.product, level.right));
    levels.push(level);
  }
  const last = hierarchy.sparse.at(-1)!;
  const direct = directSolver(gpu, kernels.dense, last.factor!, 6 * last.matrix.rows);
  transfers.push(aggregation(gpu, kernels, last.prolongation, levels.at(-1)!.product, direct.right));
  return { firstStep: kernels.firstStep, damping: hierarchy.damping, levels, transfers, direct };
}

/** Overwrites what depends on the moduli on the two voxel levels; the aggregated ones stay as they are. */
export function writeDeviceModuli(
  gpu: Gpu,
  { levels: [fine, coarse] }: DeviceLevels,
  { runs }: Problem,
  hierarchy: VoxelLevels,
  { moduli, inverseDiagonals }: ModuliParts,
): void {
  write(gpu, fine!.values, modulusByVoxel(hierarchy.fine, moduli));
  write(gpu, coarse!.values, gaussModuli(hierarchy.coarse, runs, moduli));
  write(gpu, fine!.inverseDiagonal, inverseDiagonals[0]);
  write(gpu, coarse!.inverseDiagonal, inverseDiagonals[1]);
}

function voxelLevels(
  gpu: Gpu,
  { brick, gauss }: CycleKernels,
  { runs, poisson }: Problem,
  { fine, coarse, bounds }: VoxelLevels,
  { moduli, inverseDiagonals }: ModuliParts,
): readonly [DeviceLevel, DeviceLevel] {
  const { place, slot } = brickMaps(fine);
  const { around, corner } = gaussLists(coarse.level);
  return [
    deviceLevel(gpu, {
      ...{ sweep: brick, items: fine.stride, bound: bounds[0], degree: DEGREES[0] },
      ...{ shape: brickConstants(fine, poisson), lists: [place, slot], values: modulusByVoxel(fine, moduli) },
      inverseDiagonal: inverseDiagonals[0],
    }),
    deviceLevel(gpu, {
      ...{ sweep: gauss, items: coarse.level.stride, bound: bounds[1], degree: DEGREES[1] },
      ...{ shape: gaussConstants(coarse.level, poisson), lists: [around, corner] },
      values: gaussModuli(coarse, runs, moduli),
      inverseDiagonal: inverseDiagonals[1],
    }),
  ];
}

function blockLevel(gpu: Gpu, sweep: GPUComputePipeline, { matrix, bound }: SparseLevel): DeviceLevel {
  const unknowns = 6 * matrix.rows;
  return deviceLevel(gpu, {
    ...{ sweep, items: unknowns, bound, degree: DEGREES[2] },
    ...{ shape: Uint32Array.of(unknowns), lists: [matrix.ptr, matrix.col], values: new Float32Array(matrix.value) },
    inverseDiagonal: Float32Array.from(blockDiagonal(matrix), (d) => (d > 0 ? 1 / d : 0)),
  });
}
