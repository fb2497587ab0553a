/**
 * What a lytic lesion costs: the same digital vertebra with and without it, all else equal. The truth maps are used
 * as they are, so this is the effect of the lesion alone, without scan, calibration and segmentation.
 */
import assert from "node:assert/strict";
import {
  axialConstraints,
  Compartment,
  continuumModel,
  type Density,
  type Phantom,
  phantom,
  reactionFromEnergy,
  solve,
} from "@spondyl/core";

const options = { level: "L2", seed: 3, truthSpacingMm: 1, ct: { spacing: [1, 1, 1] } } as const; // coarse: a quick example
const healthy = await phantom(options);
const diseased = await phantom({ ...options, lesion: { kind: "lytic", diameterMm: 15 } });

const stiffness = async ({ truthDensity, truthLabels }: Phantom): Promise<number> => {
  const model = continuumModel(truthDensity as Density, truthLabels, { support: "none" });
  const load = { displacementMm: -0.05, inferior: "guided", superior: "guided" } as const;
  const solution = await solve(model.model, axialConstraints(model.ends, load));
  return reactionFromEnergy(solution, load.displacementMm) / load.displacementMm;
};

const [before, after] = [await stiffness(healthy), await stiffness(diseased)];
const lost = 100 * (1 - after / before);
const share = diseased.truths.lesion!.volumeMm3 / diseased.truths.bodyVolumeMm3;
assert(diseased.truthLabels.data.includes(Compartment.bodyCore));
assert(
  lost > 3 && lost < 12, // about its share of the volume: published, 3 to 30 % for 4 to 35 %
  `a lesion of ${(100 * share).toFixed(1)} % of the body costs ${lost.toFixed(1)} %`,
);
console.log(`a lesion of ${(100 * share).toFixed(1)} % of the body costs ${lost.toFixed(1)} % of its stiffness`);
