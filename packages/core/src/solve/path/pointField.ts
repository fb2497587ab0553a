import { isotropicStiffness, newResponse, type PointLaw } from "../../material/pointLaw.js";
import { voxelVolume } from "../../volume/volume.js";
import { elementSlots } from "../elements.js";
import type { Problem } from "../problem.js";
import { pointGradients, type Tangents, TRIANGLE } from "../tangents.js";
import type { VoxelLevel } from "../voxelLevel.js";

/** What a point law makes of displacements, over all Gauss points of a model. Vectors are [axis·stride + slot]. */
export interface PointField {
  readonly points: number; // Gauss points, eight per element
  /**
   * Stresses, new states and internal forces of displacements.
   * @param before states of all points before the step, [stateSize·point + i]
   * @param after  states after it, written
   * @param force  N, written
   */
  respond(u: Float64Array, before: Float64Array, after: Float64Array, force: Float64Array): FieldResponse;
  /** Tangents of the last `respond`: those of the elements that yield, on top of `effectiveModuli`. */
  readonly tangents: () => Tangents;
  /** Moduli that are about as stiff as the tangents, MPa by element: for the preconditioner. */
  readonly effectiveModuli: Float32Array;
  readonly memoryBytes: number;
}

export interface FieldResponse {
  readonly storedNMm: number;
  readonly dissipatedNMm: number; // in this step
  readonly yielding: number; // Gauss points
}

/** Share of the elastic stiffness that a tangent is mixed with: perfect plasticity may have none of its own. */
const ELASTIC_SHARE = 1e-3;
/** The preconditioner never takes an element for softer than this, relative to its elastic stiffness. */
const LEAST_EFFECTIVE = 0.02;

/** @param moduli elastic ones, MPa by element */
export function pointField(problem: Problem, level: VoxelLevel, law: PointLaw, moduli: Float32Array): PointField {
  const slots = elementSlots(level);
  const { stride } = level;
  const elements = moduli.length;
  const gradients = pointGradients(problem.spacing);
  const pointMm3 = voxelVolume(problem.spacing) / 8;
  const response = newResponse(law.stateSize);
  const strain = new Float64Array(6);
  const local = new Float64Array(24);
  const forces = new Float64Array(24);
  const elastic = new Float64Array(36);
  const effectiveModuli = moduli.slice();
  const soft = new Uint32Array(elements);
  const stiffness = new Float32Array(8 * TRIANGLE * elements);
  const element = new Float64Array(8 * 36); // tangents of one element
  const ownTangent = new Uint8Array(8); // which of its points have one of their own
  let softCount = 0;

  const strainAt = (q: number) => {
    let [xx, xy, xz, yx, yy, yz, zx, zy, zz] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (let a = 0; a < 8; a++) {
      const [gx, gy, gz] = [gradients[24 * a + q]!, gradients[24 * a + 8 + q]!, gradients[24 * a + 16 + q]!];
      const [u, v, w] = [local[3 * a]!, local[3 * a + 1]!, local[3 * a + 2]!];
      xx += u * gx;
      xy += u * gy;
      xz += u * gz;
      yx += v * gx;
      yy += v * gy;
      yz += v * gz;
      zx += w * gx;
      zy += w * gy;
      zz += w * gz;
    }
    strain[0] = xx;
    strain[1] = yy;
    strain[2] = zz;
    strain[3] = yz + zy;
    strain[4] = xz + zx;
    strain[5] = xy + yx;
  };
  const addForces = (q: number, s: Float64Array) => {
    const [xx, yy, zz, yz, xz, xy] = s as unknown as readonly [number, number, number, number, number, number];
    for (let a = 0; a < 8; a++) {
      const gx = pointMm3 * gradients[24 * a + q]!;
      const gy = pointMm3 * gradients[24 * a + 8 + q]!;
      const gz = pointMm3 * gradients[24 * a + 16 + q]!;
      forces[3 * a]! += xx * gx + xy * gy + xz * gz;
      forces[3 * a + 1]! += xy * gx + yy * gy + yz * gz;
      forces[3 * a + 2]! += xz * gx + yz * gy + zz * gz;
    }
  };

  /** Keeps the tangents of an element of which some points have one of their own. */
  const keepTangents = (e: number) => {
    isotropicStiffness(moduli[e]!, problem.poisson, elastic);
    let share = 0;
    for (let q = 0; q < 8; q++) {
      if (!ownTangent[q]) element.set(elastic, 36 * q);
      else
        for (let i = 0; i < 36; i++)
          element[36 * q + i] = (1 - ELASTIC_SHARE) * element[36 * q + i]! + ELASTIC_SHARE * elastic[i]!;
      share += traceOf(element, 36 * q) / traceOf(elastic, 0) / 8;
    }
    const effective = Math.max(LEAST_EFFECTIVE, share);
    effectiveModuli[e] = effective * moduli[e]!;
    const at = 8 * TRIANGLE * softCount;
    for (let q = 0; q < 8; q++)
      for (let r = 0, c = 0; r < 6; r++)
        for (let k = r; k < 6; k++, c++)
          stiffness[at + 8 * c + q] = pointMm3 * (element[36 * q + 6 * r + k]! - effective * elastic[6 * r + k]!);
    soft[softCount++] = e;
  };

  return {
    points: 8 * elements,
    effectiveModuli,
    memoryBytes: stiffness.byteLength + soft.byteLength + effectiveModuli.byteLength,
    tangents: () => ({
      element: soft.subarray(0, softCount),
      stiffness: stiffness.subarray(0, 8 * TRIANGLE * softCount),
    }),
    respond: (u, before, after, force) => {
      let storedMPa = 0;
      let dissipatedMPa = 0;
      let yielding = 0;
      softCount = 0;
      force.fill(0);
      for (let e = 0; e < elements; e++) {
        for (let i = 0; i < 24; i++) local[i] = u[(i % 3) * stride + slots[8 * e + ((i / 3) | 0)]!]!;
        forces.fill(0);
        let own = !law.isotropicElasticity;
        for (let q = 0; q < 8; q++) {
          strainAt(q);
          const at = law.stateSize * (8 * e + q);
          law.respond(e, strain, before, at, response);
          after.set(response.state, at);
          addForces(q, response.stress);
          for (let c = 0; c < 6; c++) storedMPa += 0.5 * response.stress[c]! * (strain[c]! - response.state[c]!);
          dissipatedMPa += response.dissipatedMPa;
          if (response.yielding) yielding++;
          ownTangent[q] = response.yielding || !law.isotropicElasticity ? 1 : 0;
          if (ownTangent[q]) {
            element.set(response.tangent, 36 * q);
            own = true;
          }
        }
        for (let i = 0; i < 24; i++) force[(i % 3) * stride + slots[8 * e + ((i / 3) | 0)]!]! += forces[i]!;
        effectiveModuli[e] = moduli[e]!;
        if (own) keepTangents(e);
      }
      return { storedNMm: storedMPa * pointMm3, dissipatedNMm: dissipatedMPa * pointMm3, yielding };
    },
  };
}

const traceOf = (matrix: Float64Array, at: number): number => {
  let sum = 0;
  for (let i = 0; i < 6; i++) sum += matrix[at + 7 * i]!;
  return sum;
};
