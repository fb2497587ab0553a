import { escapeText as text } from "../formats/escape.js";
import { densityUnit } from "./calibrationTables.js";
import { count, given, number } from "./format.js";
import { section } from "./markup.js";
import { type Reference, referencesOf } from "./references.js";
import type { Result } from "./result.js";
import { edges } from "./summary.js";

/** How it was done, in words, with the sources; from the result alone, so that the text cannot drift from it. */
export function methodsSection(result: Result): string {
  const references = referencesOf(result);
  const cite = (key: string) => {
    const n = references.findIndex((r) => r.key === key);
    return n < 0 ? "" : ` [${n + 1}]`;
  };
  const paragraphs = [
    calibration(result, cite),
    model(result, cite),
    load(result),
    strength(result, cite),
    failure(result),
    limits(result),
    colours,
  ];
  const body = paragraphs
    .filter(Boolean)
    .map((p) => `<p>${text(p)}</p>`)
    .join("\n");
  return section("methods", "Methods", body, list(references));
}

type Cite = (key: string) => string;

function calibration({ calibration: c }: Result, cite: Cite): string {
  if (!c) return "";
  const unit = densityUnit(c.reference);
  const how: Readonly<Record<string, string>> = {
    inserts: "CT numbers became density by the least-squares line through the phantom's inserts",
    mindways: "CT numbers became density by the rods of the Mindways phantom, with the corrections of its maker",
    internal: `CT numbers became density by internal calibration: the patient's own tissues tell the effective energy of the beam${cite("michalski2020")}`,
    line: "CT numbers became density by a line that was given",
    density: "The image was taken as a density as it is; no calibration was done here",
  };
  return `${how[c.method] ?? `Calibration: ${c.method}`}. Densities are in ${unit}: the reference material is part of the unit, and values in HA and K₂HPO₄ do not mix.`;
}

function model({ model: m, case: c }: Result, cite: Cite): string {
  if (!m) return "";
  const law = m.law;
  const key = ["kopperdahl2002", "morgan2003", "keller1994"].find((k) => law?.name.startsWith(k));
  const parts = [
    c?.protocol && c.protocol !== "spondyl"
      ? `Protocol: ${c.protocol}${/^bonelab/.test(c.protocol) ? `, the recipe of the published benchmark${cite("walle2025")}` : ""}.`
      : "",
    `${bricks(m, c)}, linear, elastic and isotropic${m.poisson === undefined ? "" : `, with a Poisson's ratio of ${given(m.poisson)}`}.`,
    law
      ? `Young's modulus follows from density by ${law.formula ?? law.name} (E in MPa, ρ in g/cm³${law.density ? `; ρ is ${densities[law.density] ?? law.density}` : ""})${key ? cite(key) : ""}${!key && law.source ? `, from ${law.source}` : ""}${law.mark ? `; confidence of its constants: ${law.mark}` : ""}.`
      : "",
    m.conversion ? `The image's density was converted by ${m.conversion}.` : "",
    m.densityBins === undefined ? "" : `Densities were put into ${count(m.densityBins)} bins.`,
    floor(m),
    caps(m.caps),
  ];
  return parts.filter(Boolean).join(" ");
}

/** What an element is: a cube of the resampled image, or a voxel of it as it lies. */
function bricks({ voxelMm }: Result["model"], c: Result["case"] | undefined): string {
  const size = voxelMm ? ` of ${edges(voxelMm)}` : "";
  return c?.protocol === "spondyl"
    ? `The image was resampled to cubes${size} along the vertebra's own axes; each cube of bone is one eight-node brick`
    : `The elements are eight-node bricks${size}`;
}

function floor({ floorElements, floorMPa }: Result["model"]): string {
  if (floorMPa === undefined) return "";
  const which = floorElements === undefined ? "" : `; ${count(floorElements)} elements of bone are at it`;
  return `No element of bone has a modulus below ${given(floorMPa)} MPa${which}.`;
}

const densities: Readonly<Record<string, string>> = {
  rhoQct: "the K₂HPO₄-equivalent density of quantitative CT",
  rhoHa: "the HA-equivalent density",
  rhoAsh: "ash density",
  rhoApp: "wet apparent density",
};

function caps(caps: NonNullable<Result["model"]>["caps"]): string {
  if (!caps) return "";
  if (caps.support === "none") return "The load enters through the bare end-plates.";
  const what =
    caps.support === "discs" ? "the discs of the label map" : "caps of bone cement (PMMA) moulded to the end-plates";
  const sizes = [
    caps.thicknessMm === undefined ? "" : `${given(caps.thicknessMm)} mm thick`,
    caps.intrusionMm === undefined ? "" : `reaching at most ${given(caps.intrusionMm)} mm past the outermost bone`,
    caps.modulusMPa === undefined ? "" : `with a modulus of ${given(caps.modulusMPa)} MPa`,
  ].filter(Boolean);
  return `The load enters through ${what}${sizes.length ? `, ${sizes.join(", ")}` : ""}.`;
}

function load({ load: l, linear }: Result): string {
  if (!l) return "";
  const held = [
    l.inferior && `inferior end: ${l.inferior}`,
    l.superior && `superior end: ${l.superior}`,
    l.lateralConstraint && `lateral constraint: ${l.lateralConstraint}`,
  ].filter(Boolean);
  return `The superior end was displaced by ${given(Number(l.displacementMm.toPrecision(4)))} mm along ${l.axis ?? "the cranial axis"}${held.length ? `; ${held.join("; ")}` : ""}. The equations were solved by preconditioned conjugate gradients${linear?.residual === undefined ? "" : ` to a relative residual of ${number(linear.residual, 2)}`}; stiffness is reaction over displacement.`;
}

function strength({ strength: all = [] }: Result, cite: Cite): string {
  const has = (name: string) => all.some((s) => s.name === name);
  const parts = [
    has("crawford")
      ? `Crawford's estimate is the load at a strain of 0.68 % of the linear model${cite("crawford2003")}${cite("walle2025")}.`
      : "",
    has("stiffness-times-0.2mm")
      ? `The load at 0.2 mm is what the published benchmark calls 0.2 % strain${cite("walle2025")}.`
      : "",
    has("0.2-percent-height")
      ? "The load at 0.2 % of the height takes that strain at its word: it is another number."
      : "",
    has("pistoia")
      ? `Pistoia's criterion scales the load until a given part of the bone exceeds an effective strain; its constants were fitted to radii at high resolution, so that on clinical CT it is a relative measure${cite("pistoia2002")}.`
      : "",
  ];
  return parts.filter(Boolean).join(" ");
}

function failure({ failures = [] }: Result): string {
  const first = failures[0];
  if (!first) return "";
  const plastic = /tresca|mises|mohr/.test(first.material.law);
  const law = plastic
    ? "Each Gauss point is elastic and perfectly plastic; equilibrium in each step was found by Newton's method with the consistent tangents. Damage is the mean plastic strain over 0.61 %, what trabecular bone bears between yield and its ultimate load."
    : "The stiffness of each element falls by a scalar damage; equilibrium in each step was found by secant iteration.";
  return (
    `For the paths to failure the superior end was moved as a rigid body about the middle of the body, ${failures.map((f) => f.load.name).join("; ")}, in adaptive steps, with the law ${first.material.law}. ${law} ` +
    "Displacements are taken as small: buckling is not described. Yield is at an offset of 0.2 % strain."
  );
}

const limits = ({ failures = [] }: Result): string =>
  `${failures.length ? "The linear estimates are not the ultimate loads of the paths to failure; both depend on the law, the caps and the lateral constraint." : "A linear model does not fail: all strengths here are estimates from stiffness."} ` +
  "Clinical thresholds that were published for other software do not apply to these numbers.";

const colours =
  "Colours are viridis for fields and the palette of Okabe and Ito for compartments; both can be told apart with any colour vision, and viridis also in grey print.";

function list(references: readonly Reference[]): string {
  if (references.length === 0) return "";
  const items = references.map(
    ({ key, text: entry, doi }) =>
      `<li id="reference-${key}">${text(entry)}${doi ? ` <a href="https://doi.org/${text(encodeURI(doi))}">doi:${text(doi)}</a>` : ""}</li>`,
  );
  return `<h3>References</h3><ol class="references">${items.join("")}</ol>`;
}
