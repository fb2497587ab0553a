import { expect, test } from "vitest";
import { fail } from "../src/solve/path/fail.js";
import type { Vec3 } from "../src/volume/volume.js";
import { specimen } from "./failInputs.js";
import { lcg, modelOf } from "./solveModels.js";

const E = 1000; // MPa
const Y = 8; // MPa
const h = 1; // mm

test.each(["von-mises", "tresca"] as const)(
  "%s: bars side by side yield one after another, to the sum of their limits",
  async (law) => {
    const size: Vec3 = [5, 3, 4]; // six bars with gaps between them
    const random = lcg(5);
    const strengths = Float64Array.from({ length: 6 }, () => 2 + 8 * random());
    const model = modelOf(size, [h, h, h], (x, y) => (x % 2 || y % 2 ? 0 : E));
    const yieldMPa = Float32Array.from(model.modulus.data, (_, v) => {
      const [x, y] = [v % 5, Math.floor(v / 5) % 3];
      return strengths[x / 2 + (3 * y) / 2] ?? 1;
    });
    const input = specimen(model, [0, 0, -0.015 * 4, 0, 0, 0]);
    const { points, end } = await fail({ ...input, material: { law, yieldMPa } }, { steps: 10, tolerance: 1e-6 });
    expect(end).toBe("target");
    for (const p of points) {
      const strain = -p.motion[2] / 4;
      const want = strengths.reduce((sum, y) => sum + Math.min(y, E * strain) * h * h, 0);
      expect(Math.abs(-p.resultant[2] - want)).toBeLessThan(2e-5 * 60);
      expect(Math.abs(p.energyError)).toBeLessThan(0.02);
    }
    const last = points.at(-1)!;
    const dissipated = strengths.reduce((sum, y) => sum + Math.max(0, 0.015 - y / E) * y * 4 * h * h, 0);
    expect(Math.abs(last.dissipatedNMm / dissipated - 1)).toBeLessThan(1e-4);
  },
);

test("one step asked for far beyond yield: the stiffness is that before it, and shorter steps lead up to it", async () => {
  const input = specimen(
    modelOf([2, 2, 4], [h, h, h], () => E),
    [0, 0, -0.4, 0, 0, 0],
  );
  const { stiffness, points } = await fail({ ...input, material: { law: "tresca", yieldMPa: Y } }, { steps: 1 });
  expect(stiffness).toBeCloseTo((E * 4 * h) / 4, 3); // EA/L, N/mm
  expect(points[1]!.resultant[2] / points[1]!.motion[2]).toBeGreaterThan(0.95 * stiffness);
});

test.each(["wasm", "typescript"] as const)(
  "%s: a beam bends to 1.5 times its yield moment, at the second order in its layers",
  async (kernel) => {
    /** Largest error of the moment over the yield moment, up to eight times the curvature at yield. */
    const worst = async (depth: number) => {
      const [width, length] = [1, 3];
      const model = modelOf([width, depth, length], [h, h, h], () => E);
      const curvatureAtYield = Y / E / (depth / 2); // 1/mm
      const input = specimen(model, [0, 0, 0, 8 * curvatureAtYield * length, 0, 0]);
      const material = { law: "von-mises", yieldMPa: Y } as const;
      const { points } = await fail({ ...input, material }, { steps: 16, tolerance: 1e-6, kernel });
      const yieldMoment = (Y * width * depth ** 2) / 6;
      const errors = points.map((p) => {
        const ratio = p.motion[3] / length / curvatureAtYield;
        return Math.abs(p.resultant[3] / yieldMoment - (ratio <= 1 ? ratio : 1.5 - 0.5 / ratio ** 2));
      });
      return Math.max(...errors);
    };
    const [coarse, fine] = [await worst(8), await worst(16)];
    expect(fine).toBeLessThan(0.01);
    expect(Math.log2(coarse / fine)).toBeGreaterThan(1.8);
  },
);

test("the WASM kernel and its twin go the same way through a random plastic model", async () => {
  const random = lcg(3);
  const model = modelOf([5, 4, 6], [h, h, h], () => (random() < 0.15 ? 0 : 200 + 800 * random()));
  const yieldMPa = model.modulus.data.map((e) => 0.008 * e);
  const input = specimen(model, [0, 0, -0.12, 0.01, 0, 0], { inferior: "fixed", superior: "fixed" });
  const run = (kernel: "wasm" | "typescript") =>
    fail(
      { ...input, material: { law: "mohr-coulomb", compressionMPa: yieldMPa, compressionOverTension: 1.5 } },
      { steps: 6, tolerance: 1e-8, kernel, floating: "remove" },
    );
  const [fast, twin] = [await run("wasm"), await run("typescript")];
  expect(fast.points.length).toBe(twin.points.length);
  fast.points.forEach((p, i) => {
    p.resultant.forEach((r, m) => {
      expect(Math.abs(r - twin.points[i]!.resultant[m]!)).toBeLessThan(1e-6 * Math.abs(p.resultant[2]) + 1e-9);
    });
  });
});
