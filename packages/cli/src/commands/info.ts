import {
  gridAxis,
  importLabels,
  importScan,
  type Quantity,
  readVolume,
  type ScanFile,
  type ScanQuality,
  type Volume,
} from "@spondyl/core";
import type { Command, Outcome } from "../command.js";
import { readScanFiles } from "../files.js";
import { choice, text } from "../given.js";

const quantities: readonly Quantity[] = ["HU", "label", "mgK2HPO4/cm3", "mgHA/cm3", "MPa", "mm", "fraction", "grey"];

/** What a scan is and whether it is fit for a model: geometry, acquisition, findings. */
export const infoCommand: Command = {
  name: "info",
  summary: "Geometry and quality of a scan, or the labels of a label map.",
  args: [{ name: "<scan>", help: "DICOM folder or zip, .nii, .nii.gz, .nrrd, .nhdr, .mha, .mhd" }],
  options: [
    { flag: "--series <which>", help: "DICOM series to read: its number, UID, or #1, #2, ... as listed" },
    { flag: "--quantity <name>", help: `what the voxels hold: ${quantities.join(", ")}; default HU` },
  ],
  example: "spondyl info dicom-folder --series 4",

  async run([path = ""], given, context) {
    const quantity = choice(given, "quantity", quantities, "HU");
    const files = await readScanFiles(path);
    if (quantity === "label") return describeLabels(path, importLabels(files));
    if (quantity !== "HU") return describeVolume(path, readVolume(files, quantity));
    const series = text(given, "series");
    const { scan, quality } = await importScan(files, { ...(series !== undefined && { series }) }, context);
    return describeScan(path, files, scan, quality);
  },
};

function describeScan(path: string, files: readonly ScanFile[], scan: Volume, quality: ScanQuality): Outcome {
  const { acquisition: a, findings, ...rest } = quality;
  const rows: Row[] = [
    ["format", `${quality.format}, ${files.length} ${files.length === 1 ? "file" : "files"}`],
    ...geometry(scan),
    ["CT numbers", `${range(quality.minimumHu, quality.maximumHu)} HU, median ${quality.medianHu}`],
    ["scanner", [a?.manufacturer, a?.model].filter((s) => s !== undefined).join(" ")],
    ["kernel", a?.kernel],
    ["tube voltage", a?.tubeVoltageKv === undefined ? undefined : `${a.tubeVoltageKv} kV`],
    ["slices", a && `${a.images}, ${a.sliceThicknessMm ?? "?"} mm thick, ${a.sliceSpacingMm} mm apart`],
    [
      "reconstruction",
      a?.reconstructionDiameterMm === undefined ? undefined : `${a.reconstructionDiameterMm} mm across`,
    ],
    ["gantry tilt", a && `${a.gantryTiltDegrees} degrees`],
    ["contrast agent", a && (a.contrast ? "yes" : "none named")],
    ["stored as", a && `${a.transferSyntax} (${a.compression === "none" ? "not compressed" : a.compression})`],
  ];
  const found = findings.map((f) => `  ${f.severity.padEnd(9)}${f.message}`);
  const told = findings.length ? ["", "Findings", ...found] : ["", "No findings."];
  return {
    data: { path, quantity: "HU", ...gridData(scan), ...rest, ...(a && { acquisition: a }), findings },
    text: [path, ...table(rows), ...told].join("\n"),
  };
}

function describeVolume(path: string, volume: Volume): Outcome {
  let minimum = Number.POSITIVE_INFINITY,
    maximum = Number.NEGATIVE_INFINITY;
  for (const v of volume.data) {
    if (v < minimum) minimum = v;
    if (v > maximum) maximum = v;
  }
  return {
    data: { path, quantity: volume.quantity, ...gridData(volume), minimum, maximum },
    text: [path, ...table([...geometry(volume), ["values", `${range(minimum, maximum)} ${volume.quantity}`]])].join(
      "\n",
    ),
  };
}

function describeLabels(path: string, labels: Volume<"label">): Outcome {
  const counts = new Map<number, number>();
  for (const v of labels.data) if (v !== 0) counts.set(v, (counts.get(v) ?? 0) + 1);
  const ordered = [...counts].sort(([a], [b]) => a - b).map(([label, voxels]) => ({ label, voxels }));
  const rows = ordered.map(({ label, voxels }): Row => [`label ${label}`, `${voxels} voxels`]);
  return {
    data: { path, quantity: "label", ...gridData(labels), labels: ordered },
    text: [path, ...table([...geometry(labels), ...rows])].join("\n"),
  };
}

type Row = readonly [name: string, value: string | undefined];

const geometry = (volume: Volume): Row[] => [
  ["voxels", volume.size.join(" x ")],
  ["voxel size", `${volume.spacing.map(short).join(" x ")} mm`],
  ["field of view", `${volume.size.map((n, a) => short(n * volume.spacing[a]!)).join(" x ")} mm`],
  ["first voxel at", `L ${short(volume.origin[0])}, P ${short(volume.origin[1])}, S ${short(volume.origin[2])} mm`],
  ["grid axes", ([0, 1, 2] as const).map((a) => towards(gridAxis(volume, a))).join(", ")],
];

const gridData = ({ size, spacing, origin, direction }: Volume) => ({
  size,
  spacingMm: spacing,
  originLpsMm: origin,
  direction: [...direction],
});

/** Where a grid axis points: one letter, or the unit vector when it is more than a degree off. */
function towards(axis: readonly number[]): string {
  const main = axis.findIndex((v) => Math.abs(v) > Math.cos(Math.PI / 180));
  return main < 0 ? `(${axis.map((v) => v.toFixed(3)).join(", ")})` : (axis[main]! > 0 ? "LPS" : "RAI")[main]!;
}

/** Names and values in two columns; what is not known is left out. */
const table = (rows: readonly Row[]): string[] =>
  rows.filter(([, value]) => value).map(([name, value]) => `  ${name.padEnd(16)}${value}`);

const range = (from: number, to: number) => `${short(from)} to ${short(to)}`;
const short = (value: number) => String(Number(value.toPrecision(6)));
