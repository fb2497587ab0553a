import { unzlibSync, zlibSync } from "fflate";
import { SpondylError } from "../error.js";
import { perAxis } from "../linalg/vec3.js";
import { type Grid, gridAxis, type Quantity, type Volume, voxelCount } from "../volume/volume.js";
import { gridFromSteps, three } from "./affine.js";
import { concat } from "./gzip.js";
import { quantityNamed, requireQuantity } from "./quantity.js";
import { decodeScalars, encodeScalars, requireFinite, type ScalarType, scalarBytes, smallestType } from "./scalars.js";

/** Whether the bytes begin like a MetaImage header (.mha or .mhd). */
export const isMetaImage = (bytes: Uint8Array): boolean =>
  /^\s*(ObjectType\s*=\s*Image|NDims\s*=)/.test(new TextDecoder("latin1").decode(bytes.subarray(0, 512)));

/** Name of the raw file that an .mhd header points to, undefined when the data follow the header. */
export const metaImageDataFile = (bytes: Uint8Array): string | undefined => {
  const file = parseFields(bytes).fields.get("elementdatafile");
  return file === undefined || file.toUpperCase() === "LOCAL" ? undefined : file;
};

/**
 * A MetaImage of three axes, raw or zlib-compressed, in either byte order. Its world frame is LPS, as ITK writes it.
 * @param data the raw file, for a header that points to one (`metaImageDataFile`)
 * @throws SpondylError "bad-input" for a damaged, cut-off or non-finite image, "unsupported" for slice lists, text
 *   data and more than one value per voxel
 */
export function readMetaImage<Q extends Quantity>(bytes: Uint8Array, quantity: Q, data?: Uint8Array): Volume<Q> {
  const { fields, end } = parseFields(bytes);
  requireQuantity("metaimage", quantityNamed(fields.get("quantity")), quantity);
  refuseUnusual(fields);
  const grid = gridOf(fields);
  const type = typeOf(fields);
  const file = metaImageDataFile(bytes);
  if (file !== undefined && !data)
    throw bad(`the header points to the data file "${file}", which was not given. Give both`);
  const count = voxelCount(grid.size);
  const needed = count * scalarBytes(type);
  const stored = storedBytes(data ?? bytes.subarray(end), fields, needed);
  if (stored.length < needed)
    throw bad(
      `the data are cut off: ${grid.size.join(" x ")} voxels of ${type} need ${needed} bytes, ${stored.length} are there. Copy or download it again`,
    );
  const littleEndian = !isTrue(fields.get("binarydatabyteordermsb") ?? fields.get("elementbyteordermsb"));
  const slope = Number(fields.get("elementtointensityfunctionslope") ?? 1);
  const intercept = Number(fields.get("elementtointensityfunctionoffset") ?? 0);
  return requireFinite(
    { quantity, ...grid, data: decodeScalars(stored, count, { type, littleEndian, slope, intercept }) },
    "metaimage",
  );
}

/** The volume as a zlib-compressed .mha; whole numbers in the smallest integer type that holds them. */
export function writeMetaImage(volume: Volume): Uint8Array {
  const type = smallestType(volume.data);
  const data = zlibSync(encodeScalars(volume.data, type));
  const header = [
    "ObjectType = Image",
    "NDims = 3",
    "BinaryData = True",
    "BinaryDataByteOrderMSB = False",
    "CompressedData = True",
    `CompressedDataSize = ${data.length}`,
    `TransformMatrix = ${([0, 1, 2] as const).flatMap((a) => gridAxis(volume, a)).join(" ")}`,
    `Offset = ${volume.origin.join(" ")}`,
    "CenterOfRotation = 0 0 0",
    `ElementSpacing = ${volume.spacing.join(" ")}`,
    `DimSize = ${volume.size.join(" ")}`,
    `Quantity = ${volume.quantity}`,
    `ElementType = ${Object.entries(elementTypes).find(([, t]) => t === type)![0]}`,
    "ElementDataFile = LOCAL",
  ];
  return concat([new TextEncoder().encode(`${header.join("\n")}\n`), data]);
}

const elementTypes: Readonly<Record<string, ScalarType>> = {
  MET_CHAR: "int8",
  MET_UCHAR: "uint8",
  MET_SHORT: "int16",
  MET_USHORT: "uint16",
  MET_INT: "int32",
  MET_UINT: "uint32",
  MET_LONG: "int32",
  MET_ULONG: "uint32", // four bytes by the format's definition
  MET_LONG_LONG: "int64",
  MET_ULONG_LONG: "uint64",
  MET_FLOAT: "float32",
  MET_DOUBLE: "float64",
};

type Fields = ReadonlyMap<string, string>;

/** `key = value` lines up to ElementDataFile, which is always the last, and where the data begin. */
function parseFields(bytes: Uint8Array): { fields: Fields; end: number } {
  if (!isMetaImage(bytes)) throw bad("this is no MetaImage file. Give an .mha or .mhd file");
  const fields = new Map<string, string>();
  let end = 0;
  while (end < bytes.length && !fields.has("elementdatafile")) {
    const stop = bytes.indexOf(10, end);
    const line = new TextDecoder("latin1").decode(bytes.subarray(end, stop < 0 ? bytes.length : stop));
    end = stop < 0 ? bytes.length : stop + 1;
    const equals = line.indexOf("=");
    if (equals > 0) fields.set(line.slice(0, equals).trim().toLowerCase(), line.slice(equals + 1).trim());
  }
  if (!fields.has("elementdatafile")) throw bad("the header has no ElementDataFile. The file is cut off");
  return { fields, end };
}

function refuseUnusual(fields: Fields): void {
  const unsupported = (what: string) =>
    new SpondylError("unsupported", `metaimage: ${what} is not read. Save the image as one binary .mha file.`);
  const file = fields.get("elementdatafile")!;
  if (/^LIST|%/.test(file)) throw unsupported(`a list of slice files (ElementDataFile = ${file})`);
  if (fields.get("binarydata") && !isTrue(fields.get("binarydata"))) throw unsupported("text data");
  const channels = fields.get("elementnumberofchannels") ?? "1";
  if (channels !== "1") throw unsupported(`an image of ${channels} values per voxel`);
  if (fields.get("ndims") !== "3") throw unsupported(`an image of ${fields.get("ndims")} axes`);
}

function gridOf(fields: Fields): Grid {
  const size = numbers(fields, ["dimsize"]);
  if (size?.length !== 3 || !size.every((n) => Number.isInteger(n) && n > 0))
    throw bad(`the header gives the impossible size ${fields.get("dimsize")}`);
  const spacing = numbers(fields, ["elementspacing", "elementsize"]) ?? [1, 1, 1];
  const origin = numbers(fields, ["offset", "position", "origin"]) ?? [0, 0, 0];
  const axes = numbers(fields, ["transformmatrix", "rotation", "orientation"]) ?? [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const step = (a: number) => perAxis((r) => axes[3 * a + r]! * spacing[a]!); // one axis after the other
  return gridFromSteps("metaimage", three(size), [step(0), step(1), step(2)], three(origin));
}

function typeOf(fields: Fields): ScalarType {
  const name = fields.get("elementtype") ?? "missing";
  const type = elementTypes[name.toUpperCase()];
  if (!type)
    throw new SpondylError(
      "unsupported",
      `metaimage: the element type ${name} is not read. Save the image as one number per voxel.`,
      { type: name },
    );
  return type;
}

function storedBytes(data: Uint8Array, fields: Fields, needed: number): Uint8Array {
  const header = Number(fields.get("headersize") ?? 0);
  const body = header === -1 ? data.subarray(Math.max(0, data.length - needed)) : data.subarray(header); // -1: the data end the file
  if (!isTrue(fields.get("compresseddata"))) return body;
  try {
    return unzlibSync(body);
  } catch (cause) {
    throw new SpondylError(
      "bad-input",
      `metaimage: the compressed data (${body.length} bytes) are cut off or damaged. Copy or download the file again.`,
      {},
      { cause },
    );
  }
}

function numbers(fields: Fields, names: readonly string[]): number[] | undefined {
  const text = names.map((n) => fields.get(n)).find((v) => v !== undefined);
  return text?.split(/\s+/).map(Number);
}

const isTrue = (text: string | undefined) => /^(true|t|1)$/i.test(text ?? "");
const bad = (what: string) => new SpondylError("bad-input", `metaimage: ${what}.`);
