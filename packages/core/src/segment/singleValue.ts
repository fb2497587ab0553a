import { SpondylError } from "../error.js";
import type { Finding } from "../volume/finding.js";
import { conventions, type LabelConvention, levelsPresent, SINGLE } from "./labelConvention.js";

/**
 * The one value of a plain mask as a convention: the whole vertebra, or the body where parts are asked for.
 */
export const singleValue = (value: number, part: "vertebra" | "body" = "vertebra"): LabelConvention => ({
  name: SINGLE,
  title: `one value, ${value}, ${part === "vertebra" ? "for the whole vertebra" : "for the body"}`,
  levels: {},
  parts: { [part]: [value] },
  ignored: new Set(),
});

/**
 * Whether a mask's only value names nothing: 1, as plain masks have it (VerSe's C1 has no body to load), or a value that
 * no convention uses.
 */
export const namesNothing = (value: number): boolean => value === 1 || !conventions.some((c) => uses(c, value));

const uses = ({ levels, parts, ignored }: LabelConvention, value: number) =>
  ignored.has(value) || [...Object.values(levels), ...Object.values(parts)].some((codes) => codes.includes(value));

/** Says how the mask was read, and what to do when it is the body alone. */
export const readAsSingle = (value: number): Finding => ({
  code: "single-value",
  severity: "note",
  message: `The only value of the mask, ${value}, is read as one whole vertebra. If it is a body alone, say so: --labels-map with {"body": ${value}}.`,
});

/** The error for a mask whose only value is a code of something else than the asked level. */
export function otherVertebra(value: number, level: string | undefined): SpondylError {
  const readings = conventions.flatMap((c) => levelsPresent(c, new Set([value])).map((l) => `${l} in ${c.name}`));
  const is = readings.length > 0 ? readings.join(", ") : "no vertebra in any known convention";
  const wanted = level ? `, not ${level}` : "";
  const other = readings.length > 0 ? "Ask for that level; or, if" : "If";
  return new SpondylError(
    "bad-input",
    `labels: the only value, ${value}, is ${is}${wanted}. ${other} it is ${level ?? "a vertebra"} all the same, give --convention ${SINGLE} or a --labels-map with {"${level ?? "L2"}": ${value}}.`,
    { value, ...(level && { level }) },
  );
}

/** A note when only the asked level decided between conventions that read the value as different vertebrae. */
export function otherLevels(chosen: LabelConvention, fitting: readonly LabelConvention[], value: number): Finding[] {
  const level = (c: LabelConvention) => levelsPresent(c, new Set([value]))[0];
  const first = fitting[0];
  if (!first || first === chosen || level(first) === undefined || level(first) === level(chosen)) return [];
  const message = `The only value of the mask, ${value}, is read as ${level(chosen)} in ${chosen.title}, as asked; in ${first.title} it would be ${level(first)}.`;
  return [{ code: "convention-by-level", severity: "note", message }];
}
