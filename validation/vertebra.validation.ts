import { readFileSync } from "node:fs";
import { axialConstraints, type Binning, bonelabModel, reactionFromEnergy, readNifti, solve } from "@spondyl/core";
import { expect, test } from "vitest";
import { nodeThreads } from "../packages/cli/dist/threads.js";
import { dataPath } from "../packages/core/test/data.ts";
import { type Row, record } from "./record.ts";

const file = (part: string) =>
  readFileSync(dataPath("verse004-L2-spinefe-benchmark", `sub-verse004_0000_vertebra_21_${part}.nii.gz`));
const source = "Walle, Matheson & Boyd 2025, 10.1093/gigascience/giaf094";

/** Stiffness (N/mm) of the published L2. The published table has the first; the others were computed from its recipe. */
const published: readonly [Binning, string, number][] = [
  ["shifted-bins", "as published (bins shifted by one)", 12362],
  ["bins", "bins assigned correctly", 10451],
  ["none", "no bins", 10547],
];

test("the spineFE benchmark's L2", async () => {
  const density = readNifti(file("im"), "mgK2HPO4/cm3");
  const labels = readNifti(file("seg"), "label");
  const rows: Row[] = [];
  for (const [binning, words, stiffness] of published) {
    const { model, ends } = bonelabModel(density, labels, binning);
    const load = { displacementMm: -0.2, inferior: "guided", superior: "guided" } as const;
    const solution = await solve(model, axialConstraints(ends, load), {}, { threads: nodeThreads(2) });
    const row = { case: `L2 of VerSe 004, ${words}`, source };
    if (binning === "shifted-bins")
      rows.push(
        { ...row, quantity: "elements", published: 67137, computed: solution.elements, tolerancePercent: 0 },
        { ...row, quantity: "nodes", published: 77892, computed: solution.nodes, tolerancePercent: 0 },
      );
    const computed = Math.abs(reactionFromEnergy(solution, load.displacementMm) / load.displacementMm);
    rows.push({ ...row, quantity: "stiffness, N/mm", published: stiffness, computed, tolerancePercent: 0.1 });
  }
  expect(record("1-vertebra", rows)).toBeUndefined();
});
