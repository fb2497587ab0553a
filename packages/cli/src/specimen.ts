import {
  type AxialLoad,
  type Axis,
  axialConstraints,
  type Constraints,
  type EndCondition,
  type Ends,
  lateralConstraint,
  planeEnds,
  requireJoined,
  SpondylError,
  type Volume,
  type VoxelModel,
} from "@spondyl/core";
import type { Given, Option } from "./command.js";
import { choice, number } from "./given.js";

/** A voxel model between flat platens, and what they do to it. */
export interface Specimen {
  readonly model: VoxelModel;
  readonly constraints: Constraints;
  readonly loaded: Ends;
  readonly heightMm: number;
  readonly load: AxialLoad;
}

/** What a command that loads a specimen may be told of it. */
export const specimenOptions: readonly Option[] = [
  { flag: "--poisson <ratio>", help: "Poisson's ratio, default 0.3" },
  { flag: "--axis <axis>", help: "loaded grid axis: x, y or z (default)" },
  { flag: "--inferior <how>", help: "low end: fixed (all axes, default) or guided (axial only, lateral free)" },
  { flag: "--superior <how>", help: "high end: fixed (default) or guided" },
  { flag: "--displacement <mm>", help: "of the high end; negative compresses. Default -0.1 % of the model's height" },
  { flag: "--min-modulus <MPa>", help: "drop voxels softer than this" },
  { flag: "--floating <how>", help: "parts that no end holds: error (default) or remove" },
];

/** @throws SpondylError as `planeEnds`, `requireJoined` and `axialConstraints`, and for options out of range */
export function specimenOf(image: Volume<"MPa">, given: Given): Specimen {
  const modulus = withoutSofter(image, number(given, "minModulus", 0, [0, 1e9]));
  const axis = { x: 0, y: 1, z: 2 }[choice(given, "axis", ["x", "y", "z"], "z")] as Axis;
  const loaded = planeEnds(modulus.data, modulus.size, axis);
  requireJoined(modulus.data, modulus.size, loaded);
  const heightMm = heightBetween(loaded, modulus, axis);
  const load = {
    displacementMm: number(given, "displacement", -0.001 * heightMm, [-10, 10]),
    inferior: choice(given, "inferior", ends, "fixed"),
    superior: choice(given, "superior", ends, "fixed"),
  };
  const model = { modulus, poisson: number(given, "poisson", 0.3, [-0.99, 0.499]) };
  return { model, constraints: axialConstraints(loaded, load), loaded, heightMm, load };
}

const ends: readonly EndCondition[] = ["fixed", "guided"];

/** What happens to parts that no end holds. */
export const floatingOf = (given: Given): "error" | "remove" =>
  choice(given, "floating", ["error", "remove"] as const, "error");

/** The load as a result tells it. */
export const loadRecord = ({ loaded, heightMm, load }: Specimen) => ({
  axis: "xyz"[loaded.axis],
  heightMm,
  displacementPercentHeight: (100 * load.displacementMm) / heightMm,
  ...load,
  lateralConstraint: lateralConstraint(load),
  loadedFaces: "outermost plane of elements at each end",
});

/** The load in a few words. */
export const describeLoad = (load: ReturnType<typeof loadRecord>): string =>
  `${load.displacementMm.toPrecision(4)} mm (${load.displacementPercentHeight.toPrecision(3)} % of height); lateral: ${load.lateralConstraint}`;

/** The image without the voxels that are softer than this, MPa. */
function withoutSofter(modulus: Volume<"MPa">, leastMPa: number): Volume<"MPa"> {
  const negative = modulus.data.find((e) => e < 0);
  if (negative !== undefined)
    throw new SpondylError(
      "bad-input",
      `moduli: a modulus of ${negative} MPa is below 0. Give Young's moduli, 0 where there is nothing.`,
    );
  return leastMPa > 0 ? { ...modulus, data: modulus.data.map((e) => (e < leastMPa ? 0 : e)) } : modulus;
}

/** Distance of the two loaded planes, mm. */
function heightBetween({ inferior, superior }: Ends, { size, spacing }: Volume, axis: Axis): number {
  const stride = [1, size[0] + 1, (size[0] + 1) * (size[1] + 1)][axis]!;
  const level = (nodes: Uint32Array) => Math.floor(nodes[0]! / stride) % (size[axis] + 1);
  return (level(superior) - level(inferior)) * spacing[axis];
}
