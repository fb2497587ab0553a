import { SpondylError } from "../error.js";
import type { Finding } from "../volume/finding.js";
import { conventions, type LabelConvention, levelsPresent, partsPresent } from "./labelConvention.js";
import { levelOrder, sortLevels } from "./levels.js";

/**
 * The convention that a label map follows, from the values that occur in it. Where several would do, those drop out
 * that do not have the asked level, then those whose vertebrae would stand in the wrong order from head to tail.
 * @param heights voxel value, without 0, to the mean height of its voxels, mm along the S axis of LPS
 * @param asked the convention's name, when the user gives it; then it only has to fit
 * @param parts only conventions that tell the parts of a vertebra
 * @throws SpondylError "bad-option" for an unknown name or when several conventions fit, "bad-input" when none does
 */
export function recogniseConvention(
  heights: ReadonlyMap<number, number>,
  { level, asked, parts = false }: { readonly level?: string; readonly asked?: string; readonly parts?: boolean } = {},
): { readonly convention: LabelConvention; readonly findings: readonly Finding[] } {
  const values = new Set(heights.keys());
  if (asked !== undefined) return { convention: named(asked), findings: [] };
  const fitting = conventions.filter((c) => fits(c, values) && (!parts || partsPresent(c, values).length > 0));
  const withLevel = level === undefined ? fitting : fitting.filter((c) => hasLevel(c, values, level));
  const ordered = (withLevel.length > 0 ? withLevel : fitting).filter((c) => inOrder(c, heights) !== false);
  const left = preferSame(preferComplete(preferSure(ordered, heights), values), values, level);
  if (left.length === 1) return { convention: left[0]!, findings: otherReadings(left[0]!, withLevel, heights) };
  const listed = [...values].sort((a, b) => a - b).join(", ");
  if (left.length > 1)
    throw new SpondylError(
      "bad-option",
      `labels: the values ${listed} fit several conventions: ${left.map((c) => `${c.name} = ${c.title}`).join("; ")}. Name the one that is meant.`,
      { values: [...values], fitting: left.map((c) => c.name) },
    );
  throw new SpondylError(
    "bad-input",
    `labels: the values ${listed} fit none of ${conventions.map((c) => c.name).join(", ")}. Give a labels map, {"${level ?? "L2"}": value}.`,
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

function named(name: string): LabelConvention {
  const found = conventions.find((c) => c.name === name);
  if (found) return found;
  throw new SpondylError(
    "bad-option",
    `labels: no convention is called "${name}". Give one of: ${conventions.map((c) => c.name).join(", ")}.`,
    { name },
  );
}

/** Whether each value means something, and at least one of them a vertebra or its body. */
function fits(convention: LabelConvention, values: ReadonlySet<number>): boolean {
  const known = new Set([...Object.values(convention.levels), ...Object.values(convention.parts)].flat());
  if (![...values].every((v) => known.has(v) || convention.ignored.has(v))) return false;
  const parts = partsPresent(convention, values);
  const whole = parts.includes("vertebra") || parts.includes("body") || parts.includes("bodyCore");
  return whole || levelsPresent(convention, values).length > 0;
}

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
