import type { Constraints, Solution } from "../volume/voxelModel.js";

/**
 * The force (N) that moves an end by one displacement while all else is held: from the energy, F = uᵀKu / u_end. At a
 * given residual it is far more accurate than the sum of the nodal forces, whose errors do not cancel.
 * Only right when every prescribed displacement is 0 or this one.
 */
export const reactionFromEnergy = ({ strainEnergy }: Solution, displacementMm: number): number =>
  (2 * strainEnergy) / displacementMm;

/** Sum of the reactions (N) along an axis over the entries of the constraints for which `of` says so. */
export function totalReaction(
  { node, axis }: Constraints,
  { reaction }: Solution,
  along: 0 | 1 | 2,
  of: (node: number) => boolean = () => true,
): number {
  let sum = 0;
  for (let i = 0; i < reaction.length; i++) if (axis[i] === along && of(node[i]!)) sum += reaction[i]!;
  return sum;
}
