import type { Mask } from "../volume/mask.js";
import type { TriangleMesh } from "../volume/triangleMesh.js";
import { type Volume, worldToIndex } from "../volume/volume.js";
import { fieldAt } from "./fieldAt.js";

/**
 * A field at the vertices of a surface, from the voxels of the mask alone: the surface runs along their edge, and
 * half its neighbours hold nothing.
 * @returns one value per vertex, in the field's unit; NaN more than two voxels off the mask
 */
export function sampleSurface(mesh: TriangleMesh, field: Volume, mask: Mask): Float32Array {
  const { vertices: p } = mesh;
  const values = new Float32Array(p.length / 3);
  for (let v = 0; v < values.length; v++) {
    const [x, y, z] = worldToIndex(field, [p[3 * v]!, p[3 * v + 1]!, p[3 * v + 2]!]);
    values[v] = fieldAt(field.data, mask, field.size, x, y, z);
  }
  return values;
}
