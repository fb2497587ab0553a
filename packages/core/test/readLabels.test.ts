import { expect, test } from "vitest";
import { writeNifti } from "../src/formats/nifti.js";
import { readLabels } from "../src/import/readLabels.js";
import { identityDirection, type Vec3, type Volume } from "../src/volume/volume.js";

const size: Vec3 = [6, 5, 4];
/** A mask of the voxels from `first` on, `count` of them. */
function mask(name: string, first: number, count: number, origin: Vec3 = [0, 0, 0]) {
  const data = new Float32Array(120).fill(1, first, first + count);
  const volume: Volume<"label"> = {
    quantity: "label",
    data,
    size,
    spacing: [1, 1, 1],
    origin,
    direction: identityDirection(),
  };
  return { name, bytes: writeNifti(volume) };
}

test("a folder of one mask per vertebra becomes one map with VerSe codes; other organs are left aside", () => {
  const files = [
    mask("seg/liver.nii.gz", 100, 20),
    mask("seg/vertebrae_L2.nii.gz", 0, 10),
    mask("seg/vertebrae_T12.nii.gz", 10, 5),
    mask("seg/vertebrae_C7.nii.gz", 15, 2),
  ];
  const { labels, convention } = readLabels(files);
  const count = (code: number) => labels.data.filter((v) => v === code).length;
  expect(convention).toBe("verse");
  expect([count(21), count(19), count(7), count(0)]).toEqual([10, 5, 2, 103]);
});

test("one file is the map itself", () => {
  const { labels, convention } = readLabels([mask("labels.nii.gz", 0, 7)]);
  expect(convention).toBeUndefined();
  expect(labels.data.filter((v) => v === 1)).toHaveLength(7);
});

test("masks of different scans are refused", () => {
  expect(() => readLabels([mask("vertebrae_L1.nii.gz", 0, 5), mask("vertebrae_L2.nii.gz", 9, 5, [3, 0, 0])])).toThrow(
    /vertebrae_L2.*another grid/,
  );
});
