import type { Equilibrium } from "./equilibrium.js";
import { nextPoint, type PathEnd, type PathPoint, type PathState, unloaded } from "./pathPoint.js";
import type { Helm } from "./steering.js";

export interface PathOptions {
  /** Steps of equal length that the path is planned in; it takes more where that is hard, fewer where it is easy. */
  readonly steps: number;
  /** The path ends when the load, and its ratio to the motion, have fallen below this share of those at the peak. */
  readonly brokenBelow: number;
  /** Which component of the resultant is the load. */
  readonly leading: number;
  /** Of that component before anything yields: load over motion. */
  readonly stiffness: number;
  /** What a step prescribes: see `FailOptions`. */
  readonly control: "displacement" | "dissipation";
}

export interface Path {
  readonly points: readonly PathPoint[]; // from the unloaded state on
  readonly end: PathEnd;
}

/** A step is cut in half so often at most. */
const CUTS = 7;
/** Material iterations up to which a step was easy. */
const EASY = 15;
/** Steps may be so many times those planned. */
const MOST_STEPS = 20;
/** Damage has begun when a step dissipates this share of what one may: well above the shortest step, `tooShort`. */
const BEGUN = 1 / 16;
/** What a step by dissipation may leave out of balance, over the work so far: its way from end to end is no straight line. */
const UNBALANCED = 2e-3;

/** Until load over motion has fallen to `YIELDED` of the stiffness at rest, a step may take this share of it at most. */
const SOFTER = 0.05;
const YIELDED = 0.7;

/** What the next step prescribes. */
interface Stride {
  readonly share: number; // of the path
  readonly dissipateNMm: number; // 0: the motion is prescribed
}

/**
 * Goes along the path in adaptive steps: halved where no equilibrium is found, longer again where it is found with ease.
 * @param onPoint called with each new point and the means to save the state there; may be awaited
 * @param start   of a path that goes on
 */
export async function followPath(
  equilibrium: Equilibrium,
  helm: Helm,
  options: PathOptions,
  onPoint: (point: PathPoint, save: () => PathState) => void | Promise<void>,
  start?: PathState,
): Promise<Path> {
  const points: PathPoint[] = [...(start?.points ?? [unloaded])];
  let stride: Stride = { share: start?.stepShare ?? 1 / options.steps, dissipateNMm: start?.dissipateNMm ?? 0 };
  for (;;) {
    const last = points.at(-1)!;
    const end = endOf(points, options) ?? (tooShort(stride, points, options) ? "no-equilibrium" : undefined);
    if (end) return { points, end };
    const share = stride.dissipateNMm > 0 ? last.share : shareAfter(last.share, stride.share);
    const steering = helm.steer(share);
    const reached = await equilibrium.reach(steering, share, stride.dissipateNMm);
    const point = reached && nextPoint(last, reached);
    const shorter = point ? refined(stride, points, point, options) : halved(stride);
    if (!point || shorter) {
      stride = shorter!;
      continue;
    }
    equilibrium.accept();
    steering.keep();
    points.push(point);
    stride = nextStride(stride, points, options);
    const pause = onPoint(point, () => ({
      points: [...points],
      stepShare: stride.share,
      dissipateNMm: stride.dissipateNMm,
      arrays: { ...equilibrium.save(), helm: helm.memory.slice() },
    }));
    if (pause) await pause;
  }
}

const shareAfter = (share: number, step: number): number => (share + step > 1 - 1e-9 ? 1 : share + step);
const halved = ({ share, dissipateNMm }: Stride): Stride => ({ share: share / 2, dissipateNMm: dissipateNMm / 2 });

function endOf(points: readonly PathPoint[], { steps, brokenBelow, leading }: PathOptions): PathEnd | undefined {
  const load = ({ resultant }: PathPoint) => Math.abs(resultant[leading]!);
  const last = points.at(-1)!;
  if (last.share >= 1) return "target";
  const peak = points.reduce((most, p) => (load(p) > load(most) ? p : most));
  const weaker = load(last) < brokenBelow * load(peak);
  const softer = load(last) * peak.share < brokenBelow * load(peak) * last.share; // and not merely going back
  if (weaker && softer) return "broken";
  return points.length > MOST_STEPS * steps ? "many-steps" : undefined;
}

/** What a step should dissipate at most, N mm: a share of the energy that there is to set free. */
const mostDissipated = (points: readonly PathPoint[], { steps }: PathOptions): number =>
  (2 * Math.max(...points.map((p) => p.storedNMm))) / steps;

const tooShort = ({ share, dissipateNMm }: Stride, points: readonly PathPoint[], options: PathOptions): boolean =>
  dissipateNMm > 0 ? dissipateNMm < mostDissipated(points, options) / 2 ** CUTS : share < 1 / options.steps / 2 ** CUTS;

/** A finer step than one that has been found, where that leapt over the bend of the curve or a fall of the load. */
function refined(
  stride: Stride,
  points: readonly PathPoint[],
  point: PathPoint,
  options: PathOptions,
): Stride | undefined {
  const last = points.at(-1)!;
  if (bends(last, point, options) && !tooShort(halved(stride), points, options)) return halved(stride);
  if (options.control === "displacement") return undefined;
  const most = mostDissipated([...points, point], options);
  if (stride.dissipateNMm === 0) {
    if (point.dissipatedNMm - last.dissipatedNMm <= 2 * most) return undefined;
    return last.share > 0 ? { ...stride, dissipateNMm: most / 2 } : halved(stride); // at rest there is no way to go along
  }
  const finer = { ...stride, dissipateNMm: stride.dissipateNMm / 2 };
  return unbalanced(last, point) > UNBALANCED && !tooShort(finer, points, options) ? finer : undefined;
}

/** Whether a step goes far around the bend that yield is read from: between two points the curve is taken for straight. */
function bends(before: PathPoint, after: PathPoint, { leading, stiffness }: PathOptions): boolean {
  const secant = ({ motion, resultant }: PathPoint) =>
    motion[leading] === 0 ? 1 : resultant[leading]! / motion[leading]! / stiffness;
  return secant(before) > YIELDED && secant(before) - secant(after) > SOFTER;
}

/** Work of a step that it neither stored nor dissipated, over the work so far. */
const unbalanced = (before: PathPoint, point: PathPoint): number =>
  Math.abs(point.energyError - (before.energyError * before.workNMm) / point.workNMm);

/** Longer after an easy step, up to what was planned; by dissipation from the first step on that damages. */
function nextStride({ share, dissipateNMm }: Stride, points: readonly PathPoint[], options: PathOptions): Stride {
  const [before, last] = [points.at(-2)!, points.at(-1)!];
  const easy = last.iterations <= EASY;
  const longer = easy ? Math.min(2 * share, 1 / options.steps) : share;
  if (options.control === "displacement") return { share: longer, dissipateNMm: 0 };
  const spent = last.dissipatedNMm - before.dissipatedNMm;
  const most = mostDissipated(points, options);
  if (dissipateNMm === 0) return { share: longer, dissipateNMm: spent > BEGUN * most ? Math.min(spent, most) : 0 };
  const grows = easy && unbalanced(before, last) < UNBALANCED / 4;
  return { share: longer, dissipateNMm: grows ? Math.min(1.5 * dissipateNMm, most) : dissipateNMm };
}
