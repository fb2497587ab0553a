/**
 * What isotropic damage is driven by, of a state of strain: [0] the strain √(2ψ/E) that would store the same energy
 * uniaxially, and [1] how much of the state is tension: 1 in uniaxial tension, 0 in compression, ½ in shear.
 *
 * Damage that follows [0] dissipates the same energy however the material around it constrains it.
 *
 * @param strain xx, yy, zz, yz, xz, xy; shears are engineering strains
 * @param out    two values, written
 *
 * Source: Simo & Ju, Strain- and stress-based continuum damage models (1987).
 */
export function equivalentStrain(strain: Float64Array, poisson: number, out: Float64Array): void {
  const x = strain[0]!;
  const y = strain[1]!;
  const z = strain[2]!;
  const trace = x + y + z;
  const normal = x * x + y * y + z * z;
  const shear = 0.5 * (strain[3]! * strain[3]! + strain[4]! * strain[4]! + strain[5]! * strain[5]!);
  // stress over E: λ'·trace·1 + 2μ'·ε, with the constants of a unit modulus
  const mu2 = 1 / (1 + poisson);
  const lambda = (mu2 * poisson) / (1 - 2 * poisson);
  out[0] = Math.sqrt(lambda * trace * trace + mu2 * (normal + shear));
  const mises = mu2 * Math.sqrt(1.5 * Math.max(0, normal + shear - (trace * trace) / 3));
  const stressTrace = (3 * lambda + mu2) * trace;
  out[1] = mises > 0 ? Math.min(1, Math.max(0, 0.5 + (0.5 * stressTrace) / mises)) : stressTrace > 0 ? 1 : 0;
}
