import { fixedUnknowns } from "../volume/fixedUnknowns.js";
import type { Constraints } from "../volume/voxelModel.js";
import type { HexMesh } from "./hexMesh.js";

/** A prescribed displacement of a node that touches an element. */
export interface Prescribed {
  readonly at: number; // position in the nodes of the mesh
  readonly axis: number; // 0, 1, 2, of the grid
  readonly valueMm: number;
}

/**
 * The constraints on the nodes of a mesh, each once, by node and axis.
 * @throws SpondylError "bad-input" for an entry off the grid and for two that contradict each other
 */
export function prescribed(mesh: HexMesh, constraints: Constraints): Prescribed[] {
  const { unknown, value } = fixedUnknowns(constraints, mesh.size, "export");
  const found: Prescribed[] = [];
  for (const [i, u] of unknown.entries()) {
    const at = mesh.position[Math.floor(u / 3)]!;
    if (at >= 0) found.push({ at, axis: u % 3, valueMm: value[i]! });
  }
  return found;
}
