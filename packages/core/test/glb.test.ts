import { expect, test } from "vitest";
import { writeGlb } from "../src/formats/glb.js";
import { tetrahedron } from "./tetrahedron.js";

const scalars = [{ name: "strainEnergyDensityMPa", values: Float32Array.of(0.5, 1, 1.5, 2) }];
const colours = Uint8Array.of(0, 0, 0, 255, 255, 255, 188, 188, 188, 253, 254, 255);

/** The two chunks of a GLB, checked against the container's own lengths. */
function readGlb(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset);
  expect(view.getUint32(0, true)).toBe(0x46546c67); // "glTF"
  expect(view.getUint32(4, true)).toBe(2);
  expect(view.getUint32(8, true)).toBe(file.length);
  const jsonLength = view.getUint32(12, true);
  expect(view.getUint32(16, true)).toBe(0x4e4f534a); // "JSON"
  const json = JSON.parse(new TextDecoder().decode(file.subarray(20, 20 + jsonLength)));
  const binaryLength = view.getUint32(20 + jsonLength, true);
  expect(view.getUint32(24 + jsonLength, true)).toBe(0x004e4942); // "BIN"
  expect(28 + jsonLength + binaryLength).toBe(file.length);
  expect([jsonLength % 4, binaryLength % 4]).toEqual([0, 0]);
  const binary = file.slice(28 + jsonLength);
  const accessor = (n: number) => {
    const a = json.accessors[n];
    const v = json.bufferViews[a.bufferView];
    const Type = { 5126: Float32Array, 5125: Uint32Array, 5123: Uint16Array }[a.componentType as 5126 | 5125 | 5123];
    expect(v.byteOffset % 4).toBe(0);
    expect(v.byteOffset + v.byteLength).toBeLessThanOrEqual(json.buffers[0].byteLength);
    return new Type(binary.buffer, v.byteOffset, v.byteLength / Type.BYTES_PER_ELEMENT);
  };
  return { json, accessor };
}

test("GLB holds the surface, colours and scalars in accessors that fit their buffers", () => {
  const { json, accessor } = readGlb(writeGlb(tetrahedron, { colours, scalars }));
  const primitive = json.meshes[0].primitives[0];
  expect([...accessor(primitive.indices)]).toEqual([...tetrahedron.triangles]);
  expect([...accessor(primitive.attributes.POSITION)]).toEqual([...tetrahedron.vertices]);
  expect(json.accessors[primitive.attributes.POSITION]).toMatchObject({ min: [5, -3, 2], max: [15, 7, 12], count: 4 });
  expect([...accessor(primitive.attributes._STRAINENERGYDENSITYMPA)]).toEqual([0.5, 1, 1.5, 2]);
  const colour = accessor(primitive.attributes.COLOR_0);
  expect([...colour.subarray(0, 8)]).toEqual([0, 0, 0, 65535, 65535, 65535, 65535, 65535]);
  expect(colour[8]! / 65535).toBeCloseTo(0.5029, 3); // sRGB 188 is half of the light
});

test("the node stands the patient upright: cranial is +Y, anterior +Z, left +X, in metres", () => {
  const { json } = readGlb(writeGlb(tetrahedron));
  const m: number[] = json.nodes[0].matrix;
  const turned = (p: number[]) => [0, 1, 2].map((r) => 1000 * p.reduce((sum, x, c) => sum + m[4 * c + r]! * x, 0) + 0);
  expect(turned([0, 0, 1])).toEqual([0, 1, 0]);
  expect(turned([0, -1, 0])).toEqual([0, 0, 1]);
  expect(turned([1, 0, 0])).toEqual([1, 0, 0]);
});

test("an empty surface and misfitting colours are refused", () => {
  expect(() => writeGlb({ vertices: new Float32Array(0), triangles: new Uint32Array(0) })).toThrow(/no triangle/);
  expect(() => writeGlb(tetrahedron, { colours: new Uint8Array(9) })).toThrow(/COLOR_0 has 3 values for 4/);
});
