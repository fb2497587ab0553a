import { invertOrthotropic, timesOrthotropic } from "../linalg/orthotropic.js";
import type { FabricElement } from "./fabricElement.js";

/** Size R of the quadric after an accumulated plastic strain κ, and dR/dκ >= 0. */
export type Radius = (kappa: number) => { readonly radius: number; readonly radiusSlope: number };

/** Where a return ends; vectors in the components of `FabricElement`. */
export interface Returned {
  readonly stress: Float64Array; // MPa
  readonly direction: Float64Array; // v = P·s + R·F, along which strain flows
  readonly stiffness: Float64Array; // Ξ = (C⁻¹ + γ·P)⁻¹, an `Orthotropic` matrix
  readonly stiffDirection: Float64Array; // Ξ·v
  multiplier: number; // γ: plastic strain grows by γ·v
  kappa: number;
  along: number; // v·Ξ·v
  opening: number; // w = R − F:s; v = w·∇f
  /** d(γ·|v|)/dR in one state of strain: how much less flows when the quadric grows. */
  flowSlope: number;
}

export const newReturned = (): Returned => ({
  stress: new Float64Array(6),
  direction: new Float64Array(6),
  stiffness: new Float64Array(12),
  stiffDirection: new Float64Array(6),
  multiplier: 0,
  kappa: 0,
  along: 0,
  opening: 0,
  flowSlope: 0,
});

/** √(s:𝔽:s) + F:s: the yield function, 1 on the quadric of size 1 and of degree 1 in the stress. */
export function quadric({ P, F }: Pick<FabricElement, "P" | "F">, stress: Float64Array): number {
  timesOrthotropic(P, stress, scratch);
  const lean = dot(F, stress);
  return Math.sqrt(dot(stress, scratch) + lean * lean) + lean;
}

const MOST_ITERATIONS = 60;
const PRECISION = 1e-13; // relative

/**
 * The fully implicit step back to a quadric that grows with the plastic strain, flow being normal to it: the elastic
 * strain e that solves e = e_trial − γ·v and κ = κ₀ + γ·|v|, on the surface of size R(κ).
 *
 * Seven unknowns are left as two. For one R, stress follows from γ by a 3×3 system, and γ from the secular equation of
 * the ellipsoid, on which Newton's method rises from γ = 0 to the root without fail, however far the trial state lies.
 * Around that, κ is found by Newton's method kept in its bracket: the larger the quadric, the less flows.
 *
 * @param trial elastic strain before the return, outside the quadric of size R(κ₀)
 *
 * Source: Conn, Gould & Toint, Trust-region methods (2000), 7.3 (the secular equation).
 */
export function returnToQuadric(
  element: FabricElement,
  trial: Float64Array,
  before: number,
  radiusAt: Radius,
  out: Returned,
): void {
  let [low, high] = [before, Number.POSITIVE_INFINITY];
  out.kappa = before;
  for (let i = 0; i < MOST_ITERATIONS; i++) {
    const { radius, radiusSlope } = radiusAt(out.kappa);
    project(element, trial, radius, out);
    const flow = out.multiplier * norm(out.direction);
    const miss = before + flow - out.kappa;
    if (Math.abs(miss) <= PRECISION * out.kappa) return;
    if (miss > 0) low = out.kappa;
    else high = out.kappa;
    const next = out.kappa + miss / (1 - radiusSlope * out.flowSlope);
    if (next > low && next < high) out.kappa = next;
    else out.kappa = high < Number.POSITIVE_INFINITY ? (low + high) / 2 : low + 2 * flow;
  }
}

const scratch = new Float64Array(6);
const [shifted, fromCentre, change] = [new Float64Array(6), new Float64Array(6), new Float64Array(6)];
const sum = new Float64Array(12);

/** The state on the quadric of one size that is nearest in the energy norm. */
function project(element: FabricElement, trial: Float64Array, radius: number, out: Returned): void {
  const { compliance, P, centre, centreStrain, reach } = element;
  for (let c = 0; c < 6; c++) shifted[c] = trial[c]! + radius * centreStrain[c]!;
  out.multiplier = 0;
  for (let i = 0; ; i++) {
    for (let c = 0; c < 12; c++) sum[c] = compliance[c]! + out.multiplier * P[c]!;
    invertOrthotropic(sum, out.stiffness);
    timesOrthotropic(out.stiffness, shifted, fromCentre);
    timesOrthotropic(P, fromCentre, out.direction);
    timesOrthotropic(out.stiffness, out.direction, out.stiffDirection);
    out.along = dot(out.direction, out.stiffDirection);
    const square = dot(fromCentre, out.direction);
    const excess = Math.sqrt(square) / (radius * reach) - 1;
    if (Math.abs(excess) <= PRECISION || i === MOST_ITERATIONS) break;
    out.multiplier += (square * excess) / out.along;
  }
  for (let c = 0; c < 6; c++) out.stress[c] = fromCentre[c]! - radius * centre[c]!;
  out.opening = radius - dot(element.F, out.stress);
  out.flowSlope = slopeOfFlow(element, out);
}

/** From v·ds = w·dR on the surface and ds = −Ξ·(v·dγ + γ·F·dR). */
function slopeOfFlow({ P, F }: FabricElement, out: Returned): number {
  const { direction: v, stiffDirection, multiplier, along, opening } = out;
  const multiplierSlope = -(opening + multiplier * dot(stiffDirection, F)) / along;
  timesOrthotropic(out.stiffness, F, change);
  for (let c = 0; c < 6; c++) change[c] = -multiplierSlope * stiffDirection[c]! - multiplier * change[c]!;
  timesOrthotropic(P, change, scratch);
  const size = norm(v);
  return size * multiplierSlope + (multiplier * (dot(v, scratch) + dot(v, F))) / size;
}

/** Of six components. */
export function dot(a: Float64Array, b: Float64Array): number {
  return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]! + a[3]! * b[3]! + a[4]! * b[4]! + a[5]! * b[5]!;
}

const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));
