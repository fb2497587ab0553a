import { Compartment, isBody } from "../volume/compartment.js";
import type { AnatomicalFrame } from "../volume/frame.js";
import { indexToWorld, type Vec3, type Volume } from "../volume/volume.js";

/** The shapes in which vertebral bodies fail, by where the damage is. */
export type FracturePattern = "anterior wedge" | "biconcave" | "crush" | "burst-like" | "posterior" | "none";

export interface PatternEvidence {
  readonly pattern: FracturePattern;
  readonly rule: string; // in words, with its numbers
  /** Mean damage of the body's bone in its thirds from front to back, 0 to 1. */
  readonly anterior: number;
  readonly middle: number;
  readonly posterior: number;
  readonly posteriorWall: number; // of the shell in the posterior sixth
}

/** Thresholds of the rule, all engineering values [C]. */
const LEAST = 0.005; // mean damage below which nothing has failed
const WEDGE = 1.5; // anterior over posterior
const CENTRAL = 1.25; // middle over both others
const BURST_WALL = 0.1; // mean damage of the posterior wall
const BURST_EXCESS = 1.25; // posterior wall over the mean of the thirds

const rule =
  `Mean damage of the body's bone that is shortened, by thirds of its depth: burst-like when the posterior wall has ${BURST_WALL} or more and ${BURST_EXCESS} ` +
  `times the mean of the thirds; else anterior wedge when the front has ${WEDGE} times the back, and as much as the middle; biconcave ` +
  `when the middle has ${CENTRAL} times both; posterior when the back has ${WEDGE} times the front; else crush. None below ${LEAST}. ` +
  "Engineering thresholds, after the shapes that Genant named by heights.";

/**
 * In which shape a vertebral body has failed, from the damage of its elements: the ends of the model are rigid, so that
 * heights do not tell.
 *
 * @param damage per voxel, 0 to 1, of what is crushed: shortened along the cranial axis
 * @param labels compartments on the same grid
 *
 * Source of the shapes: Genant et al. 1993 (wedge: anterior height, biconcave: middle, crush: all).
 */
export function fracturePattern(
  damage: Volume<"fraction">,
  labels: Volume<"label">,
  frame: AnatomicalFrame,
): PatternEvidence {
  const depth = bodyDepths(labels, frame);
  const zones = { anterior: mean(), middle: mean(), posterior: mean(), posteriorWall: mean() };
  for (let n = 0; n < depth.length; n++) {
    if (Number.isNaN(depth[n]!)) continue;
    const third = depth[n]! < 1 / 3 ? "anterior" : depth[n]! < 2 / 3 ? "middle" : "posterior";
    zones[third].add(damage.data[n]!);
    if (depth[n]! > 5 / 6 && labels.data[n] === Compartment.bodyShell) zones.posteriorWall.add(damage.data[n]!);
  }
  const evidence = {
    anterior: zones.anterior.value(),
    middle: zones.middle.value(),
    posterior: zones.posterior.value(),
    posteriorWall: zones.posteriorWall.value(),
  };
  return { pattern: patternOf(evidence), rule, ...evidence };
}

function patternOf({
  anterior,
  middle,
  posterior,
  posteriorWall,
}: Omit<PatternEvidence, "pattern" | "rule">): FracturePattern {
  if (Math.max(anterior, middle, posterior) < LEAST) return "none";
  const meanOfThirds = (anterior + middle + posterior) / 3;
  if (posteriorWall >= BURST_WALL && posteriorWall >= BURST_EXCESS * meanOfThirds) return "burst-like";
  if (anterior >= WEDGE * posterior && anterior >= middle) return "anterior wedge";
  if (middle >= CENTRAL * Math.max(anterior, posterior)) return "biconcave";
  if (posterior >= WEDGE * anterior) return "posterior";
  return "crush";
}

/** Depth of each voxel of the body, 0 at its front and 1 at its back; not a number elsewhere. */
function bodyDepths(labels: Volume<"label">, { anterior, centre }: AnatomicalFrame): Float64Array {
  const along = (p: Vec3) => -p.reduce((sum, x, a) => sum + (x - centre[a]!) * anterior[a]!, 0);
  const [nx, ny] = labels.size;
  const depth = new Float64Array(labels.data.length).fill(Number.NaN);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let n = 0; n < depth.length; n++) {
    if (!isBody(labels.data[n]!)) continue;
    depth[n] = along(indexToWorld(labels, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]));
    low = Math.min(low, depth[n]!);
    high = Math.max(high, depth[n]!);
  }
  return depth.map((d) => (d - low) / (high - low || 1));
}

function mean() {
  let [sum, count] = [0, 0];
  return {
    add: (value: number) => {
      sum += value;
      count++;
    },
    value: () => (count > 0 ? sum / count : 0),
  };
}
