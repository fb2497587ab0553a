import { expect, test } from "vitest";
import { solveDense } from "../src/linalg/solveDense.js";
import { fabricSet } from "../src/material/fabricConstants.js";
import { type FabricDamageOptions, fabricDamage } from "../src/material/fabricDamage.js";
import { fabricTensor } from "../src/material/fabricTensor.js";
import { newResponse, type PointLaw } from "../src/material/pointLaw.js";
import type { Vec3 } from "../src/volume/volume.js";
import { lcg } from "./solveModels.js";

const rho = 5 / 32; // exact in f32, as are the eigenvalues: the law is given both so
const m: Vec3 = [0.75, 0.875, 1.375];
const asGrid = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const { trabecular: bone, hardening } = fabricSet();
const random = lcg(7);
const randomStrain = (size: number) => Float64Array.from({ length: 6 }, () => size * (2 * random() - 1));

interface Piece extends FabricDamageOptions {
  readonly bvtv?: number;
  readonly axes?: readonly number[];
  readonly cortical?: number;
  readonly elementMm?: number;
}
const lawOf = ({ bvtv = rho, axes = asGrid, cortical = 0, elementMm = 1, ...options }: Piece = {}): PointLaw =>
  fabricDamage({
    ...options,
    bvtv: Float32Array.of(bvtv),
    cortical: Float32Array.of(cortical),
    fabric: Float32Array.from(fabricTensor(m, axes)),
    youngMPa: Float32Array.of(1000),
    poisson: 0.3,
    elementMm,
  });

const respond = (law: PointLaw, strain: ArrayLike<number>, state: Float64Array = new Float64Array(7)) => {
  const out = newResponse(7);
  law.respond(0, Float64Array.from(strain), state, 0, out);
  return out;
};
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a, (x, c) => x * b[c]!).reduce((s, x) => s + x, 0);
const norm = (a: ArrayLike<number>) => Math.sqrt(dot(a, a));
const timesMatrix = (matrix: ArrayLike<number>, x: ArrayLike<number>) =>
  [0, 1, 2, 3, 4, 5].map((r) => [0, 1, 2, 3, 4, 5].reduce((sum, c) => sum + matrix[6 * r + c]! * x[c]!, 0));
const damageAt = (kappa: number) => 0.85 * (1 - Math.exp(-8.0075 * kappa));
const strengthShare = (i: number, j = i) => rho ** bone.p * m[i]! ** bone.q * m[j]! ** bone.q;
const pairOf = (c: number) => [(c + 1) % 3, (c + 2) % 3] as const; // axes of the shear components yz, xz, xy: c − 3

/** Yield function and its derivative by strain-like components (shears count twice), in the axes of the fabric. */
function quadric(s: ArrayLike<number>): { readonly value: number; readonly normal: readonly number[] } {
  const { tensionMPa: t, compressionMPa: c, interaction, shearStrengthMPa } = bone;
  const s0 = (t + c) / (2 * t * c);
  const F = (c - t) / (2 * t * c);
  const x = [0, 1, 2].map((i) => s[i]! / strengthShare(i));
  const Fx = x.map((_, i) => s0 ** 2 * x.reduce((sum, y, j) => sum + (i === j ? 1 : -interaction) * y, 0));
  const limit = [0, 1, 2].map((k) => shearStrengthMPa * strengthShare(...pairOf(k)));
  const shear = limit.map((y, k) => s[3 + k]! / y);
  const root = Math.sqrt(dot(x, Fx) + dot(shear, shear));
  const normal = [...Fx.map((f, i) => (f / root + F) / strengthShare(i)), ...shear.map((y, k) => y / root / limit[k]!)];
  return { value: root + F * (x[0]! + x[1]! + x[2]!), normal };
}

/** Strains one component in steps, the others so that their stresses vanish. */
function uniaxial(law: PointLaw, axis: number, strains: readonly number[]) {
  const free = [0, 1, 2, 3, 4, 5].filter((c) => c !== axis);
  const total = new Float64Array(6);
  let state = new Float64Array(7);
  return strains.map((value) => {
    total[axis] = value;
    let out = respond(law, total, state);
    for (let i = 0; i < 60 && free.some((c) => Math.abs(out.stress[c]!) > 1e-10); i++) {
      const matrix = free.flatMap((r) => free.map((c) => out.tangent[6 * r + c]!));
      const right = free.map((c) => -out.stress[c]!);
      solveDense(matrix, right, 5).forEach((step, k) => {
        total[free[k]!]! += step;
      });
      out = respond(law, total, state);
    }
    state = out.state.slice();
    return { ...out, strain: total.slice() };
  });
}
const ramp = (to: number, steps: number) => Array.from({ length: steps }, (_, i) => (to * (i + 1)) / steps);

test("elastic stiffness is that of E₀, ν₀ and μ₀, scaled by density and fabric", () => {
  const { tangent, yielding } = respond(lawOf(), new Float64Array(6));
  const lambda = (bone.youngMPa * bone.poisson) / ((1 + bone.poisson) * (1 - 2 * bone.poisson));
  const along = (lambda * (1 - bone.poisson)) / bone.poisson;
  expect(yielding).toBe(false);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      const want = (i === j ? along : lambda) * rho ** bone.k * m[i]! * m[j]!;
      expect(tangent[6 * i + j]! / want).toBeCloseTo(1, 12);
    }
    const [a, b] = pairOf(i);
    expect(tangent[7 * (3 + i)]! / (bone.shearMPa * rho ** bone.k * m[a]! * m[b]!)).toBeCloseTo(1, 12);
  }
});

test.each(["nominal", "effective"] as const)(
  "%s: stress lies on the quadric of its κ, or inside where nothing yields",
  (yieldOn) => {
    const law = lawOf({ yieldOn, elementMm: 2.4 });
    let yielded = 0;
    for (let i = 0; i < 2000; i++) {
      const { stress, state, yielding, dissipatedMPa } = respond(law, randomStrain(10 ** -(i % 4)));
      const kappa = state[6]!;
      const limit = (1 + hardening * kappa) * (yieldOn === "nominal" ? 1 : 1 - damageAt(kappa));
      const over = quadric(stress).value / limit - 1;
      expect(over).toBeLessThan(1e-8);
      if (!yielding) continue;
      yielded++;
      expect(over).toBeGreaterThan(-1e-8);
      expect(dissipatedMPa).toBeGreaterThan(0);
    }
    expect(yielded).toBeGreaterThan(1000);
  },
);

test("flow is normal to the quadric, κ is its length, and strain is elastic plus plastic", () => {
  const law = lawOf();
  const elastic = respond(law, new Float64Array(6)).tangent;
  for (let i = 0; i < 300; i++) {
    const strain = randomStrain(0.05);
    const { stress, state, yielding } = respond(law, strain);
    if (!yielding) continue;
    const tensor = Array.from(state.subarray(0, 6), (e, c) => (c < 3 ? e : e / Math.SQRT2));
    const normal = quadric(stress).normal.map((n, c) => (c < 3 ? n : n / Math.SQRT2));
    expect(dot(tensor, normal) / norm(tensor) / norm(normal)).toBeCloseTo(1, 8);
    expect(norm(tensor) / state[6]!).toBeCloseTo(1, 10);
    const left = timesMatrix(
      elastic,
      strain.map((e, c) => e - state[c]!),
    );
    left.forEach((s, c) => {
      expect(Math.abs((1 - damageAt(state[6]!)) * s - stress[c]!)).toBeLessThan(1e-9);
    });
  }
});

test.each([
  ["hfe-77e9776", 0],
  ["hfe-77e9776", 1],
  ["hfe-460f6d7", 0],
  ["hfe-460f6d7", 1],
] as const)(
  "%s, cortical %i: strength along each axis of the fabric is σ₀·ρ^p·m^2q, in shear τ₀·ρ^p·(mᵢ·mⱼ)^q",
  (constants, cortical) => {
    const perfect = lawOf({ constants, cortical, hardening: 0, damageRate: 0 });
    const { p, q, ...phase } = fabricSet(constants)[cortical ? "cortical" : "trabecular"];
    const strength = (axis: number, strain: number) => uniaxial(perfect, axis, ramp(strain, 10)).at(-1)!.stress[axis]!;
    for (let i = 0; i < 3; i++) {
      const share = rho ** p * m[i]! ** (2 * q);
      expect(strength(i, 0.05) / (phase.tensionMPa * share)).toBeCloseTo(1, 8);
      expect(strength(i, -0.05) / (-phase.compressionMPa * share)).toBeCloseTo(1, 8);
      const [a, b] = pairOf(i);
      expect(strength(3 + i, 0.1) / (phase.shearStrengthMPa * rho ** p * (m[a]! * m[b]!) ** q)).toBeCloseTo(1, 8);
    }
  },
);

test("yielding on the stress itself, strength is r(κ) and only stiffness is lost; on the effective one, (1 − D)·r", () => {
  for (const yieldOn of ["nominal", "effective"] as const) {
    const law = lawOf({ yieldOn, elementMm: 2.4 });
    for (const sign of [1, -1]) {
      const path = uniaxial(law, 2, ramp(sign * 0.06, 30));
      const { stress, state } = path.at(-1)!;
      const kappa = state[6]!;
      const onset = (sign > 0 ? bone.tensionMPa : bone.compressionMPa) * strengthShare(2);
      const intact = 1 - damageAt(kappa);
      const want = (1 + hardening * kappa) * (yieldOn === "nominal" ? 1 : intact);
      expect((sign * stress[2]!) / onset / want).toBeCloseTo(1, 7);
      // flow goes on in one direction: κ from the axial plastic strain
      const { normal } = quadric([0, 0, sign, 0, 0, 0]);
      expect((norm(normal) * state[2]!) / normal[2]! / kappa).toBeCloseTo(1, 7);
      const unloaded = respond(
        law,
        path.at(-1)!.strain.map((e, c) => (e + state[c]!) / 2),
        state.slice(),
      );
      expect(unloaded.yielding).toBe(false);
      const elastic = respond(law, [0, 0, 1e-9, 0, 0, 0]).tangent;
      unloaded.tangent.forEach((k, n) => {
        expect(Math.abs(k - intact * elastic[n]!)).toBeLessThan(1e-9 * elastic[14]!);
      });
    }
  }
});

test("a fabric that is turned turns the response with it", () => {
  const axes = rotation([0.3, -0.7, 0.5], 1.1);
  const [still, turned] = [lawOf(), lawOf({ axes })];
  for (let i = 0; i < 50; i++) {
    const strain = randomStrain(0.03);
    const moved = turn(
      strain.map((e, c) => (c < 3 ? e : e / 2)),
      axes,
    ).map((e, c) => (c < 3 ? e : 2 * e));
    const want = turn(respond(still, strain).stress, axes);
    const { stress } = respond(turned, moved);
    want.forEach((s, c) => {
      expect(Math.abs(s - stress[c]!)).toBeLessThan(1e-6 * norm(want)); // the tensor is held in f32
    });
  }
});

/** Derivative of the stress by central differences, 6×6. */
function derivative(law: PointLaw, strain: Float64Array, h: number): Float64Array {
  const matrix = new Float64Array(36);
  for (let c = 0; c < 6; c++) {
    const at = (sign: number) =>
      respond(
        law,
        strain.map((e, k) => (k === c ? e + sign * h : e)),
      ).stress;
    const [up, down] = [at(1), at(-1)];
    for (let r = 0; r < 6; r++) matrix[6 * r + c] = (up[r]! - down[r]!) / (2 * h);
  }
  return matrix;
}

test.each([
  ["perfect plasticity", {}],
  ["a turned fabric", { axes: rotation([1, 2, -1], 0.7) }],
  ["cortical bone", { cortical: 1 }],
] as const)("without hardening and damage the tangent is the derivative of the stress: %s", (_, piece) => {
  const law = lawOf({ ...piece, hardening: 0, criticalDamage: 0 });
  for (let i = 0; i < 100; i++) {
    const strain = randomStrain(0.05);
    const { tangent, yielding } = respond(law, strain);
    const elastic = norm(respond(law, new Float64Array(6)).tangent);
    const numeric = derivative(law, strain, 1e-7);
    expect(yielding).toBe(true);
    tangent.forEach((k, n) => {
      expect(Math.abs(k - numeric[n]!)).toBeLessThan(1e-5 * elastic);
    });
  }
});

test.each(["nominal", "effective"] as const)(
  "%s: with damage the tangent is symmetric, not negative, and along the flow the derivative or 0",
  (yieldOn) => {
    const law = lawOf({ yieldOn, elementMm: 2.4 });
    const elastic = norm(respond(law, new Float64Array(6)).tangent);
    for (let i = 0; i < 100; i++) {
      const strain = randomStrain(0.03);
      const { tangent, yielding, stress } = respond(law, strain);
      if (!yielding) continue;
      const normal = quadric(stress).normal;
      const along = normal.map((n) => n / norm(normal));
      const left = dot(along, timesMatrix(derivative(law, strain, 1e-7), along));
      expect(Math.abs(dot(along, timesMatrix(tangent, along)) - Math.max(0, left))).toBeLessThan(1e-6 * elastic);
      if (yieldOn === "nominal") expect(left).toBeGreaterThan(0);
      for (let k = 0; k < 20; k++) {
        const x = randomStrain(1);
        expect(dot(x, timesMatrix(tangent, x))).toBeGreaterThan(-1e-9 * elastic);
      }
      for (let r = 0; r < 6; r++)
        for (let c = 0; c < r; c++)
          expect(Math.abs(tangent[6 * r + c]! - tangent[6 * c + r]!)).toBeLessThan(1e-9 * elastic);
    }
  },
);

test.each(["nominal", "effective"] as const)(
  "%s: work is what is stored and what is dissipated, at the second order",
  (yieldOn) => {
    const law = lawOf({ yieldOn, elementMm: 2.4, axes: rotation([1, 1, 0], 0.5) });
    const corners = [randomStrain(0.03), randomStrain(0.02), randomStrain(0.04)]; // there, on, and on
    const missing = (steps: number) => {
      let [work, dissipated, stored] = [0, 0, 0];
      let from = new Float64Array(6);
      let state = new Float64Array(7);
      let stress = new Float64Array(6);
      for (const corner of corners) {
        for (const t of ramp(1, steps)) {
          const strain = corner.map((e, c) => from[c]! + t * (e - from[c]!));
          const out = respond(law, strain, state);
          const step = corner.map((e, c) => (e - from[c]!) / steps);
          work += (dot(stress, step) + dot(out.stress, step)) / 2;
          dissipated += out.dissipatedMPa;
          stored =
            0.5 *
            dot(
              out.stress,
              strain.map((e, c) => e - out.state[c]!),
            );
          [state, stress] = [out.state.slice(), out.stress.slice()];
        }
        from = corner;
      }
      return Math.abs(work - stored - dissipated) / work;
    };
    const [coarse, fine] = [missing(50), missing(200)];
    expect(coarse).toBeLessThan(1e-3);
    expect(fine / coarse).toBeLessThan(0.2); // 1/16, but for the steps in which yielding begins
  },
);

test("strength goes with ρ^p and stiffness with ρ^k", () => {
  const at = (bvtv: number) => {
    const path = uniaxial(lawOf({ bvtv, hardening: 0, damageRate: 0 }), 2, [-1e-6, ...ramp(-0.1, 10)]);
    return { stiffness: path[0]!.stress[2]! / -1e-6, strength: -path.at(-1)!.stress[2]! };
  };
  const [thin, thick] = [at(1 / 16), at(1 / 4)];
  expect(thick.stiffness / thin.stiffness / 4 ** bone.k).toBeCloseTo(1, 8);
  expect(thick.strength / thin.strength / 4 ** bone.p).toBeCloseTo(1, 8);
});

test("values out of range are refused with what to give", () => {
  expect(() => lawOf({ bvtv: 1.5 })).toThrow(/0 to 1/);
  expect(() => lawOf({ axes: [0, 0, 0, 0, 0, 0, 0, 0, 0] })).toThrow(/eigenvalues/);
  expect(() => lawOf({ constants: "none" as never })).toThrow(/hfe-77e9776/);
  expect(() => lawOf({ criticalDamage: 1 })).toThrow(/criticalDamage < 1/);
});

/** Rotation about an axis by an angle (rad), 3×3 by rows. */
function rotation(axis: Vec3, angle: number): number[] {
  const [x, y, z] = axis.map((a) => a / norm(axis)) as [number, number, number];
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const t = 1 - c;
  return [
    ...[t * x * x + c, t * x * y - s * z, t * x * z + s * y],
    ...[t * x * y + s * z, t * y * y + c, t * y * z - s * x],
    ...[t * x * z - s * y, t * y * z + s * x, t * z * z + c],
  ];
}

/** A symmetric tensor (xx, yy, zz, yz, xz, xy) turned by R: R·T·Rᵀ. */
function turn(t: ArrayLike<number>, R: readonly number[]): number[] {
  const full = [t[0]!, t[5]!, t[4]!, t[5]!, t[1]!, t[3]!, t[4]!, t[3]!, t[2]!];
  const at = (i: number, j: number) =>
    full.reduce((sum, value, n) => sum + R[3 * i + Math.floor(n / 3)]! * value * R[3 * j + (n % 3)]!, 0);
  return [at(0, 0), at(1, 1), at(2, 2), at(1, 2), at(0, 2), at(0, 1)];
}
