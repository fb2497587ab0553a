import { bytesOn, type Gpu, release, setUpOn } from "../../gpu/gpu.js";
import { buildHierarchy, elementModuli, type VoxelLevels } from "../hierarchy.js";
import type { Stop } from "../kernel.js";
import { tellOutOfMemory } from "../memory.js";
import { activeNodes } from "../nodes.js";
import type { Problem } from "../problem.js";
import { type Crew, type Operators, openOperators, type Session, type SessionNeeds } from "../session.js";
import type { FixedPositions } from "../system.js";
import type { DeviceLevels } from "./cycle.js";
import { deviceHierarchy, writeDeviceModuli } from "./deviceHierarchy.js";
import { BATCH, type DeviceIteration, deviceIteration } from "./deviceIteration.js";
import { noGpu, noTangents, refuseTooLargeForGpu } from "./limits.js";

/**
 * Share of the residual at which it is formed anew in f64. What f32 carries along strays from the true one by up to 6e-6
 * of the residual at the start, on porous models of four decades; the direction of search is kept, so that 75 to 149
 * iterations there became 76 to 154.
 */
const REFINE = 1e-3;
/** By which an iteration is expected to reduce the residual before any has been seen. */
const FIRST_RATE = 0.1;
/** Give up when f64 has found so many times that the GPU has not halved the residual. */
const MOST_FAILURES = 5;

/**
 * A session whose iterations run on the GPU in f32. Displacement, residual and forces are those of the session in
 * WebAssembly, in f64, on this thread: the GPU corrects the displacement until the true residual is small enough.
 *
 * Source: iterative refinement (Wilkinson 1963) of conjugate gradients with residual replacement (van der Vorst, Ye,
 * Residual replacement strategies for Krylov subspace iterative methods, 2000).
 *
 * @throws SpondylError "no-gpu" when the model is beyond the device's limits or the device is lost, "unsupported" when
 *   tangents are needed, "out-of-memory"
 */
export async function openGpu(
  problem: Problem,
  fixed: FixedPositions,
  { report, gpu: device }: Pick<Crew, "report" | "gpu">,
  { tangents = false }: SessionNeeds = {},
): Promise<Session> {
  if (!device) throw noGpu();
  if (tangents) throw noTangents();
  refuseTooLargeForGpu(problem, activeNodes(problem.runs).length, device);
  return setUpOn(device, async (gpu) => {
    const { voxelLevels, exact, levels } = await setUp(gpu, problem, fixed);
    const iteration = await deviceIteration(gpu, levels);
    return {
      ...exact,
      memoryBytes: exact.memoryBytes + bytesOn(gpu),
      setModuli: (moduli) => {
        exact.setModuli(moduli);
        writeDeviceModuli(gpu, levels, problem, voxelLevels, { moduli, inverseDiagonals: exact.inverseDiagonals });
      },
      solve: (stop) =>
        refine(exact, iteration, stop, report).catch((error: unknown) => {
          release(gpu); // nobody closes what has failed
          throw error;
        }),
      close: () => {
        exact.close();
        release(gpu);
      },
    };
  });
}

/** The matrices of the aggregated levels are let go of when they are on the GPU. */
async function setUp(
  gpu: Gpu,
  problem: Problem,
  fixed: FixedPositions,
): Promise<{ readonly voxelLevels: VoxelLevels; readonly exact: Operators; readonly levels: DeviceLevels }> {
  try {
    const { sparse, ...voxelLevels } = buildHierarchy(problem, fixed);
    const exact = openOperators(problem, voxelLevels);
    const parts = { moduli: elementModuli(problem), inverseDiagonals: exact.inverseDiagonals };
    return { voxelLevels, exact, levels: await deviceHierarchy(gpu, problem, { ...voxelLevels, sparse }, parts) };
  } catch (error) {
    return tellOutOfMemory(error, problem.runs.elements);
  }
}

/** Corrects the displacement until the true residual is small enough; answers relative residuals as `Session.solve`. */
async function refine(
  exact: Operators,
  iteration: DeviceIteration,
  { tolerance, maxIterations, reduction = 0, reference, given = false }: Stop,
  report: Crew["report"],
): Promise<Float64Array> {
  const { displacement, load: r } = exact;
  const load = given ? totalLoad(exact) : undefined;
  let norm = formResidual(exact, load);
  const unit = reference ?? norm;
  const history = [norm > 0 ? norm / unit : 0];
  const enough = Math.max(tolerance, reduction * history[0]!);
  for (let failures = 0; history.at(-1)! > enough && history.length <= maxIterations; ) {
    const before = norm;
    iteration.begin(singles(r, 1 / before), history.length === 1);
    const goal = Math.max(REFINE, (0.9 * enough * unit) / before);
    const start = history.length;
    for (let left = 1; left > goal && history.length <= maxIterations; ) {
      const count = expected(goal, left, history.length - start);
      const norms = await iteration.iterate(Math.min(count, maxIterations + 1 - history.length));
      left = norms.at(-1)!;
      for (const n of norms) await report(history.push((n * before) / unit) - 1, history.at(-1)!);
    }
    (await iteration.correction()).forEach((value, i) => {
      displacement[i]! += before * value;
    });
    norm = formResidual(exact, load);
    history[history.length - 1] = norm / unit;
    if (!(norm < before / 2) && ++failures === MOST_FAILURES) break;
  }
  return Float64Array.from(history);
}

/** factor·v in f32: of norm 1, it keeps away from the ends of f32. */
function singles(v: Float64Array, factor: number): Float32Array {
  const out = new Float32Array(v.length);
  for (let i = 0; i < v.length; i++) out[i] = factor * v[i]!;
  return out;
}

/** Iterations that will do, from 1 to BATCH, when `done` of them have brought the residual from 1 to `left`. */
function expected(goal: number, left: number, done: number): number {
  const rate = done > 0 ? Math.min(0.9, left ** (1 / done)) : FIRST_RATE;
  return Math.max(1, Math.min(BATCH, Math.ceil(Math.log(goal / left) / Math.log(rate))));
}

/** The load that was given, and the forces of the displacements as they are: the total that the answer is to bear. */
function totalLoad({ load, force, forces }: Operators): Float64Array {
  forces();
  return load.map((f, i) => f + force[i]!);
}

/** load − K·x in f64 into the session's `load`, 0 where fixed; no load is 0. Returns its norm. */
function formResidual({ load: r, force, inverseDiagonals: [inverse], forces }: Operators, load?: Float64Array): number {
  forces();
  let square = 0;
  for (let i = 0; i < r.length; i++) {
    const value = inverse[i]! > 0 ? (load ? load[i]! : 0) - force[i]! : 0;
    r[i] = value;
    square += value * value;
  }
  return Math.sqrt(square);
}
