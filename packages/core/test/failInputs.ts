import { type Axis, planeEnds } from "../src/load/ends.js";
import type { LoadCase } from "../src/load/loadCase.js";
import { type EndConditions, type Motion, rigidEnds, specimenAxes } from "../src/load/rigidEnds.js";
import type { FailInput } from "../src/solve/path/failModel.js";
import type { VoxelModel } from "../src/volume/voxelModel.js";

export const guided: EndConditions = { inferior: "guided", superior: "guided" };
export const fixed: EndConditions = { inferior: "fixed", superior: "fixed" };

/** A specimen between flat platens, and how its superior one moves. */
export function specimen(
  model: VoxelModel,
  motion: Motion,
  conditions: EndConditions = guided,
  follower?: LoadCase["follower"],
  axis: Axis = 2,
): Omit<FailInput, "material"> {
  const { data, size, spacing } = model.modulus;
  const axes = specimenAxes(data, size, spacing, axis);
  const load: LoadCase = { name: "test", motion, ...conditions, ...(follower && { follower }) };
  return { model, load, ends: rigidEnds(planeEnds(data, size, axis), size, spacing, axes, conditions) };
}
