import { expect, test } from "vitest";
import { eigenSymmetric3 } from "../src/linalg/eigen3.js";
import { fitPlane, fitPlaneRobust, heightAbove } from "../src/linalg/plane.js";
import { angle, cross, dot, rotate, unit } from "../src/linalg/vec3.js";
import type { Vec3 } from "../src/volume/volume.js";
import { random } from "./random.js";

test("A v = λ v, the vectors are orthonormal, the values ascend", () => {
  const next = random(1);
  for (let trial = 0; trial < 50; trial++) {
    const [a, b, c, d, e, f] = Array.from({ length: 6 }, () => next() - 0.5) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const A = trial === 0 ? [2, 0, 0, 0, 2, 0, 0, 0, 1] : [a, b, c, b, d, e, c, e, f];
    const { values, vectors } = eigenSymmetric3(A);
    expect(values[0]).toBeLessThanOrEqual(values[1]);
    expect(values[1]).toBeLessThanOrEqual(values[2]);
    vectors.forEach((v, n) => {
      for (let r = 0; r < 3; r++)
        expect(Math.abs(dot(A.slice(3 * r, 3 * r + 3) as unknown as Vec3, v) - values[n]! * v[r]!)).toBeLessThan(1e-14);
      for (const [m, w] of vectors.entries()) expect(Math.abs(dot(v, w) - (n === m ? 1 : 0))).toBeLessThan(1e-14);
    });
  }
});

test("a plane is found through its points, and a tenth of wild ones does not turn it when robust", () => {
  const normal = unit([1, -2, 5]),
    u = unit(cross(normal, [1, 0, 0])),
    v = cross(normal, u);
  const next = random(2);
  const on = Array.from({ length: 300 }, (): Vec3 => {
    const [s, t] = [40 * next(), 40 * next()];
    return [3 + s * u[0] + t * v[0], s * u[1] + t * v[1], s * u[2] + t * v[2]];
  });
  const clean = fitPlane(on)!;
  expect(Math.abs(dot(clean.normal, normal))).toBeCloseTo(1, 12);
  expect(clean.rms).toBeLessThan(1e-6);
  expect(heightAbove(clean, [3 + 7 * normal[0], 7 * normal[1], 7 * normal[2]]) * dot(clean.normal, normal)).toBeCloseTo(
    7,
    9,
  );
  const wild = on.map((p, n): Vec3 => (n % 10 ? p : [p[0] + 9 + next(), p[1] - 5, p[2] + 20 * (p[0] > 10 ? 1 : 0)]));
  const off = (plane: { normal: Vec3 }) => Math.acos(Math.min(1, Math.abs(dot(plane.normal, normal))));
  expect(off(fitPlaneRobust(wild)!)).toBeLessThan(1e-6);
  expect(off(fitPlane(wild)!)).toBeGreaterThan(0.01);
});

test("points on a line fix no plane", () => {
  expect(
    fitPlane([
      [0, 0, 0],
      [1, 1, 1],
      [2, 2, 2],
    ]),
  ).toBeUndefined();
  expect(
    fitPlane([
      [0, 0, 0],
      [1, 1, 1],
    ]),
  ).toBeUndefined();
});

test("a rotation turns by its angle and keeps its axis", () => {
  expect(angle(rotate([1, 0, 0], [0, 0, 1], 0.3), [1, 0, 0])).toBeCloseTo(0.3, 14);
  expect(rotate([1, 0, 0], [0, 0, 1], Math.PI / 2)[1]).toBeCloseTo(1, 14);
  expect(rotate([0, 0, 2], [0, 0, 1], 1)).toEqual([0, 0, 2]);
});
