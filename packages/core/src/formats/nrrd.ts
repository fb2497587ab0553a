import { SpondylError } from "../error.js";
import { type Grid, gridAxis, type Quantity, type Vec3, type Volume, voxelCount } from "../volume/volume.js";
import { gridFromSteps, three } from "./affine.js";
import { concat, gunzip, gzip } from "./gzip.js";
import { quantityNamed, requireQuantity } from "./quantity.js";
import { decodeScalars, encodeScalars, requireFinite, type ScalarType, scalarBytes, smallestType } from "./scalars.js";

/** Whether the bytes begin like a NRRD file or header. */
export const isNrrd = (bytes: Uint8Array): boolean => latin1(bytes.subarray(0, 7)) === "NRRD000";

/** Name of the detached data file that a NRRD header points to, undefined when the data follow the header. */
export const nrrdDataFile = (bytes: Uint8Array): string | undefined => fileOf(parseFields(bytes).fields);

/**
 * A NRRD image of three axes, raw or gzip, in any byte order; LPS, RAS and LAS spaces become LPS.
 * @param data the detached data file, for a header that points to one (`nrrdDataFile`)
 * @throws SpondylError "bad-input" for a damaged, cut-off or non-finite image, "unsupported" for other encodings,
 *   spaces, and more than one value per voxel
 */
export function readNrrd<Q extends Quantity>(bytes: Uint8Array, quantity: Q, data?: Uint8Array): Volume<Q> {
  const { fields, keys, end } = parseFields(bytes);
  requireQuantity("nrrd", quantityNamed(keys.get("quantity")), quantity);
  const grid = gridOf(fields);
  const type = typeOf(fields);
  const file = fileOf(fields);
  if (file !== undefined && !data)
    throw bad(`the header points to the data file "${file}", which was not given. Give both`);
  const stored = unpack(skip(data ?? bytes.subarray(end), fields), fields);
  const count = voxelCount(grid.size);
  const needed = count * scalarBytes(type);
  if (stored.length < needed)
    throw bad(
      `the data are cut off: ${grid.size.join(" x ")} voxels of ${type} need ${needed} bytes, ${stored.length} are there. Copy or download it again`,
    );
  const littleEndian = endianOf(fields, type);
  return requireFinite({ quantity, ...grid, data: decodeScalars(stored, count, { type, littleEndian }) }, "nrrd");
}

/** The volume as a gzip-compressed NRRD in LPS; whole numbers in the smallest integer type that holds them. */
export function writeNrrd(volume: Volume): Uint8Array {
  const type = smallestType(volume.data);
  const axes = ([0, 1, 2] as const).map((a) => gridAxis(volume, a).map((v) => v * volume.spacing[a]));
  const header = [
    "NRRD0005",
    `type: ${type === "float32" ? "float" : type}`,
    "dimension: 3",
    "space: left-posterior-superior",
    `sizes: ${volume.size.join(" ")}`,
    `space directions: ${axes.map((v) => `(${v.join(",")})`).join(" ")}`,
    `space origin: (${volume.origin.join(",")})`,
    'space units: "mm" "mm" "mm"',
    "kinds: domain domain domain",
    "endian: little",
    "encoding: gzip",
    `quantity:=${volume.quantity}`,
  ];
  return concat([new TextEncoder().encode(`${header.join("\n")}\n\n`), gzip(encodeScalars(volume.data, type))]);
}

type Fields = ReadonlyMap<string, string>;

/** `field: value` and `key:=value` lines up to the empty line, and where the data begin. */
function parseFields(bytes: Uint8Array): { fields: Fields; keys: Fields; end: number } {
  if (!isNrrd(bytes)) throw bad("this is no NRRD file. Give a .nrrd or .nhdr file");
  const fields = new Map<string, string>(),
    keys = new Map<string, string>();
  let end = 0;
  while (end < bytes.length) {
    const stop = bytes.indexOf(10, end);
    const line = latin1(bytes.subarray(end, stop < 0 ? bytes.length : stop)).replace(/\r$/, "");
    end = stop < 0 ? bytes.length : stop + 1;
    if (line === "") break;
    const [, name, sign, value] = /^([^#:]+)(:=|:)\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) (sign === ":=" ? keys : fields).set(name.trim().toLowerCase(), value!.trim());
  }
  return { fields, keys, end };
}

function gridOf(fields: Fields): Grid {
  const sizes = numbers(required(fields, "sizes"));
  const vectors = (fields.get("space directions") ?? "").match(/none|\([^)]*\)/g) ?? [];
  const spatial = sizes.map((_, a) => vectors.length === 0 || vectors[a] !== "none");
  const kept = sizes.map((_, a) => a).filter((a) => spatial[a] && (sizes[a] !== 1 || sizes.length === 3));
  if (kept.length !== 3 || sizes.some((n, a) => !kept.includes(a) && n !== 1))
    throw new SpondylError(
      "unsupported",
      `nrrd: an image of ${sizes.join(" x ")} values is not one number per voxel in three axes. Save one component as a volume.`,
      { sizes },
    );
  if (!kept.every((a) => Number.isInteger(sizes[a]) && sizes[a]! > 0))
    throw bad(`the header gives the impossible size ${sizes.join(" x ")}`);
  const pick = <T>(list: readonly T[]) => [list[kept[0]!]!, list[kept[1]!]!, list[kept[2]!]!] as const;
  const steps = vectors.length
    ? pick(vectors.map((v) => three(numbers(v))))
    : bareSteps(pick(numbers(fields.get("spacings") ?? "1 1 1")));
  const origin = three(numbers(fields.get("space origin") ?? "0 0 0"));
  const toLps = frameOf(fields);
  return gridFromSteps("nrrd", pick(sizes), [toLps(steps[0]), toLps(steps[1]), toLps(steps[2])], toLps(origin));
}

const bareSteps = (s: Vec3): readonly [Vec3, Vec3, Vec3] => [
  [s[0], 0, 0],
  [0, s[1], 0],
  [0, 0, s[2]],
];

/** From the header's space and units to LPS in mm; a header without a space is taken as LPS. */
function frameOf(fields: Fields): (v: Vec3) => Vec3 {
  const signs: Readonly<Record<string, Vec3>> = {
    "left-posterior-superior": [1, 1, 1],
    lps: [1, 1, 1],
    "right-anterior-superior": [-1, -1, 1],
    ras: [-1, -1, 1],
    "left-anterior-superior": [1, -1, 1],
    las: [1, -1, 1],
  };
  const space = (fields.get("space") ?? "lps").toLowerCase();
  const sign = signs[space];
  if (!sign)
    throw new SpondylError(
      "unsupported",
      `nrrd: the space "${space}" is not read. Save the image in LPS, RAS or LAS.`,
      { space },
    );
  const unit = /"([^"]*)"/.exec(fields.get("space units") ?? '"mm"')?.[1] ?? "mm";
  const mm = { mm: 1, m: 1000, cm: 10, um: 1e-3, µm: 1e-3 }[unit] ?? 1;
  return (v) => [sign[0] * mm * v[0], sign[1] * mm * v[1], sign[2] * mm * v[2]];
}

const typeNames: Readonly<Record<string, ScalarType>> = Object.fromEntries(
  Object.entries({
    int8: "int8, int8_t, signed char",
    uint8: "uint8, uint8_t, unsigned char, uchar",
    int16: "int16, int16_t, short, short int, signed short, signed short int",
    uint16: "uint16, uint16_t, ushort, unsigned short, unsigned short int",
    int32: "int32, int32_t, int, signed int",
    uint32: "uint32, uint32_t, uint, unsigned int",
    int64: "int64, int64_t, longlong, long long, long long int, signed long long, signed long long int",
    uint64: "uint64, uint64_t, ulonglong, unsigned long long, unsigned long long int",
    float32: "float",
    float64: "double",
  }).flatMap(([type, names]) => names.split(", ").map((name) => [name, type as ScalarType])),
);

function typeOf(fields: Fields): ScalarType {
  const name = required(fields, "type");
  const type = typeNames[name];
  if (!type)
    throw new SpondylError(
      "unsupported",
      `nrrd: the type "${name}" is not read. Save the image as one number per voxel.`,
      { type: name },
    );
  return type;
}

function endianOf(fields: Fields, type: ScalarType): boolean {
  const endian = fields.get("endian");
  if (scalarBytes(type) > 1 && endian !== "little" && endian !== "big")
    throw bad(
      `the header does not say the byte order of ${type} (endian: ${endian ?? "missing"}). Add "endian: little" or "endian: big"`,
    );
  return endian !== "big";
}

const fileOf = (fields: Fields) => fields.get("data file") ?? fields.get("datafile");

/** The data without what the header says to pass over. */
function skip(data: Uint8Array, fields: Fields): Uint8Array {
  let at = 0;
  for (let line = Number(fields.get("line skip") ?? fields.get("lineskip") ?? 0); line > 0; line--)
    at = data.indexOf(10, at) + 1;
  const bytes = Number(fields.get("byte skip") ?? fields.get("byteskip") ?? 0);
  if (bytes < 0)
    throw new SpondylError("unsupported", 'nrrd: "byte skip: -1" is not read. Save the image with its data attached.');
  return data.subarray(at + bytes);
}

function unpack(data: Uint8Array, fields: Fields): Uint8Array {
  const encoding = required(fields, "encoding").toLowerCase();
  if (encoding === "raw") return data;
  if (encoding === "gzip" || encoding === "gz") return gunzip(data, "the NRRD data");
  throw new SpondylError(
    "unsupported",
    `nrrd: the encoding "${encoding}" is not read. Save the image as raw or gzip.`,
    { encoding },
  );
}

function required(fields: Fields, name: string): string {
  const value = fields.get(name);
  if (value === undefined) throw bad(`the header has no "${name}". The file is damaged or incomplete`);
  return value;
}

const numbers = (text: string) => text.replace(/[(),]/g, " ").trim().split(/\s+/).map(Number);
const latin1 = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
const bad = (what: string) => new SpondylError("bad-input", `nrrd: ${what}.`);
