import { escapeText as text } from "../formats/escape.js";
import { count, given, number } from "./format.js";
import { dataTable, paragraph, section } from "./markup.js";
import type { FailureResult, Result, StrengthResult } from "./result.js";

/** What was computed, in a few sentences, the four figures, and the strength estimates. */
export function summary(result: Result): string {
  return section(
    "summary",
    "Summary",
    `<p class="lead">${text(sentences(result))}</p>`,
    tiles(result),
    strengthTable(result.strength ?? []),
    warnings(result),
  );
}

function sentences(result: Result): string {
  const { model, linear, load, strength = [] } = result;
  const name = result.case?.level ? `Vertebra ${result.case.level}` : "The vertebra";
  const parts = [
    `${name} was modelled from CT with ${elementsOf(model)} and ${count(model?.nodes)} nodes${cubes(result)}.`,
    load && linear
      ? `${load.displacementMm < 0 ? "Pressed" : "Pulled"} by ${number(Math.abs(load.displacementMm), 3)} mm${load.displacementPercentHeight === undefined ? "" : ` (${number(Math.abs(load.displacementPercentHeight), 2)} % of its height)`}, the linear model answers with ${number(Math.abs(linear.reactionN))} N, a stiffness of ${number(linear.stiffnessNPerMm)} N/mm.`
      : linear
        ? `Its axial stiffness is ${number(linear.stiffnessNPerMm)} N/mm.`
        : "",
    range(strength),
    ...(result.failures ?? []).map(failureSentence),
  ];
  return parts.filter(Boolean).join(" ");
}

/** "In compression it yields at 2100 N and bears 2460 N at most." */
function failureSentence(f: FailureResult): string {
  const force = f.ultimateLoadN !== undefined;
  const told = (load: number | undefined) => (force ? `${number(load)} N` : `${number((load ?? 0) / 1000)} N m`);
  const yields = force ? f.yieldLoadN : f.yieldMomentNMm;
  const most = force ? f.ultimateLoadN : f.ultimateMomentNMm;
  const yieldText = yields === undefined ? "" : `yields at ${told(yields)} and `;
  const end = f.peaked ? "at most" : "at the end of the path, still without falling";
  return `Loaded step by step in ${f.load.name}, it ${yieldText}bears ${told(most)} ${end}.`;
}

/** "67 137 elements (60 000 of bone, the rest caps or discs)" */
export function elementsOf(model: Result["model"] | undefined): string {
  const all = `${count(model?.elements)} elements`;
  if (!model || model.boneElements === undefined) return all;
  if (model.boneElements === model.elements) return `${all}, all of bone,`;
  return `${all} (${count(model.boneElements)} of bone, the rest caps or discs)`;
}

/** The shape of the elements, where the protocol fixes it. */
function cubes({ model, case: c }: Result): string {
  if (c?.protocol !== "spondyl" || !model?.voxelMm) return "";
  return `; its elements are cubes of ${edges(model.voxelMm)} along the vertebra's own axes`;
}

/** "1 mm", or "1 × 1 × 2 mm" */
export const edges = (mm: readonly number[]): string =>
  `${[...new Set(mm)].length === 1 ? given(mm[0]) : mm.map((s) => given(s)).join(" × ")} mm`;

function range(strength: readonly StrengthResult[]): string {
  if (strength.length === 0) return "";
  const sorted = strength.toSorted((a, b) => a.loadN - b.loadN);
  const low = sorted[0]!,
    high = sorted.at(-1)!;
  if (strength.length === 1) return `Its strength is estimated as ${number(low.loadN)} N (${titleOf(low)}).`;
  return `Linear estimates of its strength run from ${number(low.loadN)} N (${titleOf(low)}) to ${number(high.loadN)} N (${titleOf(high)}); they rest on different definitions and are not interchangeable.`;
}

function tiles({ linear, strength = [], failures = [], bmd, loadShare, calibration }: Result): string {
  const first = strength[0];
  const broken = failures.find((f) => f.ultimateLoadN !== undefined);
  const list = [
    linear && tile("Axial stiffness", number(linear.stiffnessNPerMm), "N/mm", "linear, of the whole model"),
    first && tile("Estimated strength", number(first.loadN), "N", `${titleOf(first)}: ${first.formula}`),
    broken &&
      tile(
        "Ultimate load",
        number(broken.ultimateLoadN),
        "N",
        `${broken.load.name}, ${broken.material.law}, step by step`,
      ),
    bmd &&
      tile(
        "Trabecular density (vBMD)",
        number(bmd.coreMgPerCm3, 3),
        "mg/cm³",
        calibration
          ? `${calibration.reference === "HA" ? "HA" : "K₂HPO₄"}-equivalent, core of the body`
          : "core of the body",
      ),
    loadShare && tile("Load carried by the cortex", number(loadShare.cortexPercent, 3), "%", loadShare.section ?? ""),
  ].filter(Boolean);
  return list.length ? `<div class="tiles">${list.join("")}</div>` : "";
}

const tile = (name: string, value: string, unit: string, note: string): string =>
  `<dl class="tile"><dt>${text(name)}</dt><dd>${text(value)} <small>${text(unit)}</small></dd>${note ? `<dd class="note">${text(note)}</dd>` : ""}</dl>`;

/** Name of an estimate for people. */
export const titleOf = ({ name }: StrengthResult): string => titles[name] ?? name;

const titles: Readonly<Record<string, string>> = {
  crawford: "Crawford, 0.68 % strain",
  "stiffness-times-0.2mm": "load at 0.2 mm",
  "0.2-percent-height": "load at 0.2 % of the height",
  pistoia: "Pistoia criterion",
};

function strengthTable(strength: readonly StrengthResult[]): string {
  const marked = strength.some((s) => s.mark);
  const rows = strength.map((s) => [
    titleOf(s),
    number(s.loadN),
    s.formula,
    s.source ?? "–",
    ...(marked ? [s.mark ?? "–"] : []),
  ]);
  const head = ["Estimate", "Load, N", "Formula", "Source", ...(marked ? ["Constants"] : [])];
  const table = dataTable(
    "Strength estimates from the linear model: K stiffness, H height of the body, F reaction",
    head,
    rows,
    [1],
  );
  const legend = marked
    ? paragraph(
        "Constants: A, read in the cited source or in its authors' code; B, known from the literature, not checked against the source; C, an engineering estimate.",
      )
    : "";
  return table + legend.replaceAll("<p>", '<p class="note">');
}

/** What needs attention, before the pictures; the full list follows below. */
function warnings(result: Result): string {
  const list = allFindings(result).filter(({ finding }) => finding.severity === "warning");
  if (list.length === 0) return "";
  const items = list.map(({ origin, finding }) => `<li>${text(origin)}: ${text(finding.message)}</li>`).join("");
  return `<div class="attention"><h3>Needs attention</h3><ul>${items}</ul></div>`;
}

/** Findings of all stages, with where each was made. */
export function allFindings({ input, calibration, anatomy, model }: Result) {
  const from = (origin: string, findings: NonNullable<typeof anatomy>["findings"]) =>
    (findings ?? []).map((finding) => ({ origin, finding }));
  return [
    ...from("image", input?.image?.findings),
    ...from("labels", input?.labels?.findings),
    ...from("calibration", calibration?.findings),
    ...from("anatomy", anatomy?.findings),
    ...from("model", model?.findings),
  ];
}
