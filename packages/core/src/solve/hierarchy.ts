import { newArena } from "./arena.js";
import { type Factor, factorise } from "./cholesky.js";
import { coarseMatrix } from "./coarseMatrix.js";
import { coarseMotions } from "./coarseMotions.js";
import { type CoarseLevel, coarsen, gaussModuli, spectrumBound } from "./coarsen.js";
import { leastBytes } from "./leastBytes.js";
import { refuseTooLarge } from "./memory.js";
import { nodeSlots, slotInRow } from "./nodeRuns.js";
import type { Problem } from "./problem.js";
import type { Runs } from "./runs.js";
import { type Coarser, coarsenByAggregation } from "./smoothedAggregation.js";
import { spectralRadius } from "./spectralRadius.js";
import type { FixedPositions } from "./system.js";
import { type VoxelLevel, voxelLevel } from "./voxelLevel.js";
import { oneWindow } from "./windows.js";

/** The two voxel levels, and all that the WASM kernel needs to know of them but the moduli. */
export interface VoxelLevels {
  readonly fine: VoxelLevel;
  readonly coarse: CoarseLevel;
  readonly slots: Uint32Array; // slot of each active node
  readonly fixedSlots: Uint32Array; // [component·stride + slot] of the fixed unknowns of level 0, by plane
  readonly planeFixed: Int32Array; // first of them in each plane, and the end
  readonly fixed: readonly [Uint8Array, Uint8Array]; // of levels 0 and 1, [component·stride + slot]
  readonly bounds: readonly [number, number]; // of the spectrum of D⁻¹K on levels 0 and 1
  readonly damping: number; // ω of the interpolation from the first level of aggregates to level 1
}

/** Everything the WASM kernel works on. */
export interface Hierarchy extends VoxelLevels {
  readonly sparse: readonly SparseLevel[]; // large: not to be kept longer than needed
}

/** A level of aggregates; the last one has a factor and is solved directly. */
export interface SparseLevel extends Coarser {
  readonly bound: number;
  readonly factor: Factor | undefined;
}

/** Largest number of unknowns that is solved directly. */
const DIRECT_UNKNOWNS = 700;
/**
 * Coupling below which two rows are not grouped. On 128³ trabecular voxels 0.08 took 16 iterations and 0.05 took 21, for
 * a fifteenth more memory; less on the coarser levels fills them, until all rows of one are a single aggregate.
 */
const THRESHOLD = 0.05;
/** Lanczos' method approaches the largest eigenvalue from below. */
const LANCZOS_MARGIN = 1.1;

/**
 * @param moreBytes of the kernel's memory per element, for what is not of the hierarchy
 * @throws SpondylError "out-of-memory", as soon as the two voxel levels are known, for a model that cannot fit
 */
export function buildHierarchy(problem: Problem, fixed: FixedPositions, moreBytes = 0): Hierarchy {
  const { spacing, poisson, runs } = problem;
  const fine = voxelLevel(runs, spacing);
  const coarse = coarsen(problem);
  refuseTooLarge(runs.elements, leastBytes(fine, coarse.level) + moreBytes * runs.elements, spacing);
  const slots = nodeSlots(fine.nodeRuns);
  const fineFixed = new Uint8Array(3 * fine.stride);
  for (const u of fixed.unknown) fineFixed[(u % 3) * fine.stride + slots[Math.floor(u / 3)]!] = 1;
  const coarseFixed = fixedOnCoarse(fine, coarse.level, fineFixed);

  const damping = dampingFor(spectrumBound(coarse.level.edges, poisson, 0));
  const coarseModuli = gaussModuli(coarse, runs, elementModuli(problem));
  return {
    fine,
    coarse,
    slots,
    ...fixedByPlane(fine, fineFixed),
    fixed: [fineFixed, coarseFixed],
    bounds: [spectrumBound(spacing, poisson, 0), spectrumBound(coarse.level.edges, poisson, 1)],
    damping,
    sparse: sparseLevels(coarse.level, coarseModuli, poisson, coarseFixed, damping),
  };
}

/** Moduli of the elements, in their order. */
export const elementModuli = ({ runs, modulus }: Problem): Float32Array => byElement(runs, modulus);

/** What a list by voxel holds for the elements, in the order of the runs. */
export function byElement(runs: Runs, perVoxel: Float32Array): Float32Array {
  const list = new Float32Array(runs.elements);
  for (let row = 0; row < runs.row.length - 1; row++)
    for (let r = runs.row[row]!; r < runs.row[row + 1]!; r++)
      list.set(
        perVoxel.subarray(row * runs.size[0] + runs.begin[r]!, row * runs.size[0] + runs.end[r]!),
        runs.first[r]!,
      );
  return list;
}

/**
 * A coarse unknown is fixed when any fine unknown interpolated from it is: then coarse corrections keep the prescribed
 * values exactly, and the coarse operator is the exact Galerkin product on what is left.
 */
function fixedOnCoarse(fine: VoxelLevel, coarse: VoxelLevel, fineFixed: Uint8Array): Uint8Array {
  const [, ny, nz] = fine.runs.size;
  const rows = coarse.runs.size[1] + 1;
  const { row, begin, count, slot } = fine.nodeRuns;
  const result = new Uint8Array(3 * coarse.stride);
  const copiesOf = copiesBySlot(coarse);
  const mark = (axis: number, i: number, j: number, k: number) => {
    for (let a = 0; a < 8; a++) {
      const coarseRow = ((j + ((a >> 1) & 1)) >> 1) + rows * ((k + (a >> 2)) >> 1);
      const slot = slotInRow(coarse.nodeRuns, coarseRow, (i + (a & 1)) >> 1);
      result[axis * coarse.stride + slot] = 1;
      for (const copy of copiesOf.get(slot) ?? []) result[axis * coarse.stride + copy] = 1;
    }
  };
  for (let k = 0; k <= nz; k++)
    for (let j = 0; j <= ny; j++)
      for (let r = row[j + (ny + 1) * k]!; r < row[j + (ny + 1) * k + 1]!; r++)
        for (let n = 0; n < count[r]!; n++)
          for (let axis = 0; axis < 3; axis++)
            if (fineFixed[axis * fine.stride + slot[r]! + n]) mark(axis, begin[r]! + n, j, k);
  return result;
}

/** Slots of the copies of each split node, by the slot of the node. */
function copiesBySlot({ copies, nodeRuns, runs }: VoxelLevel): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const { node, slot } of copies) {
    const own = slotInRow(nodeRuns, node[1] + (runs.size[1] + 1) * node[2], node[0]);
    found.set(own, [...(found.get(own) ?? []), slot]);
  }
  return found;
}

function fixedByPlane(fine: VoxelLevel, fixed: Uint8Array): Pick<Hierarchy, "fixedSlots" | "planeFixed"> {
  const { planeStart } = fine.nodeRuns;
  const list: number[] = [];
  const planeFixed = new Int32Array(planeStart.length);
  for (let k = 0; k + 1 < planeStart.length; k++) {
    for (let axis = 0; axis < 3; axis++)
      for (let s = planeStart[k]!; s < planeStart[k + 1]!; s++)
        if (fixed[axis * fine.stride + s]) list.push(axis * fine.stride + s);
    planeFixed[k + 1] = list.length;
  }
  return { fixedSlots: Uint32Array.from(list), planeFixed };
}

function sparseLevels(
  coarse: VoxelLevel,
  moduli: Float32Array,
  poisson: number,
  fixed: Uint8Array,
  damping: number,
): SparseLevel[] {
  const levels: SparseLevel[] = [];
  const arena = newArena();
  const first = coarseMatrix(arena, coarse, moduli, poisson, fixed);
  let next = coarsenByAggregation(arena, first, coarseMotions(coarse, fixed), {
    threshold: THRESHOLD,
    damping,
    keep: "tentative",
  });
  for (let rows = first.rows; ; ) {
    const stuck = next.matrix.rows > 0.8 * rows;
    if (6 * next.matrix.rows <= DIRECT_UNKNOWNS || stuck)
      return [...levels, { ...next, bound: 1, factor: factorise(next.matrix, next.scale) }];
    const bound = LANCZOS_MARGIN * spectralRadius(arena, next.matrix);
    levels.push({ ...next, bound, factor: undefined });
    rows = next.matrix.rows;
    next = coarsenByAggregation(arena, oneWindow(next.matrix), next.motions, {
      threshold: THRESHOLD,
      damping: dampingFor(bound),
      keep: "smoothed",
    });
  }
}

/** ω of the interpolation for a bound of the spectrum of D⁻¹A. */
const dampingFor = (bound: number): number => 4 / 3 / bound;
