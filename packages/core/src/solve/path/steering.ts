import { solveDense } from "../../linalg/solveDense.js";
import type { LoadCase } from "../../load/loadCase.js";
import type { Motion } from "../../load/rigidEnds.js";
import type { Steering } from "./equilibrium.js";

/** Makes the steering for each share of the path, 0 to 1. */
export interface Helm {
  steer(share: number): Steering;
  /** What it has learnt on the path; to be changed by whoever takes a path up again. */
  readonly memory: Float64Array;
}

/** The motion of the load, all of its components in proportion. */
export const prescribedHelm = ({ motion }: LoadCase): Helm => ({
  steer: (share) => {
    const steering = {
      motion: times(share, motion),
      correct: () => 0,
      scale: (factor: number) => {
        steering.motion = times(factor, steering.motion);
      },
      keep: () => {},
    };
    return steering;
  },
  memory: new Float64Array(0),
});

/** The motions that a follower finds: along the axis, and both tilts. */
export const followerMotions = [2, 3, 4] as const;
type Three = readonly [number, number, number];

/**
 * The end under a resultant of fixed proportions. Its motion q is found by a quasi-Newton method on its stiffness,
 * R = S·q, which Broyden's formula corrects with each resultant that the model answers. Prescribed is how far the point
 * of application of the resultant has moved, so that a peak of the load can be passed.
 *
 * @param elastic stiffness of the end in `followerMotions` while nothing is damaged, 3×3 by rows; N, mm, rad
 */
export function followerHelm({ motion, follower }: LoadCase, elastic: Float64Array): Helm {
  const { leftArmMm, posteriorArmMm } = follower!;
  const direction: Three = [-1, leftArmMm, posteriorArmMm]; // of the resultant, per N of compression
  const memory = elastic.slice();
  const rimMm = Math.sqrt((elastic[4]! + elastic[8]!) / 2 / elastic[0]!); // a rotation counts as what it moves the rim by
  const steer = (share: number): Steering => {
    const stiffness = memory.slice();
    let travelMm = -motion[2] * share;
    const steering = {
      motion: motionAlong(stiffness, direction, travelMm),
      correct: (resultant: Motion): number => {
        const R = pick(resultant);
        broyden(stiffness, pick(steering.motion), R, rimMm);
        steering.motion = motionAlong(stiffness, direction, travelMm);
        return imbalanceOf(R, direction, rimMm);
      },
      scale: (factor: number) => {
        travelMm *= factor;
        steering.motion = times(factor, steering.motion);
      },
      keep: () => memory.set(stiffness),
    };
    return steering;
  };
  return { steer, memory };
}

const times = (factor: number, motion: Motion): Motion => motion.map((q) => factor * q) as unknown as Motion;
const pick = (motion: Motion): Three => [motion[2], motion[3], motion[4]];

/** The motion whose resultant lies in a direction, moved so far along it. */
function motionAlong(stiffness: Float64Array, d: Three, travelMm: number): Motion {
  const q = solveDense(stiffness, d, 3) as unknown as Three;
  const scale = travelMm / (d[0] * q[0] + d[1] * q[1] + d[2] * q[2]);
  return [0, 0, scale * q[0], scale * q[1], scale * q[2], 0];
}

/** Makes S·q = R hold by the least change of S. */
function broyden(S: Float64Array, q: Three, R: Three, rimMm: number): void {
  const weighed = [q[0], rimMm ** 2 * q[1], rimMm ** 2 * q[2]];
  const norm = q[0] * weighed[0]! + q[1] * weighed[1]! + q[2] * weighed[2]!;
  if (norm === 0) return;
  for (let r = 0; r < 3; r++) {
    const miss = R[r]! - (S[3 * r]! * q[0] + S[3 * r + 1]! * q[1] + S[3 * r + 2]! * q[2]);
    for (let c = 0; c < 3; c++) S[3 * r + c]! += (miss * weighed[c]!) / norm;
  }
}

/** How far a resultant is from a direction: what is beside it over what is along it, moments counted at the rim. */
function imbalanceOf(R: Three, d: Three, rimMm: number): number {
  const scaled = (v: Three): Three => [v[0], v[1] / rimMm, v[2] / rimMm];
  const [r, along] = [scaled(R), scaled(d)];
  const dot = (a: Three, b: Three) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const share = dot(r, along) / dot(along, along);
  const beside = r.map((x, i) => x - share * along[i]!) as unknown as Three;
  return Math.sqrt(dot(beside, beside) / dot(r, r));
}
