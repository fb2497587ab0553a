import { type DamageLaw, failedShare } from "../../material/damageLaw.js";
import type { Vec3 } from "../../volume/volume.js";
import { centreStrain, elementSlots } from "../elements.js";
import { hex8Stiffness } from "../hex8.js";
import type { Problem } from "../problem.js";
import type { VoxelLevel } from "../voxelLevel.js";

/** Replaces a value per element by its mean over a neighbourhood. */
export type Average = (value: Float32Array) => Float32Array;

/** What a damage law makes of displacements, element by element. Vectors are [axis·stride + slot], mm. */
export interface DamageField {
  /** Damage in these displacements, never less than `least`; written to `out`. */
  grow(u: Float64Array, least: Float32Array, out: Float32Array): void;
  /**
   * Energy dissipated when damage grew to this in these displacements, N mm: ∫ψ₀dD of each element, its strain taken to
   * have grown in proportion.
   * @param least  damage before
   * @param moduli MPa by element, undamaged
   */
  dissipated(u: Float64Array, least: Float32Array, damage: Float32Array, moduli: Float32Array): number;
  /** Number of elements that are damaged, and that have failed. */
  count(damage: Float32Array): { readonly damaged: number; readonly failed: number };
}

/** Parts into which a proportional growth of strain is cut for its dissipation. */
const PARTS = 64;

export function damageField(
  { spacing, poisson }: Pick<Problem, "spacing" | "poisson">,
  level: VoxelLevel,
  law: DamageLaw,
  average?: Average,
): DamageField {
  const slots = elementSlots(level);
  const { stride } = level;
  const elements = slots.length / 8;
  const inverse = spacing.map((h) => 1 / (4 * h)) as unknown as Vec3;
  const unit = hex8Stiffness(spacing, 1, poisson);
  const strain = new Float64Array(6);
  const local = new Float64Array(24);
  const strainOf = (u: Float64Array, e: number) => centreStrain(u, stride, slots, 8 * e, inverse, strain);

  /** ½·uᵀK₀u of an element for a modulus of 1 MPa, N mm. */
  const unitEnergy = (u: Float64Array, e: number): number => {
    for (let i = 0; i < 24; i++) local[i] = u[(i % 3) * stride + slots[8 * e + Math.floor(i / 3)]!]!;
    let sum = 0;
    for (let r = 0; r < 24; r++) {
      let row = 0;
      for (let c = 0; c < 24; c++) row += unit[24 * r + c]! * local[c]!;
      sum += local[r]! * row;
    }
    return 0.5 * sum;
  };

  return {
    grow: (u, least, out) => {
      const loading = new Float32Array(elements);
      for (let e = 0; e < elements; e++) {
        strainOf(u, e);
        loading[e] = law.loading(strain);
      }
      const used = average ? average(loading) : loading;
      for (let e = 0; e < elements; e++) {
        out[e] = least[e]!;
        if (used[e]! <= 1) continue;
        strainOf(u, e);
        out[e] = Math.max(least[e]!, law.damage(strain, used[e]!));
      }
    },
    dissipated: (u, least, damage, moduli) => {
      let sum = 0;
      for (let e = 0; e < elements; e++) {
        if (damage[e]! <= least[e]!) continue;
        strainOf(u, e);
        sum += moduli[e]! * unitEnergy(u, e) * drivenShare(law, strain, least[e]!, damage[e]!);
      }
      return sum;
    },
    count: (damage) => {
      const last = failedShare * (1 - law.residual);
      let damaged = 0;
      let failed = 0;
      for (const d of damage) {
        if (d > 0) damaged++;
        if (d >= last) failed++;
      }
      return { damaged, failed };
    },
  };
}

/**
 * ∫t²dD while a strain grows in proportion t from 0 to 1 and damage from `least` to `most`: the dissipation over the
 * energy that the strain would store in the undamaged element.
 */
function drivenShare(law: DamageLaw, strain: Float64Array, least: number, most: number): number {
  const part = new Float64Array(6);
  const full = law.loading(strain);
  let sum = 0;
  let before = least;
  for (let i = 1; i <= PARTS && before < most; i++) {
    const t = i / PARTS;
    for (let c = 0; c < 6; c++) part[c] = t * strain[c]!;
    const now = i === PARTS ? most : Math.min(most, Math.max(before, law.damage(part, t * full)));
    sum += (now - before) * ((i - 0.5) / PARTS) ** 2;
    before = now;
  }
  return sum;
}
