import { SpondylError } from "../error.js";
import type { Vec3 } from "./volume.js";
import type { Constraints } from "./voxelModel.js";

/** One prescribed displacement per unknown, sorted. */
export interface Fixed {
  readonly unknown: Float64Array; // 3·(grid node) + axis, ascending, each once
  readonly value: Float64Array; // mm
  readonly entry: Uint32Array; // the entry of the Constraints that it came from (the first, if it was given twice)
}

/** Nodes of the whole grid, voids included. */
export const nodeCount = (size: Vec3): number => (size[0] + 1) * (size[1] + 1) * (size[2] + 1);

/**
 * The constraints in the order of the unknowns, each once.
 * @param size  of the grid, voxels
 * @param stage that asks, for the message
 * @throws SpondylError "bad-input" for an entry off the grid and for two that contradict each other
 */
export function fixedUnknowns({ node, axis, value }: Constraints, size: Vec3, stage: string): Fixed {
  const nodes = nodeCount(size);
  const bad = (message: string, details: Record<string, unknown>) =>
    new SpondylError("bad-input", `${stage}: ${message}`, details);
  const count = node.length;
  if (axis.length !== count || value.length !== count)
    throw bad(
      `${count} constrained nodes, ${axis.length} axes, ${value.length} values. Give one of each per entry.`,
      {},
    );
  for (let i = 0; i < count; i++)
    if (!(node[i]! < nodes && axis[i]! < 3 && Number.isFinite(value[i]!)))
      throw bad(
        `constraint ${i} (node ${node[i]}, axis ${axis[i]}, ${value[i]} mm) is not on the grid of ${nodes} nodes and 3 axes.`,
        { entry: i },
      );
  const unknownOf = (i: number) => 3 * node[i]! + axis[i]!;
  const order = Uint32Array.from(node, (_, i) => i).sort((a, b) => unknownOf(a) - unknownOf(b) || a - b);
  const kept = order.filter((i, at) => at === 0 || unknownOf(order[at - 1]!) !== unknownOf(i));
  for (let at = 1; at < count; at++) {
    const [i, j] = [order[at - 1]!, order[at]!];
    if (unknownOf(i) === unknownOf(j) && value[i] !== value[j])
      throw bad(
        `node ${node[i]} is to move by ${value[i]} and by ${value[j]} mm along axis ${axis[i]}. Give one value.`,
        { entries: [i, j] },
      );
  }
  return {
    unknown: Float64Array.from(kept, unknownOf),
    value: Float64Array.from(kept, (i) => value[i]!),
    entry: kept,
  };
}
