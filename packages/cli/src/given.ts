import { SpondylError } from "@spondyl/core";
import type { Given, Option } from "./command.js";

/** The text of an option, or undefined when it was not given. */
export function text(given: Given, name: string): string | undefined {
  const value = given[name];
  return typeof value === "string" ? value : undefined;
}

/**
 * The number of an option; `otherwise` when it was not given.
 * @throws SpondylError "bad-option" when it is no finite number or out of the range, from and to
 */
export function number<T extends number | undefined>(
  given: Given,
  name: string,
  otherwise: T,
  range?: readonly [from: number, to: number],
): number | T {
  const typed = text(given, name);
  if (typed === undefined) return otherwise;
  const value = typed.trim() === "" ? Number.NaN : Number(typed);
  const [from, to] = range ?? [-Number.MAX_VALUE, Number.MAX_VALUE];
  if (!(Number.isFinite(value) && value >= from && value <= to))
    throw new SpondylError("bad-option", `${flag(name)}: "${typed}" is not a number${rangeText(range)}.`);
  return value;
}

/**
 * One of the allowed words; `otherwise` when the option was not given.
 * @throws SpondylError "bad-option" with the list when it is another word
 */
export function choice<T extends string>(given: Given, name: string, allowed: readonly T[], otherwise: T): T {
  const typed = text(given, name);
  if (typed === undefined) return otherwise;
  const found = allowed.find((word) => word === typed);
  if (!found)
    throw new SpondylError("bad-option", `${flag(name)}: "${typed}" is unknown. Give one of: ${allowed.join(", ")}.`);
  return found;
}

/** Names of options as `Given` has them: "--broken-below <share>" is brokenBelow. */
export const namesOf = (options: readonly Option[]): string[] =>
  options.map(({ flag }) => flag.replace(/^--| .*$/g, "").replace(/-[a-z]/g, ([, letter]) => letter!.toUpperCase()));

/**
 * Refuses options that would be ignored: that would be a silent wrong answer.
 * @param names as `Given` has them
 * @throws SpondylError "bad-option" for the first of them that was typed
 */
export function refuse(given: Given, names: readonly string[], what: string, cure: string): void {
  const typed = names.find((name) => given[name] !== undefined && given[name] !== false);
  if (typed) throw new SpondylError("bad-option", `${flag(typed)} means nothing to ${what}. ${cure}`);
}

const flag = (name: string) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

/** An end that is open is left out. */
function rangeText([from, to]: readonly [number, number] = [-Infinity, Infinity]): string {
  if (Number.isFinite(from) && Number.isFinite(to)) return ` from ${from} to ${to}`;
  if (Number.isFinite(from)) return ` of ${from} or more`;
  return Number.isFinite(to) ? ` of ${to} or less` : "";
}
