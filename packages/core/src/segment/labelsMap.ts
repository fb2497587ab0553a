import { SpondylError } from "../error.js";
import type { LabelConvention, Part } from "./labelConvention.js";
import { levelOrder } from "./levels.js";

const partNames: readonly Part[] = [
  "vertebra",
  "body",
  "posterior",
  "bodyCore",
  "bodyShell",
  "posteriorCore",
  "posteriorShell",
  "inferiorDisc",
  "superiorDisc",
];

/**
 * A label map of the user's own as a convention. Each key is a level ("C1" ... "S1"), a part of the one vertebra in the
 * mask ("vertebra", "body", "posterior", "bodyCore", "bodyShell", "posteriorCore", "posteriorShell", "inferiorDisc",
 * "superiorDisc") or "ignored"; each value a voxel value or a list of them, whole numbers from 1 to 65535:
 *
 *     { "L1": 101, "L2": 102 }          whole vertebrae
 *     { "body": [1, 2], "posterior": 3 }   one vertebra in two parts
 *
 * A voxel value that occurs in the mask and not in the map counts as background.
 * @param map parsed JSON
 * @throws SpondylError "bad-option" for another key, another value, or a value given twice
 */
export function labelsMap(map: unknown): LabelConvention {
  if (typeof map !== "object" || map === null || Array.isArray(map))
    throw new SpondylError("bad-option", 'labels map: not an object. Write {"L2": 21} or {"body": 1, "posterior": 2}.');
  const taken = new Map<number, string>();
  const levels: Record<string, number[]> = {};
  const parts: Partial<Record<Part, number[]>> = {};
  const ignored = new Set<number>();
  for (const [key, value] of Object.entries(map)) {
    const codes = codesOf(key, value, taken);
    if (key === "ignored") for (const code of codes) ignored.add(code);
    else if (levelOrder.includes(key)) levels[key] = codes;
    else if (isPart(key)) parts[key] = codes;
    else
      throw new SpondylError(
        "bad-option",
        `labels map: unknown key "${key}". Give a level (C1 to S1), one of ${partNames.join(", ")}, or "ignored".`,
        { key },
      );
  }
  return { name: "user", title: "the given label map", levels, parts, ignored };
}

const isPart = (key: string): key is Part => (partNames as readonly string[]).includes(key);

function codesOf(key: string, value: unknown, taken: Map<number, string>): number[] {
  const codes: unknown[] = Array.isArray(value) ? value : [value];
  for (const code of codes) {
    if (typeof code !== "number" || !Number.isInteger(code) || code < 1 || code > 65535)
      throw new SpondylError(
        "bad-option",
        `labels map: "${key}" is ${JSON.stringify(value)}. Give a whole number from 1 to 65535, or a list of them.`,
        { key, value },
      );
    const other = taken.get(code);
    if (other)
      throw new SpondylError("bad-option", `labels map: ${code} stands for both "${other}" and "${key}".`, { code });
    taken.set(code, key);
  }
  return codes as number[];
}
