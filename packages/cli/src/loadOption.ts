import { type Amount, type DirectionName, directionNames, type LoadRequest, SpondylError } from "@spondyl/core";

/** What `--load` takes, for the help of every command that has it. */
export const loadHelp = `motion of the superior end, parts of one load joined by +:
  compression:2% | compression:0.5mm   also tension, shear-left, -right, -anterior, -posterior
  flexion:5deg                         also extension, bending-left, -right, torsion-left, -right
  compression:2%+flexion:5deg          both in proportion
  compression:2%+flexion:25mm          a following force: the end tilts so that moment = 25 mm * force
  compression:2%+tilt:free             the end tilts without moment
% is of the height; compression may be written negative; without an amount 2 % or 5 degrees`;

/** Shorter words. */
const aliases: Readonly<Record<string, DirectionName>> = {
  bending: "bending-left",
  lateral: "bending-left",
  torsion: "torsion-left",
  shear: "shear-anterior",
};

const units: Readonly<Record<string, Amount["unit"]>> = { "%": "percentHeight", mm: "mm", deg: "deg" };

/**
 * The loads that a user typed, separated by commas.
 * @param spec see `loadHelp`
 * @throws SpondylError "bad-option" with the part that is wrong
 */
export const parseLoads = (spec: string): LoadRequest[] => spec.split(",").map((load) => parseLoad(load));

/** One load. @throws SpondylError "bad-option" with the part that is wrong */
export function parseLoad(spec: string): LoadRequest {
  const parts: { direction: DirectionName; amount: Amount }[] = [];
  let freeTilt = false;
  for (const part of spec.split("+").map((p) => p.trim())) {
    if (part === "tilt:free") freeTilt = true;
    else parts.push(parsePart(part));
  }
  return { parts, ...(freeTilt && { freeTilt }) };
}

function parsePart(part: string): { direction: DirectionName; amount: Amount } {
  const wrong = (what: string) =>
    new SpondylError("bad-option", `--load: "${part}": ${what}. Give for example compression:2% or flexion:5deg.`);
  const [word = "", typed] = part.split(":");
  const direction = aliases[word] ?? directionNames.find((name) => name === word);
  if (!direction) throw wrong(`"${word}" is no way to load. Known: ${directionNames.join(", ")}`);
  const rotation = /flexion|extension|bending|torsion/.test(direction);
  if (typed === undefined)
    return { direction, amount: rotation ? { unit: "deg", value: 5 } : { unit: "percentHeight", value: 2 } };
  const [, digits, unit] = /^([-+]?[\d.]+(?:e[-+]?\d+)?)\s*(%|mm|deg)$/i.exec(typed.trim()) ?? [];
  const value = Number(digits);
  if (unit === undefined || !Number.isFinite(value)) throw wrong("an amount with a unit (%, mm or deg) is missing");
  const kind = rotation && unit === "mm" ? "armMm" : units[unit.toLowerCase()]!;
  // shortening is often written negative, and means compression all the same
  return { direction, amount: { unit: kind, value: direction === "compression" ? Math.abs(value) : value } };
}
