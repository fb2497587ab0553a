import { expect, test } from "vitest";
import { eigenSymmetric3 } from "../src/linalg/eigen3.js";
import { principalAxes } from "../src/linalg/principalAxes.js";
import { principalValues } from "../src/linalg/principalValues.js";
import { mohrCoulomb, tresca } from "../src/material/mohrCoulomb.js";
import { newResponse, type PointLaw } from "../src/material/pointLaw.js";
import { vonMises } from "../src/material/vonMises.js";
import { lcg } from "./solveModels.js";

const E = 1000; // MPa
const nu = 0.3;
const Y = 10; // MPa
const one = (value: number) => Float32Array.of(value);
const laws = {
  "von Mises": vonMises({ youngMPa: one(E), poisson: nu, yieldMPa: one(Y) }),
  Tresca: tresca({ youngMPa: one(E), poisson: nu, yieldMPa: one(Y) }),
  "Mohr-Coulomb": mohrCoulomb({ youngMPa: one(E), poisson: nu, compressionMPa: one(Y), ratio: 1.6 }),
} as const;

const matrix = (s: ArrayLike<number>) => [s[0]!, s[5]!, s[4]!, s[5]!, s[1]!, s[3]!, s[4]!, s[3]!, s[2]!];
/** Principal values, descending. */
const principal = (s: ArrayLike<number>) =>
  [...eigenSymmetric3(matrix(s)).values].reverse() as [number, number, number];

/** Yield function over the yield stress: 0 on the surface, below inside. */
const yieldOf: Record<keyof typeof laws, (s: Float64Array) => number> = {
  "von Mises": (s) => {
    const [a, b, c] = principal(s);
    return Math.sqrt(0.5 * ((a - b) ** 2 + (b - c) ** 2 + (c - a) ** 2)) / Y - 1;
  },
  Tresca: (s) => (principal(s)[0] - principal(s)[2]) / Y - 1,
  "Mohr-Coulomb": (s) => (1.6 * principal(s)[0] - principal(s)[2]) / Y - 1,
};

const random = lcg(11);
const randomStrain = (size: number) => Float64Array.from({ length: 6 }, () => size * (2 * random() - 1));
const respond = (law: PointLaw, strain: Float64Array, state: Float64Array = new Float64Array(law.stateSize)) => {
  const out = newResponse(law.stateSize);
  law.respond(0, strain, state, 0, out);
  return out;
};

/** C⁻¹ of a stress: elastic strains, shears engineering. */
const compliance = (s: ArrayLike<number>) => {
  const trace = s[0]! + s[1]! + s[2]!;
  return Array.from(s, (x, c) => (c < 3 ? ((1 + nu) * x - nu * trace) / E : (2 * (1 + nu) * x) / E));
};

for (const [name, law] of Object.entries(laws) as [keyof typeof laws, PointLaw][]) {
  test(`${name}: the returned stress lies on the surface, or inside where nothing yields`, () => {
    let yielded = 0;
    for (let i = 0; i < 2000; i++) {
      const { stress, yielding } = respond(law, randomStrain(i % 2 ? 0.02 : 0.2));
      const f = yieldOf[name](stress);
      if (yielding) {
        yielded++;
        expect(Math.abs(f)).toBeLessThan(1e-8);
      } else expect(f).toBeLessThan(1e-8);
    }
    expect(yielded).toBeGreaterThan(1000);
  });

  test(`${name}: total strain is elastic plus plastic, and what flows is dissipated, never gained`, () => {
    for (let i = 0; i < 500; i++) {
      const strain = randomStrain(0.1);
      const { stress, state, dissipatedMPa } = respond(law, strain);
      compliance(stress).forEach((elastic, c) => {
        expect(Math.abs(elastic + state[c]! - strain[c]!)).toBeLessThan(1e-8 * 0.1);
      });
      expect(dissipatedMPa).toBeGreaterThanOrEqual(-1e-12);
    }
  });

  test(`${name}: flow is associated: no admissible stress would dissipate more (maximum plastic work)`, () => {
    for (let i = 0; i < 300; i++) {
      const { stress, state, yielding } = respond(law, randomStrain(0.1));
      if (!yielding) continue;
      const work = (s: ArrayLike<number>) => state.reduce((sum, e, c) => sum + e * s[c]!, 0);
      for (let k = 0; k < 20; k++) {
        const other = respond(law, randomStrain(0.3)).stress; // admissible, most of them on the surface
        expect(work(other)).toBeLessThan(work(stress) + 1e-8 * Y);
      }
    }
  });

  test(`${name}: the tangent is the derivative of the stress, and symmetric`, () => {
    const h = 1e-7;
    let checked = 0;
    for (let i = 0; i < 300; i++) {
      const strain = randomStrain(0.05);
      const { tangent, yielding, stress } = respond(law, strain);
      if (!yielding) continue;
      const [a, b, c] = principal(stress);
      if (name !== "von Mises" && (a - b < 1e-3 * Y || b - c < 1e-3 * Y) && i % 5 !== 0) continue; // edges: a sample
      const numeric = Float64Array.from({ length: 36 });
      for (let k = 0; k < 6; k++) {
        const moved = (sign: number) =>
          respond(
            law,
            strain.map((e, j) => (j === k ? e + sign * h : e)),
          ).stress;
        const [up, down] = [moved(1), moved(-1)];
        for (let r = 0; r < 6; r++) numeric[6 * r + k] = (up[r]! - down[r]!) / (2 * h);
      }
      for (let r = 0; r < 6; r++)
        for (let k = 0; k < 6; k++) {
          expect(Math.abs(tangent[6 * r + k]! - numeric[6 * r + k]!)).toBeLessThan(1e-4 * E);
          expect(Math.abs(tangent[6 * r + k]! - tangent[6 * k + r]!)).toBeLessThan(1e-9 * E);
        }
      checked++;
    }
    expect(checked).toBeGreaterThan(100);
  });
}

test("uniaxial strength: tension and compression of each law", () => {
  const free = (e: number, law: PointLaw) => {
    let [low, high] = [-Math.abs(e), Math.abs(e)]; // lateral strain at which lateral stress is 0
    let stress = 0;
    for (let i = 0; i < 60; i++) {
      const lateral = (low + high) / 2;
      const s = respond(law, Float64Array.of(lateral, lateral, e, 0, 0, 0)).stress;
      if (s[0]! > 0) high = lateral;
      else low = lateral;
      stress = s[2]!;
    }
    return stress;
  };
  for (const name of ["von Mises", "Tresca"] as const)
    for (const sign of [1, -1]) expect(free(sign * 0.05, laws[name])).toBeCloseTo(sign * Y, 6);
  expect(free(0.05, laws["Mohr-Coulomb"])).toBeCloseTo(Y / 1.6, 6);
  expect(free(-0.05, laws["Mohr-Coulomb"])).toBeCloseTo(-Y, 6);
});

test("Mohr-Coulomb: triaxial tension ends at the apex", () => {
  const { stress } = respond(laws["Mohr-Coulomb"], Float64Array.of(0.1, 0.1, 0.1, 0, 0, 0));
  for (let c = 0; c < 3; c++) expect(stress[c]).toBeCloseTo(Y / 0.6, 8);
});

test("unloading is elastic, with the plastic strain kept", () => {
  const law = laws["von Mises"];
  const loaded = respond(law, Float64Array.of(-0.006, -0.006, 0.02, 0, 0, 0));
  const back = respond(law, Float64Array.of(-0.006, -0.006, 0.019, 0, 0, 0), loaded.state);
  expect(back.yielding).toBe(false);
  expect((back.stress[2]! - loaded.stress[2]!) / -0.001).toBeCloseTo((E * 0.7) / (1.3 * 0.4), 6); // constrained modulus
});

test("principal values and axes agree with Jacobi's method on 3×3 arrays, equal values included", () => {
  const values = new Float64Array(3);
  const vectors = new Float64Array(9);
  const closed = new Float64Array(3);
  const cases = [
    ...Array.from({ length: 200 }, () => randomStrain(5)),
    Float64Array.of(2, 2, 2, 0, 0, 0),
    Float64Array.of(3, 3, 1, 0, 0, 0),
    Float64Array.of(1, 1, 1, 0.5, 0.5, 0.5),
  ];
  for (const m of cases) {
    principalAxes(m, values, vectors);
    principalValues(m, closed);
    principal(m).forEach((want, n) => {
      expect(Math.abs(values[n]! - want)).toBeLessThan(1e-13 * 10);
      expect(Math.abs(closed[n]! - want)).toBeLessThan(1e-7 * 10); // acos loses half the digits at equal values
      for (let r = 0; r < 3; r++) {
        const row = matrix(m).slice(3 * r, 3 * r + 3);
        const product = row.reduce((sum, x, k) => sum + x * vectors[3 * k + n]!, 0);
        expect(Math.abs(product - values[n]! * vectors[3 * r + n]!)).toBeLessThan(1e-12 * 10);
      }
    });
  }
});
