import { dirname } from "node:path";
import {
  type Calibration,
  type CalibrationMethod,
  calibrate,
  importScan,
  type Run,
  readVolume,
  requireMethod,
  SpondylError,
  unitOf,
  writeNifti,
} from "@spondyl/core";
import { calibrationHelp, parseCalibration } from "../calibrationOption.js";
import type { Command } from "../command.js";
import { isFolder, readScanFiles, readText, writeAtomically } from "../files.js";
import { text } from "../given.js";
import { requireWritable } from "../outputFolder.js";

/** CT numbers to bone mineral density, as an image of its own. */
export const calibrateCommand: Command = {
  name: "calibrate",
  summary: "CT numbers to bone mineral density, with the curve and its uncertainty.",
  args: [{ name: "<scan>", help: "CT: DICOM folder or zip, .nii, .nii.gz, .nrrd, .mha, .mhd" }],
  options: [
    { flag: "--calibration <spec>", help: calibrationHelp },
    { flag: "--series <which>", help: "DICOM series to read, as `spondyl info` lists them" },
    { flag: "--out <file>", help: "density in mg/cm3, .nii.gz or .nii", required: true },
  ],
  example: "spondyl calibrate ct.nii.gz --calibration inserts:phantom.csv,HA --out density.nii.gz",

  async run([path = ""], given, context) {
    const out = text(given, "out") ?? "";
    await requireWritableImage(out);
    const spec = text(given, "calibration");
    const method = requireMethod(spec === undefined ? undefined : await parseCalibration(spec, readText));
    const scan = await readScan(path, method, text(given, "series"), context);
    const result = await calibrate(scan, method, {}, context);
    await writeAtomically(out, writeNifti(result.density, { compress: /\.gz$/i.test(out) }), context.signal);
    for (const finding of result.findings) context.say(finding.message);
    return { data: { out, unit: result.density.quantity, ...summary(result) }, text: describe(result, out) };
  },
};

async function requireWritableImage(out: string): Promise<void> {
  if (out.trim() === "") throw new SpondylError("bad-option", "--out is empty. Give a file.");
  if (!/\.nii(\.gz)?$/i.test(out))
    throw new SpondylError("bad-option", `--out: "${out}" is no NIfTI file. Give a name that ends in .nii.gz or .nii.`);
  await requireWritable(dirname(out));
  if (await isFolder(out))
    throw new SpondylError("write-failed", `output: ${out} is a folder. Choose another --out.`, { path: out });
}

/** A CT in HU, or the density that the method says the image is: that need not look like a CT. */
async function readScan(path: string, method: CalibrationMethod, series: string | undefined, run: Run) {
  const files = await readScanFiles(path);
  if (method.kind === "density") return readVolume(files, unitOf(method.reference ?? "K2HPO4"));
  return (await importScan(files, { ...(series !== undefined && { series }) }, run)).scan;
}

/** The calibration as JSON, units in the names. */
function summary({ method, reference, curve, table, evidence, findings, internal, published }: Calibration) {
  const [intercept, slope, quadratic] = curve.coefficients;
  return {
    method,
    reference,
    interceptMgPerCm3: intercept,
    slopeMgPerCm3PerHu: slope,
    ...(quadratic === undefined ? {} : { quadraticMgPerCm3PerHu2: quadratic }),
    table: table.map(({ hu, density, densitySd }) => ({
      hu,
      densityMgPerCm3: density,
      densitySdMgPerCm3: densitySd,
    })),
    ...(evidence && { evidence }),
    ...(internal && { internal }),
    ...(published && { published }),
    findings,
  };
}

function describe({ method, density, curve, table, evidence, internal, published }: Calibration, out: string): string {
  if (method === "density") return `${out}: taken as ${density.quantity}.`;
  const terms = curve.coefficients.map((c, power) => `${c.toPrecision(5)}${["", "·HU", "·HU²"][power]}`);
  const rows = table.map(({ hu, density: value, densitySd }) => {
    const sd = densitySd === null ? "not known" : densitySd.toFixed(1);
    return `${String(hu).padStart(8)}${value.toFixed(1).padStart(14)}${sd.padStart(14)}`;
  });
  return [
    `density = ${terms.reverse().join(" + ").replaceAll("+ -", "− ")}   (${density.quantity})`,
    ...(internal ? [`effective energy ${internal.effectiveEnergyKeV} keV (${internal.interpolation} tables)`] : []),
    ...(evidence?.r2 ? [`R² ${evidence.r2.toFixed(6)} over ${evidence.n} points`] : []),
    "",
    `${"HU".padStart(8)}${"density".padStart(14)}${"SD of curve".padStart(14)}`,
    ...rows,
    "",
    ...(published
      ? [
          `Published for this method: bias ${published.biasMgPerCm3}, SD ${published.sdMgPerCm3} mg/cm3 (${published.source}).`,
        ]
      : []),
    `Wrote ${out}`,
  ].join("\n");
}
