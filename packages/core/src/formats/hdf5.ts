import type { Group } from "h5wasm";
import { SpondylError } from "../error.js";

/** A group of an HDF5 file. */
export interface Hdf5Group {
  readonly attributes?: Readonly<Record<string, string | number>>; // text of fixed length, or one double
  readonly dimensions?: Readonly<Record<string, number>>; // lengths of netCDF-4 dimensions, for this group and those in it
  readonly datasets?: Readonly<Record<string, Hdf5Dataset>>;
  readonly groups?: Readonly<Record<string, Hdf5Group>>;
}

export interface Hdf5Dataset {
  readonly data: Float32Array | Float64Array | Uint32Array | Uint16Array | Int8Array | readonly string[];
  readonly shape: readonly (number | string)[]; // slowest first: lengths, or names of dimensions
}

/**
 * An HDF5 file, written in memory. What is in a group keeps the order in which it is given here, as netCDF-4 demands of
 * files that it shall extend; with named dimensions the file is a netCDF-4 file.
 * @throws SpondylError "out-of-memory" for a dataset that the library cannot hold
 * Source: Unidata, NetCDF-4 format specification (dimension scales; the name of those that are no variable).
 */
export async function writeHdf5(root: Hdf5Group): Promise<Uint8Array> {
  const { File, ready } = await import("h5wasm");
  const { FS } = await ready;
  const file = new File(scratch, "w", { track_order: true });
  try {
    fill(file, root, new Map());
    file.close();
    return FS.readFile(scratch);
  } finally {
    FS.unlink(scratch);
  }
}

const scratch = "spondyl.h5"; // in the memory of the module, and only until `writeHdf5` returns

const largest = 1.5 * 2 ** 30; // bytes of a dataset, which is copied into the 2 GiB that the library can address

interface Dimension {
  readonly path: string;
  readonly length: number;
}

function fill(to: Group, from: Hdf5Group, outer: ReadonlyMap<string, Dimension>): void {
  const dimensions = new Map(outer);
  for (const [name, value] of Object.entries(from.attributes ?? {})) addAttribute(to, name, value);
  for (const [name, length] of Object.entries(from.dimensions ?? {}))
    dimensions.set(name, { path: addDimension(to, name, length), length });
  for (const [name, dataset] of Object.entries(from.datasets ?? {})) addDataset(to, name, dataset, dimensions);
  for (const [name, group] of Object.entries(from.groups ?? {})) fill(to.create_group(name, true), group, dimensions);
}

function addAttribute(to: Group, name: string, value: string | number): void {
  if (typeof value === "number") to.create_attribute(name, Float64Array.of(value), [1], "<d");
  else to.create_attribute(name, value, null, `S${new TextEncoder().encode(value).length}`);
}

/** A dimension of netCDF-4 that is no variable: a dimension scale of that length whose values nobody reads. */
function addDimension(to: Group, name: string, length: number): string {
  const chunks = [Math.min(length, 1 << 16)];
  const data = new Int8Array(length);
  const scale = to.create_dataset({ name, data, shape: [length], chunks, compression: "gzip", track_order: true });
  scale.make_scale(`This is a netCDF dimension but not a netCDF variable.${String(length).padStart(10)}`);
  return scale.path;
}

function addDataset(to: Group, name: string, { data, shape }: Hdf5Dataset, dimensions: ReadonlyMap<string, Dimension>) {
  const bytes = "byteLength" in data ? data.byteLength : 0;
  if (bytes > largest)
    throw new SpondylError(
      "out-of-memory",
      `hdf5: ${name} needs ${(bytes / 2 ** 30).toFixed(2)} GiB, and ${largest / 2 ** 30} fit. Use larger voxels or a smaller region.`,
    );
  const lengths = shape.map((n) => (typeof n === "number" ? n : dimensions.get(n)!.length));
  const values = "byteLength" in data ? data : [...data];
  const dataset = to.create_dataset({ name, data: values, shape: lengths, track_order: true });
  for (const [index, n] of shape.entries())
    if (typeof n === "string") dataset.attach_scale(index, dimensions.get(n)!.path);
}
