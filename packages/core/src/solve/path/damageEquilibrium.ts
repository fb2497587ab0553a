import type { Motion } from "../../load/rigidEnds.js";
import { type DamageLaw, failedShare } from "../../material/damageLaw.js";
import { voxelVolume } from "../../volume/volume.js";
import { elementVoxels } from "../elements.js";
import { elementModuli } from "../hierarchy.js";
import type { Problem } from "../problem.js";
import type { Session } from "../session.js";
import { type Average, damageField } from "./damageField.js";
import { addElastic, type ElasticField } from "./elasticField.js";
import type { Equilibrium, Reached, Steering } from "./equilibrium.js";
import { markFailed } from "./markFailed.js";
import type { MovedEnd } from "./movedEnd.js";

export interface DamageOptions {
  readonly tolerance: number; // of the out-of-balance force, over the forces on the ends
  readonly maxIterations: number; // of the material, in one step
  readonly average?: Average; // of the loading, over the neighbourhood of each element
}

/** How far a linear solution in between reduces what is out of balance; the damage changes after it anyway. */
const REDUCTION = 0.1;
const MOST_SOLVER_ITERATIONS = 2000;
/** Iterations in a step after which damage goes only half the way: where elements share a load it may swing for ever. */
const UNDAMPED = 50;

/**
 * A model whose elements lose stiffness by a scalar damage law. Secant iteration: a linear solution with the damage as it
 * is, the damage anew from its strains, and so on until the forces balance. Each solution begins from the one before.
 */
export function damageEquilibrium(
  problem: Problem,
  session: Session,
  end: MovedEnd,
  elastic: readonly ElasticField[],
  law: DamageLaw,
  { tolerance, maxIterations, average }: DamageOptions,
): Equilibrium {
  const { displacement: u, force } = session;
  const initial = elementModuli(problem);
  const field = damageField(problem, session.level, law, average);
  const elementMm3 = voxelVolume(problem.spacing);
  const accepted = { u: u.slice(), damage: new Float32Array(initial.length), dissipatedNMm: 0, share: 0 };
  const damage = new Float32Array(initial.length);
  const last = new Float32Array(initial.length); // damage of the iteration before
  const failedAt = new Float32Array(initial.length);
  let reached: Reached | undefined;
  let strongestN = 0; // largest norm of the forces on the ends so far
  let referenceN = 0;

  /** Forces of the displacements as they are, and what residuals are measured on from now on. */
  const measure = (): Motion => {
    session.forces();
    const norm = end.forceNorm();
    strongestN = Math.max(strongestN, norm);
    referenceN = Math.max(norm, 0.01 * strongestN); // a broken specimen has nearly no forces left
    return end.resultant();
  };
  const solve = () =>
    session.solve({
      tolerance,
      maxIterations: MOST_SOLVER_ITERATIONS,
      reduction: REDUCTION,
      reference: referenceN,
    });
  const moduli = initial.slice();
  const setModuli = () => {
    for (let e = 0; e < moduli.length; e++) moduli[e] = initial[e]! * (1 - damage[e]!);
    session.setModuli(moduli);
  };
  const describe = (end: EndState, counts: Counts): Reached => {
    const { damaged, failed } = field.count(damage);
    return {
      ...end,
      storedNMm: 0.5 * u.reduce((sum, x, i) => sum + x * force[i]!, 0),
      dissipatedNMm: accepted.dissipatedNMm + field.dissipated(accepted, { u, damage }, initial),
      damagedMm3: damaged * elementMm3,
      failedMm3: failed * elementMm3,
      ...counts,
    };
  };

  /** First displacements for a step: the secant model is linear, so the last ones in proportion. */
  const guess = (motion: Motion, share: number) => {
    const scale = accepted.share > 0 ? share / accepted.share : 0;
    for (let i = 0; i < u.length; i++) u[i] = scale * accepted.u[i]!;
    if (accepted.share > 0) return;
    addElastic(elastic, motion, u);
    session.setModuli(initial);
    measure();
  };

  return {
    reach: async (steering: Steering, share: number, dissipateNMm: number) => {
      const dissipating = dissipateNMm > 0 ? field.scaleToDissipate(accepted, initial, dissipateNMm) : undefined;
      let factor = 1; // of all displacements, since the first guess
      guess(steering.motion, share);
      field.grow(u, accepted.damage, damage);
      setModuli();
      let solverIterations = 0;
      let imbalance = Number.POSITIVE_INFINITY;
      for (let iterations = 1; iterations <= maxIterations; iterations++) {
        const { motion } = steering;
        end.prescribe(motion);
        const history = await solve();
        solverIterations += history.length - 1;
        const resultant = measure();
        if (iterations > 1 && history[0]! <= tolerance && imbalance <= tolerance) {
          const at = { share: factor * share, motion, resultant };
          reached = describe(at, { iterations, solverIterations, residual: history[0]! });
          return reached;
        }
        imbalance = steering.correct(resultant);
        if (dissipating) {
          const further = dissipating(u);
          imbalance = Math.max(imbalance, Math.abs(further - 1));
          factor *= further;
          steering.scale(further);
          for (let i = 0; i < u.length; i++) u[i]! *= further;
        }
        last.set(damage);
        field.grow(u, accepted.damage, damage);
        if (iterations > UNDAMPED) for (let e = 0; e < damage.length; e++) damage[e] = 0.5 * (damage[e]! + last[e]!);
        setModuli();
      }
      return undefined;
    },
    accept: () => {
      accepted.u.set(u);
      accepted.damage.set(damage);
      accepted.dissipatedNMm = reached!.dissipatedNMm;
      accepted.share = reached!.share;
      markFailed(damage, failedShare * (1 - law.residual), accepted.share, failedAt);
    },
    save: () => ({
      u: accepted.u.slice(),
      damage: accepted.damage.slice(),
      failedAt: failedAt.slice(),
      scalars: Float64Array.of(accepted.share, accepted.dissipatedNMm, strongestN, referenceN),
    }),
    restore: (state) => {
      accepted.u.set(state.u!);
      accepted.damage.set(state.damage!);
      failedAt.set(state.failedAt!);
      [accepted.share, accepted.dissipatedNMm, strongestN, referenceN] = state.scalars as unknown as FourNumbers;
    },
    fields: () => ({
      damage: accepted.damage.slice(),
      failedAt: failedAt.slice(),
      voxel: elementVoxels(session.level),
    }),
    displacement: () => accepted.u,
    memoryBytes: [accepted.u, accepted.damage, damage, last, failedAt, initial, moduli].reduce(
      (n, a) => n + a.byteLength,
      0,
    ),
  };
}

type FourNumbers = [number, number, number, number];
type EndState = Pick<Reached, "share" | "motion" | "resultant">;
type Counts = Pick<Reached, "iterations" | "solverIterations" | "residual">;
