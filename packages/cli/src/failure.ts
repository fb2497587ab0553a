import type { CurveResult, FailOptions, Failure, FailureResult, Grid, Volume } from "@spondyl/core";
import type { Given, Option } from "./command.js";
import { choice, number, text } from "./given.js";
import { materialHelp } from "./materialOption.js";

/** What a command that breaks a model may be told of it. */
export const failureOptions: readonly Option[] = [
  { flag: "--nonlinear", help: "load until it fails, step by step; without a load by a compression of 2 %" },
  { flag: "--material <name>", help: `of --nonlinear, which it implies: ${materialHelp}` },
  { flag: "--steps <n>", help: "of the path, default 20; shortened where it is hard" },
  { flag: "--balance <share>", help: "out-of-balance force over that on the ends to reach in each step, default 1e-3" },
  { flag: "--control <what>", help: "of a step: displacement (default), or dissipation, which passes steep falls" },
  { flag: "--non-local <mm>", help: "average what drives damage over this length; default none, the crack band alone" },
  { flag: "--broken-below <share>", help: "stop when the load has fallen below this share of its peak, default 0.5" },
  {
    flag: "--checkpoint <file>",
    help: "keep the state of the path here until its result is written, and go on from it when the file is there",
  },
];

/** Whether a non-linear path is asked for. */
export const isNonlinear = (given: Given): boolean => given.nonlinear === true || text(given, "material") !== undefined;

export const failOptionsOf = (given: Given): FailOptions => ({
  steps: Math.round(number(given, "steps", 20, [1, 1000])),
  tolerance: number(given, "balance", 1e-3, [1e-9, 0.1]),
  brokenBelow: number(given, "brokenBelow", 0.5, [0, 1]),
  control: choice(given, "control", ["displacement", "dissipation"], "displacement"),
  ...(text(given, "nonLocal") !== undefined && { nonLocalMm: number(given, "nonLocal", 0, [1e-3, 100]) }),
  kernel: choice(given, "kernel", ["wasm", "webgpu", "typescript"], "wasm"),
});

/** A value per element as an image; 0 where there is no element. */
export function elementVolume(
  grid: Grid,
  { voxel }: Pick<Failure["fields"], "voxel">,
  values: Float32Array,
): Volume<"fraction"> {
  const { size, spacing, origin, direction } = grid;
  const data = new Float32Array(size[0] * size[1] * size[2]);
  voxel.forEach((v, e) => {
    data[v] = values[e]!;
  });
  return { quantity: "fraction", data, size, spacing, origin, direction };
}

/** The curve as a table: one row per state, the unit in each column's name. */
export function curveCsv(curve: readonly CurveResult[]): string {
  const columns: Readonly<Record<string, (c: CurveResult) => number>> = {
    share: (c) => c.share,
    displacementMm: (c) => c.displacementMm,
    displacementPercentHeight: (c) => c.displacementPercentHeight,
    shiftLeftMm: (c) => c.shiftMm[0],
    shiftPosteriorMm: (c) => c.shiftMm[1],
    rotationFlexionDeg: (c) => c.rotationDeg[0],
    rotationBendingLeftDeg: (c) => c.rotationDeg[1],
    rotationTorsionLeftDeg: (c) => c.rotationDeg[2],
    forceN: (c) => c.forceN,
    shearLeftN: (c) => c.shearN[0],
    shearPosteriorN: (c) => c.shearN[1],
    momentFlexionNMm: (c) => c.momentNMm[0],
    momentBendingLeftNMm: (c) => c.momentNMm[1],
    momentTorsionLeftNMm: (c) => c.momentNMm[2],
    damagedVolumeMm3: (c) => c.damagedVolumeMm3,
    failedVolumeMm3: (c) => c.failedVolumeMm3,
    workNMm: (c) => c.workNMm,
    storedNMm: (c) => c.storedNMm,
    dissipatedNMm: (c) => c.dissipatedNMm,
    energyErrorPercent: (c) => c.energyErrorPercent,
  };
  const rows = curve.map((c) =>
    Object.values(columns)
      .map((value) => Number(value(c).toPrecision(8)))
      .join(","),
  );
  return `${[Object.keys(columns).join(","), ...rows].join("\n")}\n`;
}

/** A failure in a few lines: name and text. */
export function failureLines(f: FailureResult): [string, string][] {
  const force = f.ultimateLoadN !== undefined;
  const at = force
    ? `${f.ultimateDisplacementMm!.toPrecision(3)} mm (${((100 * f.ultimateDisplacementMm!) / f.load.heightMm).toPrecision(3)} % of height)`
    : `${f.ultimateRotationDeg!.toPrecision(3)} degrees`;
  const load = force ? `${f.ultimateLoadN!.toPrecision(5)} N` : `${f.ultimateMomentNMm!.toPrecision(5)} N mm`;
  const yielded = force
    ? f.yieldLoadN !== undefined && `${f.yieldLoadN.toPrecision(5)} N at 0.2 % offset`
    : f.yieldMomentNMm !== undefined && `${f.yieldMomentNMm.toPrecision(5)} N mm at 0.2 % offset of the rim`;
  return [
    ["load", `${f.load.name}; lateral: ${f.load.lateralConstraint}`],
    [
      "stiffness",
      force ? `${f.stiffnessNPerMm!.toPrecision(5)} N/mm` : `${f.stiffnessNMmPerRad!.toPrecision(5)} N mm/rad`,
    ],
    ["yield", yielded || "not reached"],
    ["ultimate", `${load} at ${at}${f.peaked ? "" : ", still rising or level"}`],
    ["energy", `${f.energyToUltimateNMm.toPrecision(4)} N mm to the ultimate load`],
    ["path", `${f.curve.length - 1} steps, ended: ${pathEnds[f.end] ?? f.end}`],
  ];
}

const pathEnds: Readonly<Record<string, string>> = {
  target: "the motion asked for was reached",
  broken: "the load had fallen far below its peak",
  "many-steps": "twenty times the planned steps were taken",
  "no-equilibrium": "no further equilibrium was found",
};
