import { readFileSync } from "node:fs";
import {
  type AxialLoad,
  axialConstraints,
  energyDensity,
  identityDirection,
  pistoia,
  planeEnds,
  reactionFromEnergy,
  readNifti,
  solve,
  type Vec3,
  type Volume,
} from "@spondyl/core";
import { expect, test } from "vitest";
import { nodeThreads } from "../packages/cli/dist/threads.js";
import { dataPath } from "../packages/core/test/data.ts";
import { kubcStiffness } from "./kubc.ts";
import { segmentLhdl } from "./lhdl.ts";
import { readNpz } from "./npz.ts";
import { type Row, record } from "./record.ts";

const run = { threads: nodeThreads(2) };

function bone(mask: ArrayLike<number>, size: Vec3, spacing: Vec3, modulusMPa: number): Volume<"MPa"> {
  const data = Float32Array.from(mask, (m) => (m ? modulusMPa : 0));
  return { quantity: "MPa", data, size, spacing, origin: [0, 0, 0], direction: identityDirection() };
}

async function compress(modulus: Volume<"MPa">, load: AxialLoad) {
  const model = { modulus, poisson: 0.3 };
  const constraints = axialConstraints(planeEnds(modulus.data, modulus.size, 2), load);
  const solution = await solve(model, constraints, { floating: "remove" }, run);
  return { model, solution, reactionN: Math.abs(reactionFromEnergy(solution, load.displacementMm)) };
}

test("trab1240: FAIM's solution of a distal radius or tibia block", async () => {
  const { labels } = readNpz(readFileSync(dataPath("trab1240-faim-reference", "trab1240_labels.npz")));
  const [nz, ny, nx] = labels!.shape as [number, number, number];
  const { model: m, reference } = JSON.parse(
    readFileSync(dataPath("trab1240-faim-reference", "reference.json"), "utf8"),
  );
  const spacing = JSON.parse(readFileSync(dataPath("trab1240-faim-reference", "reference.json"), "utf8")).source
    .spacing_xyz;
  const load = { displacementMm: reference.applied_displacement_z, inferior: "fixed", superior: "fixed" } as const;
  const modulus = bone(labels!.data, [nx, ny, nz], spacing, m.youngs_modulus_mpa);
  const { model, solution, reactionN } = await compress(modulus, load);
  const atCentre = energyDensity(model, solution, "centre").data; // where FAIM takes it
  const energy = atCentre.filter((_, n) => modulus.data[n]! > 0).sort();
  const percentile = (p: number) => energy[Math.round((p / 100) * (energy.length - 1))]!;
  const source = "parosol-py, reference by FAIM";
  const row = { case: "trab1240", source };
  const failure = pistoia(atCentre, modulus.data, reactionN);
  const rows: Row[] = [
    { ...row, quantity: "elements", published: reference.elements, computed: solution.elements, tolerancePercent: 0 },
    { ...row, quantity: "nodes", published: reference.nodes, computed: solution.nodes, tolerancePercent: 0 },
    {
      ...row,
      quantity: "stiffness, N/mm",
      published: reference.stiffness_z,
      computed: reactionN / -load.displacementMm,
      tolerancePercent: 0.1,
    },
    {
      ...row,
      quantity: "strain energy density, mean, MPa",
      published: reference.sed_mean,
      computed: energy.reduce((a, b) => a + b, 0) / energy.length,
      tolerancePercent: 0.1,
    },
    {
      ...row,
      quantity: "strain energy density, 95th percentile, MPa",
      published: reference.sed_p95,
      computed: percentile(95),
      tolerancePercent: 0.2,
    },
    {
      ...row,
      quantity: "strain energy density, 98th percentile, MPa",
      published: reference.sed_p98,
      computed: percentile(98),
      tolerancePercent: 0.2,
    },
    {
      ...row,
      quantity: "Pistoia failure load, N",
      published: -reference.failure_load_z,
      computed: failure.loadN,
      tolerancePercent: 0.2,
    },
  ];
  expect(record("2-trab1240", rows)).toBeUndefined();
});

test("LHDL 3155-D-4: ciclope's CalculiX solution", async () => {
  const grey = readNifti(readFileSync(dataPath("lhdl-3155-D-4", "lhdl-3155-D-4_19p5um_uint8.nii.gz")), "grey");
  const { mask, size, otsu } = segmentLhdl(grey.data, 200, 63, 3);
  const load = { displacementMm: -0.04, inferior: "fixed", superior: "guided" } as const;
  const { solution, reactionN } = await compress(bone(mask, size, [0.039, 0.039, 0.039], 18000), load);
  const row = { case: "LHDL 3155-D-4, 39 um voxels", source: "ciclope, example 1 (CalculiX)" };
  const rows: Row[] = [
    {
      ...row,
      quantity: "Otsu threshold, grey value",
      published: 80.72472439570987,
      computed: otsu,
      tolerancePercent: 1e-6,
    },
    { ...row, quantity: "elements", published: 247062, computed: solution.elements, tolerancePercent: 0 },
    { ...row, quantity: "reaction, N", published: 247.3045, computed: reactionN, tolerancePercent: 0.2 },
  ];
  expect(record("3-lhdl", rows)).toBeUndefined();
});

test.each(["06", "09"])("FABTIB trabecular cube %s: the FEniCS stiffness matrix", async (name) => {
  const { bone_xyz } = readNpz(readFileSync(dataPath("tibia-trabecular-rois-fabtib", `Trabecular_${name}.npz`)));
  const n = bone_xyz!.shape[0]!;
  const mask = new Uint8Array(n ** 3); // x fastest, from x slowest
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++) mask[i + n * (j + n * k)] = bone_xyz!.data[k + n * (j + n * i)]!;
  const want = readFileSync(dataPath("tibia-trabecular-rois-fabtib", `Trabecular_${name}_fenics_C.csv`), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(",").map(Number));
  const got = await kubcStiffness(mask, [n, n, n], 10_000, 0.3, run);
  const row = { case: `FABTIB trabecular ${name}, KUBC`, source: "MathieuSm/FEniCSx" };
  const norm = (m: readonly (readonly number[])[]) => Math.hypot(...m.flat());
  const difference = norm(want.map((r, i) => r.map((v, j) => got[i]![j]! - v)));
  const rows: Row[] = [
    ...[0, 1, 2, 3, 4, 5].map((c) => ({
      ...row,
      quantity: `C${c + 1}${c + 1}, MPa`,
      published: want[c]![c]!,
      computed: got[c]![c]!,
      tolerancePercent: 0.2,
    })),
    { ...row, quantity: "C13, MPa", published: want[0]![2]!, computed: got[0]![2]!, tolerancePercent: 0.2 },
    {
      ...row,
      quantity: "Frobenius norm of the difference, % of the matrix",
      published: null,
      computed: (100 * difference) / norm(want),
      tolerancePercent: null,
    },
  ];
  expect((100 * difference) / norm(want)).toBeLessThan(0.2);
  expect(record(`4-fabtib-${name}`, rows)).toBeUndefined();
});
