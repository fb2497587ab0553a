import {
  type Axis,
  boundingBox,
  boxSize,
  type Constraints,
  checkMotion,
  constraintsOf,
  type EndCondition,
  type Ends,
  type LoadCase,
  lateralConstraint,
  loadCaseOf,
  planeEnds,
  type RigidEnds,
  requireJoined,
  rigidEnds,
  SpondylError,
  specimenAxes,
  type Volume,
  type VoxelModel,
} from "@spondyl/core";
import type { Given, Option } from "./command.js";
import { isNonlinear } from "./failure.js";
import { choice, number, text } from "./given.js";
import { loadHelp, parseLoad } from "./loadOption.js";

/** A voxel model between flat platens, and what they do to it. */
export interface Specimen {
  readonly model: VoxelModel;
  readonly loaded: Ends;
  readonly ends: RigidEnds;
  readonly load: LoadCase;
  readonly constraints: Constraints; // of the whole load at once
  readonly heightMm: number; // between the loaded planes
  readonly widthMm: number; // of its elements, along the axis named left
  readonly depthMm: number; // and along that named posterior
}

/** What a command that loads a specimen may be told of it. */
export const specimenOptions: readonly Option[] = [
  { flag: "--poisson <ratio>", help: "Poisson's ratio, default 0.3" },
  { flag: "--axis <axis>", help: "loaded grid axis: x, y or z (default); left and posterior are the next two" },
  { flag: "--inferior <how>", help: "low end: fixed (all axes, default) or guided (axial only, lateral free)" },
  { flag: "--superior <how>", help: "high end: fixed (default) or guided" },
  { flag: "--load <spec>", help: loadHelp },
  { flag: "--displacement <mm>", help: "of the high end; negative compresses. Default -0.1 % of the model's height" },
  { flag: "--min-modulus <MPa>", help: "drop voxels softer than this" },
  { flag: "--floating <how>", help: "parts that no end holds: error (default) or remove" },
];

/** @throws SpondylError as `planeEnds`, `requireJoined` and `loadCaseOf`, and for options out of range */
export function specimenOf(image: Volume<"MPa">, given: Given): Specimen {
  const modulus = withoutSofter(image, number(given, "minModulus", 0, [0, 1e9]));
  const { size, spacing } = modulus;
  const axis = { x: 0, y: 1, z: 2 }[choice(given, "axis", ["x", "y", "z"], "z")] as Axis;
  const loaded = planeEnds(modulus.data, size, axis);
  requireJoined(modulus.data, size, loaded);
  const heightMm = heightBetween(loaded, modulus, axis);
  const load = loadOf(given, heightMm);
  const ends = rigidEnds(loaded, size, spacing, specimenAxes(modulus.data, size, spacing, axis), load);
  const model = { modulus, poisson: number(given, "poisson", 0.3, [-0.99, 0.499]) };
  const box = boxSize(boundingBox(modulus.data, size)!); // `planeEnds` has found elements
  const edgeMm = (a: number) => box[a % 3]! * spacing[a % 3]!;
  return {
    model,
    loaded,
    ends,
    load,
    constraints: constraintsOf(ends, load.motion),
    heightMm,
    widthMm: edgeMm(axis + 1),
    depthMm: edgeMm(axis + 2),
  };
}

const conditions: readonly EndCondition[] = ["fixed", "guided"];

function loadOf(given: Given, heightMm: number): LoadCase {
  const held = {
    inferior: choice(given, "inferior", conditions, "fixed"),
    superior: choice(given, "superior", conditions, "fixed"),
  };
  const moved = text(given, "displacement") !== undefined;
  const spec = text(given, "load") ?? (isNonlinear(given) && !moved ? "compression" : undefined);
  if (spec === undefined) {
    const displacementMm = number(given, "displacement", -0.001 * heightMm, [-10, 10]);
    const motion = [0, 0, displacementMm, 0, 0, 0] as const;
    checkMotion(motion, held);
    return { name: displacementMm < 0 ? "compression" : "tension", ...held, motion };
  }
  if (moved)
    throw new SpondylError("bad-option", "--load and --displacement both say how far the end moves. Give one of them.");
  return loadCaseOf(parseLoad(spec), heightMm, held);
}

/** What happens to parts that no end holds. */
export const floatingOf = (given: Given): "error" | "remove" =>
  choice(given, "floating", ["error", "remove"] as const, "error");

/** The load as a result tells it. */
export const loadRecord = ({ loaded, heightMm, load }: Specimen) => ({
  name: load.name,
  axis: "xyz"[loaded.axis],
  heightMm,
  displacementMm: load.motion[2],
  displacementPercentHeight: (100 * load.motion[2]) / heightMm,
  shiftMm: [load.motion[0], load.motion[1]],
  rotationDeg: [load.motion[3], load.motion[4], load.motion[5]].map((r) => (180 * r) / Math.PI),
  ...(load.follower && {
    leverArmMm: { flexion: load.follower.leftArmMm, bendingLeft: load.follower.posteriorArmMm }, // as in `FailureResult`
  }),
  inferior: load.inferior,
  superior: load.superior,
  lateralConstraint: lateralConstraint(load),
  loadedFaces: "outermost plane of elements at each end",
});

/** The load in a few words. */
export function describeLoad({ name, ...load }: ReturnType<typeof loadRecord>): string {
  const turn = load.rotationDeg.map((r) => Math.abs(r)).reduce((a, b) => Math.max(a, b));
  const parts = [
    ...(load.displacementMm !== 0
      ? [`${load.displacementMm.toPrecision(4)} mm (${load.displacementPercentHeight.toPrecision(3)} % of height)`]
      : []),
    ...(turn > 0 ? [`${turn.toPrecision(3)} degrees`] : []),
  ];
  return `${name}${parts.length ? ` by ${parts.join(" and ")}` : ""}; lateral: ${load.lateralConstraint}`;
}

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
