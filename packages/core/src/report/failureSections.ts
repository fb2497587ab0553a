import { compartmentNames as compartments } from "./details.js";
import { count, number } from "./format.js";
import { type Fact, factTable, figureHtml, paragraph, section } from "./markup.js";
import type { ReportPictures } from "./pictures.js";
import type { FailureResult, Result } from "./result.js";

/** One section per path to failure: curve, damage, read-outs. */
export function failureSections({ failures = [] }: Result, pictures: ReportPictures): string[] {
  return failures.map((failure, n) =>
    section(
      `failure-${n + 1}`,
      `Failure: ${failure.load.name}`,
      columns(factTable("What the path to failure says", facts(failure)), figureHtml(pictures.failures?.[n]?.curve)),
      figureHtml(pictures.failures?.[n]?.damage),
      factTable("How it was followed", how(failure)),
      ...failure.findings.map((finding) => paragraph(finding.message)),
    ),
  );
}

const columns = (left: string, right: string): string =>
  right ? `<div class="columns"><div>${left}</div>${right}</div>` : left;

const some = (value: number | undefined, unit: string, digits = 4): string | undefined =>
  value === undefined ? undefined : `${number(value, digits)} ${unit}`;

const percent = (mm: number | undefined, heightMm: number): string | undefined =>
  mm === undefined ? undefined : `at ${number(mm, 3)} mm, ${number((100 * mm) / heightMm, 3)} % of the height`;

function facts(f: FailureResult): Fact[] {
  const { heightMm } = f.load;
  return [
    ["Initial stiffness", some(f.stiffnessNPerMm, "N/mm") ?? some(f.stiffnessNMmPerRad, "N mm/rad")],
    [
      "Yield load",
      some(f.yieldLoadN, "N") ?? some(f.yieldMomentNMm, "N mm"),
      percent(f.yieldDisplacementMm, heightMm) ?? "at an offset of 0.2 % strain",
    ],
    [
      "Ultimate load",
      some(f.ultimateLoadN, "N") ?? some(f.ultimateMomentNMm, "N mm"),
      `${percent(f.ultimateDisplacementMm, heightMm) ?? some(f.ultimateRotationDeg, "degrees", 3)}${f.peaked ? "" : "; it had not fallen when the path ended"}`,
    ],
    [
      "Load at 1.9 % of the height",
      some(f.loadAt19PercentHeightN, "N"),
      "the convention of clinical finite-element strength",
    ],
    ["Energy to the ultimate load", some(f.energyToUltimateNMm, "N mm")],
    ["Lever arm of the following force", arms(f)],
    ["Lateral constraint", f.load.lateralConstraint],
    ["Pattern", f.pattern?.name, pattern(f)],
    ["First failure", firstFailure(f)],
    ["Failed volume at the end", failedVolumes(f)],
  ];
}

function how(f: FailureResult): Fact[] {
  const worst = f.curve.reduce((most, c) => Math.max(most, Math.abs(c.energyErrorPercent)), 0);
  const last = f.curve.at(-1)!;
  return [
    ["Volume beyond elasticity at the end", some(last.damagedVolumeMm3, "mm³")],
    ["Material", f.material.law, constants(f)],
    ["Regularisation", f.material.regularisation],
    ["Rule of the pattern", f.pattern?.rule],
    ["Path", `${count(f.curve.length - 1)} steps`, ends[f.end] ?? f.end],
    [
      "Energy balance",
      `within ${number(worst, 2)} % of the work`,
      "stored plus dissipated against the work of the ends",
    ],
  ];
}

const ends: Readonly<Record<string, string>> = {
  target: "the motion asked for was reached",
  broken: "ended when the load had fallen far below its peak",
  "many-steps": "ended after twenty times the planned steps",
  "no-equilibrium": "ended where no further equilibrium was found",
};

function arms({ load: { leverArmMm } }: FailureResult): string | undefined {
  if (!leverArmMm) return undefined;
  return `${number(leverArmMm.flexion, 3)} mm in flexion, ${number(leverArmMm.bendingLeft, 3)} mm to the left`;
}

function pattern({ pattern: p }: FailureResult): string | undefined {
  if (!p) return undefined;
  const { anterior, middle, posterior } = p.meanDamage;
  return `mean damage ${number(anterior, 2)} in the anterior, ${number(middle, 2)} in the middle, ${number(posterior, 2)} in the posterior third`;
}

function firstFailure({ firstFailure: first }: FailureResult): string | undefined {
  if (!first) return undefined;
  const place = first.positionMm.map((x) => number(x, 3)).join(", ");
  return `${compartments[first.compartment] ?? first.compartment}, at ${place} mm (LPS), ${number(100 * first.share, 3)} % of the path`;
}

function failedVolumes({ failedVolumeMm3 }: FailureResult): string | undefined {
  if (!failedVolumeMm3) return undefined;
  const parts = Object.entries(failedVolumeMm3).map(
    ([name, v]) => `${number(v, 3)} mm³ of the ${compartments[name] ?? name}`,
  );
  return parts.length ? parts.join("; ") : "none";
}

const constants = ({ material }: FailureResult): string =>
  Object.entries(material.constants)
    .map(([name, value]) => `${name} ${number(value, 4)}`)
    .join(", ");
