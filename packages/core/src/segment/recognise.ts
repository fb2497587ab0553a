import { SpondylError } from "../error.js";
import type { Finding } from "../volume/finding.js";
import { conventionNames, conventions, type LabelConvention, levelsPresent, partsPresent } from "./labelConvention.js";
import { levelOrder, sortLevels } from "./levels.js";
import { namesNothing, otherLevels, otherVertebra, readAsSingle, singleValue } from "./singleValue.js";

export interface RecogniseOptions {
  readonly level?: string;
  /** The convention's name, when the user gives it: then it only has to fit. */
  readonly asked?: string;
  /** Only conventions that tell the parts of a vertebra. */
  readonly parts?: boolean;
}

export interface Recognised {
  readonly convention: LabelConvention;
  readonly findings: readonly Finding[];
}

/**
 * The convention that a label map follows, from the values that occur in it. Where several would do, those drop out
 * that do not have the asked level, then those whose vertebrae would stand in the wrong order from head to tail. A
 * single value that names nothing, such as 1, is the whole vertebra (of a mask of parts: the body).
 * @param heights voxel value, without 0, to the mean height of its voxels, mm along the S axis of LPS
 * @throws SpondylError "bad-option" for an unknown name or when several conventions fit, "bad-input" when none does
 */
export function recogniseConvention(
  heights: ReadonlyMap<number, number>,
  { level, asked, parts = false }: RecogniseOptions = {},
): Recognised {
  const values = new Set(heights.keys());
  if (asked !== undefined) return { convention: named(asked, values), findings: [] };
  const fitting = conventions.filter((c) => fitsAlone(c, values) && (!parts || partsPresent(c, values).length > 0));
  const withLevel = level === undefined ? fitting : fitting.filter((c) => hasLevel(c, values, level));
  if (values.size === 1) {
    const [value] = [...values] as [number];
    const single = asSingle(value, parts, { level, fitting, withLevel });
    if (single) return single;
  }
  if (!parts) refuseTwoParts(values);
  const ordered = (withLevel.length > 0 ? withLevel : fitting).filter((c) => inOrder(c, heights) !== false);
  const left = preferSame(preferComplete(preferSure(ordered, heights), values), values, level);
  if (left.length !== 1) throw undecided(left, values, level, parts);
  const convention = left[0]!;
  const byLevel = values.size === 1 ? otherLevels(convention, fitting, [...values][0]!) : [];
  return { convention, findings: [...otherReadings(convention, withLevel, heights), ...byLevel] };
}

/** How a mask of one value is read that no convention settles; undefined when one may. */
function asSingle(
  value: number,
  parts: boolean,
  among: {
    readonly level: string | undefined;
    readonly fitting: readonly LabelConvention[];
    readonly withLevel: readonly LabelConvention[];
  },
): Recognised | undefined {
  const settled = among.level === undefined ? among.fitting : among.withLevel;
  if (namesNothing(value) && (settled.length === 0 || among.level === undefined))
    return parts
      ? { convention: singleValue(value, "body"), findings: [] }
      : { convention: singleValue(value), findings: [readAsSingle(value)] };
  if (settled.length === 0 && !parts) throw otherVertebra(value, among.level);
  return undefined;
}

/** 1 and 2 alone may be body and posterior elements, or core and shell: half of the bone hangs on which. */
function refuseTwoParts(values: ReadonlySet<number>): void {
  if (values.size !== 2 || !values.has(1) || !values.has(2)) return;
  throw new SpondylError(
    "bad-option",
    'labels: the values 1, 2 do not say what they are. Say it with --labels-map: {"body": 1, "posterior": 2} or {"bodyCore": 1, "bodyShell": 2}.',
    { values: [1, 2] },
  );
}

function undecided(
  left: readonly LabelConvention[],
  values: ReadonlySet<number>,
  level: string | undefined,
  parts: boolean,
): SpondylError {
  const listed = list(values);
  const cure = parts
    ? "Give a mask of parts with the values of tptbox-subregion or six-label, or with one value for the body."
    : `a --labels-map with {"${level ?? "L2"}": value} or {"body": value, "posterior": value}.`;
  if (left.length > 1)
    return new SpondylError(
      "bad-option",
      `labels: the values ${listed} fit several conventions: ${left.map((c) => `${c.name} = ${c.title}`).join("; ")}. ${parts ? cure : `Name the one that is meant with --convention ${left.map((c) => c.name).join(" or ")}, or give ${cure}`}`,
      { values: [...values], fitting: left.map((c) => c.name) },
    );
  return new SpondylError(
    "bad-input",
    `labels: the values ${listed} fit none of ${conventions.map((c) => c.name).join(", ")}. ${parts ? cure : `Say what they are: give ${cure}`}`,
    { values: [...values] },
  );
}

/** A note when only the order from head to tail has decided, as an image upside down would decide otherwise. */
function otherReadings(
  chosen: LabelConvention,
  candidates: readonly LabelConvention[],
  heights: ReadonlyMap<number, number>,
): Finding[] {
  const others = candidates.filter((c) => c !== chosen && inOrder(c, heights) === false);
  if (others.length === 0) return [];
  const message = `The labels are read as ${chosen.title}; their values also fit ${others.map((c) => c.title).join(", ")}, but not their order from head to tail.`;
  return [{ code: "convention-by-order", severity: "note", message }];
}

/** The convention of this name, which must fit the values. */
function named(name: string, values: ReadonlySet<number>): LabelConvention {
  if (!conventionNames.includes(name))
    throw new SpondylError(
      "bad-option",
      `labels: no convention is called "${name}". Give one of: ${conventionNames.join(", ")}.`,
      { name },
    );
  const convention = conventions.find((c) => c.name === name) ?? singleValue([...values][0]!);
  if (fits(convention, values)) return convention;
  const strange = unknownTo(convention, values);
  const why = strange.length > 0 ? `does not know ${list(strange)}` : "has no vertebra in them";
  throw new SpondylError(
    "bad-input",
    `labels: the mask's values ${list(values)} are not those of ${convention.title}, which ${why}. Give another --convention, or a --labels-map that says what they are; a value that it leaves out is background.`,
    { name, values: [...values], unknown: strange },
  );
}

/** The first 12 values in order, and how many more there are. */
function list(values: Iterable<number>): string {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length <= 12 ? sorted.join(", ") : `${sorted.slice(0, 12).join(", ")} and ${sorted.length - 12} more`;
}

function unknownTo({ levels, parts, ignored }: LabelConvention, values: ReadonlySet<number>): number[] {
  const known = new Set([...Object.values(levels), ...Object.values(parts)].flat());
  return [...values].filter((v) => !known.has(v) && !ignored.has(v));
}

/** Whether each value means something, and at least one of them a vertebra or its body. */
function fits(convention: LabelConvention, values: ReadonlySet<number>): boolean {
  if (unknownTo(convention, values).length > 0) return false;
  const parts = partsPresent(convention, values);
  const whole = parts.includes("vertebra") || parts.includes("body") || parts.includes("bodyCore");
  return whole || levelsPresent(convention, values).length > 0;
}

/** Whether it fits a mask of which nobody says what it follows. */
const fitsAlone = (convention: LabelConvention, values: ReadonlySet<number>) =>
  fits(convention, values) && (convention.needs ?? []).every((v) => values.has(v));

/** A convention of parts names no level: the user does, so it may be any. */
const hasLevel = (convention: LabelConvention, values: ReadonlySet<number>, level: string) =>
  partsPresent(convention, values).length > 0 || levelsPresent(convention, values).includes(level);

/** Whether the vertebrae stand in order from head to tail; undefined when fewer than two are there. */
function inOrder(convention: LabelConvention, heights: ReadonlyMap<number, number>): boolean | undefined {
  const present = sortLevels(levelsPresent(convention, new Set(heights.keys())));
  const height = (level: string) => heights.get(convention.levels[level]!.find((v) => heights.has(v))!)!;
  const complete = present.filter((level) => levelOrder.includes(level));
  if (complete.length < 2) return undefined;
  const down = complete.slice(1).filter((level, n) => height(level) < height(complete[n]!)).length;
  return down > (complete.length - 1) / 2;
}

/** Of the conventions that name levels, those whose order speaks for them, when there are such; else all. */
function preferSure(
  candidates: readonly LabelConvention[],
  heights: ReadonlyMap<number, number>,
): readonly LabelConvention[] {
  const sure = candidates.filter((c) => inOrder(c, heights));
  return sure.length > 0
    ? candidates.filter((c) => sure.includes(c) || Object.keys(c.levels).length === 0)
    : candidates;
}

/** Those that read every value as a vertebra, when there are such: a mask of the spine has no single other organs. */
function preferComplete(
  candidates: readonly LabelConvention[],
  values: ReadonlySet<number>,
): readonly LabelConvention[] {
  const complete = candidates.filter((c) => {
    const vertebrae = Object.values(c.levels).flat();
    return [...values].every((v) => vertebrae.includes(v));
  });
  return complete.length > 0
    ? candidates.filter((c) => complete.includes(c) || Object.keys(c.levels).length === 0)
    : candidates;
}

/** The first, when the mask shows one vertebra alone and all read it as the asked level. */
function preferSame(
  candidates: readonly LabelConvention[],
  values: ReadonlySet<number>,
  level: string | undefined,
): readonly LabelConvention[] {
  const alone = candidates.every(
    (c) => values.size === 1 && level !== undefined && c.levels[level]?.some((v) => values.has(v)),
  );
  return alone ? candidates.slice(0, 1) : candidates;
}
