import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readNifti } from "../src/formats/nifti.js";
import { angle } from "../src/linalg/vec3.js";
import { segment } from "../src/segment/segment.js";
import type { AnatomicalFrame } from "../src/volume/frame.js";
import { intersection, type Mask, maskCount, maskOf } from "../src/volume/mask.js";
import { resample, resampleMask } from "../src/volume/resample.js";
import type { Vertebra } from "../src/volume/vertebra.js";
import { type Grid, voxelVolume } from "../src/volume/volume.js";
import { dataPath, haveData } from "./data.js";

const labelsOf = (...path: string[]) => readNifti(readFileSync(dataPath(...path)), "label");
const benchmark = () => labelsOf("verse004-L2-spinefe-benchmark", "sub-verse004_0000_vertebra_21_seg.nii.gz");
const spine = () => labelsOf("verse004-spine-labelmap", "sub-verse004_seg-vert_msk.nii.gz");
const abdomen = (file: string) => labelsOf("totalsegmentator-example-ct", file);
const crop = (kind: string) => labelsOf("tptbox-ct-L3", `sub-ct_seg-${kind}_label-22_msk.nii.gz`);

const dice = (a: Mask, b: Mask) => (2 * maskCount(intersection(a, b))) / (maskCount(a) + maskCount(b));
const degrees = (a: AnatomicalFrame, axis: "cranial" | "anterior", lps: readonly [number, number, number]) =>
  (angle(a[axis], lps) * 180) / Math.PI;

test.skipIf(!haveData)("benchmark L2: six labels, the header turned half round, the anatomy right", async () => {
  const { vertebra, evidence, convention, findings } = await segment(benchmark(), { level: "L2" });
  expect(convention).toBe("six-label");
  expect(maskCount(vertebra.body)).toBe(22553 + 11093); // labels 1 and 2 as they are
  expect(maskCount(vertebra.posterior)).toBe(7761 + 12343);
  expect(evidence.flipped).toEqual(["anterior-posterior"]);
  expect(findings.map((f) => f.code)).toContain("image-flipped");
  expect(evidence.headFrom).toBe("labels"); // disc 6 above, 5 below; the shape agrees
  expect(evidence.upright?.confident).toBe(true);
  expect(degrees(vertebra.frame, "anterior", [0, 1, 0])).toBeLessThan(5); // to the back of the header
  expect(degrees(vertebra.frame, "cranial", [0, 0, 1])).toBeLessThan(5);
});

test.skipIf(!haveData)(
  "benchmark L2: the header is turned about the long axis and no mirror image, by the same L2 in the subject's spine",
  async () => {
    const { vertebra: whole } = await segment(benchmark(), { level: "L2" });
    const { vertebra: here } = await segment(spine(), { level: "L2" });
    const reference = along(here, 1);
    const same = dice(reference, along(whole, 1)),
      mirrored = dice(reference, along(whole, -1));
    expect(same).toBeGreaterThan(0.94); // 0.96: 2 mm slices against 1 mm voxels
    expect(mirrored).toBeLessThan(same - 0.02); // the two sides of a vertebra differ little
  },
);

/** The vertebra on 1 mm voxels along its own axes, its sides exchanged for side = -1. */
function along({ frame: { centre, right, anterior, cranial }, whole, grid }: Vertebra, side: 1 | -1): Mask {
  const axes = [right.map((c) => -side * c), anterior.map((c) => -c), cranial];
  const origin = [0, 1, 2].map(
    (r) => centre[r]! - axes.reduce((sum, a) => sum + 55 * a[r]!, 0),
  ) as unknown as Grid["origin"];
  const direction = Float64Array.from({ length: 9 }, (_, n) => axes[n % 3]![Math.floor(n / 3)]!);
  return resampleMask(whole, grid, { size: [111, 111, 111], spacing: [1, 1, 1], origin, direction });
}

test.skipIf(!haveData)("the body cut from a whole vertebra is the body of the six-label mask", async () => {
  const six = benchmark();
  const merged = { ...six, data: six.data.map((v) => (v >= 1 && v <= 4 ? 21 : 0)) };
  const { vertebra, evidence } = await segment(merged, { level: "L2", convention: "verse" });
  expect(evidence.bodyFrom).toBe("geometry");
  const truth = resampleMask(maskOf(six, 1, 2), six, vertebra.grid);
  expect(dice(vertebra.body, truth)).toBeGreaterThan(0.98); // the mask cuts its pedicles 2 to 3 mm further back
});

test.skipIf(!haveData)(
  "the body cut from a whole L3 is the body of the TPTBox sub-regions, which can also be given",
  async () => {
    const vertebrae = crop("vert"),
      regions = crop("subreg");
    const cut = await segment(vertebrae, { level: "L3" });
    const given = await segment(vertebrae, { level: "L3", parts: regions });
    expect([cut.evidence.bodyFrom, given.evidence.bodyFrom]).toEqual(["geometry", "labels"]);
    const truth = maskOf(resample(regions, given.vertebra.grid), 49, 50);
    expect(given.vertebra.body).toEqual(intersection(truth, given.vertebra.whole));
    expect(dice(cut.vertebra.body, given.vertebra.body)).toBeGreaterThan(0.99);
    expect([cut.levels, cut.findings]).toEqual([["L2", "L3", "L4"], []]);
    expect(maskCount(cut.vertebra.above!)).toBeGreaterThan(0);
    await expect(segment(regions, { level: "L3" })).rejects.toThrow(/shows 3 vertebral bodies and names none/);
    await expect(segment(vertebrae, { level: "L2" })).rejects.toThrow(/L2 is cut by the field of view/);
  },
);

test.skipIf(!haveData)("TotalSegmentator at 3 mm: the body agrees with its own body mask, T12 is cut", async () => {
  const vertebrae = abdomen("totalseg_vertebrae.nii.gz"),
    bodies = abdomen("totalseg_vertebrae_body.nii.gz");
  for (const [level, least] of [
    ["L1", 0.98],
    ["L5", 0.92],
  ] as const) {
    // its L5 body misses the pedicles' broad roots
    const { vertebra, findings } = await segment(vertebrae, { level });
    const truth = intersection(maskOf(resample(bodies, vertebra.grid), 1), vertebra.whole);
    expect(dice(vertebra.body, truth)).toBeGreaterThan(least);
    expect(findings).toEqual([]);
  }
  await expect(segment(vertebrae, { level: "T12" })).rejects.toThrow(/T12 is cut by the field of view: 169 voxels/);
  const body = await segment(abdomen("totalseg_vertebrae_pp_refined.nii.gz"), { level: "L2" }); // bodies alone, VerSe's numbers
  expect(body.findings.map((f) => f.code)).toEqual(["convention-by-order", "body-only"]);
});

test.skipIf(!haveData)("VerSe T9 to L5: the axes follow the curve of the spine, a crushed L1 included", async () => {
  const labels = spine();
  const tilts: number[] = [];
  for (const level of ["T9", "L1", "L3", "L5"]) {
    const { vertebra, evidence, levels } = await segment(labels, { level });
    expect(levels).toEqual(["T9", "T10", "T11", "T12", "L1", "L2", "L3", "L4", "L5"]);
    expect(evidence.flipped).toEqual([]);
    expect(evidence.upright?.score).toBeGreaterThan(0.1); // told by the shape as well as by the order
    const { cranial } = vertebra.frame;
    tilts.push((Math.atan2(cranial[1], cranial[2]) * 180) / Math.PI); // backwards positive
    expect(Math.abs(cranial[0])).toBeLessThan(0.1); // no scoliosis
  }
  expect(tilts[1]).toBeGreaterThan(15); // kyphosis above the crushed L1 leans it back
  expect(tilts[3]).toBeLessThan(-20); // lordosis leans L5 forward
  const { vertebra: same } = await segment(labels, { level: "L2" });
  const bodyMm3 = maskCount(same.body) * voxelVolume(same.grid.spacing);
  expect(Math.abs(bodyMm3 / 33646 - 1)).toBeLessThan(0.05); // of the same L2 in the benchmark's six labels, mm³
});
