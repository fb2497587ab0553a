import type { Finding } from "../volume/finding.js";
import { decimal } from "./decimal.js";
import { type ExportCase, oneLine } from "./exportCase.js";
import { placement } from "./hexMesh.js";

/** What stands at the top of a text format, as comments. */
export function remarks({ title, model }: ExportCase, findings: readonly Finding[]): string[] {
  const { originMm, direction } = placement(model);
  return [
    oneLine(title),
    "Written by Spondyl. Units: mm, N, MPa.",
    "Coordinates run along the axes of the image, from the lower corner of its first voxel.",
    `In the patient, LPS: (${originMm.map(decimal).join(", ")}) + D x, D by rows (${direction.map(decimal).join(", ")}).`,
    ...findings.map((finding) => finding.message),
  ];
}

/** The same for XML, where two dashes end a comment. */
export const xmlRemarks = (given: ExportCase, findings: readonly Finding[]): string[] =>
  remarks(given, findings).map((line) => `<!-- ${line.replaceAll("--", "- -")} -->`);
