import { expect, test } from "vitest";
import { writePly } from "../src/formats/ply.js";
import { tetrahedron } from "./tetrahedron.js";

const scalars = [{ name: "strainEnergyDensityMPa", values: Float32Array.of(0.5, 1, 1.5, 2) }];
const colours = Uint8Array.of(1, 2, 3, 40, 50, 60, 70, 80, 90, 253, 254, 255);

/** Header lines and body, read as the header says. */
function readPly(file: Uint8Array) {
  const text = new TextDecoder("latin1").decode(file);
  const end = text.indexOf("end_header\n") + "end_header\n".length;
  const lines = text.slice(0, end).trim().split("\n");
  const view = new DataView(file.buffer, file.byteOffset + end);
  const count = (name: string) => Number(lines.find((l) => l.startsWith(`element ${name} `))!.split(" ")[2]);
  const properties = lines
    .filter((l) => /^property (float|uchar)/.test(l))
    .map((l) => l.split(" ") as [string, string, string]);
  let at = 0;
  const read = (type: string) => {
    const value =
      type === "float" ? view.getFloat32(at, true) : type === "int" ? view.getInt32(at, true) : view.getUint8(at);
    at += type === "uchar" ? 1 : 4;
    return value;
  };
  const vertices = Array.from({ length: count("vertex") }, () =>
    Object.fromEntries(properties.map(([, type, name]) => [name, read(type)])),
  );
  const faces = Array.from({ length: count("face") }, () => Array.from({ length: read("uchar") }, () => read("int")));
  return { lines, vertices, faces, left: file.length - end - at };
}

test("PLY holds vertices, normals, colours, scalars and faces as its header says", () => {
  const { lines, vertices, faces, left } = readPly(writePly(tetrahedron, { scalars, colours }));
  expect(lines.slice(0, 2)).toEqual(["ply", "format binary_little_endian 1.0"]);
  expect(left).toBe(0);
  expect(faces.flat()).toEqual([...tetrahedron.triangles]);
  vertices.forEach((v, n) => {
    expect([v.x, v.y, v.z]).toEqual([...tetrahedron.vertices.subarray(3 * n, 3 * n + 3)]);
    expect(Math.hypot(v.nx!, v.ny!, v.nz!)).toBeCloseTo(1, 6);
    expect([v.red, v.green, v.blue]).toEqual([...colours.subarray(3 * n, 3 * n + 3)]);
    expect(v.strainEnergyDensityMPa).toBe(scalars[0]!.values[n]);
  });
  expect(vertices[0]!.nx).toBeCloseTo(-1 / Math.sqrt(3), 6); // the cube's corner looks away from the other three
});

test("PLY without extras", () => {
  const { vertices, faces, left } = readPly(writePly(tetrahedron));
  expect([vertices.length, faces.length, left]).toEqual([4, 4, 0]);
});

test("scalars and colours that do not fit the vertices are refused", () => {
  expect(() => writePly(tetrahedron, { scalars: [{ name: "a", values: new Float32Array(3) }] })).toThrow(
    /do not fit 4/,
  );
  expect(() => writePly(tetrahedron, { scalars: [{ name: "a b", values: new Float32Array(4) }] })).toThrow(/space/);
  expect(() => writePly(tetrahedron, { colours: new Uint8Array(4) })).toThrow(/4 colour bytes/);
});
