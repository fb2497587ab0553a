/**
 * Real bone in compression: the middle 5 mm of cubes of human L1 trabecular bone, at 50 µm, loaded until they yield.
 * `npm run validate:runs` computes the cubes that `trabecular-strength.json` lacks, one after the other, and adds them.
 * The validation test reads the file, computes one cube anew, and puts the regression into the table of results.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  describeFailure,
  fail,
  identityDirection,
  planeEnds,
  readNifti,
  rigidEnds,
  specimenAxes,
  type Threads,
  type Vec3,
  type Volume,
} from "@spondyl/core";
import { dataPath } from "../packages/core/test/data.ts";

export interface StrengthRow {
  readonly cube: string;
  readonly bvtv: number;
  readonly elements: number;
  readonly modulusMPa: number; // apparent
  readonly yieldMPa: number | null; // apparent, 0.2 % offset
  readonly yieldStrainPercent: number | null;
  readonly ultimateMPa: number;
  readonly ultimateStrainPercent: number;
  readonly peaked: boolean;
  readonly energyErrorPercent: number; // the largest of the path
  readonly seconds: number;
}

export interface StrengthTable {
  readonly setUp: string;
  readonly rows: readonly StrengthRow[];
}

const EDGE = 100; // voxels
const STRAIN = 0.012;
const YOUNG_MPA = 12_700;
export const setUp =
  "middle 100 voxels of 50 um; ends held laterally; compression along the cranio-caudal axis to 1.2 % in 12 steps, by dissipation, " +
  "until load and stiffness are below 80 % of those at the peak; " +
  "law tissue-damage with its defaults, E = 12.7 GPa, nu 0.32; parts that no end holds left out";

const table = join(import.meta.dirname, "trabecular-strength.json");

export function readTable(): StrengthTable {
  if (!existsSync(table)) return { setUp, rows: [] };
  const read = JSON.parse(readFileSync(table, "utf8")) as StrengthTable;
  return read.setUp === setUp ? read : { setUp, rows: [] };
}

/** Twenty cubes, evenly over the range of BV/TV, in an order that covers the range early. */
export function sample(): string[] {
  const folder = dataPath("L1-microct-rois-train");
  const bvtv = new Map(
    readFileSync(join(folder, "rois.csv"), "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => {
        const [roi, specimen, value] = line.split(",");
        return [`L1_${specimen}_roi-${roi!.padStart(3, "0")}.nii.gz`, Number(value)];
      }),
  );
  const cubes = readdirSync(folder)
    .filter((name) => bvtv.has(name))
    .sort((a, b) => bvtv.get(a)! - bvtv.get(b)!);
  const chosen = Array.from({ length: 20 }, (_, i) => cubes[Math.round((i * (cubes.length - 1)) / 19)]!);
  return [...chosen.keys()].sort((a, b) => ((a * 7) % 20) - ((b * 7) % 20)).map((i) => chosen[i]!);
}

/** Breaks one cube. */
export async function breakCube(cube: string, threads: Threads): Promise<StrengthRow> {
  const started = performance.now();
  const modulus = middleOf(readNifti(readFileSync(dataPath("L1-microct-rois-train", cube)), "fraction"));
  const { data, size, spacing } = modulus;
  const conditions = { inferior: "fixed", superior: "fixed" } as const;
  const heightMm = EDGE * spacing[2];
  const load = { name: "compression", ...conditions, motion: [0, 0, -STRAIN * heightMm, 0, 0, 0] as const };
  const ends = rigidEnds(planeEnds(data, size, 2), size, spacing, specimenAxes(data, size, spacing, 2), conditions);
  const failure = await fail(
    { model: { modulus, poisson: 0.32 }, ends, load, material: { law: "tissue-damage" } },
    { steps: 12, control: "dissipation", brokenBelow: 0.8, floating: "remove" },
    { threads },
  );
  const result = describeFailure(failure, { load, heightMm, widthMm: heightMm, depthMm: heightMm });
  const area = (EDGE * spacing[0]) ** 2;
  const strain = (mm: number) => (100 * mm) / heightMm;
  return {
    cube,
    bvtv: data.reduce((n, e) => (e > 0 ? n + 1 : n), 0) / data.length,
    elements: failure.elements,
    modulusMPa: (result.stiffnessNPerMm! * heightMm) / area,
    yieldMPa: result.yieldLoadN === undefined ? null : result.yieldLoadN / area,
    yieldStrainPercent: result.yieldDisplacementMm === undefined ? null : strain(result.yieldDisplacementMm),
    ultimateMPa: result.ultimateLoadN! / area,
    ultimateStrainPercent: strain(result.ultimateDisplacementMm!),
    peaked: result.peaked,
    energyErrorPercent: Math.max(...result.curve.map((c) => Math.abs(c.energyErrorPercent))),
    seconds: (performance.now() - started) / 1000,
  };
}

function middleOf({ data, size, spacing }: Volume): Volume<"MPa"> {
  const [nx, ny] = size;
  const first = size.map((n) => Math.floor((n - EDGE) / 2)) as unknown as Vec3;
  const cut = new Float32Array(EDGE ** 3);
  for (let k = 0, v = 0; k < EDGE; k++)
    for (let j = 0; j < EDGE; j++)
      for (let i = 0; i < EDGE; i++, v++)
        cut[v] = data[first[0] + i + nx * (first[1] + j + ny * (first[2] + k))]! > 0 ? YOUNG_MPA : 0;
  return {
    quantity: "MPa",
    data: cut,
    size: [EDGE, EDGE, EDGE],
    spacing,
    origin: [0, 0, 0],
    direction: identityDirection(),
  };
}

/** Adds a row to the file. */
export function keep(row: StrengthRow): void {
  const { rows } = readTable();
  const all = [...rows.filter((r) => r.cube !== row.cube), row].sort((a, b) => a.bvtv - b.bvtv);
  writeFileSync(`${table}.new`, `${JSON.stringify({ setUp, rows: all }, null, 1)}\n`);
  renameSync(`${table}.new`, table);
}
