import {
  component,
  displacementField,
  energyDensity,
  reactionFromEnergy,
  readVolume,
  type Solution,
  type SolveOptions,
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
import { describeLoad, floatingOf, loadRecord, type Specimen, specimenOf, specimenOptions } from "../specimen.js";
import { version } from "../version.js";

/** Linear compression of any voxel model, such as a micro-CT cube, between flat platens. */
export const solveCommand: Command = {
  name: "solve",
  summary: "Axial stiffness of a voxel model, from an image of Young's moduli.",
  args: [{ name: "<moduli>", help: "image whose voxels are Young's moduli in MPa, 0 = void" }],
  options: [
    ...specimenOptions,
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
    const specimen = specimenOf(readVolume(read, "MPa"), given);
    watch.stage("solve");
    const { model, constraints } = specimen;
    const solution = await solve(model, constraints, solveOptions(given), context);
    watch.stage("write");
    const energy = energyDensity(model, solution, "mean");
    const result = {
      ...resultOf(specimen, solution),
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

const solveOptions = (given: Given): SolveOptions => ({
  tolerance: number(given, "tolerance", 1e-6, [1e-12, 0.1]),
  floating: floatingOf(given),
  kernel: choice(given, "kernel", ["wasm", "typescript"], "wasm"),
  ...(text(given, "maxIterations") && { maxIterations: number(given, "maxIterations", 1000, [1, 1e7]) }),
});

function resultOf(specimen: Specimen, solution: Solution) {
  const { displacementMm } = specimen.load;
  const reactionN = Math.abs(reactionFromEnergy(solution, displacementMm));
  return {
    spondyl: { version },
    stiffnessNPerMm: reactionN / Math.abs(displacementMm),
    reactionN,
    iterations: solution.iterations,
    residual: solution.residual,
    elements: solution.elements,
    nodes: solution.nodes,
    load: loadRecord(specimen),
    strainEnergyNMm: solution.strainEnergy,
    strainEnergySampling: "mean over each element",
    memoryBytes: solution.memoryBytes,
    threads: solution.threads,
    kernel: solution.kernel,
  };
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
  readonly load: ReturnType<typeof loadRecord>;
  readonly timesS: Readonly<Record<string, number>>;
}

const describe = ({ load, ...r }: Summary, out: string): string =>
  [
    ["stiffness", `${r.stiffnessNPerMm.toPrecision(6)} N/mm`],
    ["reaction", `${r.reactionN.toPrecision(6)} N at ${describeLoad(load)}`],
    ["model", `${r.elements} elements, ${r.nodes} nodes`],
    ["solver", `${r.iterations} iterations, residual ${r.residual.toExponential(1)}, ${r.timesS.solve?.toFixed(2)} s`],
    ["written", out],
  ]
    .map(([name, value]) => `${name!.padEnd(12)}${value}`)
    .join("\n");
