import { SpondylError } from "../error.js";
import { writeHdf5 } from "../formats/hdf5.js";
import type { Run } from "../run.js";
import type { Vec3 } from "../volume/volume.js";
import type { VoxelModel } from "../volume/voxelModel.js";
import type { ExportCase, Exported, ExportOptions } from "./exportCase.js";
import { type HexMesh, hexMesh } from "./hexMesh.js";
import { type Prescribed, prescribed } from "./prescribed.js";

/**
 * An input file for ParOSol: the image of moduli itself, each voxel with its own. ParOSol writes its results into the
 * same file.
 * @throws SpondylError as `hexMesh` and `prescribed`; "unsupported" for what ParOSol cannot: yield stresses, voxels
 *   that are no cubes, a negative Poisson's ratio, more than 32 767 nodes along an axis
 * Source: ParOSol (TU Wien), doc/file_format.md; it reads the coordinates as signed 16-bit numbers.
 */
export async function exportParosol(given: ExportCase, _options: ExportOptions = {}, run: Run = {}): Promise<Exported> {
  const mesh = hexMesh(given.model);
  requireParosol(given.model, given.yieldMPa);
  const held = prescribed(mesh, given.constraints);
  const [nx, ny, nz] = mesh.size;
  run.signal?.throwIfAborted();
  const file = await writeHdf5({
    groups: {
      Image_Data: {
        datasets: {
          Image: { data: given.model.modulus.data, shape: [nz, ny, nx] },
          Voxelsize: { data: Float64Array.of(mesh.spacing[0]), shape: [1] },
          Poisons_ratio: { data: Float64Array.of(given.model.poisson), shape: [1] }, // the format spells it so
          Fixed_Displacement_Coordinates: { data: places(mesh, held), shape: [held.length, 4] },
          Fixed_Displacement_Values: { data: Float32Array.from(held, (p) => p.valueMm), shape: [held.length] },
        },
      },
    },
  });
  return { chunks: [file], elements: mesh.voxel.length, nodes: mesh.node.length, findings: [] };
}

/** Node z, y, x and axis of each entry. */
function places({ size, node }: HexMesh, held: readonly Prescribed[]): Uint16Array {
  const [nx, ny] = [size[0] + 1, size[1] + 1];
  const rows = new Uint16Array(4 * held.length);
  for (const [row, { at, axis }] of held.entries()) {
    const n = node[at]!;
    rows.set([Math.floor(n / (nx * ny)), Math.floor(n / nx) % ny, n % nx, axis], 4 * row);
  }
  return rows;
}

function requireParosol({ modulus: { size, spacing }, poisson }: VoxelModel, yieldMPa: Float32Array | undefined): void {
  const refuse = (message: string) => new SpondylError("unsupported", `export: ParOSol ${message}`);
  if (yieldMPa) throw refuse("is linear and knows no yield stress. Leave it out, or write another format.");
  if (!isCube(spacing))
    throw refuse(`takes cubes, not voxels of ${spacing.join(" × ")} mm. Resample the image, or write another format.`);
  if (poisson < 0) throw refuse(`takes a Poisson's ratio from 0, not ${poisson}. Write another format.`);
  if (size.some((n) => n > 32_766))
    throw refuse(`takes up to 32766 voxels along an axis, not ${size.join(" × ")}. Crop the image.`);
}

/** Whether the edges agree to what a header of 32-bit numbers can hold. */
const isCube = ([x, y, z]: Vec3): boolean => Math.max(x, y, z) - Math.min(x, y, z) <= 1e-5 * x;
