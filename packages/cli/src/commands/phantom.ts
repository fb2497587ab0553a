import {
  type Lesion,
  type LesionKind,
  type LesionOptions,
  type Phantom,
  type PhantomOptions,
  type Pose,
  phantom,
  phantomLevels,
  SpondylError,
  type TubeVoltage,
  tubeVoltages,
  type Vec3,
  writeNifti,
} from "@spondyl/core";
import type { Command, Given } from "../command.js";
import { choice, number, text } from "../given.js";
import { requireWritable, writeFolder } from "../outputFolder.js";
import { version } from "../version.js";

/** A vertebra that is known in full, and a simulated CT of it. */
export const phantomCommand: Command = {
  name: "phantom",
  summary: "A digital vertebra that is known in full, and a simulated CT of it.",
  args: [],
  options: [
    { flag: "--level <level>", help: `${phantomLevels[0]} to ${phantomLevels.at(-1)}; default L2` },
    { flag: "--seed <n>", help: "whole number: shape, texture and noise; default 1" },
    {
      flag: "--lesion <spec>",
      help: "lytic:10mm or blastic:10mm, a sphere; lytic:10mm@-5,0,2 places it, in mm to the left, back and up from the middle of the body",
    },
    { flag: "--inserts", help: "calibration rods under the back" },
    { flag: "--cortex <mm>", help: "thickness of cortex and end-plates of the body; default 0.35" },
    { flag: "--core-density <density>", help: "mean of the body's core, mg K2HPO4/cm3; default 100" },
    { flag: "--spacing <mm>", help: "voxels of the CT, x,y,z; default 0.6,0.6,1" },
    { flag: "--slice-thickness <mm>", help: "of the CT; default the slice distance" },
    { flag: "--psf <mm>", help: "full width at half maximum of the blur in the slice; default 0.8" },
    { flag: "--noise <hu>", help: "standard deviation of the noise; default 12" },
    { flag: "--kvp <kv>", help: `tube voltage, ${tubeVoltages.join(", ")}; default 120` },
    { flag: "--pose <degrees>", help: "tilt forward, bend to the left, turn to the left, as 10,0,5; default 0,0,0" },
    { flag: "--truth-spacing <mm>", help: "voxel edge of the truth; default 0.3" },
    { flag: "--out <folder>", help: "folder for the files", required: true },
  ],
  example: "spondyl phantom --level L2 --seed 7 --lesion lytic:10mm --inserts --out phantom",

  async run(_args, given, context) {
    const out = text(given, "out") ?? "";
    await requireWritable(out);
    const options = optionsOf(given);
    context.stage("phantom");
    const made = await phantom(options, context);
    context.stage("write");
    const files = filesOf(made);
    await writeFolder(out, files, context.signal);
    return {
      data: { out, files: Object.keys(files), ...summary(made) },
      text: describe(made, out, Object.keys(files)),
    };
  },
};

function optionsOf(given: Given): PhantomOptions {
  const lesion = text(given, "lesion"),
    spacing = text(given, "spacing"),
    pose = text(given, "pose");
  const kvp = choice(given, "kvp", tubeVoltages.map(String), "120");
  return {
    level: choice(given, "level", phantomLevels, "L2"),
    seed: number(given, "seed", 1),
    inserts: given.inserts === true,
    ...(lesion !== undefined && { lesion: parseLesion(lesion) }),
    ...(pose !== undefined && { pose: poseOf(triple("--pose", pose)) }),
    ...typed(given, { cortex: "cortexThicknessMm", coreDensity: "coreDensity", truthSpacing: "truthSpacingMm" }),
    ct: {
      kvp: Number(kvp) as TubeVoltage,
      ...(spacing !== undefined && { spacing: triple("--spacing", spacing) }),
      ...typed(given, { sliceThickness: "sliceThicknessMm", psf: "psfFwhmMm", noise: "noiseSdHu" }),
    },
  };
}

/** The numbers that were typed, under the library's names; their ranges are checked there. */
function typed<Name extends string>(given: Given, names: Readonly<Record<string, Name>>): { [name in Name]?: number } {
  const found = Object.entries(names).flatMap(([option, name]) => {
    const value = number(given, option, undefined);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(found) as { [name in Name]?: number };
}

/**
 * KIND:DIAMETERmm, with @LEFT,BACK,UP for a place of its own.
 * @throws SpondylError "bad-option" with the grammar
 */
export function parseLesion(spec: string): LesionOptions {
  const [, kind, diameter, place] = /^(\w+):([\d.]+) ?(?:mm)?(?:@(.+))?$/.exec(spec.trim()) ?? [];
  const kinds: readonly LesionKind[] = ["lytic", "blastic"];
  const known = kinds.find((k) => k === kind);
  const diameterMm = Number(diameter);
  if (!known || !(diameterMm > 0))
    throw new SpondylError(
      "bad-option",
      `--lesion: "${spec}" is not understood. Give lytic:10mm or blastic:10mm, with @left,back,up in mm for a place of its own.`,
      { spec },
    );
  return { kind: known, diameterMm, ...(place !== undefined && { positionMm: triple("--lesion", place) }) };
}

const poseOf = ([tiltDeg, bendDeg, turnDeg]: Vec3): Pose => ({ tiltDeg, bendDeg, turnDeg });

function triple(flag: string, typedText: string): Vec3 {
  const values = typedText.split(",").map((word) => (word.trim() === "" ? Number.NaN : Number(word)));
  const [x, y, z] = values;
  if (values.length !== 3 || !values.every(Number.isFinite))
    throw new SpondylError("bad-option", `${flag}: "${typedText}" is not three numbers. Give them as 1,2,3.`);
  return [x!, y!, z!];
}

function filesOf(made: Phantom): Record<string, Uint8Array | string> {
  return {
    "scan.nii.gz": writeNifti(made.scan),
    "labels.nii.gz": writeNifti(made.labels),
    "compartments.nii.gz": writeNifti(made.compartments),
    "truth-density.nii.gz": writeNifti(made.truthDensity),
    "truth-labels.nii.gz": writeNifti(made.truthLabels),
    ...(made.truthLesion && { "truth-lesion.nii.gz": writeNifti(made.truthLesion) }),
    ...(made.inserts.length > 0 && {
      "inserts.csv": insertTable(made),
      "insert-regions.nii.gz": writeNifti(made.insertMask),
    }),
    "tissues.json": `${JSON.stringify(tissueTable(made), null, 2)}\n`,
    "tissue-regions.nii.gz": writeNifti(made.tissueMask),
    "phantom.json": `${JSON.stringify(record(made), null, 2)}\n`,
  };
}

/** What `--calibration inserts:FILE` reads. */
const insertTable = ({ inserts }: Phantom) =>
  ["hu,density,sd", ...inserts.map((i) => `${i.hu.toFixed(3)},${i.density},${i.meanSdHu.toFixed(3)}`), ""].join("\n");

/** What `--calibration internal:FILE` reads. */
const tissueTable = ({ tissues }: Phantom) =>
  Object.fromEntries(tissues.map(({ tissue, hu }) => [tissue, Number(hu.toFixed(3))]));

/** Everything that was asked and everything that is known, with units in the names. */
function record({ settings, truths, calibration, inserts, tissues, scan, truthDensity }: Phantom) {
  const { spacing, ...scanner } = settings.ct;
  const { dimensions, frame, lesion, ...numbers } = truths;
  return {
    version,
    settings: { ...settings, ct: { spacingMm: spacing, ...scanner } },
    truths: {
      ...numbers,
      frame: { centreMm: frame.centre, right: frame.right, anterior: frame.anterior, cranial: frame.cranial },
      ...(lesion && { lesion: lesionRecord(lesion) }),
      dimensions: Object.fromEntries(
        Object.entries(dimensions).map(([name, value]) => [name.endsWith("Deg") ? name : `${name}Mm`, value]),
      ),
    },
    calibration: {
      huPerMgK2HPO4PerCm3: calibration.slope,
      huAtZero: calibration.intercept,
      option: lineOption(calibration),
    },
    inserts: inserts.map(({ density, hu, ...region }) => ({ densityMgK2HPO4PerCm3: density, meanHu: hu, ...region })),
    tissues: tissues.map(({ hu, ...region }) => ({ meanHu: hu, ...region })),
    scan: { size: scan.size, spacingMm: scan.spacing },
    truth: { size: truthDensity.size, spacingMm: truthDensity.spacing },
  };
}

const lesionRecord = ({ centre, ...lesion }: Lesion) => ({ ...lesion, centreMm: centre });

/** The true line as `--calibration` takes it. */
const lineOption = ({ slope, intercept }: Phantom["calibration"]) => `line:${1 / slope},${0 - intercept / slope}`;

/** The record without what fills pages. */
function summary(made: Phantom) {
  const { truths, calibration, inserts } = record(made);
  return { truths, calibration, inserts };
}

function describe(made: Phantom, out: string, names: readonly string[]): string {
  const { truths: t, settings: s, scan } = made;
  const lesion =
    t.lesion &&
    `lesion        ${t.lesion.kind}, ${t.lesion.diameterMm} mm, ${t.lesion.volumeMm3.toFixed(0)} mm3 in bone`;
  return [
    `${s.level}, seed ${s.seed}`,
    `body          ${(t.bodyVolumeMm3 / 1000).toFixed(1)} cm3, ${t.bodyHeightMm.toFixed(1)} mm high`,
    `cortex        ${t.cortexThicknessMm} mm at ${s.cortexDensityMgPerCm3} mg/cm3`,
    `core          ${t.coreDensityMgPerCm3.toFixed(1)} mg/cm3 K2HPO4 on average`,
    ...(lesion ? [lesion] : []),
    `scan          ${scan.size.join(" x ")} voxels of ${scan.spacing.join(" x ")} mm, noise ${s.ct.noiseSdHu} HU`,
    `calibration   --calibration ${lineOption(made.calibration)}`,
    "",
    `Wrote ${names.join(", ")} into ${out}`,
  ].join("\n");
}
