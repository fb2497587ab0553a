/**
 * A scalar damage law: stress = (1 − D)·E₀·C(ν):ε, one damage and so one modulus per element. Laws are plain records
 * made by the function of their file; constants are that function's options.
 */
export interface DamageLaw {
  readonly kind: "damage";
  readonly name: string;
  /** By element: 0 where it stays elastic for ever; absent: none does. */
  readonly damageable?: Float32Array;
  readonly poisson: number;
  readonly residual: number; // share of the stiffness that a failed element keeps; damage ends at 1 − residual
  /** What the law was made with, for the result: every constant, its unit in its name. */
  readonly constants: Readonly<Record<string, number>>;
  /** How its softening is regularised, and what of the answer still depends on the mesh; in words, for the result. */
  readonly regularisation: string;
  /**
   * How far a state of strain is loaded: 1 at the onset of damage, of degree 1 in the strain.
   * @param strain xx, yy, zz, yz, xz, xy; shears are engineering strains
   */
  loading(strain: Float64Array): number;
  /**
   * Damage in this state, had nothing happened before; rises with the strain, from 0 at the onset to 1 − residual.
   * @param loading of this strain
   */
  damage(strain: Float64Array, loading: number): number;
}

/** Range of the stiffness that a failed element keeps: damage is kept in f32, and an element must not vanish. */
export const leastResidual = { atLeast: 1e-6, below: 1 } as const;

/** Elements that have reached so much of their last damage count as failed. */
export const failedShare = 0.99;
