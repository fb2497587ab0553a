import { SpondylError } from "../error.js";

/** The interval that a constant lies in: "above" and "below" leave the bound out. */
export interface Range {
  readonly above?: number;
  readonly atLeast?: number;
  readonly below?: number;
  readonly atMost?: number;
}

/**
 * Checks the constants of a law.
 * @param given  what the caller gave, by name
 * @param ranges of every constant that the law has
 * @throws SpondylError "bad-option" for a name that the law does not have, and for a value out of its range
 */
export function checkConstants(law: string, given: object, ranges: Readonly<Record<string, Range>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const range = ranges[name];
    if (!range)
      throw bad(`${law} has no constant "${name}". It has: ${Object.keys(ranges).join(", ")}.`, { name, value });
    if (!within(value, range)) throw bad(`${name} of ${law} is ${value}. Give ${words(range)}.`, { name, value });
  }
}

const within = (x: number, { above, atLeast, below, atMost }: Range): boolean =>
  Number.isFinite(x) &&
  (above === undefined || x > above) &&
  (atLeast === undefined || x >= atLeast) &&
  (below === undefined || x < below) &&
  (atMost === undefined || x <= atMost);

const words = ({ above, atLeast, below, atMost }: Range): string =>
  [
    above !== undefined && `more than ${above}`,
    atLeast !== undefined && `${atLeast} or more`,
    below !== undefined && `less than ${below}`,
    atMost !== undefined && `${atMost} at most`,
  ]
    .filter(Boolean)
    .join(" and ");

const bad = (message: string, details: Record<string, unknown>) =>
  new SpondylError("bad-option", `material: ${message}`, details);
