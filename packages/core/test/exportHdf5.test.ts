import { type Dataset, File, type Group, ready } from "h5wasm";
import { expect, test } from "vitest";
import { exportN88 } from "../src/export/n88.js";
import { exportParosol } from "../src/export/parosol.js";
import type { Vec3 } from "../src/volume/volume.js";
import { alongAxes, expectSameModel, mixedCase, type ReadModel } from "./exportCases.js";

const { FS } = await ready;

/** Opens a file in memory, hands it over, and closes it. */
function reading<T>(chunks: readonly Uint8Array[], read: (file: Group) => T): T {
  FS!.writeFile("read.h5", Buffer.concat(chunks));
  const file = new File("read.h5", "r");
  try {
    return read(file);
  } finally {
    file.close();
    FS!.unlink("read.h5");
  }
}
const dataset = (file: Group, path: string) => file.get(path) as Dataset;
const values = (file: Group, path: string) => Array.from(dataset(file, path).value as ArrayLike<number>);
const attribute = (file: Group, path: string, name: string) => (file.get(path) as Group).attrs[name]?.value;

/** Numbers of a table in rows of this length. */
const rows = (list: readonly number[], length: number): number[][] =>
  Array.from({ length: list.length / length }, (_, r) => list.slice(length * r, length * (r + 1)));

test("parosol: the image, its voxels and the held nodes, as documented", async () => {
  const { yieldMPa: _, ...given } = mixedCase([0.5, 0.5, 0.5]);
  const { chunks } = await exportParosol(given);
  reading(chunks, (file) => {
    const at = (name: string) => dataset(file, `Image_Data/${name}`);
    expect(at("Image").value).toEqual(given.model.modulus.data); // x fastest
    const documented = [
      ["Image", "<f", [5, 3, 4]], // z, y, x
      ["Voxelsize", "<d", [1]],
      ["Poisons_ratio", "<d", [1]],
      ["Fixed_Displacement_Coordinates", "<H", [at("Fixed_Displacement_Values").shape![0], 4]],
      ["Fixed_Displacement_Values", "<f", [at("Fixed_Displacement_Coordinates").shape![0]]],
    ] as const;
    for (const [name, dtype, shape] of documented)
      expect([name, at(name).dtype, at(name).shape]).toEqual([name, dtype, shape]);
    expect([...values(file, "Image_Data/Voxelsize"), ...values(file, "Image_Data/Poisons_ratio")]).toEqual([0.5, 0.25]);
  });
});

test("parosol: each held displacement of a node on an element is there, and no other", async () => {
  const { yieldMPa: _, ...given } = mixedCase([0.5, 0.5, 0.5]);
  const { node, axis, value } = given.constraints;
  const voxel = (x: number, y: number, z: number) =>
    x >= 0 && y >= 0 && z >= 0 && x < 4 && y < 3 && z < 5 ? given.model.modulus.data[x + 4 * (y + 3 * z)]! : 0;
  const touches = (x: number, y: number, z: number) => alongAxes.some(([a, b, c]) => voxel(x - a, y - b, z - c) > 0);
  const wanted = Array.from(node, (n, i) => {
    const [x, y, z] = [n % 5, Math.floor(n / 5) % 4, Math.floor(n / 20)];
    return touches(x, y, z) ? [`${z} ${y} ${x} ${axis[i]}`, Math.fround(value[i]!)] : [];
  }).filter((entry) => entry.length > 0);
  const { chunks } = await exportParosol(given);
  const places = reading(chunks, (file) => rows(values(file, "Image_Data/Fixed_Displacement_Coordinates"), 4));
  const mm = reading(chunks, (file) => values(file, "Image_Data/Fixed_Displacement_Values"));
  expect(places.map((row, i) => [row.join(" "), mm[i]]).sort()).toEqual(wanted.sort());
  expect(wanted.length).toBeLessThan(node.length); // some of the nodes lie in voids
});

test.each([
  ["yield stresses", mixedCase([1, 1, 1]), /linear.*another format/],
  ["bricks", { ...mixedCase(), yieldMPa: undefined }, /cubes.*Resample/],
] as const)("parosol refuses %s with the cure", async (_, { yieldMPa, ...given }, message) => {
  await expect(exportParosol({ ...given, ...(yieldMPa && { yieldMPa }) })).rejects.toThrow(message);
});

/** What n88tools and vtkbone read, from the places where they read it. */
function readN88(file: Group): ReadModel {
  const part = "Parts/Part1";
  const names = dataset(file, `${part}/MaterialTable/MaterialName`).value as string[];
  const material = new Map(values(file, `${part}/MaterialTable/ID`).map((id, i) => [id, names[i]!]));
  const number = (name: string, property: string) =>
    (attribute(file, `MaterialDefinitions/${name}`, property) as Float64Array)[0]!;
  const elements = `${part}/Elements/Hexahedrons`;
  const materialOf = values(file, `${elements}/MaterialID`).map((id) => material.get(id)!);
  const [node, sense, value] = ["NodeNumber", "Sense", "Value"].map((n) => values(file, `Constraints/prescribed/${n}`));
  return {
    nodes: new Map(rows(values(file, `${part}/NodeCoordinates`), 3).map((x, i) => [i + 1, x as unknown as Vec3])),
    elements: rows(values(file, `${elements}/NodeNumbers`), 8).map((nodes, e) => {
      const name = materialOf[e]!;
      expect(number(name, "nu")).toBe(0.25);
      const plastic = attribute(file, `MaterialDefinitions/${name}`, "Type") === "VonMisesIsotropic";
      return { nodes, modulusMPa: number(name, "E"), yieldMPa: plastic ? number(name, "Y") : 0 };
    }),
    held: node!.map((n, i) => ({ node: n, axis: sense![i]! - 1, valueMm: value![i]! })),
    reaction: values(file, "Sets/NodeSets/reaction/NodeNumber"),
  };
}

test("n88: the file is the model, corners in the order of VTK_VOXEL", async () => {
  const given = mixedCase();
  const { chunks } = await exportN88(given);
  expectSameModel(reading(chunks, readN88), given, alongAxes);
});

test("n88: attributes and dimensions are those that its readers demand", async () => {
  const { chunks, elements, nodes } = await exportN88(mixedCase());
  reading(chunks, (file) => {
    expect(file.attrs.Conventions?.value).toBe("Numerics88/Finite_Element_Model-1.0");
    expect(file.attrs.Conventions?.dtype).toBe("S35"); // fixed length: netCDF's text, not its strings
    expect(file.attrs.ActiveProblem?.value).toBe("Problem1");
    expect(attribute(file, "Problems/Problem1", "Part")).toBe("Part1");
    expect(attribute(file, "Problems/Problem1", "Constraints")).toBe("prescribed");
    expect(attribute(file, "Constraints/prescribed", "Type")).toBe("NodeAxisDisplacement");
    const ids = values(file, "Parts/Part1/Elements/Hexahedrons/ElementNumber");
    expect(ids).toEqual(Array.from({ length: elements }, (_, e) => e + 1));
    const scales = [0, 1].map((i) => dataset(file, "Parts/Part1/NodeCoordinates").get_attached_scales(i));
    expect(scales).toEqual([["/Parts/Part1/NumberOfNodes"], ["/Dimensionality"]]);
    expect(dataset(file, "Parts/Part1/NumberOfNodes").shape).toEqual([nodes]);
    expect(dataset(file, "Dimensionality").attrs.NAME?.value).toBe(
      "This is a netCDF dimension but not a netCDF variable.         3",
    );
  });
});
