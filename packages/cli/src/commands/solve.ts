import {
  component,
  describeFailure,
  displacementField,
  energyDensity,
  type Failure,
  type Finding,
  type Motion,
  reactionFromEnergy,
  readVolume,
  resultantOn,
  type ScanFile,
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
import { checkpointFiles, failWithCheckpoint, removeCheckpoints } from "../checkpoint.js";
import type { Command, Context, Given, Outcome } from "../command.js";
import { curveCsv, elementVolume, failOptionsOf, failureLines, failureOptions, isNonlinear } from "../failure.js";
import { readScanFiles } from "../files.js";
import { choice, namesOf, number, refuse, text } from "../given.js";
import { parseMaterial } from "../materialOption.js";
import { withKernel } from "../nodeGpu.js";
import { requireWritable, writeFolder } from "../outputFolder.js";
import { provenance, stopwatch } from "../provenance.js";
import { describeLoad, floatingOf, loadRecord, type Specimen, specimenOf, specimenOptions } from "../specimen.js";
import { version } from "../version.js";
import { yieldOf } from "../yieldOption.js";

/** Any voxel model, such as a micro-CT cube, between flat platens: its stiffness, or its path to failure. */
export const solveCommand: Command = {
  name: "solve",
  summary: "Stiffness of a voxel model, or its path to failure, from an image of Young's moduli.",
  args: [{ name: "<moduli>", help: "image whose voxels are Young's moduli in MPa, 0 = void" }],
  options: [
    ...specimenOptions,
    ...failureOptions,
    { flag: "--yield <MPa|image>", help: "yield stress of von-mises, tresca and mohr-coulomb (in compression)" },
    { flag: "--tolerance <residual>", help: "relative residual of a linear solution, default 1e-6" },
    { flag: "--max-iterations <n>", help: "of a linear solution: give up after so many" },
    { flag: "--kernel <name>", help: "wasm (default), webgpu (needs a GPU), or typescript, the slow readable twin" },
    { flag: "--out <folder>", help: "result.json, fields.vti, images and, of a path, curve.csv", required: true },
  ],
  example: "spondyl solve moduli.nii.gz --load compression:1.5% --material tissue-damage --out run1",

  async run([path = ""], given, context) {
    const out = text(given, "out")!;
    await requireWritable(out);
    const watch = stopwatch(context.stage);
    const startedAt = new Date();
    watch.stage("read");
    const read = await readScanFiles(path);
    const specimen = specimenOf(readVolume(read, "MPa"), given);
    const job = { given, out, read, specimen, startedAt, watch };
    return isNonlinear(given) ? breakSpecimen(job, context) : solveLinear(job, context);
  },
};

interface Job {
  readonly given: Given;
  readonly out: string;
  readonly read: readonly ScanFile[];
  readonly specimen: Specimen;
  readonly startedAt: Date;
  readonly watch: ReturnType<typeof stopwatch>;
}

/** What every result ends with. */
const ending = ({ given, read, startedAt, watch }: Job) => ({
  provenance: provenance("solve", given, { moduli: read }, startedAt),
  timesS: watch.seconds(),
});

async function solveLinear(job: Job, context: Context): Promise<Outcome> {
  const { specimen, given, out, watch } = job;
  refuse(given, namesOf(failureOptions), "a linear solution", "Add --nonlinear.");
  refuse(given, ["yield"], "a linear solution", "Add --material with von-mises, tresca or mohr-coulomb.");
  if (specimen.load.follower)
    throw new SpondylError("bad-option", "--load: a following force is found step by step. Add --nonlinear.");
  watch.stage("solve");
  const { model, constraints } = specimen;
  const options = solveOptions(given);
  const solution = await withKernel(options.kernel, context, (run) => solve(model, constraints, options, run));
  watch.stage("write");
  const energy = energyDensity(model, solution, "mean");
  const result = { ...resultOf(specimen, solution), ...ending(job) };
  const files = {
    "result.json": `${JSON.stringify(result, null, 2)}\n`,
    "energy-density.nii.gz": writeNifti(energy),
    "fields.vti": linearVti(model, solution, energy),
  };
  await writeFolder(out, files, context.signal);
  return { data: { out, ...result }, text: describe(result, out) };
}

async function breakSpecimen(job: Job, context: Context): Promise<Outcome> {
  const { specimen, given, out, watch } = job;
  refuse(
    given,
    ["tolerance", "maxIterations"],
    "a path to failure",
    "Leave it out; --balance says how exact each step is.",
  );
  const { model, ends, load, heightMm, widthMm, depthMm } = specimen;
  const checkpoints = await checkpointFiles(given);
  const material = parseMaterial(text(given, "material") ?? "tissue-damage", await yieldOf(given, model));
  watch.stage("fail");
  const options = { ...failOptionsOf(given), floating: floatingOf(given) };
  const failure = await withKernel(options.kernel, context, (run) =>
    failWithCheckpoint({ model, ends, load, material }, options, checkpoints[0], run),
  );
  watch.stage("write");
  const described = describeFailure(failure, { load, heightMm, widthMm, depthMm });
  const { load: _, ...record } = described;
  const result = { spondyl: { version }, load: loadRecord(specimen), ...record, ...ending(job) };
  const damage = elementVolume(model.modulus, failure.fields, failure.fields.damage);
  const files = {
    "result.json": `${JSON.stringify(result, null, 2)}\n`,
    "curve.csv": curveCsv(described.curve),
    "damage.nii.gz": writeNifti(damage),
    "fields.vti": failureVti(model, failure, damage),
  };
  await writeFolder(out, files, context.signal);
  await removeCheckpoints(checkpoints, context);
  const lines: [string, string][] = [
    ...failureLines(described),
    ["model", `${failure.elements} elements, ${failure.nodes} nodes`],
    ["time", `${result.timesS.fail?.toFixed(1)} s`],
    ["written", out],
  ];
  return { data: { out, ...result }, text: [table(lines), ...told(described.findings)].join("\n") };
}

const told = (findings: readonly Finding[]) => findings.map((f) => `${f.severity}: ${f.message}`);

const solveOptions = (given: Given): SolveOptions => ({
  tolerance: number(given, "tolerance", 1e-6, [1e-12, 0.1]),
  floating: floatingOf(given),
  kernel: choice(given, "kernel", ["wasm", "webgpu", "typescript"], "wasm"),
  ...(text(given, "maxIterations") && { maxIterations: number(given, "maxIterations", 1000, [1, 1e7]) }),
});

function resultOf(specimen: Specimen, solution: Solution) {
  const resultant = resultantOn(specimen.ends, solution.reaction);
  return {
    spondyl: { version },
    ...stiffnessOf(specimen.load.motion, solution),
    forceN: [resultant[0], resultant[1], resultant[2]], // left, posterior, cranial, on the high end
    momentNMm: [resultant[3], resultant[4], resultant[5]], // about the middle of the model
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

interface Stiffness {
  readonly stiffnessNPerMm?: number; // of a translation
  readonly reactionN?: number;
  readonly stiffnessNMmPerRad?: number; // of a rotation
  readonly reactionNMm?: number;
}

/** Stiffness and reaction of a motion of one component, from the energy: the most accurate way, see `reactionFromEnergy`. */
function stiffnessOf(motion: Motion, solution: Solution): Stiffness {
  const moved = motion.flatMap((q, m) => (q === 0 ? [] : [m]));
  const [m = 2] = moved;
  if (moved.length > 1) return {};
  const reaction = Math.abs(reactionFromEnergy(solution, motion[m]!));
  const stiffness = reaction / Math.abs(motion[m]!);
  return m < 3
    ? { stiffnessNPerMm: stiffness, reactionN: reaction }
    : { stiffnessNMmPerRad: stiffness, reactionNMm: reaction };
}

function linearVti(model: VoxelModel, solution: Solution, energy: Volume<"MPa">): Uint8Array {
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

function failureVti(model: VoxelModel, failure: Failure, damage: Volume<"fraction">): Uint8Array {
  const failedAt = elementVolume(model.modulus, failure.fields, failure.fields.failedAt);
  return writeVti(
    [
      { name: "modulusMPa", data: model.modulus.data },
      { name: "damage", data: damage.data },
      { name: "failedAtShareOfPath", data: failedAt.data },
      { name: "displacementMm", data: displacementField(model, failure, "world"), components: 3, at: "node" },
    ],
    model.modulus,
  );
}

type Summary = ReturnType<typeof resultOf> & { readonly timesS: Readonly<Record<string, number>> };

const describe = ({ load, ...r }: Summary, out: string): string =>
  table([
    ["load", describeLoad(load)],
    ...answerLines(r),
    ["model", `${r.elements} elements, ${r.nodes} nodes`],
    ["solver", `${r.iterations} iterations, residual ${r.residual.toExponential(1)}, ${r.timesS.solve?.toFixed(2)} s`],
    ["written", out],
  ]);

function answerLines(r: Omit<Summary, "load">): [string, string][] {
  if (r.stiffnessNPerMm !== undefined && r.reactionN !== undefined)
    return [
      ["stiffness", `${r.stiffnessNPerMm.toPrecision(6)} N/mm`],
      ["reaction", `${r.reactionN.toPrecision(6)} N`],
    ];
  if (r.stiffnessNMmPerRad !== undefined && r.reactionNMm !== undefined)
    return [
      ["stiffness", `${r.stiffnessNMmPerRad.toPrecision(6)} N mm/rad`],
      ["reaction", `${r.reactionNMm.toPrecision(6)} N mm`],
    ];
  const list = (values: readonly number[]) => values.map((v) => v.toPrecision(5)).join(", ");
  return [
    ["force", `${list(r.forceN)} N (left, posterior, cranial)`],
    ["moment", `${list(r.momentNMm)} N mm`],
  ];
}

const table = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([name, value]) => `${name.padEnd(12)}${value}`).join("\n");
