/**
 * A law that is evaluated at the Gauss points of the elements: plasticity, and damage with it. Strains and stresses are
 * xx, yy, zz, yz, xz, xy; shear strains are engineering strains.
 */
export interface PointLaw {
  readonly kind: "point";
  readonly name: string;
  readonly constants: Readonly<Record<string, number>>;
  /** How its softening is regularised, and what of the answer still depends on the mesh; in words, for the result. */
  readonly regularisation: string;
  /** Whether the elastic stiffness is the isotropic one of the model's moduli; if not, `tangent` is always written. */
  readonly isotropicElasticity: boolean;
  /** Numbers that a Gauss point remembers: its plastic strain (6) first. */
  readonly stateSize: number;
  /**
   * Stress, tangent and new state at a Gauss point.
   * @param element number of the element: constants may differ from one to another
   * @param strain  total strain
   * @param state   of all points before this step; the point's own begins at `at`
   * @param out     written
   */
  respond(element: number, strain: Float64Array, state: Float64Array, at: number, out: PointResponse): void;
  /** Damage of a point, 0 to 1, by its state; where a law has none, `plasticDamage` is told. It fails by that in any case. */
  damage?(state: Float64Array, at: number): number;
}

/** Equivalent plastic strain, √(⅔εᵖ:εᵖ), over the ultimate one. */
export function plasticDamage(state: Float64Array, at: number): number {
  let square = 0;
  for (let c = 0; c < 6; c++) square += (c < 3 ? 1 : 0.5) * state[at + c]! * state[at + c]!;
  return Math.sqrt((2 / 3) * square) / ultimatePlasticStrain;
}

/**
 * Plastic strain at which bone has passed its ultimate load: 1.45 %
 * ultimate less 0.84 % yield strain of human vertebral trabecular bone in compression [B: Kopperdahl & Keaveny 1998].
 */
export const ultimatePlasticStrain = 0.0061;

export interface PointResponse {
  readonly stress: Float64Array; // 6, MPa
  readonly tangent: Float64Array; // 6×6, MPa, symmetric; left alone where nothing yields and elasticity is isotropic
  readonly state: Float64Array; // stateSize
  yielding: boolean; // plastic flow or damage in this step
  dissipatedMPa: number; // N mm/mm³, in this step
}

export const newResponse = (stateSize: number): PointResponse => ({
  stress: new Float64Array(6),
  tangent: new Float64Array(36),
  state: new Float64Array(stateSize),
  yielding: false,
  dissipatedMPa: 0,
});

/** Isotropic stiffness, MPa, 6×6. */
export function isotropicStiffness(youngMPa: number, poisson: number, out: Float64Array): Float64Array {
  const mu = youngMPa / (2 * (1 + poisson));
  const lambda = (2 * mu * poisson) / (1 - 2 * poisson);
  out.fill(0);
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) out[6 * r + c] = lambda;
    out[7 * r]! += 2 * mu;
    out[7 * (r + 3)] = mu;
  }
  return out;
}
