import { SpondylError } from "@spondyl/core";
import type { Given } from "./command.js";

/** The text of an option, or undefined when it was not given. */
export function text(given: Given, name: string): string | undefined {
  const value = given[name];
  return typeof value === "string" ? value : undefined;
}

/**
 * The number of an option; `otherwise` when it was not given.
 * @throws SpondylError "bad-option" when it is no number or out of [min, max]
 */
export function number<T extends number | undefined>(
  given: Given,
  name: string,
  otherwise: T,
  [min, max]: readonly [number, number] = [-Infinity, Infinity],
): number | T {
  const typed = text(given, name);
  if (typed === undefined) return otherwise;
  const value = Number(typed);
  if (typed.trim() === "" || !(value >= min && value <= max))
    throw new SpondylError("bad-option", `${flag(name)}: "${typed}" is not a number from ${min} to ${max}.`);
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

const flag = (name: string) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
