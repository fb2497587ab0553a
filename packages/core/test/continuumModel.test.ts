import { expect, test } from "vitest";
import { continuumModel, countNodes } from "../src/mesh/continuumModel.js";
import { Compartment } from "../src/volume/compartment.js";
import { type Density, identityDirection, type Vec3, type Volume } from "../src/volume/volume.js";

const n = 40;
const size: Vec3 = [n, n, n];
const grid = { size, spacing: [1, 1, 1] as Vec3, origin: [0, 0, 0] as Vec3, direction: identityDirection() };

/** A cone frustum, radius 14 mm below (z = 10) and 9 mm above (z = 30): from above its side wall can be seen. */
function frustum(): { labels: Volume<"label">; density: Density } {
  const data = new Float32Array(n ** 3);
  for (let k = 10, v = n * n * 10; k < 30; k++)
    for (let j = 0; j < n; j++)
      for (let i = 0; i < n; i++, v++)
        if (Math.hypot(i - 19.5, j - 19.5) < 14 - (5 * (k - 10)) / 20) data[v] = Compartment.bodyCore;
  const density = data.map((c) => (c ? 200 : 0));
  return {
    labels: { ...grid, quantity: "label", data },
    density: { ...grid, quantity: "mgK2HPO4/cm3", data: density },
  };
}
const level = (node: number) => Math.floor(node / (n + 1) ** 2);

test("bare end-plates: the load enters at the end-plates, not on the side walls that can be seen from the ends", () => {
  const { labels, density } = frustum();
  const { ends } = continuumModel(density, labels, { support: "none" });
  expect(Math.min(...Array.from(ends.superior, level))).toBeGreaterThanOrEqual(30 - 8); // mm, how deep an end-plate may lie
  expect(Math.max(...Array.from(ends.inferior, level))).toBe(10);
});

test("each voxel has the modulus that the law gives its density; caps have theirs; voids have none", () => {
  const { labels, density } = frustum();
  const { model, compartments, elements } = continuumModel(density, labels);
  const bone = 2980 * 0.2 ** 1.05; // Kopperdahl 2002
  model.modulus.data.forEach((e, v) => {
    const want = { [Compartment.outside]: 0, [Compartment.bodyCore]: bone }[compartments.data[v]!] ?? 2500;
    if (!(Math.abs(e - want) <= 1e-6 * want)) throw new Error(`voxel ${v}: ${e} MPa, not ${want}`); // f32
  });
  expect(elements).toBe(model.modulus.data.filter((e) => e > 0).length);
  expect(countNodes(model.modulus)).toBeGreaterThan(elements);
});

test("bone without mineral keeps an element that carries next to nothing", () => {
  const { labels, density } = frustum();
  const empty = { ...density, data: density.data.map((d) => (d ? -50 : 0)) } as Density;
  const { model, elements } = continuumModel(empty, labels, { support: "none" });
  expect(elements).toBe(labels.data.filter((c) => c > 0).length);
  expect(Math.max(...model.modulus.data)).toBeCloseTo(0.1, 6);
});

test("a loose part is left out, and the result says so", () => {
  const { labels, density } = frustum();
  labels.data[5 + n * (5 + n * 5)] = Compartment.posteriorShell;
  const { findings, elements } = continuumModel(density, labels, { support: "none" });
  expect(findings[0]?.message).toBe(`1 of ${elements + 1} elements in 1 loose parts were left out.`);
});

test("other grids, no bone and caps without stiffness are refused", () => {
  const { labels, density } = frustum();
  expect(() => continuumModel({ ...density, spacing: [1, 1, 2] } as Density, labels)).toThrow(/different grids/);
  expect(() => continuumModel(density, { ...labels, data: new Float32Array(n ** 3) })).toThrow(/no vertebral body/);
  expect(() => continuumModel(density, labels, { capModulusMPa: 0 })).toThrow(/carries nothing/);
  expect(() => continuumModel(density, labels, { support: "discs" })).toThrow(/no inferior disc/);
});
