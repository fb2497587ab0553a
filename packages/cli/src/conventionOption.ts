import { type LabelConvention, labelsMap, SpondylError } from "@spondyl/core";
import type { Given } from "./command.js";
import { readText } from "./files.js";
import { text } from "./given.js";

/**
 * What the labels of a mask mean: a name by --convention, a file by --labels-map, or undefined when neither is given.
 * @throws SpondylError "bad-option" when both are, "bad-input" for a file that is no such map
 */
export async function conventionOf(given: Given): Promise<string | LabelConvention | undefined> {
  const name = text(given, "convention"),
    file = text(given, "labelsMap");
  if (name && file) throw new SpondylError("bad-option", "--convention and --labels-map: give one of the two.");
  if (!file) return name;
  const json = await readText(file);
  try {
    return labelsMap(JSON.parse(json));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new SpondylError("bad-input", `--labels-map: ${file} is no JSON (${cause.message}).`, { file }, { cause });
  }
}
