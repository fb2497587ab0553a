import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readNifti } from "../src/formats/nifti.js";
import { bonelabModel } from "../src/mesh/bonelab.js";
import { countNodes } from "../src/mesh/continuumModel.js";
import { dataPath, haveData } from "./data.js";

const file = (part: string) =>
  readFileSync(dataPath("verse004-L2-spinefe-benchmark", `sub-verse004_0000_vertebra_21_${part}.nii.gz`));

test.skipIf(!haveData)("the published L2 has the published elements and nodes", () => {
  const { model, elements, ends } = bonelabModel(
    readNifti(file("im"), "mgK2HPO4/cm3"),
    readNifti(file("seg"), "label"),
  );
  expect(elements).toBe(67137); // Walle, Matheson & Boyd 2025, their results table
  expect(countNodes(model.modulus)).toBe(77892);
  expect(ends.inferior.length).toBeGreaterThan(1000);
});
