import {
  type AxialLoad,
  type Axis,
  axialConstraints,
  component,
  displacementField,
  type EndCondition,
  type Ends,
  energyDensity,
  lateralConstraint,
  planeEnds,
  reactionFromEnergy,
  readVolume,
  requireJoined,
  type Solution,
  type SolveOptions,
  SpondylError,
  solve,
  stress,
  type Volume,
  type VoxelModel,
  writeNifti,
  writeVti,
} from "@spondyl/core";
import type { Command, Given } from "../command.js";
import { readScanFiles } from "../files.js";
import { choice, number, text } from "../given.js";
import { requireWritable, writeFolder } from "../outputFolder.js";
import { provenance, stopwatch } from "../provenance.js";
import { version } from "../version.js";

const ends: readonly EndCondition[] = ["fixed", "guided"];

/** Linear compression of any voxel model, such as a micro-CT cube, between flat platens. */
export const solveCommand: Command = {
  name: "solve",
  summary: "Axial stiffness of a voxel model, from an image of Young's moduli.",
  args: [{ name: "<moduli>", help: "image whose voxels are Young's moduli in MPa, 0 = void" }],
  options: [
    { flag: "--poisson <ratio>", help: "Poisson's ratio, default 0.3" },
    { flag: "--axis <axis>", help: "loaded grid axis: x, y or z (default)" },
    { flag: "--inferior <how>", help: "low end: fixed (all axes, default) or guided (axial only, lateral free)" },
    { flag: "--superior <how>", help: "high end: fixed (default) or guided" },
    { flag: "--displacement <mm>", help: "of the high end; negative compresses. Default -0.1 % of the model's height" },
    { flag: "--min-modulus <MPa>", help: "drop voxels softer than this" },
    { flag: "--floating <how>", help: "parts that no end holds: error (default) or remove" },
    { flag: "--tolerance <residual>", help: "relative residual to reach, default 1e-6" },
    { flag: "--max-iterations <n>", help: "give up after so many" },
    { flag: "--kernel <name>", help: "wasm (default) or typescript, its slow readable twin" },
    { flag: "--out <folder>", help: "result.json, energy-density.nii.gz and fields.vti", required: true },
  ],
  example: "spondyl solve moduli.nii.gz --axis z --inferior fixed --superior guided --displacement -0.04 --out run1",

  async run([path = ""], given, context) {
    const out = text(given, "out")!;
    await requireWritable(out);
    const watch = stopwatch(context.stage);
    const startedAt = new Date();
    watch.stage("read");
    const read = await readScanFiles(path);
    const problem = problemOf(readVolume(read, "MPa"), given);
    watch.stage("solve");
    const { model, loaded, load } = problem;
    const solution = await solve(model, axialConstraints(loaded, load), solveOptions(given), context);
    watch.stage("write");
    const energy = energyDensity(model, solution, "mean");
    const result = {
      ...resultOf(problem, solution),
      provenance: provenance("solve", given, { moduli: read }, startedAt),
      timesS: watch.seconds(),
    };
    const files = {
      "result.json": `${JSON.stringify(result, null, 2)}\n`,
      "energy-density.nii.gz": writeNifti(energy),
      "fields.vti": fieldsVti(model, solution, energy),
    };
    await writeFolder(out, files, context.signal);
    return { data: { out, ...result }, text: describe(result, out) };
  },
};

/** The model, its loaded planes and what is done to them. */
interface Specimen {
  readonly model: VoxelModel;
  readonly loaded: Ends;
  readonly heightMm: number;
  readonly load: AxialLoad;
}

function problemOf(image: Volume<"MPa">, given: Given): Specimen {
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
  return { model: { modulus, poisson: number(given, "poisson", 0.3, [-0.99, 0.499]) }, loaded, heightMm, load };
}

const solveOptions = (given: Given): SolveOptions => ({
  tolerance: number(given, "tolerance", 1e-6, [1e-12, 0.1]),
  floating: choice(given, "floating", ["error", "remove"], "error"),
  kernel: choice(given, "kernel", ["wasm", "typescript"], "wasm"),
  ...(text(given, "maxIterations") && { maxIterations: number(given, "maxIterations", 1000, [1, 1e7]) }),
});

function resultOf({ loaded, heightMm, load }: Specimen, solution: Solution) {
  const reactionN = Math.abs(reactionFromEnergy(solution, load.displacementMm));
  return {
    spondyl: { version },
    stiffnessNPerMm: reactionN / Math.abs(load.displacementMm),
    reactionN,
    iterations: solution.iterations,
    residual: solution.residual,
    elements: solution.elements,
    nodes: solution.nodes,
    load: {
      axis: "xyz"[loaded.axis],
      heightMm,
      displacementPercentHeight: (100 * load.displacementMm) / heightMm,
      ...load,
      lateralConstraint: lateralConstraint(load),
      loadedFaces: "outermost plane of elements at each end",
    },
    strainEnergyNMm: solution.strainEnergy,
    strainEnergySampling: "mean over each element",
    memoryBytes: solution.memoryBytes,
    threads: solution.threads,
    kernel: solution.kernel,
  };
}

/** The image without the voxels that are softer than this, MPa. */
function withoutSofter(modulus: Volume<"MPa">, leastMPa: number): Volume<"MPa"> {
  const negative = modulus.data.find((e) => e < 0);
  if (negative !== undefined)
    throw new SpondylError(
      "bad-input",
      `solve: a modulus of ${negative} MPa is below 0. Give Young's moduli, 0 where there is nothing.`,
    );
  return leastMPa > 0 ? { ...modulus, data: modulus.data.map((e) => (e < leastMPa ? 0 : e)) } : modulus;
}

/** Distance of the two loaded planes, mm. */
function heightBetween({ inferior, superior }: Ends, { size, spacing }: Volume, axis: Axis): number {
  const stride = [1, size[0] + 1, (size[0] + 1) * (size[1] + 1)][axis]!;
  const level = (nodes: Uint32Array) => Math.floor(nodes[0]! / stride) % (size[axis] + 1);
  return (level(superior) - level(inferior)) * spacing[axis];
}

function fieldsVti(model: VoxelModel, solution: Solution, energy: Volume<"MPa">): Uint8Array {
  const axes = ["xx", "yy", "zz", "yz", "xz", "xy"];
  const tensor = stress(model, solution);
  return writeVti(
    [
      { name: "modulusMPa", data: model.modulus.data },
      { name: "strainEnergyDensityMPa", data: energy.data },
      ...axes.map((name, c) => ({ name: `stressGrid_${name}_MPa`, data: component(tensor, c).data })),
      { name: "displacementMm", data: displacementField(model, solution, "world"), components: 3, at: "node" },
    ],
    model.modulus,
  );
}

interface Summary {
  readonly stiffnessNPerMm: number;
  readonly reactionN: number;
  readonly iterations: number;
  readonly residual: number;
  readonly elements: number;
  readonly nodes: number;
  readonly load: {
    readonly displacementMm: number;
    readonly displacementPercentHeight: number;
    readonly lateralConstraint: string;
  };
  readonly timesS: Readonly<Record<string, number>>;
}

const describe = ({ load, ...r }: Summary, out: string): string =>
  [
    ["stiffness", `${r.stiffnessNPerMm.toPrecision(6)} N/mm`],
    [
      "reaction",
      `${r.reactionN.toPrecision(6)} N at ${load.displacementMm.toPrecision(4)} mm (${load.displacementPercentHeight.toPrecision(3)} % of height); lateral: ${load.lateralConstraint}`,
    ],
    ["model", `${r.elements} elements, ${r.nodes} nodes`],
    ["solver", `${r.iterations} iterations, residual ${r.residual.toExponential(1)}, ${r.timesS.solve?.toFixed(2)} s`],
    ["written", out],
  ]
    .map(([name, value]) => `${name!.padEnd(12)}${value}`)
    .join("\n");
