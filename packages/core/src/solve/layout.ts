import type { BlockMatrix } from "./blockMatrix.js";
import { transposeIndex } from "./blockMatrix.js";
import { brickCoefficients } from "./coefficients.js";
import { elementModuli, type SparseLevel, type VoxelLevels } from "./hierarchy.js";
import { type LevelModuli, levelModuliLengths, writeLevelModuli } from "./levelModuli.js";
import { allocate, copyInto, type Plan, put, space } from "./memory.js";
import type { Problem } from "./problem.js";
import { firstByLayer, pointGradients, type Tangents, TRIANGLE } from "./tangents.js";
import { transfer } from "./transfer.js";
import type { VoxelLevel } from "./voxelLevel.js";

/** The memory that the kernel's instances share, and where things are in it (bytes). */
export interface Layout {
  readonly memory: WebAssembly.Memory;
  readonly sync: number;
  readonly root: number;
  readonly fine: number; // record of level 0
  readonly coarse: number; // record of level 1
  readonly control: number; // what the other threads are told of an order: see `session`
  // f64 vectors, three components, `stride` apart
  readonly displacement: number;
  readonly residual: number; // right-hand side of a solution that is given one
  readonly force: number; // in the place of two vectors of the cycle: until the next iteration
  readonly tangents?: TangentRoom;
  readonly bytes: number;
}

/** Where the tangents go; see assembly/tangent.ts. */
interface TangentRoom {
  readonly record: number;
  readonly firstByLayer: number;
  readonly nodes: number;
  readonly stiffness: number;
}

/** Degree of the smoother on levels 0, 1 and below: 3, 3, 3 takes the same 21 iterations on 128³ trabecular voxels, 3, 2, 2 takes 24. */
export const DEGREES = [3, 2, 3] as const;
const LEVEL_WORDS = 27;
/** Words of a level's record that say where the lists are. */
const wordOf: Readonly<Record<keyof LevelModuli, number>> = { moduli: 7, inverseDiagonal: 11, looseStiffness: 26 };
const SPARSE_WORDS = 32;

/**
 * @param tangents whether room is kept for the tangents of all elements
 * @throws SpondylError "out-of-memory" when the model does not fit into what WebAssembly can address
 */
export function layOut(
  problem: Problem,
  levels: VoxelLevels,
  sparse: readonly SparseLevel[],
  tangents = false,
): Layout {
  const plan: Plan = { next: 1024, writes: [] };
  const sync = space(plan, 256);
  const control = space(plan, 64);
  const { fine, coarse } = levels;
  const shares = space(plan, 8 * fine.nodeRuns.planeStart.length);
  const state = space(plan, 8);
  const stop = space(plan, 8);
  const vector = (bytes: 4 | 8) => space(plan, 3 * bytes * fine.stride + 64);
  const [x, r, p, q] = [vector(8), vector(8), vector(4), vector(4)];
  const cycle = cycleVectors(plan, fine.stride);
  const fineRecord = putVoxelLevel(plan, problem, levels, 0, cycle);
  const coarseRecord = putVoxelLevel(plan, problem, levels, 1, cycleVectors(plan, coarse.level.stride));
  const sparseRecord = putSparse(plan, sparse, coarse.level.stride);
  const room = tangents ? reserveTangents(plan, fine) : undefined;
  const root = put(
    plan,
    Int32Array.of(
      ...[fineRecord, coarseRecord, sparseRecord, sparse.length],
      ...[x, r, p, q, shares, state, stop, 0],
      ...[cycle.product, cycle.right], // free between two cycles, see assembly/cg.ts
    ),
  );
  const memory = allocate(plan.next, problem.runs.elements);
  for (const { at, data } of plan.writes) copyInto(memory, at, data);
  const layout = {
    ...{ memory, sync, root, control },
    ...{ fine: fineRecord, coarse: coarseRecord },
    ...{ displacement: x, residual: r, force: cycle.right },
    ...(room && { tangents: room }),
    bytes: memory.buffer.byteLength,
  };
  writeModuli(layout, problem, levels, elementModuli(problem));
  return layout;
}

/**
 * Overwrites what depends on the moduli on the two voxel levels; the aggregated ones stay as they are.
 * @param moduli MPa by element
 */
export function writeModuli(
  { memory, fine, coarse }: Pick<Layout, "memory" | "fine" | "coarse">,
  problem: Problem,
  levels: VoxelLevels,
  moduli: Float32Array,
): void {
  const viewsOf = (record: number, level: VoxelLevel, which: 0 | 1): LevelModuli => {
    const words = new Uint32Array(memory.buffer, record, LEVEL_WORDS); // addresses beyond 2 GiB stay positive
    const lengths = levelModuliLengths(level, which);
    const view = (name: keyof LevelModuli) => new Float32Array(memory.buffer, words[wordOf[name]]!, lengths[name]);
    return { moduli: view("moduli"), inverseDiagonal: view("inverseDiagonal"), looseStiffness: view("looseStiffness") };
  };
  const views = [viewsOf(fine, levels.fine, 0), viewsOf(coarse, levels.coarse.level, 1)] as const;
  writeLevelModuli(problem, levels, moduli, views);
}

function reserveTangents(plan: Plan, { runs, edges }: VoxelLevel): TangentRoom {
  const gradients = put(plan, Float32Array.from(pointGradients(edges)));
  const firstByLayer = space(plan, 4 * (runs.size[2] + 1));
  const nodes = space(plan, 32 * runs.elements);
  const stiffness = space(plan, 4 * TRIANGLE * 8 * runs.elements);
  return {
    record: put(plan, Int32Array.of(gradients, firstByLayer, nodes, stiffness)),
    firstByLayer,
    nodes,
    stiffness,
  };
}

/**
 * Overwrites the tangents that the kernel adds to its operator; none are added when there are none.
 * @param slots [8·element + corner]
 */
export function writeTangents(layout: Layout, level: VoxelLevel, slots: Int32Array, tangents: Tangents): void {
  const { memory, root, tangents: room } = layout;
  if (!room) throw new Error("the session was opened without room for tangents");
  copyInto(memory, room.firstByLayer, firstByLayer(level, tangents.element));
  const nodes = new Int32Array(memory.buffer, room.nodes, 8 * tangents.element.length);
  tangents.element.forEach((e, n) => {
    nodes.set(slots.subarray(8 * e, 8 * e + 8), 8 * n);
  });
  copyInto(memory, room.stiffness, tangents.stiffness.subarray(0, 8 * TRIANGLE * tangents.element.length));
  new Int32Array(memory.buffer, root, 14)[11] = tangents.element.length > 0 ? room.record : 0;
}

/** The list of a level that `record` belongs to, as it is: `writeModuli` changes it. */
export const inverseDiagonal = ({ memory: { buffer } }: Layout, record: number, unknowns: number): Float32Array =>
  new Float32Array(buffer, new Uint32Array(buffer, record, LEVEL_WORDS)[wordOf.inverseDiagonal], unknowns);

/** The f32 vectors of the multigrid cycle on a voxel level: the first two together, and the last two, hold one of f64. */
interface CycleVectors {
  readonly right: number;
  readonly correction: number;
  readonly product: number;
  readonly direction: number;
}

function cycleVectors(plan: Plan, stride: number): CycleVectors {
  const vector = () => space(plan, 12 * stride + 64);
  return { right: vector(), correction: vector(), product: vector(), direction: vector() };
}

function putVoxelLevel(plan: Plan, problem: Problem, levels: VoxelLevels, which: 0 | 1, cycle: CycleVectors): number {
  const level: VoxelLevel = which === 0 ? levels.fine : levels.coarse.level;
  const { nodeRuns, edges, stride } = level;
  const lengths = levelModuliLengths(level, which);
  const list = (name: keyof LevelModuli) => space(plan, 4 * lengths[name] + 32); // vector loads may run over the end
  const cube = edges.every((h) => h === edges[0]);
  const down = which === 0 ? transfer(level, levels.coarse.level, (v) => problem.modulus[v]! > 0) : undefined;
  const words = new Int32Array(LEVEL_WORDS);
  words.set([
    nodeRuns.planeStart.length - 2,
    stride,
    put(plan, nodeRuns.planeStart),
    put(plan, level.pieces.layer),
    put(plan, level.pieces.records),
    level.slabLayer.length - 1,
    put(plan, level.slabLayer),
    list("moduli"),
    level.pieces.modulusSlots,
    put(plan, brickCoefficients(edges, problem.poisson)),
    which === 1 ? 2 : cube ? 0 : 1,
    list("inverseDiagonal"),
    ...[cycle.right, cycle.correction, cycle.product, cycle.direction],
    down ? put(plan, down.planeRow) : 0,
    down ? put(plan, down.rows) : 0,
    DEGREES[which],
    put(plan, Float64Array.of(levels.bounds[which], levels.damping)),
    which === 0 ? put(plan, levels.planeFixed) : 0,
    which === 0 ? put(plan, levels.fixedSlots) : 0,
    down ? put(plan, down.planeLoose) : 0,
    down ? put(plan, down.loose) : 0,
    put(plan, level.loose.layer),
    put(plan, level.loose.slots),
    list("looseStiffness"),
  ]);
  return put(plan, words);
}

/** The records of the sparse levels, behind each other. `stride` is that of level 1, whose vectors are by component. */
function putSparse(plan: Plan, levels: readonly SparseLevel[], stride: number): number {
  const words = new Int32Array(SPARSE_WORDS * levels.length);
  levels.forEach((level, at) => {
    const { matrix, prolongation: P, factor } = level;
    const vector = () => space(plan, 32 * matrix.rows + 64);
    const transpose = transposeIndex(P);
    words.set(
      [
        matrix.rows,
        put(plan, matrix.ptr),
        put(plan, matrix.col),
        factor ? 0 : put(plan, columnsOf8(matrix)),
        put(plan, inverseDiagonal8(matrix)),
        vector(),
        vector(),
        space(plan, 64 * matrix.rows + 64), // the direct solver needs it twice as long
        vector(),
        DEGREES[2],
        put(plan, Float64Array.of(level.bound)),
        put(plan, P.ptr),
        put(plan, P.col),
        put(plan, rowsOf8(P)),
        put(plan, transpose.ptr),
        put(plan, transpose.col),
        put(plan, transpose.block),
        P.height,
        P.rows,
        P.height === 3 ? 4 * stride : 4,
        P.height === 3 ? 4 : 32,
        factor ? factor.unknown.length : 0,
        factor ? put(plan, factor.lower) : 0,
        factor
          ? put(
              plan,
              factor.unknown.map((u) => 8 * Math.floor(u / 6) + (u % 6)),
            )
          : 0,
      ],
      SPARSE_WORDS * at,
    );
  });
  return put(plan, words);
}

/** 6×6 blocks as six columns of 8. */
function columnsOf8({ value, col }: BlockMatrix): Float32Array {
  const out = new Float32Array(48 * col.length);
  for (let b = 0; b < col.length; b++)
    for (let r = 0; r < 6; r++) for (let c = 0; c < 6; c++) out[48 * b + 8 * c + r] = value[36 * b + 6 * r + c]!;
  return out;
}

/** Blocks with six columns as rows of 8. */
function rowsOf8({ value, col, height }: BlockMatrix): Float32Array {
  const out = new Float32Array(8 * height * col.length);
  for (let row = 0; row < height * col.length; row++)
    for (let m = 0; m < 6; m++) out[8 * row + m] = value[6 * row + m]!;
  return out;
}

function inverseDiagonal8(matrix: BlockMatrix): Float32Array {
  const out = new Float32Array(8 * matrix.rows);
  for (let r = 0; r < matrix.rows; r++)
    for (let b = matrix.ptr[r]!; b < matrix.ptr[r + 1]!; b++) {
      if (matrix.col[b] !== r) continue;
      for (let i = 0; i < 6; i++) {
        const d = matrix.value[36 * b + 7 * i]!;
        out[8 * r + i] = d > 0 ? 1 / d : 0;
      }
    }
  return out;
}
