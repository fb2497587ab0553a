import { fracturePattern, type PatternEvidence } from "../assess/fracturePattern.js";
import { SpondylError } from "../error.js";
import type { EndCondition } from "../load/ends.js";
import type { LoadCase } from "../load/loadCase.js";
import { type LoadRequest, loadCaseOf } from "../load/loadRequest.js";
import { rigidEnds, vertebraAxes } from "../load/rigidEnds.js";
import { leastBvtv } from "../material/fabricConstants.js";
import { fabricModulus } from "../material/fabricModulus.js";
import { axialFabric } from "../material/fabricTensor.js";
import { degreeOfAnisotropy, type FabricMaterial, type Material } from "../material/material.js";
import { bvtvOf } from "../mesh/bvtv.js";
import type { ContinuumModel } from "../mesh/continuumModel.js";
import { strain } from "../solve/fields.js";
import type { FailInput, Failure } from "../solve/path/failModel.js";
import type { FailOptions } from "../solve/path/failOptions.js";
import { Compartment, isBone } from "../volume/compartment.js";
import type { AnatomicalFrame } from "../volume/frame.js";
import { type Density, indexToWorld, type Vec3, type Volume, voxelVolume } from "../volume/volume.js";
import type { VoxelModel } from "../volume/voxelModel.js";
import { type FabricImages, fabricOnGrid } from "./fabricOnGrid.js";

/** How a vertebra is broken. */
export interface BreakRequest {
  readonly loads: readonly LoadRequest[]; // one path each
  readonly inferior?: EndCondition; // default guided
  readonly superior?: EndCondition; // default guided
  /** By name, or whole. Default "tresca", with the yield stresses of the density law. */
  readonly material?: BreakMaterial;
  readonly options?: FailOptions;
}

/** Laws of plasticity take the yield stresses of the density law; others bring their own constants. */
export type BreakMaterial =
  | { readonly law: "tresca" | "von-mises" }
  | { readonly law: "mohr-coulomb"; readonly compressionOverTension: number }
  | ({ readonly law: "fabric-damage" } & FabricBreak)
  | Omit<Extract<Material, { readonly law: "tissue-damage" }>, "damageable"> // caps stay elastic
  | Omit<Extract<Material, { readonly law: "quasi-brittle" }>, "damageable">;

/** BV/TV comes by density, and what is cortical from the compartments. */
export interface FabricBreak extends Omit<FabricMaterial, "bvtv" | "cortical" | "fabric"> {
  readonly fabric?: FabricImages; // of trabecular bone; default, and elsewhere, along the cranial axis
}

/** Follows a path; the caller may keep checkpoints. */
export type FollowPath = (input: FailInput, options: FailOptions, at: number) => Promise<Failure>;

/** One path, and what it says of the vertebra. */
export interface BrokenVertebra {
  readonly load: LoadCase;
  readonly failure: Failure;
  readonly damage: Volume<"fraction">; // at the end, on the model's grid
  readonly failedAt: Volume<"fraction">; // share of the path at which a voxel failed, 0 where it has not
  readonly failedMm3: Readonly<Record<string, number>>; // by compartment
  readonly firstFailure: FirstFailure | undefined;
  readonly pattern: PatternEvidence;
}

/** Where bone fails first: of the elements that fail in the first such step the one nearest to the middle of them all. */
export interface FirstFailure {
  readonly share: number; // of the path
  readonly positionMm: Vec3; // LPS
  readonly compartment: string;
  readonly elements: number; // that fail in that step
}

/** @throws SpondylError "bad-option" for a law of plasticity on a density law without yield stress, and as `loadCaseOf` */
export async function breakVertebra(
  model: ContinuumModel,
  density: Density,
  frame: AnatomicalFrame,
  heightMm: number,
  { loads, inferior = "guided", superior = "guided", material = { law: "tresca" }, options = {} }: BreakRequest,
  follow: FollowPath,
): Promise<BrokenVertebra[]> {
  const { modulus } = model.model;
  const axes = vertebraAxes(frame, modulus);
  const [voxels, law] =
    material.law === "fabric-damage"
      ? byFabric(material, model, density)
      : ([model.model, withYield(material, model)] as const);
  const cases = loads.map((request) => loadCaseOf(request, heightMm, { inferior, superior })); // all checked before any
  const broken: BrokenVertebra[] = [];
  for (const [at, load] of cases.entries()) {
    const ends = rigidEnds(model.ends, modulus.size, modulus.spacing, axes, load);
    const failure = await follow({ model: voxels, ends, load, material: law }, options, at);
    broken.push({ load, failure, ...assess(model, frame, failure) });
  }
  return broken;
}

/** The model and the material of bone by density and fabric; caps keep their modulus and stay elastic. */
function byFabric(
  material: Extract<BreakMaterial, { readonly law: "fabric-damage" }>,
  { model, compartments }: ContinuumModel,
  density: Density,
): readonly [VoxelModel, Material] {
  const codes = compartments.data;
  const bvtv = bvtvOf(density).map((x, n) => (isBone(codes[n]!) ? Math.max(x, leastBvtv) : 0));
  const cortical = codes.map((c) => (c === Compartment.bodyShell || c === Compartment.posteriorShell ? 1 : 0));
  const bone = fabricModulus(bvtv, cortical, material.constants);
  const modulus = model.modulus.data.map((e, n) => (e > 0 && bvtv[n]! > 0 ? bone[n]! : e));
  const { fabric, ...constants } = material;
  const usual = [false, true].map((shell) => axialFabric(degreeOfAnisotropy(material, shell)));
  const shells = (v: number) => usual[cortical[v]!]!;
  return [
    { ...model, modulus: { ...model.modulus, data: modulus } },
    { ...constants, bvtv, cortical, ...(fabric && { fabric: fabricOnGrid(fabric, model.modulus, shells) }) },
  ];
}

function withYield(
  material: Exclude<BreakMaterial, { readonly law: "fabric-damage" }>,
  { yieldMPa, law, compartments }: ContinuumModel,
): Material {
  if (material.law === "tissue-damage" || material.law === "quasi-brittle")
    return { ...material, damageable: compartments.data.map((c) => (isBone(c) ? 1 : 0)) };
  if (!yieldMPa)
    throw new SpondylError(
      "bad-option",
      `fail: the density law ${law.law.name} has no yield stress, which ${material.law} needs. Use --law kopperdahl2002-power, kopperdahl2002-linear or keyak1994.`,
    );
  return material.law === "mohr-coulomb" ? { ...material, compressionMPa: yieldMPa } : { law: material.law, yieldMPa };
}

const names = Object.fromEntries(Object.entries(Compartment).map(([name, code]) => [code, name]));

function assess({ model, compartments }: ContinuumModel, frame: AnatomicalFrame, failure: Failure) {
  const { modulus } = model;
  const { fields } = failure;
  const { size, spacing, origin, direction } = modulus;
  const onGrid = (values: Float32Array): Volume<"fraction"> => {
    const data = new Float32Array(modulus.data.length);
    fields.voxel.forEach((v, e) => {
      data[v] = values[e]!;
    });
    return { quantity: "fraction", data, size, spacing, origin, direction };
  };
  const damage = onGrid(fields.damage);
  const failedMm3: Record<string, number> = {};
  fields.voxel.forEach((v, e) => {
    const at = fields.failedAt[e]!;
    if (at === 0) return;
    const name = names[compartments.data[v]!]!;
    failedMm3[name] = (failedMm3[name] ?? 0) + voxelVolume(spacing);
  });
  return {
    damage,
    failedAt: onGrid(fields.failedAt),
    failedMm3,
    firstFailure: firstFailureOf(fields, compartments),
    pattern: fracturePattern(crushed(damage, model, frame, failure), compartments, frame),
  };
}

function firstFailureOf(
  { voxel, failedAt }: Failure["fields"],
  compartments: ContinuumModel["compartments"],
): FirstFailure | undefined {
  const failed = [...voxel.keys()].filter((e) => failedAt[e]! > 0 && isBone(compartments.data[voxel[e]!]!));
  if (failed.length === 0) return undefined;
  const share = failed.reduce((least, e) => Math.min(least, failedAt[e]!), 1);
  const { size } = compartments;
  const places = failed
    .filter((e) => failedAt[e] === share)
    .map((e) => voxel[e]!)
    .map((v) => [v % size[0], Math.floor(v / size[0]) % size[1], Math.floor(v / (size[0] * size[1]))] as const);
  const middle = [0, 1, 2].map((a) => places.reduce((sum, p) => sum + p[a]!, 0) / places.length);
  const distance = (p: Vec3) => Math.hypot(...p.map((x, a) => (x - middle[a]!) * compartments.spacing[a]!));
  const [x, y, z] = places.reduce((best, p) => (distance(p) < distance(best) ? p : best));
  return {
    share,
    positionMm: indexToWorld(compartments, [x, y, z]),
    compartment: names[compartments.data[x + size[0] * (y + size[1] * z)]!]!,
    elements: places.length,
  };
}

/** The damage of what has been shortened along the cranial axis: shapes of fractures are named by what is crushed. */
function crushed(
  damage: Volume<"fraction">,
  model: VoxelModel,
  frame: AnatomicalFrame,
  failure: Failure,
): Volume<"fraction"> {
  const {
    cranial: [x, y, z],
  } = vertebraAxes(frame, model.modulus);
  const { data: e } = strain(model, failure);
  const axial = (v: number) =>
    x * x * e[6 * v]! +
    y * y * e[6 * v + 1]! +
    z * z * e[6 * v + 2]! +
    y * z * e[6 * v + 3]! +
    x * z * e[6 * v + 4]! +
    x * y * e[6 * v + 5]!;
  return { ...damage, data: damage.data.map((d, v) => (axial(v) < 0 ? d : 0)) };
}
