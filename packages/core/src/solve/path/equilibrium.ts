import type { Motion } from "../../load/rigidEnds.js";

/** Where the superior end goes. */
export interface Steering {
  /** The motion now asked for. */
  readonly motion: Motion;
  /**
   * Told the resultant at that motion, moves the end so that the load keeps its proportions.
   * @returns how far the resultant was from them, relative; 0 when motions are prescribed
   */
  correct(resultant: Motion): number;
  /** Goes so many times as far. */
  scale(factor: number): void;
  /** Keeps what it has learnt for the steps to come, when its state is accepted: failures teach nothing. */
  keep(): void;
}

/** A state in which the model is in equilibrium and its material agrees with it. */
export interface Reached {
  readonly share: number; // of the path, 0 to 1
  readonly motion: Motion;
  readonly resultant: Motion; // on the superior end
  readonly storedNMm: number; // elastic energy
  readonly dissipatedNMm: number; // since the beginning
  readonly damagedMm3: number; // volume of the elements that have left elasticity
  readonly failedMm3: number; // and of those that have failed: damage at its end
  readonly iterations: number; // of the material
  readonly solverIterations: number;
  readonly residual: number; // out-of-balance force over the forces on the ends
}

/** Numbers that describe a state completely, by name. */
export type StateArrays = Readonly<Record<string, Float32Array | Float64Array>>;

/** A model with a non-linear material, brought from one equilibrium to the next. */
export interface Equilibrium {
  /**
   * Seeks equilibrium with the end where the steering says, from the last accepted state.
   * @param share of the path, for a first guess from the last states
   * @param dissipateNMm the end goes so far along its way that the step dissipates this; 0: as far as the steering says
   * @returns undefined when it was not found: the step was too large
   */
  reach(steering: Steering, share: number, dissipateNMm: number): Promise<Reached | undefined>;
  /** Makes what was last reached the accepted state. */
  accept(): void;
  /** The accepted state, as copies. */
  save(): StateArrays;
  /** @throws Error when the arrays are not those of `save` */
  restore(state: StateArrays): void;
  /** What has become of each element in the accepted state, in the order of the elements. */
  fields(): ElementFields;
  /** Accepted displacements, mm, [axis·stride + slot]. */
  displacement(): Float64Array;
  readonly memoryBytes: number; // beside the session's
}

export interface ElementFields {
  readonly damage: Float32Array; // 0 to 1: D; of plasticity without: mean plastic strain over the ultimate one, at most 1
  readonly failedAt: Float32Array; // share of the path at which it failed; 0: it has not
  readonly voxel: Uint32Array; // grid index of the element's voxel
}
