import { SpondylError } from "../error.js";
import type { Grid, Quantity, Vec3 } from "../volume/volume.js";
import { gridFromSteps } from "./affine.js";
import { quantityNamed } from "./quantity.js";
import type { ScalarType } from "./scalars.js";

/** What a NIfTI header says of the voxels. Free text (description, auxiliary file) is not read: it can hold names. */
export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  readonly grid: Grid; // LPS, mm
  readonly orientation: "sform" | "qform" | "none"; // where direction and origin come from
  readonly type: ScalarType;
  readonly dataOffset: number; // bytes
  readonly slope: number; // value = slope·stored + intercept; 1 where the header gives none
  readonly intercept: number;
  readonly quantity?: Quantity; // of files that Spondyl wrote
}

const types: Readonly<Record<number, ScalarType>> = {
  2: "uint8",
  4: "int16",
  8: "int32",
  16: "float32",
  64: "float64",
  256: "int8",
  512: "uint16",
  768: "uint32",
  1024: "int64",
  1280: "uint64",
};

/** Whether the (uncompressed) bytes begin with a NIfTI-1 or NIfTI-2 header. */
export const isNifti = (bytes: Uint8Array): boolean => layoutOf(bytes) !== undefined;

/**
 * Header of an uncompressed NIfTI-1 or NIfTI-2 file.
 * Source of the fields and of the quaternion: nifti1.h and nifti2.h of the NIfTI Data Format Working Group.
 * @throws SpondylError "bad-input" when the header is no NIfTI or contradicts itself, "unsupported" for colour,
 *   complex, sheared and time-series images and for header/image pairs
 */
export function parseNiftiHeader(bytes: Uint8Array): NiftiHeader {
  const layout = layoutOf(bytes);
  if (!layout)
    throw new SpondylError(
      "bad-input",
      `nifti: this is no NIfTI file (${bytes.length} bytes, no NIfTI-1 or NIfTI-2 header). Give a .nii or .nii.gz file.`,
      { bytes: bytes.length },
    );
  const { version, littleEndian, read } = layout;
  const headerBytes = version === 1 ? 348 : 540;
  const magic = String.fromCharCode(...bytes.subarray(version === 1 ? 344 : 4, version === 1 ? 347 : 7));
  if (magic === `ni${version}`)
    throw new SpondylError(
      "unsupported",
      "nifti: a .hdr/.img pair is not read. Convert it to one .nii or .nii.gz file.",
    );
  if (magic !== `n+${version}`)
    throw new SpondylError(
      "bad-input",
      `nifti: the header carries no NIfTI signature ("${printable(magic)}"; an Analyze file has no orientation). Convert it to .nii.`,
    );
  const code = read.datatype();
  const type = types[code];
  if (!type)
    throw new SpondylError(
      "unsupported",
      `nifti: data type ${code} (complex, colour or binary) is not read. Save the image as one number per voxel.`,
      { datatype: code },
    );
  const { grid, orientation } = orientationOf(read);
  const slope = read.slope(),
    intercept = read.intercept();
  const scaled = slope !== 0 && Number.isFinite(slope) && Number.isFinite(intercept); // slope 0 means: none
  const quantity = quantityNamed(read.intentName());
  return {
    version,
    littleEndian,
    grid,
    orientation,
    type,
    dataOffset: read.dataOffset() >= headerBytes ? read.dataOffset() : headerBytes + 4,
    slope: scaled ? slope : 1,
    intercept: scaled ? intercept : 0,
    ...(quantity && { quantity }),
  };
}

type Read = ReturnType<typeof reader>;

function layoutOf(bytes: Uint8Array) {
  if (bytes.length < 348) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const littleEndian of [true, false]) {
    const size = view.getInt32(0, littleEndian);
    if (size === 348) return { version: 1, littleEndian, read: reader(view, littleEndian, 1) } as const;
    if (size === 540 && bytes.length >= 540)
      return { version: 2, littleEndian, read: reader(view, littleEndian, 2) } as const;
  }
  return undefined;
}

/** The fields in use, by name, for either version. */
function reader(view: DataView, le: boolean, version: 1 | 2) {
  const i16 = (at: number) => view.getInt16(at, le);
  const f32 = (at: number) => view.getFloat32(at, le);
  const i64 = (at: number) => Number(view.getBigInt64(at, le));
  const f64 = (at: number) => view.getFloat64(at, le);
  const row = (number: (at: number) => number, at: number, width: number) =>
    [0, 1, 2, 3].map((c) => number(at + c * width));
  const text = (at: number, length: number) =>
    new TextDecoder("latin1").decode(new Uint8Array(view.buffer, view.byteOffset + at, length)).replace(/\0.*$/s, "");
  return version === 1
    ? {
        digits: 7 as const,
        dim: (n: number) => i16(40 + 2 * n),
        datatype: () => i16(70),
        pixdim: (n: number) => f32(76 + 4 * n),
        dataOffset: () => f32(108),
        slope: () => f32(112),
        intercept: () => f32(116),
        units: () => view.getUint8(123),
        qformCode: () => i16(252),
        sformCode: () => i16(254),
        quaternion: (n: number) => f32(256 + 4 * n),
        offset: (n: number) => f32(268 + 4 * n),
        sform: (n: number) => row(f32, 280 + 16 * n, 4),
        intentName: () => text(328, 16),
      }
    : {
        digits: 12 as const,
        dim: (n: number) => i64(16 + 8 * n),
        datatype: () => i16(12),
        pixdim: (n: number) => f64(104 + 8 * n),
        dataOffset: () => i64(168),
        slope: () => f64(176),
        intercept: () => f64(184),
        units: () => view.getInt32(500, le),
        qformCode: () => view.getInt32(344, le),
        sformCode: () => view.getInt32(348, le),
        quaternion: (n: number) => f64(352 + 8 * n),
        offset: (n: number) => f64(376 + 8 * n),
        sform: (n: number) => row(f64, 400 + 32 * n, 8),
        intentName: () => text(508, 16),
      };
}

function sizeOf(read: Read): Vec3 {
  const rank = read.dim(0);
  const dims = [1, 2, 3, 4, 5, 6, 7].map((n) => (n <= rank ? read.dim(n) : 1));
  if (!(rank >= 1 && rank <= 7) || dims.some((n) => !(n >= 1)))
    throw new SpondylError(
      "bad-input",
      `nifti: the header gives the impossible size ${dims.join(" x ")} (rank ${rank}). The file is damaged.`,
      { rank, dims },
    );
  if (dims.slice(3).some((n) => n !== 1))
    throw new SpondylError(
      "unsupported",
      `nifti: the image has ${dims.join(" x ")} values: more than one frame. Extract the one frame to use.`,
      { dims },
    );
  return [dims[0]!, dims[1]!, dims[2]!];
}

/** Grid in LPS. The file's axes are R, A, S: the first two change sign. */
function orientationOf(read: Read): Pick<NiftiHeader, "grid" | "orientation"> {
  const size = sizeOf(read);
  const mm = { 1: 1000, 2: 1, 3: 1e-3 }[read.units() & 7] ?? 1; // metre, mm, micron; unknown: mm
  const { rows, orientation } = affineOf(read);
  const sign = [-mm, -mm, mm];
  const column = (c: number): Vec3 => [sign[0]! * rows[0]![c]!, sign[1]! * rows[1]![c]!, sign[2]! * rows[2]![c]!];
  const grid = gridFromSteps("nifti", size, [column(0), column(1), column(2)], column(3), read.digits);
  return { grid, orientation };
}

/** Rows of the 3x4 matrix from voxel index to R, A, S: the sform where there is one, else the qform, else the bare spacing. */
function affineOf(read: Read): { rows: number[][]; orientation: NiftiHeader["orientation"] } {
  const sform = [0, 1, 2].map((n) => read.sform(n));
  const used = read.sformCode() > 0 && [0, 1, 2].every((c) => sform.some((row) => row[c] !== 0));
  if (used) return { rows: sform, orientation: "sform" };
  const spacing = [1, 2, 3].map((n) => Math.abs(read.pixdim(n)) || (n > read.dim(0) ? 1 : Number.NaN));
  const oriented = read.qformCode() > 0;
  const turn = oriented
    ? rotation(read)
    : [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ];
  const rows = turn.map((row, r) => [...row.map((v, c) => v * spacing[c]!), oriented ? read.offset(r) : 0]);
  return { rows, orientation: oriented ? "qform" : "none" };
}

/** Rotation matrix of the header's quaternion; a negative pixdim[0] mirrors the third axis. */
function rotation(read: Read): number[][] {
  let [b, c, d] = [read.quaternion(0), read.quaternion(1), read.quaternion(2)];
  const rest = 1 - (b * b + c * c + d * d);
  const scale = rest < 1e-7 ? 1 / Math.hypot(b, c, d) : 1; // half a turn, up to rounding
  const a = rest < 1e-7 ? 0 : Math.sqrt(rest);
  b *= scale;
  c *= scale;
  d *= scale;
  const mirror = read.pixdim(0) < 0 ? -1 : 1;
  return [
    [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), mirror * 2 * (b * d + a * c)],
    [2 * (b * c + a * d), a * a + c * c - b * b - d * d, mirror * 2 * (c * d - a * b)],
    [2 * (b * d - a * c), 2 * (c * d + a * b), mirror * (a * a + d * d - b * b - c * c)],
  ];
}

const printable = (s: string) => s.replace(/[^ -~]/g, ".");
