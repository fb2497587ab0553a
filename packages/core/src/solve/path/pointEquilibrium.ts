import type { Motion } from "../../load/rigidEnds.js";
import { type PointLaw, plasticDamage } from "../../material/pointLaw.js";
import { voxelVolume } from "../../volume/volume.js";
import { elementVoxels } from "../elements.js";
import { elementModuli } from "../hierarchy.js";
import type { Problem } from "../problem.js";
import type { Session } from "../session.js";
import { addElastic, type ElasticField } from "./elasticField.js";
import type { Equilibrium, Reached, Steering } from "./equilibrium.js";
import { markFailed } from "./markFailed.js";
import type { MovedEnd } from "./movedEnd.js";
import { type FieldResponse, pointField } from "./pointField.js";

export interface PointOptions {
  readonly tolerance: number; // of the out-of-balance force, over the forces on the ends
  readonly maxIterations: number; // of Newton's method, in one step
}

/** How far a linear solution reduces its residual: Newton's method gains nothing from more. */
const REDUCTION = 0.02;
const MOST_SOLVER_ITERATIONS = 500;
/** A Newton step is halved while it makes the residual larger than this times the one before. */
const WORSE = 1.5;
const HALVINGS = 4;
/** Newton's method is given up when it has not come nearer for so many iterations. */
const PATIENCE = 5;
/** The end is steered only where equilibrium is in sight: resultants before that mean nothing. */
const IN_SIGHT = 0.1;

/**
 * A model whose Gauss points follow a point law. Newton's method with the consistent tangents, which the solver adds to
 * its elastic operator; the first guess continues the last step.
 */
export function pointEquilibrium(
  problem: Problem,
  session: Session,
  end: MovedEnd,
  elastic: readonly ElasticField[],
  law: PointLaw,
  { tolerance, maxIterations }: PointOptions,
): Equilibrium {
  const { level } = session;
  const length = 3 * level.stride;
  const moduli = elementModuli(problem);
  const field = pointField(problem, level, law, moduli);
  const pointMm3 = voxelVolume(problem.spacing) / 8;
  const newState = () => new Float64Array(law.stateSize * field.points);
  const accepted = { u: new Float64Array(length), state: newState(), share: 0, motion: still, dissipatedNMm: 0 };
  const before = { u: new Float64Array(length), share: 0, motion: still }; // the accepted state before that
  const [u, trial] = [new Float64Array(length), new Float64Array(length)];
  const state = newState();
  const force = new Float64Array(length);
  const failedAt = new Float32Array(moduli.length);
  let reached: Reached | undefined;

  /** Response to displacements; the norm of the forces out of balance, and of those on the ends, N. */
  const respond = (displacement: Float64Array) => {
    const response = field.respond(displacement, accepted.state, state, force);
    session.force.set(force);
    const endsN = end.forceNorm();
    const all = force.reduce((sum, f) => sum + f * f, 0);
    return { ...response, endsN, residualN: Math.sqrt(Math.max(0, all - endsN * endsN)) };
  };

  /** Direction in which the forces out of balance vanish, by the tangents as they are. */
  const newtonStep = async (): Promise<{ step: Float64Array; iterations: number }> => {
    session.setModuli(field.effectiveModuli);
    session.setTangents(field.tangents());
    for (let i = 0; i < length; i++) session.load[i] = -force[i]!;
    for (const i of end.index) session.load[i] = 0;
    session.displacement.fill(0);
    const history = await session.solve({
      tolerance: 1e-9,
      maxIterations: MOST_SOLVER_ITERATIONS,
      reduction: REDUCTION,
      given: true,
    });
    return { step: session.displacement, iterations: history.length - 1 };
  };

  /** Goes along a Newton step, halving it while it makes things worse. */
  const search = (step: Float64Array, from: ReturnType<typeof respond>) => {
    for (let halving = 0, part = 1; ; halving++, part /= 2) {
      for (let i = 0; i < length; i++) trial[i] = u[i]! + part * step[i]!;
      const response = respond(trial);
      const better = response.residualN <= WORSE * from.residualN;
      if (!better && halving < HALVINGS) continue;
      u.set(trial);
      return response;
    }
  };

  /** Moves the end on from one motion to another, everything else going along elastically. */
  const moveOn = (from: Motion, to: Motion) => {
    const change = to.map((q, m) => q - from[m]!) as unknown as Motion;
    addElastic(elastic, change, u);
    end.prescribe(to); // writes to the session's displacements
    for (const i of end.index) u[i] = session.displacement[i]!;
  };
  const describe = (share: number, motion: Motion, response: FieldResponse, counts: Counts): Reached => {
    const strained = meanOf(law, state, plasticDamage);
    const count = (least: number) => strained.reduce((n, d) => (d >= least ? n + 1 : n), 0);
    return {
      share,
      motion,
      resultant: end.resultant(),
      storedNMm: response.storedNMm,
      dissipatedNMm: accepted.dissipatedNMm + response.dissipatedNMm,
      damagedMm3: count(Number.MIN_VALUE) * 8 * pointMm3,
      failedMm3: count(1) * 8 * pointMm3,
      ...counts,
    };
  };

  return {
    reach: async (steering: Steering, share: number) => {
      const ahead = accepted.share > 0 ? (share - accepted.share) / (accepted.share - before.share) : 0;
      for (let i = 0; i < length; i++) u[i] = accepted.u[i]! + ahead * (accepted.u[i]! - before.u[i]!);
      moveOn(continued(before.motion, accepted.motion, ahead), steering.motion);
      let solverIterations = 0;
      let response = respond(u);
      let best = { residual: Number.POSITIVE_INFINITY, iteration: 0 };
      for (let iterations = 0; iterations <= maxIterations; iterations++) {
        const { motion } = steering;
        const residual = response.residualN / response.endsN;
        if (residual < best.residual) best = { residual, iteration: iterations };
        if (!Number.isFinite(residual) || iterations - best.iteration > PATIENCE) return undefined;
        const imbalance = residual <= IN_SIGHT ? steering.correct(end.resultant()) : 1;
        if (residual <= tolerance && imbalance <= tolerance) {
          reached = describe(share, motion, response, { iterations, solverIterations, residual });
          return reached;
        }
        if (imbalance > tolerance && residual <= IN_SIGHT) {
          moveOn(motion, steering.motion);
          response = respond(u);
        }
        const newton = await newtonStep();
        solverIterations += newton.iterations;
        response = search(newton.step, response);
      }
      return undefined;
    },
    accept: () => {
      before.u.set(accepted.u);
      before.share = accepted.share;
      before.motion = accepted.motion;
      accepted.u.set(u);
      accepted.state.set(state);
      accepted.dissipatedNMm = reached!.dissipatedNMm;
      accepted.share = reached!.share;
      accepted.motion = reached!.motion;
      markFailed(meanOf(law, state, plasticDamage), 1, accepted.share, failedAt);
    },
    save: () => ({
      u: accepted.u.slice(),
      before: before.u.slice(),
      state: accepted.state.slice(),
      failedAt: failedAt.slice(),
      scalars: Float64Array.of(accepted.share, before.share, accepted.dissipatedNMm),
      motions: Float64Array.of(...accepted.motion, ...before.motion),
    }),
    restore: (saved) => {
      accepted.u.set(saved.u!);
      before.u.set(saved.before!);
      accepted.state.set(saved.state!);
      failedAt.set(saved.failedAt!);
      [accepted.share, before.share, accepted.dissipatedNMm] = saved.scalars as unknown as [number, number, number];
      accepted.motion = [...saved.motions!.subarray(0, 6)] as unknown as Motion;
      before.motion = [...saved.motions!.subarray(6, 12)] as unknown as Motion;
    },
    fields: () => ({
      damage: meanOf(law, accepted.state, law.damage ?? plasticDamage),
      failedAt: failedAt.slice(),
      voxel: elementVoxels(level),
    }),
    displacement: () => accepted.u,
    memoryBytes:
      field.memoryBytes +
      [u, trial, force, accepted.u, before.u, state, accepted.state].reduce((n, a) => n + a.byteLength, 0),
  };
}

const still: Motion = [0, 0, 0, 0, 0, 0];

/** Where a motion that went from one state to another would be, going on by a multiple of that. */
const continued = (from: Motion, to: Motion, ahead: number): Motion =>
  to.map((q, m) => q + ahead * (q - from[m]!)) as unknown as Motion;

type Counts = Pick<Reached, "iterations" | "solverIterations" | "residual">;

/** Mean over the points of each element, 1 at most, of what their states say. */
function meanOf(law: PointLaw, state: Float64Array, of: (state: Float64Array, at: number) => number): Float32Array {
  const means = new Float32Array(state.length / law.stateSize / 8);
  for (let point = 0; point < 8 * means.length; point++) means[point >> 3]! += of(state, law.stateSize * point) / 8;
  return means.map((mean) => Math.min(1, mean));
}
