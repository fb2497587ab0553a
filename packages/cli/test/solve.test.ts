import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readNifti, type Volume, writeNifti } from "@spondyl/core";
import { afterAll, expect, test } from "vitest";
import { solveCommand } from "../src/commands/solve.js";
import { openNodeGpu } from "../src/nodeGpu.js";

const folder = mkdtempSync(join(tmpdir(), "spondyl-solve-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** A bar of 6 × 5 × 8 voxels of 0.5 mm whose modulus depends on the voxel's level. */
function bar(modulus: (k: number) => number): Volume<"MPa"> {
  const data = Float32Array.from({ length: 240 }, (_, n) => modulus(Math.floor(n / 30)));
  const direction = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  return { quantity: "MPa", data, size: [6, 5, 8], spacing: [0.5, 0.5, 0.5], origin: [0, 0, 0], direction };
}
const solveBar = (name: string, modulus: (k: number) => number, given: Record<string, string> = {}) => {
  writeFileSync(at(`${name}.nii.gz`), writeNifti(bar(modulus)));
  const options = { out: at(name), inferior: "guided", superior: "guided", displacement: "-0.01", ...given };
  return solveCommand.run([at(`${name}.nii.gz`)], options, { say: () => {}, stage: () => {} });
};

test("a homogeneous bar with free sides has K = E·A/L, along every axis", async () => {
  const [lx, ly, lz] = [3, 2.5, 4]; // mm
  for (const [axis, area, length] of [
    ["x", ly * lz, lx],
    ["y", lx * lz, ly],
    ["z", lx * ly, lz],
  ] as const) {
    const { data } = await solveBar(`bar-${axis}`, () => 1000, { axis });
    expect(data.stiffnessNPerMm).toBeCloseTo((1000 * area) / length, 2); // the residual is 1e-6
    expect(data.reactionN).toBeCloseTo((0.01 * 1000 * area) / length, 4);
    expect(data).toMatchObject({ elements: 240, nodes: 7 * 6 * 9, load: { lateralConstraint: "free at both ends" } });
  }
});

test("bars in series without Poisson's effect: the compliances add up", async () => {
  const { data } = await solveBar("series", (k) => (k < 4 ? 500 : 2000), { poisson: "0" });
  expect(data.stiffnessNPerMm).toBeCloseTo(7.5 / (2 / 500 + 2 / 2000), 2);
});

test("it writes the result, the energy and the fields", async () => {
  await solveBar("files", () => 1000);
  const result = JSON.parse(readFileSync(at("files/result.json"), "utf8"));
  expect(result).toMatchObject({ elements: 240, load: { displacementMm: -0.01, displacementPercentHeight: -0.25 } });
  const energy = readNifti(new Uint8Array(readFileSync(at("files/energy-density.nii.gz"))), "MPa");
  const strain = 0.01 / 4;
  for (const u of energy.data) expect(Math.abs(u / (0.5 * 1000 * strain ** 2) - 1)).toBeLessThan(1e-4);
  expect(readFileSync(at("files/fields.vti"), "utf8")).toContain("strainEnergyDensityMPa");
  expect(readFileSync(at("files/result.json"), "utf8")).not.toContain(folder); // no paths: they may name a patient
});

test("--min-modulus drops what is softer", async () => {
  const { data } = await solveBar("dropped", (k) => (k === 7 ? 3 : 1000), { minModulus: "10" });
  expect(data).toMatchObject({ elements: 210, load: { heightMm: 3.5 } });
});

test.each([
  ["void", () => 0, {}, /no elements/],
  ["not-a-number", (k: number) => (k === 3 ? Number.NaN : 1), {}, /NaN/i],
  ["negative", (k: number) => (k === 3 ? -5 : 1), {}, /-5/],
  ["still", () => 1000, { displacement: "0" }, /1e-6 to 20 mm/],
  ["poisson", () => 1000, { poisson: "0.5" }, /0\.5/],
  ["tiny", () => 1000, { displacement: "1e-300" }, /1e-6 to 20 mm/],
  ["apart", (k: number) => (k === 4 ? 0 : 1000), {}, /nothing joins the two ends/],
] as const)("%s: an error, and nothing is written", async (name, modulus, given, message) => {
  await expect(solveBar(name, modulus, given)).rejects.toThrow(message);
  expect(existsSync(at(`${name}/result.json`))).toBe(false);
});

test("a part that no end holds is an error that names the cure, and can be removed", async () => {
  const { data, ...grid } = bar(() => 1000);
  const island = data.map((e, n) => (n % 6 < 4 || (n % 6 === 5 && n >= 60 && n < 90) ? e : 0)); // a slab in the air
  writeFileSync(at("island.nii.gz"), writeNifti({ ...grid, data: island }));
  const run = (given: Record<string, string>) =>
    solveCommand.run([at("island.nii.gz")], { out: at("island"), ...given }, { say: () => {}, stage: () => {} });
  await expect(run({})).rejects.toThrow(/5 elements.*remove/s);
  expect((await run({ floating: "remove" })).data).toMatchObject({ elements: 4 * 5 * 8 });
});

test("an output that cannot be written is an error that names it", async () => {
  writeFileSync(at("taken"), "a file, not a folder");
  await expect(solveBar("blocked", () => 1000, { out: at("taken/inside") })).rejects.toThrow(
    /taken is a file.*Choose another --out/,
  );
});

const adapter = await haveAdapter();

/** Whether this machine has an adapter, a software one included; SPONDYL_GPU=required makes a missing one a failure. */
async function haveAdapter(): Promise<boolean> {
  const found = await openNodeGpu().then(
    (gpu) => gpu.close(),
    (error: Error) => error,
  );
  if (found && process.env.SPONDYL_GPU === "required") throw found;
  if (found) console.warn(`A test on the GPU is skipped: ${found.message}`);
  return !found;
}

test.skipIf(!adapter)("--kernel webgpu gives the same stiffness on a GPU", async () => {
  const { data } = await solveBar("gpu", (k) => (k < 4 ? 500 : 2000), { poisson: "0", kernel: "webgpu" });
  expect(data.stiffnessNPerMm).toBeCloseTo(7.5 / (2 / 500 + 2 / 2000), 2);
  expect(data).toMatchObject({ kernel: "webgpu", elements: 240 });
});

test("without the optional package --kernel webgpu says how to get it", async () => {
  const error = await openNodeGpu(() => import("webgpu-that-is-not-installed" as "webgpu")).catch((e) => e);
  expect(error).toMatchObject({ name: "SpondylError", code: "no-gpu" });
  expect(error.message).toMatch(/npm install webgpu.*--kernel wasm/);
});

test("without an adapter --kernel webgpu says so", async () => {
  const none = { create: () => ({ requestAdapter: async () => null }) as unknown as GPU };
  await expect(openNodeGpu(async () => none)).rejects.toThrow(/finds no GPU.*--kernel wasm/);
});
