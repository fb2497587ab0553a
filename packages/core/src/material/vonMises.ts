import type { PointLaw } from "./pointLaw.js";

export interface PerfectPlasticityInput {
  readonly youngMPa: Float32Array; // by element
  readonly poisson: number;
  readonly yieldMPa: Float32Array; // uniaxial yield stress by element; Infinity or 0: elastic for ever
}

/**
 * Perfect plasticity after von Mises: the equivalent stress does not exceed the yield stress. Radial return, which is
 * exact for the fully implicit step, and its consistent tangent.
 *
 * Source: Simo & Hughes, Computational inelasticity (1998), boxes 3.1 and 3.2.
 */
export function vonMises({ youngMPa, poisson, yieldMPa }: PerfectPlasticityInput): PointLaw {
  const s = new Float64Array(6);
  return {
    kind: "point",
    name: "von-mises",
    constants: { poisson },
    regularisation: "none needed: perfect plasticity does not soften; the load converges with the mesh from above.",
    isotropicElasticity: true,
    stateSize: 6,
    respond: (element, strain, state, at, out) => {
      const mu = youngMPa[element]! / (2 * (1 + poisson));
      const bulk = youngMPa[element]! / (3 * (1 - 2 * poisson));
      const yieldStress = yieldMPa[element]! || Number.POSITIVE_INFINITY;
      const { stress, tangent } = out;
      const volumetric = strain[0]! + strain[1]! + strain[2]!; // plastic flow keeps the volume
      let norm2 = 0;
      for (let c = 0; c < 6; c++) {
        const elastic = strain[c]! - state[at + c]!;
        s[c] = c < 3 ? 2 * mu * (elastic - volumetric / 3) : mu * elastic;
        norm2 += (c < 3 ? 1 : 2) * s[c]! * s[c]!;
        out.state[c] = state[at + c]!;
      }
      const norm = Math.sqrt(norm2);
      const radius = Math.sqrt(2 / 3) * yieldStress;
      out.yielding = norm > radius;
      out.dissipatedMPa = 0;
      const keep = out.yielding ? radius / norm : 1;
      for (let c = 0; c < 6; c++) stress[c] = keep * s[c]! + (c < 3 ? bulk * volumetric : 0);
      if (!out.yielding) return;
      const flow = (norm - radius) / (2 * mu);
      for (let c = 0; c < 6; c++) {
        s[c] = s[c]! / norm; // direction of the flow
        out.state[c]! += flow * (c < 3 ? 1 : 2) * s[c]!;
      }
      out.dissipatedMPa = flow * radius;
      for (let r = 0; r < 6; r++)
        for (let c = 0; c < 6; c++) {
          let k = -2 * mu * keep * s[r]! * s[c]!;
          if (r < 3 && c < 3) k += bulk - (2 / 3) * mu * keep;
          if (r === c) k += (r < 3 ? 2 : 1) * mu * keep;
          tangent[6 * r + c] = k;
        }
    },
  };
}
