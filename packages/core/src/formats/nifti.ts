import { SpondylError } from "../error.js";
import { type Quantity, type Volume, voxelCount } from "../volume/volume.js";
import { gunzip, gzip, isGzip } from "./gzip.js";
import { type NiftiHeader, parseNiftiHeader } from "./niftiHeader.js";
import { requireQuantity } from "./quantity.js";
import { decodeScalars, encodeScalars, requireFinite, type ScalarType, scalarBytes, smallestType } from "./scalars.js";

/**
 * Header of a NIfTI file, compressed or not.
 * @throws SpondylError as `readNifti`, except for the voxels
 */
export const niftiHeader = (bytes: Uint8Array): NiftiHeader => parseNiftiHeader(unpacked(bytes));

/**
 * A NIfTI-1 or NIfTI-2 image (.nii or .nii.gz, either byte order, any whole-number or floating type), scaled by the
 * header's slope and intercept. Right-anterior-superior in the file becomes LPS here.
 * @param quantity what the voxels hold; a file that Spondyl wrote names its own, and another one is refused
 * @throws SpondylError "bad-input" for a damaged, cut-off or non-finite image, "unsupported" for sheared grids,
 *   several frames, colour and complex numbers
 */
export function readNifti<Q extends Quantity>(bytes: Uint8Array, quantity: Q): Volume<Q> {
  const file = unpacked(bytes);
  const header = parseNiftiHeader(file);
  requireQuantity("nifti", header.quantity, quantity);
  const count = voxelCount(header.grid.size);
  const stored = file.subarray(header.dataOffset);
  const needed = count * scalarBytes(header.type);
  if (stored.length < needed)
    throw new SpondylError(
      "bad-input",
      `nifti: the file is cut off: ${header.grid.size.join(" x ")} voxels of ${header.type} need ${needed} bytes, ${stored.length} are there. ` +
        "Copy or download it again.",
      { needed, found: stored.length },
    );
  return requireFinite({ quantity, ...header.grid, data: decodeScalars(stored, count, header) }, "nifti");
}

export interface WriteNiftiOptions {
  readonly compress?: boolean;
}

/**
 * The volume as NIfTI-1: `.nii.gz`, or `.nii` with `compress: false`. Whole numbers are stored in the smallest
 * integer type that holds them, others as float32: reading gives the same voxels bit for bit, and the grid to float32.
 * @throws SpondylError "unsupported" above 32767 voxels along an axis
 */
export function writeNifti(volume: Volume, { compress = true }: WriteNiftiOptions = {}): Uint8Array {
  if (volume.size.some((n) => n > 32767))
    throw new SpondylError(
      "unsupported",
      `nifti: ${volume.size.join(" x ")} voxels are more than the 32767 an axis may have. Crop the volume.`,
      { size: volume.size },
    );
  const type = smallestType(volume.data);
  const voxels = encodeScalars(volume.data, type);
  const file = new Uint8Array(dataOffset + voxels.length);
  writeHeader(new DataView(file.buffer), volume, type);
  file.set(voxels, dataOffset);
  return compress ? gzip(file) : file;
}

const unpacked = (bytes: Uint8Array) => (isGzip(bytes) ? gunzip(bytes, "the NIfTI file") : bytes);

const dataOffset = 352; // header, and four bytes that say: no extension

const typeCodes = { uint8: 2, int16: 4, int32: 8, float32: 16, uint16: 512 } as const;

function writeHeader(view: DataView, { size, spacing, quantity, ...grid }: Volume, type: ScalarType): void {
  const f32 = (at: number, ...values: number[]) => {
    for (const [n, v] of values.entries()) view.setFloat32(at + 4 * n, v, true);
  };
  const i16 = (at: number, ...values: number[]) => {
    for (const [n, v] of values.entries()) view.setInt16(at + 2 * n, v, true);
  };
  const ascii = (at: number, text: string) => {
    for (const [n, c] of new TextEncoder().encode(text).entries()) view.setUint8(at + n, c);
  };
  const turn = [0, 1, 2].map((r) => [0, 1, 2].map((c) => (r < 2 ? -1 : 1) * grid.direction[3 * r + c]!)); // R, A, S
  const origin = [-grid.origin[0], -grid.origin[1], grid.origin[2]];
  const { quaternion, mirror } = quaternionOf(turn);
  view.setInt32(0, 348, true);
  i16(40, 3, ...size, 1, 1, 1, 1);
  i16(70, typeCodes[type as keyof typeof typeCodes], 8 * scalarBytes(type));
  f32(76, mirror, ...spacing);
  f32(108, dataOffset, 1, 0); // slope 1, intercept 0
  view.setUint8(123, 2); // mm
  ascii(148, "spondyl");
  i16(252, 1, 1); // qform and sform: scanner coordinates
  f32(256, ...quaternion, ...origin);
  for (const [r, row] of turn.entries()) f32(280 + 16 * r, ...row.map((v, c) => v * spacing[c]!), origin[r]!);
  ascii(328, quantity);
  ascii(344, "n+1");
}

/** b, c, d of the unit quaternion a + bi + cj + dk, a >= 0, of a matrix; mirror -1: its third column points backwards. */
function quaternionOf(matrix: readonly (readonly number[])[]): { quaternion: number[]; mirror: 1 | -1 } {
  const mirror = determinant(matrix) < 0 ? -1 : 1;
  const m = (r: number, c: number) => matrix[r]![c]! * (c === 2 ? mirror : 1);
  // each of 4a², 4b², 4c², 4d² from the diagonal; start from the largest, where the division is safe
  const squares = [
    1 + m(0, 0) + m(1, 1) + m(2, 2),
    1 + m(0, 0) - m(1, 1) - m(2, 2),
    1 - m(0, 0) + m(1, 1) - m(2, 2),
    1 - m(0, 0) - m(1, 1) + m(2, 2),
  ];
  const [ab, ac, ad] = [m(2, 1) - m(1, 2), m(0, 2) - m(2, 0), m(1, 0) - m(0, 1)]; // 4ab, 4ac, 4ad
  const [bc, bd, cd] = [m(0, 1) + m(1, 0), m(0, 2) + m(2, 0), m(1, 2) + m(2, 1)]; // 4bc, 4bd, 4cd
  const largest = squares.indexOf(Math.max(...squares));
  const products = [
    [squares[0]!, ab, ac, ad],
    [ab, squares[1]!, bc, bd],
    [ac, bc, squares[2]!, cd],
    [ad, bd, cd, squares[3]!],
  ];
  const q = products[largest]!.map((p) => p / (2 * Math.sqrt(squares[largest]!)));
  return { quaternion: q.slice(1).map((v) => (q[0]! < 0 ? -v : v)), mirror };
}

const determinant = (m: readonly (readonly number[])[]) =>
  [0, 1, 2].reduce(
    (sum, c) =>
      sum + m[0]![c]! * (m[1]![(c + 1) % 3]! * m[2]![(c + 2) % 3]! - m[1]![(c + 2) % 3]! * m[2]![(c + 1) % 3]!),
    0,
  );
