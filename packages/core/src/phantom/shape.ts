import { random } from "../random.js";
import type { Vec3 } from "../volume/volume.js";
import { type Dimensions, dimensionsOf, type PhantomLevel } from "./levels.js";
import type { Pose } from "./settings.js";
import { type Box, boxAround, cornersOf } from "./solids.js";
import { type Vertebra, vertebra } from "./vertebra.js";

/** Streams of the seed: one for each use, so that a change of one leaves the others. */
export const streams = { shape: 1, texture: 2, noise: 3 } as const;

/** The vertebra of a level and seed: mean dimensions, each scaled by 1 + variation × a normal number within ±2.5. */
export function drawVertebra(level: PhantomLevel, seed: number, variation: number): Vertebra {
  const { normal } = random(seed, streams.shape);
  const factor = () => 1 + variation * Math.max(-2.5, Math.min(2.5, normal()));
  const mean = dimensionsOf(level);
  const overall = factor(),
    heights = factor();
  const drawn = Object.entries(mean).map(([name, value]) => {
    const own = factor(); // drawn for all, so that the stream does not depend on the names
    if (name === "wedgeDeg" || name === "facetDeg") return [name, value * own];
    if (name === "posteriorHeight") return [name, value * overall * heights];
    if (name.endsWith("Width") || name.endsWith("Depth")) return [name, value * overall * (1 + (own - 1) / 2)]; // the two end-plates fit
    return [name, value * overall * own];
  });
  return vertebra(Object.fromEntries(drawn) as unknown as Dimensions);
}

/** Rows of the turn from the vertebra's own axes to LPS: first the tilt about left, then the bend, then the turn. */
export function poseMatrix({ tiltDeg, bendDeg, turnDeg }: Required<Pose>): readonly [Vec3, Vec3, Vec3] {
  const [a, b, c] = [tiltDeg, bendDeg, turnDeg].map((deg) => (deg * Math.PI) / 180) as [number, number, number];
  const [ca, sa, cb, sb, cc, sc] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), Math.cos(c), Math.sin(c)];
  return [
    [cc * cb, cc * sb * sa - sc * ca, cc * sb * ca + sc * sa],
    [sc * cb, sc * sb * sa + cc * ca, sc * sb * ca - cc * sa],
    [-sb, cb * sa, cb * ca],
  ];
}

/** A vector in LPS of one in the vertebra's own axes, and the other way. */
export const toWorld = (m: readonly [Vec3, Vec3, Vec3], [x, y, z]: Vec3): Vec3 => [
  m[0][0] * x + m[0][1] * y + m[0][2] * z,
  m[1][0] * x + m[1][1] * y + m[1][2] * z,
  m[2][0] * x + m[2][1] * y + m[2][2] * z,
];
export const toOwn = (m: readonly [Vec3, Vec3, Vec3], p: Vec3): Vec3 => [
  m[0][0] * p[0] + m[1][0] * p[1] + m[2][0] * p[2],
  m[0][1] * p[0] + m[1][1] * p[1] + m[2][1] * p[2],
  m[0][2] * p[0] + m[1][2] * p[1] + m[2][2] * p[2],
];

/** A box in LPS around the turned vertebra, mm; the middle of its body lies at the origin. */
export function worldBox({ boxes }: Vertebra, m: readonly [Vec3, Vec3, Vec3]): Box {
  const { low, high } = boxAround(boxes.flatMap(cornersOf).map((corner) => toWorld(m, corner)));
  return { low: [low[0] - room, low[1] - room, low[2] - room], high: [high[0] + room, high[1] + room, high[2] + room] };
}

const room = 1; // mm around the closed forms: roundings may stand out by a little
