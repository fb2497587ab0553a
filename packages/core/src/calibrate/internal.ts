import { SpondylError } from "../error.js";
import { type Fit, fitLine, propagate, type SmallMatrix } from "../linalg/leastSquares.js";
import type { Finding } from "../volume/finding.js";
import { attenuation, energyRangeKeV, type Interpolation, type Material, type Tissue, tissues } from "./attenuation.js";
import type { Evidence, PublishedAccuracy, Solved } from "./evidence.js";
import type { InternalMethod } from "./method.js";

const energyStepKeV = 0.5; // the grid of the published implementation

/**
 * Bias and SD of the internal method against a phantom in the same scan, from 17 such pairs of the published spine
 * benchmark (Walle, Matheson & Boyd 2025) [A-calc]; internal = 0.81·phantom + 18.4 mg/cm³, R² = 0.82. Unenhanced
 * scans elsewhere: −2.7 %, RMSD 7.8 % (Kaesmacher 2017, doi 10.1097/RCT.0000000000000518) [A].
 */
const published: PublishedAccuracy = {
  biasMgPerCm3: -1.2,
  sdMgPerCm3: 17.8,
  n: 17,
  source: "internal against in-scan phantom calibration, spine benchmark of Walle, Matheson & Boyd 2025",
};

/**
 * Calibration by the patient's own tissues. The effective energy is the one at which the tissues' mass attenuation is
 * most nearly linear in their CT number (largest R²); there
 *
 *     u(HU) = a·HU + b                    mass attenuation, cm²/g, regressed on the tissues
 *     ρ(HU) = c·HU + d                    mass density, g/cm³, of ρᵢ = u_water·(HUᵢ/1000 + 1)/uᵢ, regressed likewise
 *     density = 1000·ρ·(u − u_fat)/(u_mineral − u_fat)      mg/cm³: bone as a mixture of mineral and triglyceride
 *
 * which is quadratic in HU. Fat is its zero: water (0 HU) reads about 37 mg/cm³ K2HPO4. The covariance is that of the
 * two regressions together, from their residuals at the tissues, the energy held.
 *
 * @throws SpondylError "bad-option" for unknown, missing or implausible tissues, "bad-input" when they fix no energy
 *
 * Source: Michalski et al. 2020 (Med Eng Phys), as in the open pipeline Ogo [A].
 */
export function solveInternal({
  hu,
  reference = "K2HPO4",
  interpolation = "linear",
  energyWindowKeV = [30, 200],
}: InternalMethod): Solved {
  checkOptions(interpolation, energyWindowKeV);
  const given = checkTissues(hu);
  const values = given.map((tissue) => hu[tissue]!);
  const at = (material: Material, energy: number) => attenuation(material, energy, interpolation);
  const energy = effectiveEnergy(given, values, energyWindowKeV, at);
  const u = given.map((tissue) => at(tissue, energy));
  const rho = values.map((value, i) => (at("water", energy) * (value / 1000 + 1)) / u[i]!);
  const uLine = fitLine(values, u)!; // the CT numbers differ: checked
  const rhoLine = fitLine(values, rho)!;
  const perMineral = 1000 / (at(reference, energy) - at("triglyceride", energy));
  return {
    reference,
    curve: mixtureCurve(uLine, rhoLine, at("triglyceride", energy), perMineral),
    evidence: evidenceOf(given, values, u, uLine),
    findings: findingsOf(hu),
    published,
    internal: {
      effectiveEnergyKeV: energy,
      interpolation,
      attenuationSlope: uLine.slope,
      attenuationIntercept: uLine.intercept,
      massDensitySlope: rhoLine.slope,
      massDensityIntercept: rhoLine.intercept,
      massAttenuation: Object.fromEntries(
        [...given, "water", "triglyceride", reference].map((name) => [name, at(name as Material, energy)]),
      ),
    },
  };
}

/**
 * The quadratic perMineral·(c·HU + d)·(a·HU + b − u_fat) and its covariance. Both regressions have the same design,
 * so their joint covariance is Σ ⊗ (XᵀX)⁻¹ with Σ the covariance of their residuals.
 */
export function mixtureCurve(
  uLine: Fit,
  rhoLine: Fit,
  uFat: number,
  perMineral: number,
): { coefficients: number[]; covariance: SmallMatrix | null } {
  const [b, a] = uLine.coefficients as [number, number];
  const [d, c] = rhoLine.coefficients as [number, number];
  const excess = b - uFat;
  const coefficients = [d * excess, c * excess + d * a, c * a].map((value) => perMineral * value);
  const dof = uLine.degreesOfFreedom;
  const residuals = [uLine.residuals, rhoLine.residuals];
  const sigma = residuals.map((r) => residuals.map((s) => r.reduce((sum, v, i) => sum + v * s[i]!, 0) / dof));
  const joint = [0, 1, 2, 3].map((i) =>
    [0, 1, 2, 3].map((j) => sigma[i >> 1]![j >> 1]! * uLine.unscaledCovariance[i & 1]![j & 1]!),
  );
  const jacobian = [
    [d, 0, excess, 0], // of the constant, by b, a, d, c
    [c, d, a, excess], // of the linear coefficient
    [0, c, 0, a], // of the quadratic coefficient
  ].map((row) => row.map((value) => perMineral * value));
  return { coefficients, covariance: propagate(jacobian, joint) };
}

function effectiveEnergy(
  given: readonly Tissue[],
  hu: readonly number[],
  [from, to]: readonly [number, number],
  at: (material: Material, energy: number) => number,
): number {
  const steps = Math.round((to - from) / energyStepKeV);
  let best = -1,
    bestR2 = -1;
  for (let i = 0; i <= steps; i++) {
    const energy = from + i * energyStepKeV;
    const r2 =
      fitLine(
        hu,
        given.map((tissue) => at(tissue, energy)),
      )?.r2 ?? -1;
    if (r2 > bestR2) [best, bestR2] = [i, r2];
  }
  const energy = from + best * energyStepKeV;
  if (best > 0 && best < steps) return energy;
  throw new SpondylError(
    "bad-input",
    `calibrate: the tissues ${given.join(", ")} fix no effective energy; the best lies at the edge of the window, ` +
      `${energy} keV. Check their CT numbers, and give air and cortical bone among them.`,
    { tissues: given, hu, energyKeV: energy, r2: bestR2 },
  );
}

function checkOptions(interpolation: Interpolation, [from, to]: readonly [number, number]): void {
  if (interpolation !== "linear" && interpolation !== "log-log")
    throw new SpondylError(
      "bad-option",
      `calibrate: the interpolation "${interpolation}" is unknown. Give linear or log-log.`,
    );
  const [low, high] = energyRangeKeV;
  if (!(from >= low && from < to && to <= high))
    throw new SpondylError(
      "bad-option",
      `calibrate: the energy window ${from} to ${to} keV is not within ${low} to ${high} keV. Give one that is.`,
    );
}

/** The tissues that are given, in order of density. */
function checkTissues(hu: InternalMethod["hu"]): Tissue[] {
  for (const [name, value] of Object.entries(hu)) {
    if (!tissues.includes(name as Tissue))
      throw new SpondylError(
        "bad-option",
        `calibrate: the tissue "${name}" is unknown. Give any of: ${tissues.join(", ")}.`,
      );
    if (!Number.isFinite(value))
      throw new SpondylError("bad-option", `calibrate: the HU of ${name} is ${value}. Give a number.`, { hu });
  }
  const given = tissues.filter((tissue) => hu[tissue] !== undefined);
  if (given.length < 3)
    throw new SpondylError(
      "bad-option",
      `calibrate: ${given.length ? `only ${given.join(" and ")}` : "no tissue"} is given. ` +
        `Give at least three of: ${tissues.join(", ")}.`,
      { hu },
    );
  checkOrder(hu);
  return given;
}

/** Air is darker than fat, fat than muscle and blood, and cortical bone is the brightest: otherwise ROIs are mixed up. */
function checkOrder(hu: InternalMethod["hu"]): void {
  const order = { air: 0, adipose: 1, muscle: 2, blood: 2, cortical: 3 };
  const pairs = tissues.flatMap((low) =>
    tissues.filter((high) => order[low] < order[high]).map((high) => [low, high] as const),
  );
  for (const [low, high] of pairs)
    if (hu[low] !== undefined && hu[high] !== undefined && hu[low] >= hu[high])
      throw new SpondylError(
        "bad-option",
        `calibrate: ${low} (${hu[low]} HU) is not darker than ${high} (${hu[high]} HU). Check the regions.`,
        { hu },
      );
}

function evidenceOf(given: readonly Tissue[], hu: readonly number[], u: readonly number[], line: Fit): Evidence {
  const { fitted, residuals, n, degreesOfFreedom, r2, residualSd, reducedChiSquare } = line;
  const points = given.map((name, i) => ({
    name,
    hu: hu[i]!,
    known: u[i]!,
    fitted: fitted[i]!,
    residual: residuals[i]!,
  }));
  return { unit: "cm2/g", points, n, degreesOfFreedom, r2, residualSd, reducedChiSquare };
}

function findingsOf(hu: InternalMethod["hu"]): Finding[] {
  const findings: Finding[] = [
    {
      code: "calibration-fat-zero",
      severity: "note",
      message: "Internal calibration takes bone as mineral in fat: its zero is at fat, so water reads about 37 mg/cm³.",
    },
  ];
  // [C] whole blood without contrast agent is 30 to 60 HU; above 80 HU it is enhanced.
  if (hu.blood !== undefined && hu.blood > 80)
    findings.push({
      code: "calibration-contrast-agent",
      severity: "warning",
      message: `Blood is at ${hu.blood} HU: it holds contrast agent, which biases the calibration. Leave blood out.`,
    });
  return findings;
}
