/** What part of one vertebra a label stands for, where labels are not whole vertebrae. */
export type Part =
  | "vertebra" // whole, not divided
  | "body"
  | "posterior" // pedicles, arch and processes
  | "bodyCore"
  | "bodyShell"
  | "posteriorCore"
  | "posteriorShell"
  | "inferiorDisc"
  | "superiorDisc";

/** Which voxel value stands for what. */
export interface LabelConvention {
  readonly name: string;
  readonly title: string; // for people
  readonly levels: Readonly<Record<string, readonly number[]>>; // whole vertebrae by level: "L2" -> [21]
  readonly parts: Readonly<Partial<Record<Part, readonly number[]>>>; // parts of the one vertebra that the mask shows
  readonly ignored: ReadonlySet<number>; // other values that may occur
  readonly needs?: readonly number[]; // values without which no mask is taken to follow it, unless the user says so
}

const names = (region: string, from: number, to: number) =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, n) => `${region}${from + n * Math.sign(to - from || 1)}`);

const numbered = (levels: readonly string[], first: number) =>
  Object.fromEntries(levels.map((level, n) => [level, [first + n]]));

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** VerSe, TPTBox and SPINEPS vertebra masks; TotalSegmentator's vertebrae_pp. Source: VerSe wiki, osf.io/4skx2. */
const verse: LabelConvention = {
  name: "verse",
  title: "VerSe (20 is L1)",
  levels: {
    ...numbered([...names("C", 1, 7), ...names("T", 1, 12), ...names("L", 1, 6), "S1"], 1),
    T13: [28],
  },
  parts: {},
  ignored: new Set([27, ...range(29, 33), ...range(101, 128), ...range(201, 228)]), // coccyx, S2-S6, discs, end-plates
};

/** Task "total" of version 2: 26 is S1, 27 L5, ... 50 C1. Source: TotalSegmentator, README "Class details". */
const totalSegmentator: LabelConvention = {
  name: "totalsegmentator",
  title: "TotalSegmentator version 2 (31 is L1)",
  levels: numbered(["S1", ...names("L", 5, 1), ...names("T", 12, 1), ...names("C", 7, 1)], 26),
  parts: {},
  ignored: new Set([...range(1, 25), ...range(51, 117)]), // the other organs
};

/** Version 1: 18 is L5, ... 41 C1. */
const totalSegmentatorV1: LabelConvention = {
  name: "totalsegmentator-v1",
  title: "TotalSegmentator version 1 (22 is L1)",
  levels: numbered([...names("L", 5, 1), ...names("T", 12, 1), ...names("C", 7, 1)], 18),
  parts: {},
  ignored: new Set([...range(1, 17), ...range(42, 104)]),
};

/** Sub-regions of TPTBox and SPINEPS. They name no level: a vertebra mask must, or one vertebra must be alone. */
const tptboxSubregion: LabelConvention = {
  name: "tptbox-subregion",
  title: "TPTBox sub-regions (49 and 50 are the body)",
  levels: {},
  parts: { vertebra: [40], body: [49, 50, 51, 52, 53], posterior: range(41, 48) },
  ignored: new Set([26, 27, ...range(29, 33), 58, 59, 60, 61, 62, 63, 64, 100, 126]),
};

/**
 * One vertebra in compartments, as published with the spineFE benchmark (Walle, Matheson & Boyd 2025). Its values are
 * small numbers that plain masks have as well, so it is recognised by all four of the bone's parts only.
 */
const sixLabel: LabelConvention = {
  name: "six-label",
  title: "six labels of one vertebra (1 body core ... 6 superior disc)",
  levels: {},
  parts: {
    bodyCore: [1],
    bodyShell: [2],
    posteriorCore: [3],
    posteriorShell: [4],
    inferiorDisc: [5],
    superiorDisc: [6],
  },
  ignored: new Set(),
  needs: [1, 2, 3, 4],
};

/** The conventions that a mask may follow by itself; a label map of the user's is one more. */
export const conventions: readonly LabelConvention[] = [
  verse,
  totalSegmentator,
  totalSegmentatorV1,
  tptboxSubregion,
  sixLabel,
];

/** Name of the convention of a mask with one value, which is the whole vertebra: see `singleValue`. */
export const SINGLE = "single";

/** The conventions that can be asked for by name. */
export const conventionNames: readonly string[] = [...conventions.map(({ name }) => name), SINGLE];

/** Levels of which the convention has voxels among these values. */
export const levelsPresent = (convention: LabelConvention, values: ReadonlySet<number>): string[] =>
  Object.entries(convention.levels)
    .filter(([, codes]) => codes.some((v) => values.has(v)))
    .map(([level]) => level);

/** Parts of which it has. */
export const partsPresent = (convention: LabelConvention, values: ReadonlySet<number>): Part[] =>
  (Object.entries(convention.parts) as [Part, readonly number[]][])
    .filter(([, codes]) => codes.some((v) => values.has(v)))
    .map(([part]) => part);
