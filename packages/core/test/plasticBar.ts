import type { ExportCase } from "../src/export/exportCase.js";
import { wellPosed } from "../src/export/wellPosed.js";
import type { Vec3 } from "../src/volume/volume.js";
import { constrain, lcg, modelOf } from "./solveModels.js";

/** A perfectly plastic model whose limit is known. */
export interface PlasticBar {
  readonly given: ExportCase;
  readonly limitN: number; // of the reaction at the upper end along z; negative: compression
}

/**
 * Columns along z of one yield stress each, side by side and joined at their nodes, one of them missing, compressed by
 * 4 % between guided ends: sides and ends are free to widen. The moduli differ from voxel to voxel.
 *
 * The limit is −ΣY·A, exactly, also of the finite-element model: a uniaxial stress of Y in each column is in equilibrium
 * and nowhere beyond yield (lower bound); a uniform uniaxial flow of constant volume dissipates just that (upper bound).
 * Neither the moduli nor Poisson's ratio enter. Made for every engine of plasticity, ours included.
 */
export function plasticBar(): PlasticBar {
  const size: Vec3 = [4, 3, 5];
  const edge: Vec3 = [0.5, 0.5, 0.5];
  const random = lcg(11);
  const yieldOf = Array.from({ length: 12 }, (_, column) => (column === 5 ? 0 : 5 + 5 * random())); // MPa
  const columnOf = (x: number, y: number) => x + 4 * y;
  const bar = modelOf(size, edge, (x, y) => (yieldOf[columnOf(x, y)]! > 0 ? 1000 + 1000 * random() : 0)); // MPa: yields below 1 %
  const moved = constrain(size, (_i, _j, k) => (k === 0 ? [[2, 0]] : k === 5 ? [[2, -0.04 * 2.5]] : []));
  const { model, constraints } = wellPosed(bar, moved);
  const given: ExportCase = {
    title: "Perfectly plastic columns side by side",
    model,
    constraints,
    yieldMPa: Float32Array.from(bar.modulus.data, (_, v) => yieldOf[v % 12]!),
    reactionNodes: Uint32Array.from({ length: 20 }, (_, n) => 100 + n), // the nodes of the upper end
  };
  return { given, limitN: -0.25 * yieldOf.reduce((sum, y) => sum + y, 0) };
}
