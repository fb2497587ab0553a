import { expect, test } from "vitest";
import { writeStl } from "../src/formats/stl.js";
import { enclosedVolume } from "../src/volume/triangleMesh.js";
import { tetrahedron } from "./tetrahedron.js";

test("STL holds every triangle with its outward unit normal, and encloses the same volume", () => {
  const file = writeStl(tetrahedron);
  const view = new DataView(file.buffer);
  const count = view.getUint32(80, true);
  expect(count).toBe(4);
  expect(file.length).toBe(84 + 50 * count);
  expect(String.fromCharCode(...file.subarray(0, 5))).not.toBe("solid"); // would mark a text file
  let volume = 0;
  for (let at = 84; at < file.length; at += 50) {
    const v = Array.from({ length: 12 }, (_, n) => view.getFloat32(at + 4 * n, true));
    const [n, a, b, c] = [v.slice(0, 3), v.slice(3, 6), v.slice(6, 9), v.slice(9)] as [
      number[],
      number[],
      number[],
      number[],
    ];
    const u = b.map((x, i) => x - a[i]!),
      w = c.map((x, i) => x - a[i]!);
    const cross = [0, 1, 2].map((i) => u[(i + 1) % 3]! * w[(i + 2) % 3]! - u[(i + 2) % 3]! * w[(i + 1) % 3]!);
    const size = Math.hypot(...cross);
    for (let i = 0; i < 3; i++) expect(n[i]).toBeCloseTo(cross[i]! / size, 6);
    volume += cross.reduce((sum, x, i) => sum + x * a[i]!, 0) / 6;
  }
  expect(volume).toBeCloseTo(enclosedVolume(tetrahedron), 5);
  expect(volume).toBeCloseTo(10 ** 3 / 6, 3); // corner of a cube of 10 mm
});
