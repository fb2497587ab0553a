import { densitySdAt } from "../calibrate/curve.js";
import { lateralConstraint } from "../load/ends.js";
import { countNodes } from "../mesh/continuumModel.js";
import { type Result, researchUseOnly } from "../report/result.js";
import { isBone } from "../volume/compartment.js";
import type { Grid, Volume } from "../volume/volume.js";
import { describeFailure } from "./describeFailure.js";
import type { Prediction } from "./predict.js";

/** Version of the layout of `result.json`: raised when a name changes or goes. */
export const resultSchema = "1";

export interface DescribeOptions {
  readonly version: string; // of the software
  readonly provenance?: NonNullable<Result["provenance"]>;
  readonly timesS?: Readonly<Record<string, number>>;
  readonly inputSha256?: { readonly image: string; readonly labels: string };
}

/** A prediction as the plain record that becomes `result.json`. */
export function describe(
  prediction: Prediction,
  { version, provenance, timesS, inputSha256 }: DescribeOptions,
): Result {
  const { protocol, segmentation, solution, stiffnessNPerMm, reactionN } = prediction;
  return {
    spondyl: { version, schema: resultSchema },
    researchUseOnly,
    case: { level: segmentation.vertebra.level, fidelity: "continuum", protocol },
    input: inputResult(prediction, inputSha256),
    calibration: calibrationResult(prediction),
    anatomy: anatomyResult(prediction),
    compartments: compartmentResults(prediction),
    compartmentRule: compartmentRule(prediction),
    model: modelResult(prediction),
    load: loadResult(prediction),
    linear: {
      stiffnessNPerMm,
      reactionN,
      strainEnergyNMm: solution.strainEnergy,
      iterations: solution.iterations,
      residual: solution.residual,
      residualHistory: Array.from(solution.residualHistory, (r) => Number(r.toPrecision(4))),
      strainEnergySampling: "mean over each element",
      maxStrainEnergyDensityMPa: inBone(prediction, prediction.energyDensity).reduce((a, b) => Math.max(a, b), 0),
      tolerance: prediction.tolerance,
      memoryBytes: solution.memoryBytes,
      threads: solution.threads,
      kernel: solution.kernel,
    },
    strength: prediction.strengths.map(({ name, loadN, formula, source, mark }) => ({
      name,
      loadN,
      formula,
      source,
      mark,
    })),
    ...failureResults(prediction),
    bmd: bmdResult(prediction),
    ...(prediction.loadShare && { loadShare: loadShareResult(prediction.loadShare) }),
    ...(provenance && { provenance }),
    ...(timesS && { timesS }),
  };
}

/** The paths to failure; what the first of them says stands on top too. */
function failureResults({ broken, compartments: { shape } }: Prediction): Partial<Result> {
  const failures = broken.map(({ load, failure, failedMm3, firstFailure, pattern: evidence }) => {
    const { pattern, rule, ...meanDamage } = evidence;
    return {
      ...describeFailure(failure, { load, ...shape }),
      failedVolumeMm3: failedMm3,
      ...(firstFailure && { firstFailure }),
      pattern: { name: pattern, rule, meanDamage },
    };
  });
  const first = failures[0];
  if (!first) return {};
  return {
    ...(first.ultimateLoadN !== undefined && { ultimateLoadN: first.ultimateLoadN }),
    ...(first.yieldLoadN !== undefined && { yieldLoadN: first.yieldLoadN }),
    curve: first.curve,
    failures,
  };
}

function inputResult(
  { imported, calibration, labels, segmentation }: Prediction,
  sha256: DescribeOptions["inputSha256"],
) {
  return {
    image: {
      ...gridResult(calibration.density),
      ...(imported && { format: imported.quality.format }),
      ...(sha256 && { sha256: sha256.image }),
      findings: imported?.quality.findings ?? [],
    },
    labels: {
      ...gridResult(labels),
      convention: segmentation.convention,
      ...(sha256 && { sha256: sha256.labels }),
    },
  };
}

const loadShareResult = (share: NonNullable<Prediction["loadShare"]>) => ({
  cortexPercent: share.shellPercent,
  corePercent: share.corePercent,
  posteriorPercent: share.posteriorPercent,
  levelMm: share.levelMm,
  section: "mid-height of the body, between the caps",
});

/** Values of the elements of bone, caps left out. */
const inBone = ({ model }: Prediction, { data }: Volume): Float32Array =>
  data.filter((_, n) => isBone(model.compartments.data[n]!));

const gridResult = ({ size, spacing }: Grid) => ({ sizeVoxels: size, spacingMm: spacing });

function calibrationResult({ calibration: c }: Prediction) {
  const [intercept, slope, quadratic] = c.curve.coefficients;
  const line = { slopeMgPerCm3PerHu: slope!, interceptMgPerCm3: intercept! };
  return {
    method: c.method,
    reference: c.reference,
    ...(c.method !== "density" && line),
    ...(quadratic !== undefined && { quadraticMgPerCm3PerHu2: quadratic }),
    ...(c.evidence?.r2 != null && { r2: c.evidence.r2 }),
    table: c.table.map(({ hu, density, densitySd }) => ({
      hu,
      densityMgPerCm3: density,
      densitySdMgPerCm3: densitySd,
    })),
    ...(c.published && { published: c.published }),
    ...(c.evidence && { points: c.evidence.points, pointsUnit: c.evidence.unit }),
    ...(c.internal && { internal: c.internal }),
    findings: c.findings,
  };
}

function anatomyResult({ segmentation: { vertebra, findings }, compartments: parts }: Prediction) {
  const { shape, statistics } = parts;
  const { centre, right, anterior, cranial } = vertebra.frame;
  return {
    heightMm: shape.heightMm,
    anteriorHeightMm: shape.anteriorHeightMm,
    middleHeightMm: shape.middleHeightMm,
    posteriorHeightMm: shape.posteriorHeightMm,
    endplateAreaMm2: { inferior: shape.inferiorEndPlateMm2, superior: shape.superiorEndPlateMm2 },
    widthMm: shape.widthMm,
    depthMm: shape.depthMm,
    bodyVolumeMm3: statistics.body.volumeMm3,
    frame: { centreMm: centre, right, anterior, cranial },
    findings: [...findings, ...parts.findings],
  };
}

const compartmentResults = ({ compartments: { statistics } }: Prediction) =>
  (["bodyCore", "bodyShell", "posteriorCore", "posteriorShell"] as const)
    .filter((name) => statistics[name].count > 0)
    .map((name) => ({
      name,
      volumeMm3: statistics[name].volumeMm3,
      meanDensityMgPerCm3: statistics[name].mean,
      sdDensityMgPerCm3: statistics[name].sd,
    }));

/** What tells shell from core, in words: its volume and share of the load hang on it. */
function compartmentRule({ compartments: { shellRule: rule, densityUnit } }: Prediction): string {
  if (!rule) return "The cortical shell is that of the label map.";
  return (
    `The cortical shell is the outermost ${rule.shellLeastMm} mm, and of the outermost ${rule.shellMostMm} mm what is denser than ` +
    `${Math.round(rule.cortexMgPerCm3)} mg/cm³ of ${densityUnit === "mgHA/cm3" ? "HA" : "K₂HPO₄"}: thicker than the true cortex, which a CT of this resolution cannot show.`
  );
}

function modelResult(prediction: Prediction) {
  const { model, modelDensity, protocol } = prediction;
  const { law, conversion, floorMPa } = model.law;
  const moduli = inBone(prediction, model.model.modulus);
  return {
    elements: model.elements,
    boneElements: moduli.length,
    floorElements: moduli.filter((e) => e <= Math.fround(floorMPa)).length,
    floorMPa,
    nodes: countNodes(model.model.modulus),
    voxelMm: model.model.modulus.spacing,
    law: { name: law.name, formula: law.formula, density: law.density, source: law.citation, mark: law.mark },
    densityUnit: modelDensity.quantity,
    ...(conversion && { conversion: conversion.name }),
    poisson: model.model.poisson,
    ...(/^bonelab(-compat)?$/.test(protocol) && { densityBins: 128 }),
    meanModulusMPa: moduli.reduce((sum, e) => sum + e, 0) / moduli.length, // of the bone
    caps: model.support,
    findings: model.findings,
  };
}

function loadResult({ load, compartments: { shape }, protocol }: Prediction) {
  const words = { fixed: "fixed along all axes", guided: "held along the axis, free to widen" };
  return {
    displacementMm: load.displacementMm,
    displacementPercentHeight: (100 * load.displacementMm) / shape.heightMm,
    heightMm: shape.heightMm,
    heightDefinition: "mean distance between the end-plates of the vertebral body, rim left out",
    lateralConstraint: lateralConstraint(load),
    inferior: words[load.inferior],
    superior: words[load.superior],
    axis: protocol === "spondyl" ? "the vertebra's cranial axis" : "the image's third axis",
  };
}

function bmdResult({ compartments: { core, coreDepthMm, densityUnit }, calibration, coreHu }: Prediction) {
  const uncertainty = coreHu === undefined ? null : densitySdAt(calibration.curve, coreHu);
  return {
    coreMgPerCm3: core.mean,
    coreSdMgPerCm3: core.sd,
    ...(uncertainty !== null && { coreUncertaintyMgPerCm3: uncertainty }),
    ...(calibration.published && { publishedSdMgPerCm3: calibration.published.sdMgPerCm3 }),
    unit: densityUnit,
    definition: `trabecular core of the body, at least ${coreDepthMm} mm below its surface`,
  };
}
