import { densityAt, densitySdAt } from "../calibrate/curve.js";
import { countNodes } from "../mesh/continuumModel.js";
import { type Result, researchUseOnly } from "../report/result.js";
import type { Grid, Volume } from "../volume/volume.js";
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
      maxStrainEnergyDensityMPa: prediction.energyDensity.data.reduce((a, b) => Math.max(a, b), 0),
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
    bmd: bmdResult(prediction),
    ...(prediction.loadShare && {
      loadShare: {
        cortexPercent: prediction.loadShare.shellPercent,
        corePercent: prediction.loadShare.corePercent,
        posteriorPercent: prediction.loadShare.posteriorPercent,
        section: "mid-height, between the caps",
      },
    }),
    ...(provenance && { provenance }),
    ...(timesS && { timesS }),
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
      findings: [],
    },
  };
}

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
    findings: c.findings,
  };
}

function anatomyResult({ segmentation: { vertebra, findings }, compartments: { shape, statistics } }: Prediction) {
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
    findings,
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

function modelResult({ model, modelDensity, protocol }: Prediction) {
  const { law, conversion } = model.law;
  return {
    elements: model.elements,
    nodes: countNodes(model.model.modulus),
    voxelMm: model.model.modulus.spacing,
    law: { name: law.name, formula: law.formula, density: law.density, source: law.citation, mark: law.mark },
    densityUnit: modelDensity.quantity,
    ...(conversion && { conversion: conversion.name }),
    poisson: model.model.poisson,
    ...(/^bonelab(-compat)?$/.test(protocol) && { densityBins: 128 }),
    meanModulusMPa: meanOf(model.model.modulus),
    caps: model.support,
    findings: model.findings,
  };
}

/** Mean over the elements. */
function meanOf({ data }: Volume): number {
  let sum = 0,
    count = 0;
  for (const e of data) if (e > 0) [sum, count] = [sum + e, count + 1];
  return sum / count;
}

function loadResult({ load, compartments: { shape }, protocol }: Prediction) {
  const words = { fixed: "fixed along all axes", guided: "held along the axis, free to widen" };
  const free = [load.inferior, load.superior].filter((how) => how === "guided").length;
  return {
    displacementMm: load.displacementMm,
    displacementPercentHeight: (100 * load.displacementMm) / shape.heightMm,
    heightMm: shape.heightMm,
    heightDefinition: "mean distance between the end-plates of the vertebral body, rim left out",
    lateralConstraint: ["none: held at both ends", "free at one end", "free at both ends"][free]!,
    inferior: words[load.inferior],
    superior: words[load.superior],
    axis: protocol === "spondyl" ? "the vertebra's cranial axis" : "the image's third axis",
  };
}

function bmdResult({ compartments: { core, densityUnit }, calibration, imported }: Prediction) {
  const uncertainty = imported && coreUncertainty(core.mean, calibration);
  return {
    coreMgPerCm3: core.mean,
    coreSdMgPerCm3: core.sd,
    ...(uncertainty != null && { coreUncertaintyMgPerCm3: uncertainty }),
    unit: densityUnit,
    definition: "trabecular core of the body, at least 4 mm below its surface",
  };
}

/** SD of the calibration curve where it gives this density; null where it is not known. Found by bisection: curves rise. */
function coreUncertainty(density: number, { curve }: Prediction["calibration"]): number | null {
  let low = -1024,
    high = 4000;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (densityAt(curve, middle) < density) low = middle;
    else high = middle;
  }
  return densitySdAt(curve, low);
}
