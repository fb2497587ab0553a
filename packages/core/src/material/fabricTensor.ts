import { voigtPairs } from "../linalg/voigt.js";
import type { Vec3 } from "../volume/volume.js";

/**
 * A fabric as a tensor, M = Σ mᵢ·aᵢ⊗aᵢ: xx, yy, zz, yz, xz, xy in the grid's axes.
 * @param values eigenvalues, > 0; laws scale them to the sum 3
 * @param axes   3×3 by rows, columns are the unit vectors of the axes
 */
export const fabricTensor = (values: Vec3, axes: ArrayLike<number>): Float64Array =>
  Float64Array.from(voigtPairs, ([i, j]) =>
    values.reduce((sum, m, a) => sum + m * axes[3 * i + a]! * axes[3 * j + a]!, 0),
  );

/**
 * The fabric of bone whose struts run along grid axis 2, the cranial one, and have no direction across it.
 * @param degreeOfAnisotropy larger over smaller eigenvalue, > 0
 */
export function axialFabric(degreeOfAnisotropy: number): Float64Array {
  const across = 3 / (degreeOfAnisotropy + 2);
  return Float64Array.of(across, across, degreeOfAnisotropy * across, 0, 0, 0);
}
