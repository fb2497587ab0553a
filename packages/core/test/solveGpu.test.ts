import { expect, test } from "vitest";
import { SpondylError } from "../src/error.js";
import { openGpu } from "../src/solve/gpu/openGpu.js";
import { activeNodes } from "../src/solve/nodes.js";
import { fail } from "../src/solve/path/fail.js";
import { checkProblem } from "../src/solve/problem.js";
import { solve } from "../src/solve/solve.js";
import { byNode } from "../src/solve/solveOnce.js";
import { fixedPositions } from "../src/solve/system.js";
import type { Vec3 } from "../src/volume/volume.js";
import { fixed, specimen } from "./failInputs.js";
import { clampedCompression, lcg, modelOf, randomModel } from "./solveModels.js";
import { testDevice } from "./testDevice.js";

const gpu = await testDevice();
const h: Vec3 = [0.5, 0.5, 0.5];
const size: Vec3 = [9, 8, 11];
const porous = (seed: number) =>
  modelOf(size, h, (x, y, z) => ((x * y + z) % 5 === 0 ? 0 : 100 * (1 + ((x + seed) % 7))));
const press = clampedCompression(size, -0.05);
const alone = { threads: 1, muster: () => {}, report: () => {} };

test("without a device the kernel is refused, and says what to do", async () => {
  const error = await solve(porous(0), press, { kernel: "webgpu" }).catch((e) => e);
  expect(error).toBeInstanceOf(SpondylError);
  expect(error).toMatchObject({ code: "no-gpu", message: expect.stringMatching(/run\.gpu.*kernel wasm/) });
});

test("a model beyond the device's limits is refused before anything is set up, with the size that fits", async () => {
  const limits = { maxStorageBufferBindingSize: 2 ** 14, maxBufferSize: 2 ** 28 };
  const small = { limits } as GPUDevice; // has nothing else: touching it would throw another error
  const error = await solve(porous(0), press, { kernel: "webgpu" }, { gpu: small }).catch((e) => e);
  expect(error).toMatchObject({ name: "SpondylError", code: "no-gpu" });
  const { voxels, most, need, largest } = error.details;
  expect([voxels, largest]).toEqual([9 * 8 * 11, 2 ** 14]);
  expect(need).toBeGreaterThan(largest);
  expect(most / voxels).toBeCloseTo(largest / need, 2);
});

test.skipIf(!gpu)("the same bits every time", async () => {
  const run = { gpu: gpu! };
  const { model, constraints } = randomModel([9, 7, 10], h, 0.35, 4);
  const options = { kernel: "webgpu", floating: "remove" } as const;
  const [one, two] = [await solve(model, constraints, options, run), await solve(model, constraints, options, run)];
  expect(two.displacement).toEqual(one.displacement);
  expect(two.residualHistory).toEqual(one.residualHistory);
});

test.skipIf(!gpu)("it takes about as many iterations as the WASM kernel", async () => {
  const { model, constraints } = randomModel([12, 10, 14], h, 0.3, 6);
  const options = { tolerance: 1e-8, floating: "remove" } as const;
  const wasm = await solve(model, constraints, options);
  const webgpu = await solve(model, constraints, { ...options, kernel: "webgpu" }, { gpu: gpu! });
  expect(webgpu.iterations).toBeLessThan(1.1 * wasm.iterations + 2); // f32 costs some of the conjugacy
});

/** A session on the GPU for a model, its upper end moved. */
async function sessionOf(model: ReturnType<typeof porous>) {
  const problem = checkProblem(model, press, { floating: "error" });
  const fixed = fixedPositions(problem, activeNodes(problem.runs));
  const session = await openGpu(problem, fixed, { ...alone, gpu: gpu! });
  fixed.unknown.forEach((u, at) => {
    session.displacement[(u % 3) * session.level.stride + session.slots[Math.floor(u / 3)]!] = fixed.value[at]!;
  });
  const free = new Float64Array(session.load.length);
  for (let axis = 0; axis < 3; axis++) for (const s of session.slots) free[axis * session.level.stride + s] = 1;
  for (const u of fixed.unknown) free[(u % 3) * session.level.stride + session.slots[Math.floor(u / 3)]!] = 0;
  return { session, free };
}

test.skipIf(!gpu)("new moduli in a session give what a new session gives, from the last solution on", async () => {
  const stop = { tolerance: 1e-10, maxIterations: 200 };
  const { session } = await sessionOf(porous(0));
  await session.solve({ ...stop, tolerance: 1e-3 });
  session.setModuli(porous(3).modulus.data.filter((e) => e > 0));
  const updated = await session.solve(stop);
  const { session: fresh } = await sessionOf(porous(3));
  const anew = await fresh.solve(stop);
  const [got, want] = [session, fresh].map((s) => byNode(s, s.displacement)) as [Float64Array, Float64Array];
  const largest = want.reduce((m, u) => Math.max(m, Math.abs(u)), 0);
  for (const [i, u] of got.entries()) expect(Math.abs(u - want[i]!)).toBeLessThan(1e-8 * largest);
  expect(updated.length).toBeLessThan(anew.length + 5); // the aggregated levels are those of the old moduli
  session.close();
  fresh.close();
});

test.skipIf(!gpu)("a given load is met: K·u = f in f64", async () => {
  const { session, free } = await sessionOf(porous(1));
  session.displacement.fill(0);
  const random = lcg(5);
  const load = free.map((f) => f * (random() - 0.5));
  session.load.set(load);
  const history = await session.solve({ tolerance: 1e-9, maxIterations: 200, given: true });
  session.forces();
  const norm = (v: Float64Array) => Math.sqrt(v.reduce((sum, x, i) => sum + free[i]! * x * x, 0));
  expect(norm(session.force.map((f, i) => f - load[i]!)) / norm(load)).toBeLessThan(1e-9);
  expect(history.at(-1)).toBeLessThan(1e-9);
  session.close();
});

const E = 12_700; // MPa
const pressed = specimen(
  modelOf([4, 4, 5], [0.05, 0.05, 0.05], (x, y, z) => ((x + 2 * y + z) % 4 === 0 ? 0.7 * E : E)),
  [0, 0, -0.0075, 0, 0, 0],
  fixed,
);

test.skipIf(!gpu)("damage follows the same path on the GPU", async () => {
  const strains = {
    tensionStrain: 0.004,
    compressionStrain: 0.008,
    tensionPeakStrain: 0.02,
    compressionPeakStrain: 0.03,
  };
  const bone = { hardening: 0.05, fractureEnergyNPerMm: 0.3, residual: 1e-4, ...strains };
  const input = { ...pressed, material: { law: "tissue-damage", ...bone } } as const;
  const options = { steps: 4, tolerance: 1e-5 };
  const want = await fail(input, options);
  const got = await fail(input, { ...options, kernel: "webgpu" }, { gpu: gpu! });
  const peak = want.points.reduce((most, { resultant }) => Math.max(most, Math.abs(resultant[2])), 0);
  expect(want.points.at(-1)!.damagedMm3).toBeGreaterThan(0);
  expect(got.points.length).toBe(want.points.length);
  got.points.forEach(({ resultant }, i) => {
    expect(Math.abs(resultant[2] - want.points[i]!.resultant[2])).toBeLessThan(1e-4 * peak); // out of balance: 1e-5
  });
});

test.skipIf(!gpu)("a law that yields at Gauss points is refused with the kernel that can", async () => {
  const input = { ...pressed, material: { law: "von-mises", yieldMPa: 100 } } as const;
  const error = await fail(input, { kernel: "webgpu" }, { gpu: gpu! }).catch((e) => e);
  expect(error).toMatchObject({
    name: "SpondylError",
    code: "unsupported",
    message: expect.stringMatching(/kernel wasm/),
  });
});

test.skipIf(!gpu)("it can be stopped, and tells how far it is", async () => {
  const control = new AbortController();
  const heard: number[] = [];
  const progress = (done: number) => {
    heard.push(done);
    control.abort(new Error("stop"));
  };
  const grid: Vec3 = [30, 30, 30]; // large enough to pause after every batch
  const column = modelOf(grid, h, (x, y) => (x < 4 && y < 3 ? 1000 : 0));
  const run = { gpu: gpu!, signal: control.signal, progress };
  const options = { kernel: "webgpu", tolerance: 1e-12 } as const;
  await expect(solve(column, clampedCompression(grid, -0.1), options, run)).rejects.toThrow("stop");
  expect(heard[0]).toBeGreaterThan(0);
  expect(heard.length).toBeLessThan(3);
});

test.skipIf(!gpu)("not converged is an error", async () => {
  const { model, constraints } = randomModel([8, 8, 8], h, 0.4, 6);
  const options = { kernel: "webgpu", maxIterations: 2, floating: "remove", tolerance: 1e-9 } as const;
  const late = await solve(model, constraints, options, { gpu: gpu! }).catch((e) => e);
  expect(late).toMatchObject({ name: "SpondylError", code: "not-converged" });
  expect(late.details.residualHistory).toHaveLength(3);
});

test.skipIf(!gpu)("a device that is lost is an error that says so", async () => {
  gpu!.destroy(); // the last test of this file
  const error = await solve(porous(0), press, { kernel: "webgpu" }, { gpu: gpu! }).catch((e) => e);
  expect(error).toMatchObject({
    name: "SpondylError",
    code: "no-gpu",
    message: expect.stringMatching(/lost.*another/),
  });
});
