import { expect, test } from "vitest";
import { angle, rotate, unit } from "../src/linalg/vec3.js";
import { segment } from "../src/segment/segment.js";
import type { Vec3, Volume } from "../src/volume/volume.js";
import { gridAxis, indexToWorld, worldToIndex } from "../src/volume/volume.js";
import { labelMap, turnedFrame } from "./syntheticVertebra.js";

const degree = Math.PI / 180;

/** The same voxels under a header that is turned. */
function turnedHeader(map: Volume<"label">, axis: Vec3, radians: number): Volume<"label"> {
  const turn = (v: Vec3) => rotate(v, unit(axis), radians);
  const axes = ([0, 1, 2] as const).map((a) => turn(gridAxis(map, a)));
  const direction = Float64Array.from({ length: 9 }, (_, n) => axes[n % 3]![Math.floor(n / 3)]!);
  return { ...map, direction, origin: turn(map.origin) };
}

test.each([
  { arch: "closed", axis: [1, 0, 0], turn: 25 },
  { arch: "closed", axis: [1, 2, 3], turn: 15 },
  { arch: "open", axis: [0, 0, 1], turn: 25 },
] as const)(
  "the header turns the vertebra and changes nothing else: $arch arch, $turn degrees",
  async ({ arch, axis, turn }) => {
    const map = labelMap(turnedFrame([12, -150, 820], [1, 1, 0], 7 * degree), { arch, spacing: [2, 1.5, 2] });
    const of = (labels: Volume<"label">) => segment(labels, { level: "L2", convention: "verse" });
    const [plain, turned] = [await of(map), await of(turnedHeader(map, axis, turn * degree))];
    for (const name of ["right", "anterior", "cranial"] as const) {
      const expected = rotate(plain.vertebra.frame[name], unit(axis), turn * degree);
      expect(angle(turned.vertebra.frame[name], expected)).toBeLessThan(1e-9); // rounding; a turned work grid gives 0.01
    }
    expect(turned.vertebra.body).toEqual(plain.vertebra.body);
    const voxel = ({ vertebra }: typeof plain) => worldToIndex(vertebra.grid, vertebra.endPlates.superior.point);
    for (const [n, c] of voxel(turned).entries()) expect(c).toBeCloseTo(voxel(plain)[n]!, 6);
  },
);

test("left-handed voxel axes mirror nothing: right stays right, the end-plates where they are", async () => {
  const map = labelMap(turnedFrame([12, -150, 820], [1, 1, 0], 7 * degree));
  const [nx] = map.size;
  const data = map.data.map((_, n) => map.data[n - (n % nx) + (nx - 1 - (n % nx))]!); // stored from left to right
  const stored = {
    ...map,
    data,
    direction: Float64Array.of(-1, 0, 0, 0, 1, 0, 0, 0, 1),
    origin: indexToWorld(map, [nx - 1, 0, 0]),
  };
  const of = async (labels: Volume<"label">) => (await segment(labels, { level: "L2", convention: "verse" })).vertebra;
  const [plain, mirrored] = [await of(map), await of(stored)];
  for (const name of ["right", "anterior", "cranial"] as const)
    expect(angle(mirrored.frame[name], plain.frame[name]) / degree).toBeLessThan(1); // other directions are tried
  for (const end of ["superior", "inferior"] as const)
    for (const [n, c] of mirrored.endPlates[end].point.entries())
      expect(Math.abs(c - plain.endPlates[end].point[n]!)).toBeLessThan(1);
});
