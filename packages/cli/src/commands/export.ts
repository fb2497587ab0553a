import {
  type Exported,
  type ExportOptions,
  exportFormats,
  exportModel,
  readVolume,
  SpondylError,
  wellPosed,
} from "@spondyl/core";
import type { Command, Given } from "../command.js";
import { readScanFiles, writeAtomically } from "../files.js";
import { choice, number, text } from "../given.js";
import { requireWritableFile } from "../outputFolder.js";
import { describeLoad, floatingOf, loadRecord, type Specimen, specimenOf, specimenOptions } from "../specimen.js";
import { version } from "../version.js";
import { yieldOf } from "../yieldOption.js";

/** A voxel model between flat platens as an input file of another finite-element program. */
export const exportCommand: Command = {
  name: "export",
  summary: "A voxel model and its load as an input file for another finite-element program.",
  args: [{ name: "<moduli>", help: "image whose voxels are Young's moduli in MPa, 0 = void" }],
  options: [
    { flag: "--format <name>", help: `${exportFormats.join(", ")}; see docs/export.md`, required: true },
    ...specimenOptions,
    { flag: "--yield <MPa|image>", help: "von Mises yield stress, perfectly plastic; in an image 0 stays elastic" },
    { flag: "--bins <n>", help: "most materials of febio, calculix, abaqus and n88, default 512" },
    { flag: "--out <file>", help: "file to write", required: true },
  ],
  example: "spondyl export moduli.nii.gz --format calculix --superior guided --displacement -0.04 --out cube.inp",

  async run([path = ""], given, context) {
    const out = text(given, "out") ?? "";
    await requireWritableFile(out);
    const format = choice(given, "format", exportFormats, exportFormats[0]);
    context.stage("read");
    const specimen = specimenOf(readVolume(await readScanFiles(path), "MPa"), given);
    refuseFollower(specimen);
    const yieldMPa = await yieldOf(given, specimen.model);
    context.stage("export");
    const load = loadRecord(specimen);
    const ready = wellPosed(specimen.model, specimen.constraints, { floating: floatingOf(given) });
    const made = await exportModel(
      format,
      {
        title: `Spondyl ${version}: axis ${load.axis}, ${describeLoad(load)}`,
        model: ready.model,
        constraints: ready.constraints,
        reactionNodes: specimen.loaded.superior,
        ...(yieldMPa && { yieldMPa }),
      },
      exportOptions(given),
      context,
    );
    context.stage("write");
    await writeAtomically(out, made.chunks, context.signal);
    const result = { spondyl: { version }, out, format, ...counts(made), load };
    const findings = [...ready.findings, ...made.findings];
    return {
      data: { ...result, findings },
      text: [describe(result), ...findings.map((f) => `${f.severity}: ${f.message}`)].join("\n"),
    };
  },
};

/** A follower's tilts are found on the way: without them the file would hold another load than its title says. */
function refuseFollower({ load }: Specimen): void {
  if (load.follower)
    throw new SpondylError(
      "bad-option",
      `--load: ${load.name} is a force that the end follows, found step by step, and no input file holds it. ` +
        "Give a motion, such as compression:2%+flexion:5deg, or follow it here by spondyl solve --nonlinear.",
    );
}

const exportOptions = (given: Given): ExportOptions =>
  text(given, "bins") === undefined ? {} : { materials: number(given, "bins", 0, [2, 100_000]) };

const counts = ({ chunks, elements, nodes, materials }: Exported) => ({
  elements,
  nodes,
  ...(materials !== undefined && { materials }),
  bytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
});

interface Summary extends ReturnType<typeof counts> {
  readonly out: string;
  readonly format: string;
  readonly load: ReturnType<typeof loadRecord>;
}

const describe = ({ out, format, load, ...r }: Summary): string =>
  [
    ["model", `${r.elements} elements, ${r.nodes} nodes`],
    ...(r.materials ? [["materials", `${r.materials}`]] : []),
    ["load", `axis ${load.axis}, ${describeLoad(load)}`],
    ["written", `${out} (${format}, ${(r.bytes / 1e6).toPrecision(3)} MB)`],
  ]
    .map(([name, value]) => `${name!.padEnd(12)}${value}`)
    .join("\n");
