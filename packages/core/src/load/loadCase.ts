import { SpondylError } from "../error.js";
import type { EndConditions, Motion } from "./rigidEnds.js";

/** One way of loading: which way each word moves the superior end. */
interface Direction {
  readonly component: 0 | 1 | 2 | 3 | 4 | 5; // of a Motion
  readonly sign: 1 | -1;
}

/** The words for the motions of the superior end. Flexion lowers its front, bending left its left side. */
export const directions = {
  compression: { component: 2, sign: -1 },
  tension: { component: 2, sign: 1 },
  flexion: { component: 3, sign: 1 },
  extension: { component: 3, sign: -1 },
  "bending-left": { component: 4, sign: 1 },
  "bending-right": { component: 4, sign: -1 },
  "torsion-left": { component: 5, sign: 1 }, // the front turns to the left
  "torsion-right": { component: 5, sign: -1 },
  "shear-left": { component: 0, sign: 1 },
  "shear-right": { component: 0, sign: -1 },
  "shear-posterior": { component: 1, sign: 1 },
  "shear-anterior": { component: 1, sign: -1 },
} as const satisfies Readonly<Record<string, Direction>>;

export type DirectionName = keyof typeof directions;
export const directionNames = Object.keys(directions) as readonly DirectionName[];

/** How far the superior end is moved, and how both ends are held. */
export interface LoadCase extends EndConditions {
  readonly name: string; // "compression", "flexion", "compression, flexion", ...
  /** At the end of the path; a follower's tilts are found, and what stands here for them is not used. */
  readonly motion: Motion;
  /**
   * The superior end is loaded by a resultant of fixed proportions that follows it, and tilts as it must: compression
   * with moments of these lever arms (M = arm·F, mm) about the left and the posterior axis; 0 lets it tilt without
   * moment. `motion` then says how far the resultant's point of application is moved along the axis.
   */
  readonly follower?: { readonly leftArmMm: number; readonly posteriorArmMm: number };
}

/** One part of a load: a word and how much. */
export interface LoadPart {
  readonly direction: DirectionName;
  readonly amount: number; // mm, or rad
}

/**
 * The motion of several parts together; two of one component add up.
 * @throws SpondylError "bad-option" for nothing, too much for small displacements, or torsion and shear of ends that are
 *   not held laterally
 */
export function combinedMotion(parts: readonly LoadPart[], conditions: EndConditions): Motion {
  const motion: [number, number, number, number, number, number] = [0, 0, 0, 0, 0, 0];
  for (const { direction, amount } of parts) {
    const { component, sign } = directions[direction];
    motion[component] += sign * amount;
  }
  checkMotion(motion, conditions);
  return motion;
}

/** Larger motions leave small-displacement kinematics: 20 mm, 20 degrees. Smaller ones are taken for mistakes. */
const MOST = [20, 20, 20, 0.35, 0.35, 0.35] as const;
const LEAST = [1e-6, 1e-6, 1e-6, 1e-7, 1e-7, 1e-7] as const;

/** @throws SpondylError "bad-option" as `combinedMotion` */
export function checkMotion(motion: Motion, { inferior, superior }: EndConditions): void {
  const bad = (message: string) => new SpondylError("bad-option", `load: ${message}`, { motion });
  if (!motion.some((m, c) => Math.abs(m) >= LEAST[c]!))
    throw bad("the end does not move. Give 1e-6 to 20 mm, or 1e-5 to 20 degrees.");
  motion.forEach((m, c) => {
    if (!(Math.abs(m) <= MOST[c]!))
      throw bad(
        `${m.toPrecision(3)} ${c < 3 ? "mm" : "rad"} is beyond small displacements. Give ${c < 3 ? "20 mm" : "20 degrees"} at most.`,
      );
  });
  const lateral = motion[0] !== 0 || motion[1] !== 0 || motion[5] !== 0;
  if (lateral && (inferior === "guided" || superior === "guided"))
    throw bad("shear and torsion need both ends held laterally. Set both to fixed.");
}

/** Which component carries the load: the one whose force or moment the curve is read against. */
export function leadingComponent({ motion, follower }: Pick<LoadCase, "motion" | "follower">): 0 | 1 | 2 | 3 | 4 | 5 {
  if (follower || motion[2] !== 0) return 2;
  const first = motion.findIndex((m) => m !== 0);
  return (first < 0 ? 2 : first) as 0 | 1 | 2 | 3 | 4 | 5;
}
