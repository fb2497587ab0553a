import {
  type AxialLoad,
  type BreakMaterial,
  type ContinuumOptions,
  conventionNames,
  deliver,
  describe,
  type EndCondition,
  type EndSupport,
  type FabricImages,
  lawNames,
  type PredictOptions,
  predict,
  protocols,
  type Result,
} from "@spondyl/core";
import { calibrationHelp, parseCalibration } from "../calibrationOption.js";
import { checkpointFiles, failWithCheckpoint, removeCheckpoints } from "../checkpoint.js";
import type { Command, Given } from "../command.js";
import { conventionOf } from "../conventionOption.js";
import { fabricHelp, readFabric } from "../fabricOption.js";
import { curveCsv, failOptionsOf, failureLines, failureOptions, isNonlinear } from "../failure.js";
import { readScanFiles, readText } from "../files.js";
import { choice, namesOf, number, refuse, text } from "../given.js";
import { loadHelp, parseLoads } from "../loadOption.js";
import { hasYieldStress, parseBreakMaterial } from "../materialOption.js";
import { requireWritable, writeFolder } from "../outputFolder.js";
import { hashOf, provenance, stopwatch } from "../provenance.js";
import { version } from "../version.js";

const ends: readonly EndCondition[] = ["fixed", "guided"];
const supports: readonly EndSupport[] = ["pmma", "discs", "none"];

/** The main job: a CT and a label map in, stiffness, strength and a report out. */
export const predictCommand: Command = {
  name: "predict",
  summary: "Stiffness and strength of one vertebra, from a CT and a label map.",
  args: [{ name: "<image>", help: "CT (DICOM folder or zip, .nii, .nii.gz, .nrrd, .mha, .mhd), or a density image" }],
  options: [
    {
      flag: "--labels <mask>",
      help: "label map of the vertebrae in any of these formats, or a folder of vertebrae_L2.nii.gz, ... as TotalSegmentator writes it",
      required: true,
    },
    {
      flag: "--level <level>",
      help: "vertebra, such as L2; may be left out where the mask holds one vertebra unnamed",
    },
    { flag: "--calibration <spec>", help: calibrationHelp },
    { flag: "--out <folder>", help: "folder for result.json, report.html, fields and surface", required: true },
    { flag: "--fidelity <name>", help: "continuum (default): each voxel an element with a density law" },
    {
      flag: "--protocol <name>",
      help: `${protocols.join(", ")}; default spondyl. bonelab: the published spine benchmark`,
    },
    { flag: "--series <which>", help: "DICOM series to read, as `spondyl info` lists them" },
    {
      flag: "--convention <name>",
      help: `of the label map: ${conventionNames.join(", ")}; default recognised`,
    },
    {
      flag: "--labels-map <file>",
      help: 'JSON that says what the labels are: {"L2": 21, ...} or {"body": 1, "posterior": 2}',
    },
    {
      flag: "--parts <mask>",
      help: "second label map that tells body from posterior elements, such as TPTBox sub-regions",
    },
    { flag: "--allow-cut", help: "go on when the field of view cuts the vertebra" },
    {
      flag: "--core-depth <mm>",
      help: "vBMD is that of the core at least so deep below the body's surface, default 4",
    },
    { flag: "--voxel <mm>", help: "edge of the elements, default 1" },
    { flag: "--law <name>", help: `density law: ${lawNames.join(", ")}; default ${lawNames[0]}` },
    { flag: "--conversion <name>", help: "from the image's density to the law's, where they differ" },
    { flag: "--poisson <ratio>", help: "default 0.3" },
    { flag: "--support <name>", help: "pmma (default): caps moulded to the end-plates; discs of the label map; none" },
    { flag: "--cap-thickness <mm>", help: "default 10" },
    { flag: "--cap-intrusion <mm>", help: "how far a cap reaches past the outermost bone, default 6" },
    { flag: "--cap-modulus <MPa>", help: "default 2500 (PMMA); give the discs' own for --support discs" },
    { flag: "--inferior <how>", help: "low end: guided (default; lateral free) or fixed" },
    { flag: "--superior <how>", help: "high end: guided (default) or fixed" },
    { flag: "--displacement <mm>", help: "of the high end, negative compresses; default -0.2 % of the body's height" },
    { flag: "--load <loads>", help: `each is followed to failure; several separated by commas. ${loadHelp}` },
    ...failureOptions,
    { flag: "--fabric <folder>", help: fabricHelp },
    { flag: "--cap-yield <MPa>", help: "yield stress of the caps in a path to failure, default 70 (PMMA)" },
    { flag: "--tolerance <residual>", help: "relative residual of the solver, default 1e-6" },
    { flag: "--pistoia-volume <percent>", help: "of the bone beyond the strain at failure, default 2" },
    { flag: "--pistoia-strain <strain>", help: "effective strain at failure, default 0.007" },
  ],
  example: "spondyl predict ct.nii.gz --labels seg.nii.gz --level L2 --calibration line:0.79,-3 --out L2",

  async run([path = ""], given, context) {
    choice(given, "fidelity", ["continuum"], "continuum");
    const watch = stopwatch(context.stage);
    const startedAt = new Date();
    const out = text(given, "out")!;
    await requireWritable(out);
    watch.stage("read");
    const fabric = await readFabric(given);
    const options = await optionsOf(given, fabric?.images);
    const checkpoints = await checkpointFiles(given, options.failure?.loads.length);
    const [image, labels] = [await readScanFiles(path), await readScanFiles(text(given, "labels")!)];
    const partsPath = text(given, "parts");
    const parts = partsPath === undefined ? {} : { parts: await readScanFiles(partsPath) };
    const prediction = await predict({ image, labels, ...parts }, options, {
      ...context,
      stage: watch.stage,
      followPath: (input, failOptions, at) => failWithCheckpoint(input, failOptions, checkpoints[at], context),
    });
    watch.stage("report");
    const described = () =>
      describe(prediction, {
        version,
        provenance: provenance(
          "predict",
          given,
          { image, labels, ...parts, ...(fabric && { fabric: fabric.files }) },
          startedAt,
        ),
        timesS: watch.seconds(),
        inputSha256: { image: hashOf(image), labels: hashOf(labels) },
      });
    const files = await deliver(prediction, described(), context);
    const result = described(); // again: its times now hold the report's
    const curves = (result.failures ?? []).map((failure, n) => [`curve-${n + 1}.csv`, curveCsv(failure.curve)]);
    await writeFolder(
      out,
      { "result.json": `${JSON.stringify(result, null, 2)}\n`, ...Object.fromEntries(curves), ...files },
      context.signal,
    );
    await removeCheckpoints(checkpoints, context);
    for (const finding of allFindings(result)) context.say(`${finding.severity}: ${finding.message}`);
    return { data: { out, ...result }, text: summary(result, out) };
  },
};

async function optionsOf(given: Given, fabric: FabricImages | undefined): Promise<PredictOptions> {
  const spec = text(given, "calibration");
  const convention = await conventionOf(given);
  const level = text(given, "level");
  const series = text(given, "series");
  const coreDepthMm = number(given, "coreDepth", undefined, [0, 20]);
  const voxelMm = number(given, "voxel", undefined, [0.05, 10]);
  return {
    ...(level && { level }),
    calibration: spec === undefined ? undefined : await parseCalibration(spec, readText),
    protocol: choice(given, "protocol", protocols, "spondyl"),
    ...(series && { series }),
    ...(convention && { convention }),
    allowCut: given.allowCut === true,
    ...(coreDepthMm !== undefined && { compartments: { coreDepthMm } }),
    ...(voxelMm !== undefined && { voxelMm }),
    model: modelOptions(given),
    load: loadOptions(given),
    ...failureOf(given, fabric),
    solve: { tolerance: number(given, "tolerance", 1e-6, [1e-12, 0.1]) },
    pistoia: {
      volumePercent: number(given, "pistoiaVolume", 2, [0.01, 99]),
      strain: number(given, "pistoiaStrain", 0.007, [1e-6, 1]),
    },
  };
}

/** The paths to failure that were asked for. */
function failureOf(given: Given, fabric: FabricImages | undefined): Pick<PredictOptions, "failure"> {
  const loads = text(given, "load");
  if (loads === undefined && !isNonlinear(given)) {
    refuse(
      given,
      [...namesOf(failureOptions), "capYield", "fabric"],
      "a linear solution",
      "Add --load or --nonlinear.",
    );
    return {};
  }
  const { inferior, superior } = loadOptions(given);
  const material = materialOf(given, fabric);
  return {
    failure: {
      loads: parseLoads(loads ?? "compression"),
      ...(inferior && { inferior }),
      ...(superior && { superior }),
      ...(material && { material }),
      options: failOptionsOf(given),
    },
  };
}

function materialOf(given: Given, fabric: FabricImages | undefined): BreakMaterial | undefined {
  const typed = text(given, "material");
  const material = typed === undefined ? undefined : parseBreakMaterial(typed);
  if (material?.law === "fabric-damage") {
    refuse(given, ["capYield"], material.law, "Leave it out, or choose a law of plasticity.");
    return { ...material, ...(fabric && { fabric }) };
  }
  refuse(given, ["fabric"], typed ?? "tresca", "Add --material fabric-damage.");
  if (material === undefined) return undefined;
  if (!hasYieldStress(material.law))
    refuse(given, ["capYield"], material.law, "Leave it out, or choose a law of plasticity.");
  return material;
}

/** Only what was typed: the published protocol refuses choices, and defaults live in the library. */
function modelOptions(given: Given): ContinuumOptions {
  const law = text(given, "law") && choice(given, "law", lawNames, lawNames[0]);
  const conversion = text(given, "conversion");
  const poisson = number(given, "poisson", undefined, [-0.99, 0.499]);
  const support = text(given, "support") && choice(given, "support", supports, "pmma");
  const thicknessMm = number(given, "capThickness", undefined, [0.1, 100]);
  const intrusionMm = number(given, "capIntrusion", undefined, [0, 100]);
  const capModulusMPa = number(given, "capModulus", undefined, [1e-3, 1e6]);
  const capYieldMPa = number(given, "capYield", undefined, [0, 1e6]);
  const cap = { ...(thicknessMm !== undefined && { thicknessMm }), ...(intrusionMm !== undefined && { intrusionMm }) };
  return {
    ...(law && { law }),
    ...(conversion && { conversion }),
    ...(poisson !== undefined && { poisson }),
    ...(support && { support }),
    ...(Object.keys(cap).length > 0 && { cap }),
    ...(capModulusMPa !== undefined && { capModulusMPa }),
    ...(capYieldMPa !== undefined && { capYieldMPa }),
  };
}

function loadOptions(given: Given): Partial<AxialLoad> {
  const inferior = text(given, "inferior") && choice(given, "inferior", ends, "guided");
  const superior = text(given, "superior") && choice(given, "superior", ends, "guided");
  const displacementMm = number(given, "displacement", undefined, [-10, 10]);
  return {
    ...(inferior && { inferior }),
    ...(superior && { superior }),
    ...(displacementMm !== undefined && { displacementMm }),
  };
}

const allFindings = ({ input, calibration, anatomy, model, failures = [] }: Result) =>
  [
    input?.image?.findings,
    calibration?.findings,
    anatomy?.findings,
    model.findings,
    ...failures.map((f) => f.findings),
  ].flatMap((found) => found ?? []);

function summary(result: Result, out: string): string {
  const { case: c, linear, strength, bmd, anatomy, load, model, failures = [], timesS } = result;
  const crawford = strength?.find((s) => s.name === "crawford");
  const rows: [string, string][] = [
    ["vertebra", `${c.level ?? "unnamed"}, ${anatomy?.heightMm?.toFixed(1)} mm high`],
    ["stiffness", `${linear.stiffnessNPerMm.toFixed(0)} N/mm`],
    [
      "reaction",
      `${linear.reactionN.toFixed(0)} N at ${load?.displacementMm.toFixed(3)} mm (${load?.displacementPercentHeight?.toFixed(2)} % of height); lateral: ${load?.lateralConstraint}`,
    ],
    ["strength", crawford ? `${crawford.loadN.toFixed(0)} N (${crawford.name}, ${crawford.formula})` : "not estimated"],
    ...failures.flatMap((f) => [...failureLines(f), ["pattern", f.pattern?.name ?? "none"] as [string, string]]),
    ["vBMD, core", bmd ? `${bmd.coreMgPerCm3.toFixed(0)} ${bmd.unit}` : "not measured"],
    [
      "model",
      `${model.elements} elements (${model.boneElements} of bone), ${model.nodes} nodes, ${linear.iterations} iterations`,
    ],
    ["time", `${timesS?.total?.toFixed(1)} s`],
    ["report", `${out}/report.html`],
  ];
  const lines = rows.map(([name, value]) => `${name.padEnd(12)}${value}`);
  return [...lines, "", "Research use only. Not a medical device."].join("\n");
}
