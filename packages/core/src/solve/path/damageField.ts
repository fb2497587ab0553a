import { type DamageLaw, failedShare } from "../../material/damageLaw.js";
import type { Vec3 } from "../../volume/volume.js";
import { centreStrain, elementSlots } from "../elements.js";
import { hex8Stiffness } from "../hex8.js";
import type { Problem } from "../problem.js";
import type { VoxelLevel } from "../voxelLevel.js";

/** Replaces a value per element by its mean over a neighbourhood. */
export type Average = (value: Float32Array) => Float32Array;

export interface DamageState {
  readonly u: Float64Array;
  readonly damage: Float32Array;
}

/** What a damage law makes of displacements, element by element. Vectors are [axis·stride + slot], mm. */
export interface DamageField {
  /** Damage in these displacements, never less than `least`; written to `out`. */
  grow(u: Float64Array, least: Float32Array, out: Float32Array): void;
  /**
   * Energy dissipated when damage grew on the way from one state to another, N mm: ∫ψ₀dD of each element, its strain and
   * what loads it taken to go there in a straight line.
   * @param moduli MPa by element, undamaged
   */
  dissipated(from: DamageState, to: DamageState, moduli: Float32Array): number;
  /**
   * Finds what displacements are to be multiplied by to dissipate so much on the way there, N mm: ψ₀dD of each element by
   * the trapezoidal rule, from where its damage went on, its loading at `from` or at the onset.
   */
  scaleToDissipate(from: DamageState, moduli: Float32Array, dissipateNMm: number): (u: Float64Array) => number;
  /** Number of elements that are damaged, and that have failed. */
  count(damage: Float32Array): { readonly damaged: number; readonly failed: number };
}

/** Displacements grow or shrink to so many times what they are at most, in one iteration. */
const MOST_SCALE = 2;
/** Parts into which the way from one state to another is cut for its dissipation. */
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
  const [strainBefore, strainBetween] = [new Float64Array(6), new Float64Array(6)];
  const [local, other] = [new Float64Array(24), new Float64Array(24)];
  const strainOf = (u: Float64Array, e: number, out = strain) => centreStrain(u, stride, slots, 8 * e, inverse, out);

  /** ½·uᵀK₀v of an element for a modulus of 1 MPa, N mm. */
  const unitEnergy = (u: Float64Array, v: Float64Array, e: number): number => {
    for (let i = 0; i < 24; i++) {
      const at = (i % 3) * stride + slots[8 * e + Math.floor(i / 3)]!;
      local[i] = u[at]!;
      other[i] = v[at]!;
    }
    let sum = 0;
    for (let r = 0; r < 24; r++) {
      let row = 0;
      for (let c = 0; c < 24; c++) row += unit[24 * r + c]! * other[c]!;
      sum += local[r]! * row;
    }
    return 0.5 * sum;
  };

  /** ∫ψ₀dD of one element for a modulus of 1 MPa, N mm; loadings are those at both ends of the way. */
  const unitDissipation = (
    from: DamageState,
    to: DamageState,
    e: number,
    loading: Float32Array,
    before: Float32Array,
  ) => {
    const start = unitEnergy(from.u, from.u, e);
    const mixed = unitEnergy(from.u, to.u, e);
    const end = unitEnergy(to.u, to.u, e);
    const energyAt = (t: number) => (1 - t) ** 2 * start + 2 * t * (1 - t) * mixed + t * t * end;
    strainOf(from.u, e, strainBefore);
    strainOf(to.u, e);
    const damageAt = (t: number) => {
      for (let c = 0; c < 6; c++) strainBetween[c] = (1 - t) * strainBefore[c]! + t * strain[c]!;
      return law.damage(strainBetween, (1 - t) * before[e]! + t * loading[e]!);
    };
    const most = to.damage[e]!;
    let reached = from.damage[e]!;
    let sum = 0;
    for (let i = 1; i <= PARTS && reached < most; i++) {
      const now = i === PARTS ? most : Math.min(most, Math.max(reached, damageAt(i / PARTS)));
      sum += (now - reached) * energyAt((i - 0.5) / PARTS);
      reached = now;
    }
    return sum;
  };

  /** Loading that drives the damage of each element. */
  const loadings = (u: Float64Array): Float32Array => {
    const loading = new Float32Array(elements);
    for (let e = 0; e < elements; e++) {
      if (law.damageable?.[e] === 0) continue;
      strainOf(u, e);
      loading[e] = law.loading(strain);
    }
    return average ? average(loading) : loading;
  };

  return {
    grow: (u, least, out) => {
      const used = loadings(u);
      for (let e = 0; e < elements; e++) {
        out[e] = least[e]!;
        if (used[e]! <= 1) continue;
        strainOf(u, e);
        out[e] = Math.max(least[e]!, law.damage(strain, used[e]!));
      }
    },
    dissipated: (from, to, moduli) => {
      const [before, loading] = [loadings(from.u), loadings(to.u)];
      let sum = 0;
      for (let e = 0; e < elements; e++)
        if (to.damage[e]! > from.damage[e]!) sum += moduli[e]! * unitDissipation(from, to, e, loading, before);
      return sum;
    },
    scaleToDissipate: (from, moduli, dissipateNMm) => {
      const before = loadings(from.u);
      return (u) => {
        const loading = loadings(u);
        const energy = new Float64Array(elements); // undamaged, of elements that may be damaged further
        const dissipated = (scale: number): number => {
          let sum = 0;
          for (let e = 0; e < elements; e++) {
            const now = scale * loading[e]!;
            if (now <= 1) continue;
            strainOf(u, e);
            const growth = law.damage(strain, now) - from.damage[e]!;
            if (growth <= 0) continue;
            energy[e] ||= moduli[e]! * unitEnergy(u, u, e);
            sum += growth * energy[e]! * scale * Math.min(scale, Math.max(1, before[e]!) / loading[e]!);
          }
          return sum;
        };
        return bisect(dissipated, dissipateNMm);
      };
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

/** Where a function that rises from 0 takes a value, from 1/MOST_SCALE to MOST_SCALE. */
function bisect(rising: (scale: number) => number, value: number): number {
  let [low, high] = [1 / MOST_SCALE, MOST_SCALE];
  while (high - low > 1e-7) {
    const middle = (low + high) / 2;
    if (rising(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
