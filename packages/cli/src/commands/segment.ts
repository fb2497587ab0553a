import {
  type Finding,
  type Grid,
  importScan,
  maskCount,
  maskVolume,
  readLabels,
  type Segmentation,
  SpondylError,
  segment,
  type Vertebra,
  voxelVolume,
  writeNifti,
} from "@spondyl/core";
import type { Command, Context, Given } from "../command.js";
import { conventionOf } from "../conventionOption.js";
import { readScanFiles } from "../files.js";
import { text } from "../given.js";
import { writeFolder } from "../outputFolder.js";

/** One vertebra out of a label map: its axes, its parts, and what is odd about it. */
export const segmentCommand: Command = {
  name: "segment",
  summary: "One vertebra out of a label map: its axes, body and posterior elements, and checks of its orientation.",
  args: [{ name: "<labels>", help: "label map: .nii, .nii.gz, .nrrd, .mha, .mhd" }],
  options: [
    { flag: "--level <level>", help: "C3 to L6; may be left out for a mask of one vertebra" },
    {
      flag: "--image <scan>",
      help: "CT that the labels belong to, if its grid is another one: DICOM folder or zip, .nii, .nii.gz, .nrrd, .mha, .mhd",
    },
    { flag: "--series <which>", help: "DICOM series to read, as `spondyl info` lists them" },
    {
      flag: "--parts <labels>",
      help: "a second label map that tells body from posterior elements, as TPTBox sub-regions",
    },
    {
      flag: "--convention <name>",
      help: "verse, totalsegmentator, totalsegmentator-v1, tptbox-subregion, six-label or single (one value, the whole vertebra); default: recognised",
    },
    {
      flag: "--labels-map <file>",
      help: 'JSON: which voxel value is what, {"L2": 21} or {"body": [1, 2], "posterior": 3}',
    },
    { flag: "--allow-cut", help: "go on when the field of view cuts the vertebra" },
    { flag: "--out <folder>", help: "folder for the files", required: true },
  ],
  example: "spondyl segment labels.nii.gz --level L2 --out l2",

  async run([path = ""], given, context) {
    const out = text(given, "out");
    if (!out) throw new SpondylError("bad-option", "--out: no folder is named. Give one for the files.");
    const { labels, convention } = readLabels(await readScanFiles(path));
    const told = { ...(convention && { convention }), ...(await optionsOf(given)) };
    const image = await imageOf(given, context);
    const result = await segment(labels, { ...told, ...(image && { image }) }, context);
    const data = record(result);
    await writeFolder(
      out,
      { ...filesOf(result.vertebra), "segment.json": `${JSON.stringify(data, null, 2)}\n` },
      context.signal,
    );
    for (const { message } of result.findings) context.say(message);
    return { data: { out, ...data }, text: describe(result, out) };
  },
};

async function optionsOf(given: Given) {
  const level = text(given, "level"),
    parts = text(given, "parts");
  const convention = await conventionOf(given);
  return {
    ...(level && { level }),
    ...(parts && { parts: readLabels(await readScanFiles(parts)).labels }),
    ...(convention && { convention }),
    allowCut: given.allowCut === true,
  };
}

/** Grid of the image, read as every other command reads it; a DICOM series says what was repaired. */
async function imageOf(given: Given, { say, signal }: Context): Promise<Grid | undefined> {
  const path = text(given, "image"),
    series = text(given, "series");
  if (path === undefined) return undefined;
  const { scan, quality } = await importScan(
    await readScanFiles(path),
    { ...(series && { series }) },
    { ...(signal && { signal }) },
  );
  if (quality.format === "dicom") for (const { message } of quality.findings) say(message);
  return scan;
}

const filesOf = ({ grid, body, posterior }: Vertebra): Record<string, Uint8Array> => ({
  "body.nii.gz": writeNifti(maskVolume(body, grid)),
  "posterior.nii.gz": writeNifti(maskVolume(posterior, grid)),
});

/** Axes, sizes and evidence, with units in the names. */
function record({ vertebra, convention, levels, findings, evidence }: Segmentation) {
  const { level, frame, endPlates, grid, body, posterior } = vertebra;
  const volume = (mask: Vertebra["body"]) => maskCount(mask) * voxelVolume(grid.spacing);
  return {
    level,
    convention,
    levelsInMask: levels,
    frame: { centreLpsMm: frame.centre, right: frame.right, anterior: frame.anterior, cranial: frame.cranial },
    endPlates: {
      superior: {
        pointLpsMm: endPlates.superior.point,
        normal: endPlates.superior.normal,
        rmsMm: endPlates.superior.rms,
      },
      inferior: {
        pointLpsMm: endPlates.inferior.point,
        normal: endPlates.inferior.normal,
        rmsMm: endPlates.inferior.rms,
      },
    },
    bodyMm3: volume(body),
    posteriorMm3: volume(posterior),
    evidence,
    findings,
  };
}

function describe(result: Segmentation, out: string): string {
  const { level, bodyMm3, posteriorMm3, frame, evidence, convention } = record(result);
  const axis = (v: readonly number[]) => v.map((c) => c.toFixed(3).padStart(7)).join(" ");
  return [
    `${level}, labels read as ${convention}`,
    `body          ${(bodyMm3 / 1000).toFixed(1)} cm3 (${evidence.bodyFrom === "labels" ? "from the labels" : "cut by shape"})`,
    `posterior     ${(posteriorMm3 / 1000).toFixed(1)} cm3`,
    `end-plates    ${evidence.wedgeDeg.toFixed(1)} degrees between them`,
    `cranial       ${axis(frame.cranial)}   in LPS`,
    `anterior      ${axis(frame.anterior)}`,
    `right         ${axis(frame.right)}`,
    ...result.findings.map(({ severity, message }: Finding) => `${severity.padEnd(14)}${message}`),
    "",
    `Wrote body.nii.gz, posterior.nii.gz, segment.json into ${out}`,
  ].join("\n");
}
