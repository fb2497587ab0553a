import { SpondylError } from "../error.js";
import { type Orthotropic, timesOrthotropic } from "../linalg/orthotropic.js";
import { principalValues } from "../linalg/principalValues.js";
import { type FabricSet, type FabricSetName, fabricSet } from "./fabricConstants.js";
import { type FabricCurveOptions, type FabricCurvePoint, fabricCurve } from "./fabricCurve.js";
import { newFabricElement, writeFabricElement } from "./fabricElement.js";
import { isotropicStiffness, type PointLaw, type PointResponse } from "./pointLaw.js";
import { dot, newReturned, quadric, returnToQuadric } from "./quadricReturn.js";

export interface FabricDamageOptions extends FabricCurveOptions {
  readonly constants?: FabricSetName; // default "hfe-77e9776"
}

export interface FabricDamageInput extends FabricDamageOptions {
  readonly bvtv: Float32Array; // bone volume fraction by element, 0 to 1; 0: no bone but elastic, of youngMPa and poisson
  readonly cortical: Float32Array; // by element: 1 cortical, 0 trabecular
  readonly fabric: Float32Array; // tensor of the fabric, [6·element + component], see `fabricTensor`
  readonly youngMPa: Float32Array; // by element
  readonly poisson: number;
  readonly elementMm: number; // edge of the elements, > 0
}

/**
 * Homogenised bone: orthotropic elasticity, a quadric yield surface and damage, all by density and fabric.
 *
 *     σ = (1 − D)·S(ρ, M):(ε − ε_p)      D = D_c·(1 − exp(−k_D·κ))      κ = ∫|dε_p|
 *     √(s:𝔽:s) + F:s <= r(κ) = 1 + hardening·κ,      dε_p along the normal;      s is σ, or σ/(1 − D)
 *
 * The quadric is of degree 1, so that for s = σ it is one of size r/(1 − D) for the effective stress: either way this is
 * plasticity of σ/(1 − D) with a quadric that grows, which has one answer to each strain, and damage after it.
 *
 * With s = σ, as in the source, strength never falls while strain goes on, and answers do not depend on the mesh. With
 * the effective stress it falls from the onset on, and strain gathers in a layer of elements: see `fabricCurve`.
 *
 * The tangent handed out is symmetric and not negative: that of perfect plasticity at the damage reached and, along the
 * flow, what the full derivative leaves there where that is positive. It is the derivative itself where neither hardening
 * nor damage goes on. It leaves out softening, and how damage turns the stress: that is dD/dκ times the elastic strain.
 *
 * @throws SpondylError "bad-option" for values out of range
 *
 * Source: artorg-unibe-ch/HFE, UMAT_BIPHASIC.f [A: the same law with s = σ].
 */
export function fabricDamage(input: FabricDamageInput): PointLaw {
  const set = fabricSet(input.constants);
  const curve = fabricCurve({ ...input, hardening: input.hardening ?? set.hardening }, input.elementMm);
  checkElements(input);
  const { bone, elastic, select } = elementConstants(input, set);
  const strain = new Float64Array(6); // elastic, in the axes of the fabric
  const stress = new Float64Array(6);
  const returned = newReturned();

  const respondElastically = (total: Float64Array, damage: number, out: PointResponse) => {
    for (let r = 0; r < 6; r++) {
      out.stress[r] = 0;
      for (let c = 0; c < 6; c++) {
        const k = (1 - damage) * elastic[6 * r + c]!;
        out.tangent[6 * r + c] = k;
        out.stress[r]! += k * (total[c]! - out.state[c]!);
      }
    }
  };
  const respondPlastically = (before: FabricCurvePoint, after: FabricCurvePoint, out: PointResponse) => {
    const { multiplier, direction } = returned;
    out.dissipatedMPa = dissipated(before, after);
    for (let c = 0; c < 6; c++) {
      out.stress[c] = (1 - after.damage) * column(bone.basis, c, returned.stress);
      out.state[c]! += (c < 3 ? 1 : 2) * multiplier * column(bone.basis, c, direction);
    }
    out.state[6] = returned.kappa;
    writeTangent(after, out.tangent);
  };
  /** Plastic work and the energy that damage sets free, both by the trapezoidal rule; stress is taken to grow with R. */
  const dissipated = (before: FabricCurvePoint, after: FabricCurvePoint): number => {
    timesOrthotropic(bone.compliance, returned.stress, strain);
    const storedMPa = 0.5 * dot(returned.stress, strain); // undamaged
    const strength = ({ damage, radius }: FabricCurvePoint) => (1 - damage) * radius;
    const flowMPa = returned.multiplier * returned.opening; // times the strength: plastic work, as v:s = w·R
    const smaller = (before.radius / after.radius) ** 2;
    return (
      (flowMPa * (strength(before) + strength(after))) / 2 +
      (after.damage - before.damage) * storedMPa * ((1 + smaller) / 2)
    );
  };
  const writeTangent = ({ damage, strengthSlope, radiusSlope }: FabricCurvePoint, out: Float64Array) => {
    const { direction, stiffness, stiffDirection, along, opening, flowSlope } = returned;
    const size = Math.sqrt(dot(direction, direction));
    const left = (opening * size * strengthSlope) / (1 - radiusSlope * flowSlope); // v:(dσ/dε):v
    const share = Math.max(0, left) / (along * along) - (1 - damage) / along;
    toGrid(bone.basis, stiffness, out);
    for (let c = 0; c < 6; c++) strain[c] = column(bone.basis, c, stiffDirection);
    for (let r = 0; r < 6; r++)
      for (let c = 0; c < 6; c++) out[6 * r + c] = (1 - damage) * out[6 * r + c]! + share * strain[r]! * strain[c]!;
  };

  return {
    kind: "point",
    name: "fabric-damage",
    regularisation: curve.regularisation,
    constants: { ...named("trabecular", set.trabecular), ...named("cortical", set.cortical), ...curve.constants },
    isotropicElasticity: false,
    stateSize: 7, // plastic strain, κ
    damage: (state, at) => curve.at(state[at + 6]!).damage,
    respond: (element, total, state, at, out) => {
      select(element);
      out.state.set(state.subarray(at, at + 7));
      out.dissipatedMPa = 0;
      out.yielding = false;
      if (input.bvtv[element] === 0) return respondElastically(total, 0, out);
      const kappa = state[at + 6]!;
      const before = curve.at(kappa);
      for (let r = 0; r < 6; r++) {
        strain[r] = 0;
        for (let c = 0; c < 6; c++) strain[r]! += bone.basis[6 * r + c]! * (total[c]! - state[at + c]!);
      }
      timesOrthotropic(bone.stiffness, strain, stress);
      out.yielding = quadric(bone, stress) > before.radius * (1 + 1e-12);
      if (!out.yielding) return respondElastically(total, before.damage, out);
      returnToQuadric(bone, strain, kappa, curve.at, returned);
      respondPlastically(before, curve.at(returned.kappa), out);
    },
  };
}

/** What one element is made of, written anew when another is selected: Gauss points come element by element. */
function elementConstants({ bvtv, cortical, fabric, youngMPa, poisson }: FabricDamageInput, set: FabricSet) {
  const bone = newFabricElement();
  const elastic = new Float64Array(36); // in the axes of the grid
  let current = -1;
  const select = (e: number) => {
    if (e === current) return;
    current = e;
    if (bvtv[e] === 0) isotropicStiffness(youngMPa[e]!, poisson, elastic);
    else {
      writeFabricElement(cortical[e] ? set.cortical : set.trabecular, bvtv[e]!, fabric, 6 * e, bone);
      toGrid(bone.basis, bone.stiffness, elastic);
    }
  };
  return { bone, elastic, select };
}

const named = (phase: string, values: object): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${phase}.${name}`, value as number]));

/** Component c in the axes of the grid, Bᵀ·x, of what is x in those of the fabric. */
const column = (basis: Float64Array, c: number, x: Float64Array): number =>
  basis[c]! * x[0]! +
  basis[6 + c]! * x[1]! +
  basis[12 + c]! * x[2]! +
  basis[18 + c]! * x[3]! +
  basis[24 + c]! * x[4]! +
  basis[30 + c]! * x[5]!;

const [turned, product] = [new Float64Array(6), new Float64Array(6)];

/** Bᵀ·M·B: in the axes of the grid, 6×6, what is M in those of the fabric. */
function toGrid(basis: Float64Array, matrix: Orthotropic, out: Float64Array): void {
  for (let c = 0; c < 6; c++) {
    for (let r = 0; r < 6; r++) turned[r] = basis[6 * r + c]!;
    timesOrthotropic(matrix, turned, product);
    for (let r = 0; r < 6; r++) out[6 * r + c] = column(basis, r, product);
  }
}

function checkElements({ bvtv, cortical, fabric }: FabricDamageInput): void {
  const values = new Float64Array(3);
  bvtv.forEach((rho, e) => {
    if (!(rho >= 0 && rho <= 1))
      throw bad(`a bone volume fraction of ${rho}. Give 0 to 1; 0 in a voxel means that it stays elastic.`, { rho });
    if (cortical[e] !== 0 && cortical[e] !== 1)
      throw bad(`a cortical class of ${cortical[e]}. Give 0 (trabecular) or 1.`, { value: cortical[e] });
    if (rho === 0) return;
    principalValues(fabric.subarray(6 * e, 6 * e + 6), values);
    if (!(values[2]! > 0))
      throw bad(`a fabric with the eigenvalues ${values.join(", ")}. Give a tensor whose eigenvalues are above 0.`, {
        values: [...values],
      });
  });
}

const bad = (message: string, details: Record<string, unknown>) =>
  new SpondylError("bad-option", `material: ${message}`, details);
