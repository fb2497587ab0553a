import { invertOrthotropic, type Orthotropic, timesOrthotropic } from "../linalg/orthotropic.js";
import { principalAxes } from "../linalg/principalAxes.js";
import { voigtPairs } from "../linalg/voigt.js";
import { type FabricPhase, leastBvtv } from "./fabricConstants.js";

/**
 * Bone of one density and fabric, in the axes of its fabric and in Mandel's components: xx, yy, zz, then √2 times yz, xz,
 * xy, so that products of vectors are products of tensors.
 *
 * Strength is the quadric √(s:𝔽:s) + F:s = R. Squared, it is the ellipsoid ½·s:P:s + R·F:s = ½·R² with P = 𝔽 − F⊗F, and
 * as such it is kept: P is positive definite where the quadric is closed.
 */
export interface FabricElement {
  readonly stiffness: Orthotropic; // MPa
  readonly compliance: Orthotropic; // 1/MPa
  readonly P: Orthotropic; // 1/MPa²
  readonly F: Float64Array; // 1/MPa, six components, shears 0
  readonly centre: Float64Array; // P⁻¹·F, MPa: the ellipsoid lies about −R times it
  readonly centreStrain: Float64Array; // elastic strain of that
  reach: number; // √(s:P:s) from the centre to the surface, over R
  /** Strain in these components from one in the grid's axes with engineering shears, 6×6 by rows; its transpose turns stress back. */
  readonly basis: Float64Array;
}

export const newFabricElement = (): FabricElement => ({
  stiffness: new Float64Array(12),
  compliance: new Float64Array(12),
  P: new Float64Array(12),
  F: new Float64Array(6),
  centre: new Float64Array(6),
  centreStrain: new Float64Array(6),
  reach: 1,
  basis: new Float64Array(36),
});

const eigenvalues = new Float64Array(3);
const axes = new Float64Array(9);
const inverse = new Float64Array(12);

/**
 * @param bvtv   bone volume fraction, in (0, 1]
 * @param tensor of the fabric, its six components begin at `at`; see `fabricTensor`
 *
 * Source: Zysset & Curnier 1995, 10.1016/0167-6636(95)00018-6 (elasticity [B]); Schwiedrzik, Wolfram & Zysset 2013,
 * 10.1007/s10237-013-0472-5 (quadric [B]).
 */
export function writeFabricElement(
  phase: FabricPhase,
  bvtv: number,
  tensor: ArrayLike<number>,
  at: number,
  out: FabricElement,
): void {
  const components = Array.from({ length: 6 }, (_, c) => tensor[at + c]!);
  principalAxes(components, eigenvalues, axes);
  const scale = 3 / (eigenvalues[0]! + eigenvalues[1]! + eigenvalues[2]!);
  const m = eigenvalues.map((value) => scale * value);
  const rho = Math.max(leastBvtv, bvtv);
  writeElasticity(phase, rho, m, out);
  writeStrength(phase, rho, m, out);
  writeBasis(axes, out.basis);
}

function writeElasticity(phase: FabricPhase, rho: number, m: Float64Array, out: FabricElement): void {
  const { youngMPa, poisson, shearMPa, k, l } = phase;
  const g = m.map((value) => Math.sqrt(rho ** k) * value ** l);
  const lambda = (youngMPa * poisson) / ((1 + poisson) * (1 - 2 * poisson));
  const along = lambda * (1 / poisson - 1);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) out.stiffness[3 * i + j] = (i === j ? along : lambda) * g[i]! * g[j]!;
    out.stiffness[9 + i] = 2 * shearMPa * g[(i + 1) % 3]! * g[(i + 2) % 3]!;
  }
  invertOrthotropic(out.stiffness, out.compliance);
}

function writeStrength(phase: FabricPhase, rho: number, m: Float64Array, out: FabricElement): void {
  const { tensionMPa, compressionMPa, interaction, shearStrengthMPa, p, q } = phase;
  const s = m.map((value) => Math.sqrt(rho ** p) * value ** q); // s² is the strength along an axis, over σ₀
  const product = 2 * tensionMPa * compressionMPa;
  const mean = (tensionMPa + compressionMPa) / product;
  const lean = (compressionMPa - tensionMPa) / product;
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      const quadric = (i === j ? 1 : -interaction) * mean * mean;
      out.P[3 * i + j] = (quadric - lean * lean) / (s[i]! * s[j]!) ** 2;
    }
    out.P[9 + i] = 0.5 / (shearStrengthMPa * s[(i + 1) % 3]! * s[(i + 2) % 3]!) ** 2;
    out.F[i] = lean / s[i]! ** 2;
  }
  invertOrthotropic(out.P, inverse);
  timesOrthotropic(inverse, out.F, out.centre);
  timesOrthotropic(out.compliance, out.centre, out.centreStrain);
  out.reach = Math.sqrt(1 + out.F[0]! * out.centre[0]! + out.F[1]! * out.centre[1]! + out.F[2]! * out.centre[2]!);
}

function writeBasis(v: Float64Array, out: Float64Array): void {
  voigtPairs.forEach(([a, b], m) => {
    voigtPairs.forEach(([i, j], c) => {
      const one = v[3 * i + a]! * v[3 * j + b]!;
      if (a === b) out[6 * m + c] = one;
      else out[6 * m + c] = i === j ? Math.SQRT2 * one : Math.SQRT1_2 * (one + v[3 * j + a]! * v[3 * i + b]!);
    });
  });
}
