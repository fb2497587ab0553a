import { SpondylError } from "../error.js";
import { angle } from "../linalg/vec3.js";
import type { Run } from "../run.js";
import type { Finding } from "../volume/finding.js";
import type { Vertebra } from "../volume/vertebra.js";
import type { Grid, Volume } from "../volume/volume.js";
import type { Anatomy } from "./anatomy.js";
import { assembleVertebra } from "./assembleVertebra.js";
import { borderContacts, checkCut } from "./cut.js";
import { type LabelConvention, levelsPresent } from "./labelConvention.js";
import { labelValues } from "./labelValues.js";
import { levelOrder, sortLevels, UNNAMED } from "./levels.js";
import { matchLabels } from "./matchLabels.js";
import { orient, plausibility, type UprightEvidence } from "./orientation.js";
import { partFindings } from "./partFindings.js";
import { bodyFromParts, type Picked, pickVertebra } from "./pickVertebra.js";
import { recogniseConvention } from "./recognise.js";

export interface SegmentOptions {
  /** The vertebra, "C3" to "L6". May be left out for a mask of one vertebra; where the mask names none, it says which it is. */
  readonly level?: string;
  /** Grid of the image that the mask belongs to. Default: the mask's own. */
  readonly image?: Grid;
  /** Name of the label convention ("verse", ..., see `conventionNames`), or a label map of the user's. Default: recognised. */
  readonly convention?: string | LabelConvention;
  /** A second mask that tells the parts of vertebrae, such as TPTBox sub-regions. Its convention is recognised. */
  readonly parts?: Volume<"label">;
  /** Go on, with a finding, when the field of view cuts the vertebra. Default false. */
  readonly allowCut?: boolean;
  /** Contact with one face of the image that is no cut yet, mm². Default 20: a tip that just touches. [C] */
  readonly touchMm2?: number;
}

/** What the segmentation rests on. */
export interface SegmentEvidence {
  readonly bodyFrom: "labels" | "geometry";
  readonly canalAreaMm2?: number; // of the hole that one looks through; none: the arch is not closed
  readonly mirrorOverlap?: number; // share of the vertebra that its mirror image covers, 0 to 1
  readonly wedgeDeg: number; // angle between the end-plates
  readonly headFrom: "labels" | "shape" | "header"; // what told head from tail
  readonly upright?: UprightEvidence;
  readonly cranialToS: number; // cosines between the vertebra's axes and the header's
  readonly anteriorToA: number;
  readonly flipped: readonly ("anterior-posterior" | "superior-inferior")[];
}

export interface Segmentation {
  readonly vertebra: Vertebra;
  readonly convention: string;
  readonly levels: readonly string[]; // in the mask, head to tail; none when it names no levels
  readonly findings: readonly Finding[];
  readonly evidence: SegmentEvidence;
}

/**
 * One vertebra out of a label map, with its own axes, which are checked against those of the image's header.
 * @throws SpondylError "bad-option" for an unknown level or convention, or when several conventions fit; "bad-input"
 *   when the mask is empty, lies elsewhere, lacks the level, is cut by the field of view, or has no shape of a vertebra
 */
export async function segment(
  labels: Volume<"label">,
  { level: wanted, image = labels, convention: asked, parts, allowCut = false, touchMm2 = 20 }: SegmentOptions = {},
  run: Run = {},
): Promise<Segmentation> {
  if (wanted !== undefined) requireLevel(wanted);
  const values = labelValues(labels);
  const { convention, findings } = conventionOf(values, wanted, asked);
  const level = wanted ?? onlyLevel(values, convention);
  const own = pickVertebra(labels, values, convention, level);
  const cut = (p: Picked, size: Grid["size"]) =>
    checkCut(borderContacts(p.whole, p.grid, p.box, size), level, { allowCut, touchMm2 });
  const cutOwn = cut(own, labels.size);
  const matched = matchLabels(labels, image);
  const same = matched.labels === labels;
  const picked = same ? own : pickVertebra(matched.labels, labelValues(matched.labels), convention, level);
  const cutHere = same ? [] : cut(picked, image.size);
  run.progress?.(0.2);
  run.signal?.throwIfAborted();
  const given = picked.body ?? (parts && bodyOfParts(picked, parts, image, level));
  const { anatomy, headFrom, upright } = orient(picked, level);
  run.progress?.(0.9);
  run.signal?.throwIfAborted();
  const vertebra = assembleVertebra(level, picked, anatomy, given);
  const axes = plausibility(vertebra.frame);
  return {
    vertebra,
    convention: convention.name,
    levels: picked.levels,
    findings: [
      ...findings,
      ...matched.findings,
      ...picked.findings,
      ...cutOwn,
      ...cutHere,
      ...shapeFindings(anatomy, level),
      ...partFindings(vertebra, anatomy),
      ...axes.findings,
    ],
    evidence: {
      ...shapeEvidence(anatomy),
      bodyFrom: given ? "labels" : "geometry",
      headFrom,
      ...(upright && { upright }),
      ...axes.evidence,
    },
  };
}

function requireLevel(level: string): void {
  const known = levelOrder.slice(levelOrder.indexOf("C3"), levelOrder.indexOf("S1"));
  if (!known.includes(level))
    throw new SpondylError(
      "bad-option",
      `segment: "${level}" is no vertebra with a body and two end-plates. Give one of C3 to C7, T1 to T13, L1 to L6.`,
      { level },
    );
}

/** The level of a mask of one vertebra; "unnamed" when the mask names none. */
function onlyLevel(values: ReadonlyMap<number, unknown>, convention: LabelConvention): string {
  const levels = sortLevels(levelsPresent(convention, new Set(values.keys())));
  if (levels.length <= 1) return levels[0] ?? UNNAMED;
  throw new SpondylError("bad-option", `segment: the mask has ${levels.join(", ")}. Say which level is meant.`, {
    levels,
  });
}

function conventionOf(
  values: ReturnType<typeof labelValues>,
  level: string | undefined,
  asked: string | LabelConvention | undefined,
) {
  if (typeof asked === "object") return { convention: asked, findings: [] };
  const heights = new Map([...values].map(([code, { centroid }]) => [code, centroid[2]]));
  return recogniseConvention(heights, { ...(level && { level }), ...(asked && { asked }) });
}

function bodyOfParts(picked: Picked, parts: Volume<"label">, image: Grid, level: string) {
  const matched = matchLabels(parts, image).labels;
  const heights = new Map([...labelValues(matched)].map(([code, { centroid }]) => [code, centroid[2]]));
  const body = bodyFromParts(picked, matched, recogniseConvention(heights, { parts: true }).convention);
  if (body) return body;
  throw new SpondylError(
    "bad-input",
    `segment: the mask of parts shows no body within ${level}. Give the one of this scan, or none.`,
  );
}

function shapeEvidence({ canal, symmetry, endPlates }: Anatomy) {
  return {
    ...(canal && { canalAreaMm2: canal.areaMm2 }),
    ...(symmetry && { mirrorOverlap: symmetry.overlap }),
    wedgeDeg: (angle(endPlates.superior.normal, endPlates.inferior.normal) * 180) / Math.PI,
  };
}

function shapeFindings({ canal, symmetry }: Anatomy, level: string): Finding[] {
  if (canal) return [];
  const message = symmetry
    ? `The mask of ${level} closes no spinal canal: its thickest part was taken for the body, and the rest for what lies behind.`
    : `The mask of ${level} shows hardly more than a body: front and back are those of the image's header, unchecked.`;
  return [{ code: symmetry ? "arch-open" : "body-only", severity: "warning", message }];
}
