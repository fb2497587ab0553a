import { SpondylError } from "../error.js";
import { type Fit, fitLine, propagate } from "../linalg/leastSquares.js";
import type { Finding } from "../volume/finding.js";
import type { Evidence, Solved } from "./evidence.js";
import type { Insert, ReferenceMaterial, Rod } from "./method.js";

/**
 * The line through the inserts of a phantom: density = slope·HU + intercept, by least squares in the density, as
 * densitometry does. With `sdHu` the inserts are weighted by it.
 *
 * @throws SpondylError "bad-option" when the inserts fix no rising line
 */
export function solveInserts(inserts: readonly Insert[], reference: ReferenceMaterial = "K2HPO4"): Solved {
  checkInserts(inserts);
  const hu = inserts.map((p) => p.hu);
  const density = inserts.map((p) => p.density);
  const sdHu = givenSd(inserts);
  const rough = fitLine(hu, density);
  // The known densities are exact and the CT numbers are not: an error of HU is an error of density by the slope.
  const line = rough && (sdHu ? fitLine(hu, density, { sd: sdHu.map((sd) => sd * Math.abs(rough.slope)) }) : rough);
  if (!line || !(line.slope > 0)) throw noRisingLine(inserts);
  return {
    reference,
    curve: { coefficients: line.coefficients, covariance: line.covariance },
    evidence: evidenceOf(line, inserts, density, "mg/cm3"),
    findings: findingsOf(line),
  };
}

/**
 * Mindways phantom: K2HPO4 dissolved in rods that displace water, so the rods' own water content enters:
 * HU − ρ_water = σ_ref·ρ_K + β_ref, then σ_CT = σ_ref − 0.2174, β_CT = β_ref + 999.6 and ρ_K = (HU − β_CT)/σ_CT.
 *
 * @throws SpondylError "bad-option" when the rods fix no rising line
 *
 * Source: QCT PRO User Guide (Mindways Software, 2011), as used by the open pipeline Ogo [A].
 */
export function solveMindways(rods: readonly Rod[]): Solved {
  checkInserts(rods);
  for (const { water } of rods)
    if (!(water > 500 && water < 2000))
      throw new SpondylError(
        "bad-option",
        `calibrate: a rod's water density is ${water}. Give the mg/cm³ of the phantom's certificate, near 1000.`,
        { rods },
      );
  const known = rods.map((rod) => rod.hu - rod.water);
  const sd = givenSd(rods);
  const line = fitLine(
    rods.map((rod) => rod.density),
    known,
    sd ? { sd } : {},
  );
  const sigmaCt = (line?.slope ?? 0) - 0.2174; // HU per mg/cm³
  if (!line || !(sigmaCt > 0)) throw noRisingLine(rods);
  const betaCt = line.intercept + 999.6; // HU
  const jacobian = [
    [-1 / sigmaCt, betaCt / sigmaCt ** 2], // of −β/σ, by β and σ
    [0, -1 / sigmaCt ** 2], // of 1/σ
  ];
  return {
    reference: "K2HPO4",
    curve: {
      coefficients: [-betaCt / sigmaCt, 1 / sigmaCt],
      covariance: line.covariance && propagate(jacobian, line.covariance),
    },
    evidence: evidenceOf(line, rods, known, "HU"),
    findings: findingsOf(line),
    mindways: { sigmaRef: line.slope, betaRef: line.intercept, sigmaCt, betaCt },
  };
}

function checkInserts(inserts: readonly Insert[]): void {
  if (inserts.length < 2)
    throw new SpondylError(
      "bad-option",
      `calibrate: the number of inserts is ${inserts.length}. Give two or more with different HU.`,
      { inserts },
    );
  inserts.forEach((insert, i) => {
    for (const [name, value] of Object.entries(insert))
      if (!Number.isFinite(value))
        throw new SpondylError("bad-option", `calibrate: insert ${i + 1} has ${name} = ${value}. Give a number.`, {
          insert,
        });
    if (insert.sdHu !== undefined && !(insert.sdHu > 0))
      throw new SpondylError(
        "bad-option",
        `calibrate: insert ${i + 1} has an SD of ${insert.sdHu} HU. Give a positive one, or none for all inserts.`,
        { insert },
      );
  });
}

/** The uncertainties of the CT numbers, or undefined when none is given. */
function givenSd(inserts: readonly Insert[]): number[] | undefined {
  const sd = inserts.flatMap((p) => (p.sdHu === undefined ? [] : [p.sdHu]));
  if (sd.length === 0) return undefined;
  if (sd.length === inserts.length) return sd;
  throw new SpondylError(
    "bad-option",
    `calibrate: ${sd.length} of ${inserts.length} inserts have an SD. Give one for each insert, or for none.`,
    { inserts },
  );
}

const noRisingLine = (inserts: readonly Insert[]) =>
  new SpondylError(
    "bad-option",
    "calibrate: the inserts fix no line along which density rises with HU. Give two or more with different HU and different densities.",
    { inserts },
  );

function evidenceOf(fit: Fit, inserts: readonly Insert[], known: readonly number[], unit: "mg/cm3" | "HU"): Evidence {
  const { fitted, residuals, n, degreesOfFreedom, r2, residualSd, reducedChiSquare } = fit;
  const points = inserts.map(({ hu, density }, i) => ({
    name: `${density} mg/cm3`,
    hu,
    known: known[i]!,
    fitted: fitted[i]!,
    residual: residuals[i]!,
  }));
  return { unit, points, n, degreesOfFreedom, r2, residualSd, reducedChiSquare };
}

function findingsOf(fit: Fit): Finding[] {
  const findings: Finding[] = [];
  if (!fit.covariance)
    findings.push({
      code: "calibration-uncertainty-unknown",
      severity: "warning",
      message: "Two inserts without an SD of their HU fix a line but not its uncertainty.",
    });
  // [C] a phantom's inserts lie on a line to a few parts in a thousand; this bound only catches mistakes in the table.
  if (fit.r2 !== null && fit.r2 < 0.98)
    findings.push({
      code: "calibration-poor-fit",
      severity: "warning",
      message: `The inserts lie badly on a line: R² = ${fit.r2.toFixed(4)}.`,
    });
  return findings;
}
