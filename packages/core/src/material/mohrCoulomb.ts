import { principalAxes } from "../linalg/principalAxes.js";
import { principalValues } from "../linalg/principalValues.js";
import { voigtPairs } from "../linalg/voigt.js";
import type { PointLaw } from "./pointLaw.js";

export interface MohrCoulombInput {
  readonly youngMPa: Float32Array; // by element
  readonly poisson: number;
  readonly compressionMPa: Float32Array; // uniaxial strength by element, > 0; Infinity or 0: elastic for ever
  readonly ratio: number; // compressive over tensile strength, >= 1; 1 is Tresca's law
  readonly name?: string;
}

/** The faces of the pyramid that meet a sorted principal stress: k·σ_i − σ_j = σ_c, as pairs (i, j). */
const MAIN = [[0, 2]] as const;
const EDGES = [
  [
    [0, 2],
    [1, 2],
  ],
  [
    [0, 2],
    [0, 1],
  ],
] as const; // σ1 = σ2, and σ2 = σ3

type Faces = readonly (readonly [number, number])[];

/**
 * Perfect plasticity after Mohr and Coulomb with associated flow: k·σ₁ − σ₃ ≤ σ_c, where k = σ_c/σ_t and tension is
 * positive; with k = 1 it is Tresca's law. Stress returns to the nearest point of the pyramid in the energy norm: a
 * face, an edge, or for k > 1 the apex. The tangent is consistent with that.
 *
 * In terms of cohesion and friction: sin φ = (k − 1)/(k + 1), c = σ_c/(2√k).
 *
 * Source: de Souza Neto, Perić & Owen, Computational methods for plasticity (2008), ch. 8.
 */
export function mohrCoulomb(input: MohrCoulombInput): PointLaw {
  const { youngMPa, poisson, compressionMPa, ratio: k, name = "mohr-coulomb" } = input;
  const trial = new Float64Array(6);
  const [principal, axes, returned] = [new Float64Array(3), new Float64Array(9), new Float64Array(3)];
  const plane = new Float64Array(9); // tangent of the principal stresses
  return {
    kind: "point",
    name,
    constants: { poisson, compressionOverTension: k },
    regularisation: "none needed: perfect plasticity does not soften; the load converges with the mesh from above.",
    isotropicElasticity: true,
    stateSize: 6,
    respond: (element, strain, state, at, out) => {
      const young = youngMPa[element]!;
      const mu = young / (2 * (1 + poisson));
      const lambda = (2 * mu * poisson) / (1 - 2 * poisson);
      const strength = compressionMPa[element]! || Number.POSITIVE_INFINITY;
      elasticStress(strain, state, at, lambda, mu, trial);
      out.state.set(state.subarray(at, at + 6));
      out.dissipatedMPa = 0;
      principalValues(trial, principal);
      out.yielding = k * principal[0]! - principal[2]! > strength * (1 + 1e-12);
      if (!out.yielding) {
        out.stress.set(trial);
        return;
      }
      principalAxes(trial, principal, axes);
      returnToPyramid(principal, lambda, mu, k, strength, returned, plane);
      toGlobal(returned, axes, out.stress);
      consistentTangent(principal, returned, plane, axes, mu, out.tangent);
      plasticStrain(trial, out, young, poisson);
    },
  };
}

/** Tresca's law. @param yieldMPa uniaxial yield stress by element */
export const tresca = (
  input: Pick<MohrCoulombInput, "youngMPa" | "poisson"> & { readonly yieldMPa: Float32Array },
): PointLaw => mohrCoulomb({ ...input, compressionMPa: input.yieldMPa, ratio: 1, name: "tresca" });

function elasticStress(
  strain: Float64Array,
  state: Float64Array,
  at: number,
  lambda: number,
  mu: number,
  out: Float64Array,
): void {
  let trace = 0;
  for (let c = 0; c < 6; c++) {
    out[c] = strain[c]! - state[at + c]!;
    if (c < 3) trace += out[c]!;
  }
  for (let c = 0; c < 6; c++) out[c] = c < 3 ? lambda * trace + 2 * mu * out[c]! : mu * out[c]!;
}

/** Nearest admissible principal stresses and their derivative by the principal elastic strains. */
function returnToPyramid(
  trial: Float64Array,
  lambda: number,
  mu: number,
  k: number,
  strength: number,
  out: Float64Array,
  tangent: Float64Array,
): void {
  for (const faces of [MAIN, EDGES[0], EDGES[1]] as readonly Faces[]) {
    if (!project(trial, faces, lambda, mu, k, strength, out, tangent)) continue;
    const scale = 1e-9 * (Math.abs(trial[0]!) + Math.abs(trial[2]!));
    if (out[0]! >= out[1]! - scale && out[1]! >= out[2]! - scale) return;
  }
  out.fill(strength / (k - 1)); // the apex: nothing moves
  tangent.fill(0);
}

/** Projects on the faces together, in the energy norm. @returns false when a face would have to pull */
function project(
  trial: Float64Array,
  faces: Faces,
  lambda: number,
  mu: number,
  k: number,
  strength: number,
  out: Float64Array,
  tangent: Float64Array,
): boolean {
  const m = faces.length;
  // C·N of each face, N = k at i and −1 at j
  const CN = faces.map(([i, j]) =>
    [0, 1, 2].map((a) => lambda * (k - 1) + 2 * mu * ((a === i ? k : 0) - (a === j ? 1 : 0))),
  );
  const value = faces.map(([i, j]) => k * trial[i]! - trial[j]! - strength);
  const G = faces.map(([i, j]) => CN.map((cn) => k * cn[i]! - cn[j]!)); // NᵀCN
  const inverse = m === 1 ? [[1 / G[0]![0]!]] : inverse2(G[0]!, G[1]!);
  const multiplier = inverse.map((row) => row.reduce((sum, g, b) => sum + g * value[b]!, 0));
  if (multiplier.some((x) => x < -1e-12 * (strength / mu))) return false;
  for (let a = 0; a < 3; a++) {
    out[a] = trial[a]! - multiplier.reduce((sum, x, f) => sum + x * CN[f]![a]!, 0);
    for (let b = 0; b < 3; b++) {
      let c = lambda + (a === b ? 2 * mu : 0);
      for (let f = 0; f < m; f++) for (let g = 0; g < m; g++) c -= CN[f]![a]! * inverse[f]![g]! * CN[g]![b]!;
      tangent[3 * a + b] = c;
    }
  }
  return true;
}

function inverse2([a, b]: readonly number[], [c, d]: readonly number[]): number[][] {
  const det = a! * d! - b! * c!;
  return [
    [d! / det, -b! / det],
    [-c! / det, a! / det],
  ];
}

/** Stress components from principal ones. */
function toGlobal(principal: Float64Array, v: Float64Array, out: Float64Array): void {
  const component = (i: number, j: number) =>
    principal[0]! * v[3 * i]! * v[3 * j]! +
    principal[1]! * v[3 * i + 1]! * v[3 * j + 1]! +
    principal[2]! * v[3 * i + 2]! * v[3 * j + 2]!;
  voigtPairs.forEach(([i, j], c) => {
    out[c] = component(i, j);
  });
}

const basis = new Float64Array(36); // [6·m + c]: rows are symmetric products of the principal axes
const inner = new Float64Array(36);

/**
 * Tangent in the grid's axes: the principal block as it is, and a shear modulus per pair of principal axes that turns
 * the returned stress with the trial one.
 */
function consistentTangent(
  trial: Float64Array,
  returned: Float64Array,
  plane: Float64Array,
  v: Float64Array,
  mu: number,
  out: Float64Array,
): void {
  voigtPairs.forEach(([a, b], m) => {
    // strain component along a, b of a strain with engineering shears; the same weights give stress components back
    voigtPairs.forEach(([i, j], c) => {
      basis[6 * m + c] =
        a === b
          ? v[3 * i + a]! * v[3 * j + a]!
          : v[3 * i + a]! * v[3 * j + b]! + (i === j ? v[3 * i + a]! * v[3 * i + b]! : v[3 * j + a]! * v[3 * i + b]!);
    });
  });
  inner.fill(0);
  for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) inner[6 * a + b] = plane[3 * a + b]!;
  for (let m = 3; m < 6; m++) {
    const [a, b] = voigtPairs[m]!;
    const difference = trial[a]! - trial[b]!;
    const scale = 1e-9 * (Math.abs(trial[0]!) + Math.abs(trial[2]!));
    inner[7 * m] =
      Math.abs(difference) > scale
        ? (mu * (returned[a]! - returned[b]!)) / difference
        : (plane[4 * a]! - plane[3 * a + b]!) / 2;
  }
  // out = basisᵀ·inner·basis
  for (let r = 0; r < 6; r++)
    for (let c = 0; c < 6; c++) {
      let sum = 0;
      for (let m = 0; m < 6; m++) {
        if (m >= 3) {
          sum += basis[6 * m + r]! * inner[7 * m]! * basis[6 * m + c]!;
          continue;
        }
        for (let n = 0; n < 3; n++) sum += basis[6 * m + r]! * inner[6 * m + n]! * basis[6 * n + c]!;
      }
      out[6 * r + c] = sum;
    }
}

/** Adds what the return took off the elastic strain to the plastic one, and the work done on it. */
function plasticStrain(
  trial: Float64Array,
  out: { readonly stress: Float64Array; readonly state: Float64Array; dissipatedMPa: number },
  young: number,
  poisson: number,
): void {
  const lost = (c: number) => trial[c]! - out.stress[c]!;
  const trace = lost(0) + lost(1) + lost(2);
  for (let c = 0; c < 6; c++) {
    const flow = c < 3 ? ((1 + poisson) * lost(c) - poisson * trace) / young : (2 * (1 + poisson) * lost(c)) / young;
    out.state[c]! += flow;
    out.dissipatedMPa += out.stress[c]! * flow;
  }
}
