import { fixed, given, number } from "./format.js";
import { dataTable, type Fact, factTable } from "./markup.js";
import type { CalibrationResult } from "./result.js";

/** From CT numbers to density: the curve, what it was fitted to and how well, and the published accuracy. */
export function calibrationTables(calibration: CalibrationResult | undefined): string {
  if (!calibration) return "";
  const left = factTable("From CT numbers to density", curveFacts(calibration)) + internalTable(calibration.internal);
  return `<h3>Calibration</h3><div class="columns"><div>${left}</div>${curveTable(calibration)}</div>${pointsTable(calibration)}`;
}

function curveFacts(c: CalibrationResult): Fact[] {
  const unit = densityUnit(c.reference);
  const some = (value: number | undefined, of: string, digits = 4) =>
    value === undefined ? undefined : `${number(value, digits)}${of}`;
  return [
    ["Method", methodNames[c.method] ?? c.method],
    ["Reference material", c.reference === "HA" ? "hydroxyapatite (HA)" : "dipotassium phosphate (K₂HPO₄)"],
    ["Slope", some(c.slopeMgPerCm3PerHu, ` ${unit} per HU`)],
    ["Intercept", some(c.interceptMgPerCm3, ` ${unit}`)],
    ["Quadratic term", some(c.quadraticMgPerCm3PerHu2, ` ${unit} per HU²`)],
    ["R²", some(c.r2, "", 6)],
    [
      "Published accuracy of the method",
      c.published &&
        `bias ${number(c.published.biasMgPerCm3, 2)}, SD ${number(c.published.sdMgPerCm3, 3)} mg/cm³, n = ${c.published.n}`,
      c.published?.source,
    ],
  ];
}

function curveTable({ table = [], reference }: CalibrationResult): string {
  const rows = table.map((p) => [
    given(p.hu),
    fixed(p.densityMgPerCm3, 1),
    p.densitySdMgPerCm3 === null ? "not known" : fixed(p.densitySdMgPerCm3, 1),
  ]);
  const head = ["CT number, HU", `Density, ${densityUnit(reference)}`, "SD of the line alone"];
  return dataTable("The calibration line", head, rows, [1, 2]);
}

function pointsTable({ points = [], pointsUnit }: CalibrationResult): string {
  const rows = points.map(({ name, hu, known, fitted, residual }) => [
    name.replace("mg/cm3", "mg/cm³"),
    number(hu, 5),
    number(known, 4),
    number(fitted, 4),
    number(residual, 2),
  ]);
  const unit = pointsUnit ? (pointUnits[pointsUnit] ?? pointsUnit) : "unit not given";
  const head = ["Point", "CT number, HU", "Known", "Fitted", "Known − fitted"];
  return dataTable(`What the line was fitted to; known and fitted in ${unit}`, head, rows, [1, 2, 3, 4]);
}

const pointUnits: Readonly<Record<string, string>> = {
  "mg/cm3": "mg/cm³",
  HU: "HU, the rods' water taken off",
  "cm2/g": "cm²/g, mass attenuation at the effective energy",
};

function internalTable(internal: CalibrationResult["internal"]): string {
  if (!internal) return "";
  const line = (slope: number, intercept: number) =>
    `${number(slope, 5)}·HU + ${number(intercept, 5)}`.replace("+ −", "− ");
  return factTable("The patient's own tissues", [
    [
      "Effective energy",
      `${given(internal.effectiveEnergyKeV)} keV`,
      `${internal.interpolation} between tabulated energies`,
    ],
    ["Mass attenuation, cm²/g", line(internal.attenuationSlope, internal.attenuationIntercept)],
    ["Mass density, g/cm³", line(internal.massDensitySlope, internal.massDensityIntercept)],
  ]);
}

export const densityUnit = (reference: string | undefined): string =>
  reference === "HA" ? "mg HA/cm³" : reference ? "mg K₂HPO₄/cm³" : "mg/cm³";

export const methodNames: Readonly<Record<string, string>> = {
  inserts: "phantom inserts, least squares",
  mindways: "Mindways phantom",
  internal: "internal: the patient's own tissues",
  line: "given line",
  density: "none: the image is a density already",
};
