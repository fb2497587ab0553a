import type { Equilibrium } from "./equilibrium.js";
import { nextPoint, type PathEnd, type PathPoint, type PathState, unloaded } from "./pathPoint.js";
import type { Helm } from "./steering.js";

export interface PathOptions {
  /** Steps of equal length that the path is planned in; it takes more where that is hard, fewer where it is easy. */
  readonly steps: number;
  /** The path ends when the load has fallen below this share of its peak. */
  readonly brokenBelow: number;
  /** Which component of the resultant is the load. */
  readonly leading: number;
}

export interface Path {
  readonly points: readonly PathPoint[]; // from the unloaded state on
  readonly end: PathEnd;
}

/** A step is cut in half so often at most. */
const CUTS = 7;
/** Material iterations up to which a step was easy. */
const EASY = 15;

/**
 * Goes along the path in adaptive steps: halved where no equilibrium is found, longer again where it is found with ease.
 * @param onPoint called with each new point and the means to save the state there; may be awaited
 * @param start   of a path that goes on
 */
export async function followPath(
  equilibrium: Equilibrium,
  helm: Helm,
  { steps, brokenBelow, leading }: PathOptions,
  onPoint: (point: PathPoint, save: () => PathState) => void | Promise<void>,
  start?: PathState,
): Promise<Path> {
  const points: PathPoint[] = [...(start?.points ?? [unloaded])];
  let step = start?.stepShare ?? 1 / steps;
  let peak = Math.max(...points.map((p) => Math.abs(p.resultant[leading]!)));
  for (;;) {
    const last = points.at(-1)!;
    if (last.share >= 1) return { points, end: "target" };
    const share = last.share + step > 1 - 1e-9 ? 1 : last.share + step;
    const reached = await equilibrium.reach(helm.steer(share), share);
    if (!reached) {
      step /= 2;
      if (step < 1 / steps / 2 ** CUTS) return { points, end: "no-equilibrium" };
      continue;
    }
    equilibrium.accept();
    const point = nextPoint(last, share, reached);
    points.push(point);
    if (reached.iterations <= EASY) step = Math.min(2 * step, 1 / steps);
    const pause = onPoint(point, () => ({
      points: [...points],
      stepShare: step,
      arrays: { ...equilibrium.save(), helm: helm.memory.slice() },
    }));
    if (pause) await pause;
    const load = Math.abs(point.resultant[leading]!);
    peak = Math.max(peak, load);
    if (load < brokenBelow * peak) return { points, end: "broken" };
  }
}
