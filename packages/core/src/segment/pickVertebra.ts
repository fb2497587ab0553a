import { SpondylError } from "../error.js";
import { subtract } from "../linalg/vec3.js";
import { Compartment } from "../volume/compartment.js";
import { components } from "../volume/components.js";
import { type Box, cropGrid, cropToBox, joinBoxes, padBox } from "../volume/crop.js";
import type { Finding } from "../volume/finding.js";
import type { Mask } from "../volume/mask.js";
import { intersection, maskCount, maskOf, union } from "../volume/mask.js";
import { centroid } from "../volume/statistics.js";
import type { Grid, Vec3, Volume } from "../volume/volume.js";
import { type LabelConvention, levelsPresent, type Part, partsPresent } from "./labelConvention.js";
import type { LabelValue } from "./labelValues.js";
import { neighbours, sortLevels, UNNAMED } from "./levels.js";

/** One vertebra out of a label map: the masks that the map gives, on a grid around it. */
export interface Picked {
  readonly box: Box; // of `grid` in the label map's grid
  readonly grid: Grid;
  readonly whole: Mask;
  readonly body?: Mask; // when the map tells body from posterior elements
  readonly above?: Mask; // neighbours, as far as they reach into the grid
  readonly below?: Mask;
  readonly superiorDisc?: Mask;
  readonly inferiorDisc?: Mask;
  readonly compartments?: Volume<"label">;
  readonly towardsHead?: Vec3; // from what lies below to what lies above, by the labels; LPS, not unit
  readonly levels: readonly string[]; // in the map, head to tail
  readonly findings: readonly Finding[];
}

const MARGIN = 15; // mm around the vertebra: caps, end-plates of the neighbours

/**
 * The vertebra of this level.
 * @param values of the labels, by `labelValues`
 * @throws SpondylError "bad-input" when the level is not there (with those that are), or when a mask that names no
 *   levels shows several vertebrae
 */
export function pickVertebra(
  labels: Volume<"label">,
  values: ReadonlyMap<number, LabelValue>,
  convention: LabelConvention,
  level: string,
): Picked {
  const present = new Set(values.keys());
  const levels = sortLevels(levelsPresent(convention, present));
  const parts = partsPresent(convention, present);
  const codes = convention.levels[level]?.filter((code) => present.has(code)) ?? [];
  if (codes.length > 0) return pickLevel(labels, values, convention, level, codes, levels);
  if (parts.length > 0 && levels.length === 0) return pickParts(labels, values, convention, level, parts);
  const there = levels.length > 0 ? `has ${levels.join(", ")}` : "has no vertebra";
  throw new SpondylError(
    "bad-input",
    `labels: ${level} is not in the mask, which ${there} (read as ${convention.title}). Ask for one of these, or say what the values are with --convention or --labels-map.`,
    { level, levels, convention: convention.name },
  );
}

function pickLevel(
  labels: Volume<"label">,
  values: ReadonlyMap<number, LabelValue>,
  convention: LabelConvention,
  level: string,
  codes: readonly number[],
  levels: readonly string[],
): Picked {
  const region = around(labels, values, codes);
  const { above, below } = neighbours(level, levels);
  const near = (name: string | undefined) => {
    const mask = name && maskOf(region.labels, ...convention.levels[name]!);
    return mask && maskCount(mask) > 0 ? mask : undefined;
  };
  const up = near(above),
    down = near(below);
  const place = (name: string) => values.get(convention.levels[name]!.find((code) => values.has(code))!)!.centroid;
  const head = above ?? level,
    tail = below ?? level;
  return {
    ...region,
    whole: maskOf(region.labels, ...codes),
    ...(up && { above: up }),
    ...(down && { below: down }),
    ...(head !== tail && { towardsHead: subtract(place(head), place(tail)) }),
    levels,
    findings: [],
  };
}

function pickParts(
  labels: Volume<"label">,
  values: ReadonlyMap<number, LabelValue>,
  convention: LabelConvention,
  level: string,
  parts: readonly Part[],
): Picked {
  const codes = (...of: Part[]) => of.flatMap((part) => convention.parts[part] ?? []);
  const bone = codes("vertebra", "body", "bodyCore", "bodyShell", "posterior", "posteriorCore", "posteriorShell");
  const region = around(labels, values, [...bone, ...codes("superiorDisc", "inferiorDisc")]);
  const whole = maskOf(region.labels, ...bone);
  const body = maskOf(region.labels, ...codes("body", "bodyCore", "bodyShell"));
  const pieces =
    maskCount(body) > 0 ? checkBodies(body, region.grid, convention) : checkPieces(whole, region.grid, convention);
  const has = (part: Part) => parts.includes(part);
  const superior = maskOf(region.labels, ...codes("superiorDisc")),
    inferior = maskOf(region.labels, ...codes("inferiorDisc"));
  const discs = maskCount(superior) > 0 && maskCount(inferior) > 0;
  const divided = has("bodyCore") && has("bodyShell");
  return {
    ...region,
    whole,
    ...(maskCount(body) > 0 && !has("vertebra") && { body }),
    ...(has("superiorDisc") && { superiorDisc: superior }),
    ...(has("inferiorDisc") && { inferiorDisc: inferior }),
    ...(divided && { compartments: compartmentsOf(region.labels, convention) }),
    ...(discs && { towardsHead: subtract(centroid(superior, region.grid)!, centroid(inferior, region.grid)!) }),
    levels: [],
    findings: [
      {
        code: "level-not-in-labels",
        severity: "note",
        message:
          level === UNNAMED
            ? "The mask names no level, and none was asked for."
            : `The mask names no level; its vertebra is taken for ${level}, as asked.`,
      },
      ...pieces,
    ],
  };
}

/** The part of the map around the voxels with these labels. */
function around(labels: Volume<"label">, values: ReadonlyMap<number, LabelValue>, codes: readonly number[]) {
  const boxes = codes.flatMap((code) => values.get(code)?.box ?? []);
  const box = padBox(boxes.reduce(joinBoxes), labels, MARGIN, { beyond: true });
  return { box, grid: cropGrid(labels, box), labels: cropToBox(labels, box) };
}

/** A mask of parts must show one vertebra: sub-regions of a whole spine say not which body is meant. */
function checkBodies(body: Mask, grid: Grid, convention: LabelConvention): Finding[] {
  const bodies = largePieces(body, grid);
  if (bodies <= 1) return [];
  throw new SpondylError(
    "bad-input",
    `labels: the mask (${convention.title}) shows ${bodies} vertebral bodies and names none. Give the vertebra mask as labels, and this one as parts.`,
    { bodies },
  );
}

/** The same for a vertebra that is not divided. It may be in two large pieces, when its arch is broken off. */
function checkPieces(whole: Mask, grid: Grid, convention: LabelConvention): Finding[] {
  const pieces = largePieces(whole, grid);
  if (pieces <= 1) return [];
  if (pieces === 2) {
    const message = `The mask (${convention.title}) is in 2 large pieces. Check that they are one vertebra.`;
    return [{ code: "mask-in-pieces", severity: "warning", message }];
  }
  throw new SpondylError(
    "bad-input",
    `labels: the mask (${convention.title}) shows ${pieces} vertebrae and names none. Give a mask of one vertebra, or one that numbers them.`,
    { pieces },
  );
}

/** Connected pieces that have more than a fifth of the largest one's voxels. */
function largePieces(mask: Mask, grid: Grid): number {
  const { sizes } = components(mask, grid.size, 6);
  return sizes.filter((size) => size > 0.2 * sizes[0]!).length;
}

function compartmentsOf(labels: Volume<"label">, { parts }: LabelConvention): Volume<"label"> {
  const code = new Map<number, number>();
  const set = (part: Part, to: number) => {
    for (const from of parts[part] ?? []) code.set(from, to);
  };
  set("bodyCore", Compartment.bodyCore);
  set("bodyShell", Compartment.bodyShell);
  set("posteriorCore", Compartment.posteriorCore);
  set("posteriorShell", Compartment.posteriorShell);
  set("posterior", Compartment.posteriorCore);
  set("inferiorDisc", Compartment.inferiorCap);
  set("superiorDisc", Compartment.superiorCap);
  return { ...labels, data: labels.data.map((v) => code.get(v) ?? Compartment.outside) };
}

/** The body that a mask of sub-regions gives within a vertebra of another mask; undefined when it gives none there. */
export function bodyFromParts(picked: Picked, parts: Volume<"label">, convention: LabelConvention): Mask | undefined {
  const region = cropToBox(parts, picked.box);
  const body = intersection(
    picked.whole,
    maskOf(region, ...(convention.parts.body ?? []), ...(convention.parts.bodyCore ?? [])),
  );
  const shell = intersection(picked.whole, maskOf(region, ...(convention.parts.bodyShell ?? [])));
  const both = union(body, shell);
  return maskCount(both) > 0 ? both : undefined;
}
