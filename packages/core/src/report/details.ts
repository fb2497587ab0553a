import { calibrationTables, densityUnit } from "./calibrationTables.js";
import { bytes, count, fixed, given, number, seconds } from "./format.js";
import { dataTable, type Fact, factTable, figureHtml, paragraph, section } from "./markup.js";
import type { ReportPictures } from "./pictures.js";
import type { CompartmentResult, Result } from "./result.js";
import { allFindings } from "./summary.js";

const some = (value: number | undefined, unit: string, digits = 4): string | undefined =>
  value === undefined ? undefined : `${number(value, digits)}${unit}`;

/** Load, constraints and response: each of these has changed an answer in the literature. */
export function loadSection({ load, linear, loadShare, anatomy }: Result): string {
  const height = load?.heightMm ?? anatomy?.heightMm;
  const facts: Fact[] = [
    [
      "Displacement of the superior end",
      load && `${given(Number(load.displacementMm.toPrecision(4)))} mm`,
      axisNote(load),
    ],
    [
      "The same in percent of the height",
      load?.displacementPercentHeight === undefined ? undefined : `${number(load.displacementPercentHeight, 3)} %`,
      height === undefined
        ? undefined
        : `of ${number(height, 3)} mm, ${load?.heightDefinition ?? "height of the vertebral body"}`,
    ],
    ["Lateral constraint", load?.lateralConstraint],
    ["Inferior end", load?.inferior],
    ["Superior end", load?.superior],
    ["Axial reaction", some(linear?.reactionN, " N")],
    ["Axial stiffness", some(linear?.stiffnessNPerMm, " N/mm"), "reaction over displacement"],
    ["Strain energy", some(linear?.strainEnergyNMm, " N mm")],
    [
      "Highest strain energy density",
      linear?.maxStrainEnergyDensityMPa === undefined
        ? undefined
        : `${number(linear.maxStrainEnergyDensityMPa * 1000)} kJ/m³`,
    ],
    ["Strain energy density is sampled at", linear?.strainEnergySampling],
  ];
  return section(
    "load",
    "Load and response",
    factTable("Load, boundary conditions and response of the linear model", facts),
    shareTable(loadShare),
  );
}

function axisNote(load: Result["load"]): string | undefined {
  if (!load) return undefined;
  return `${load.displacementMm < 0 ? "compression" : "tension"}, along ${load.axis ?? "the cranial axis"}`;
}

function shareTable(share: Result["loadShare"]): string {
  if (!share) return "";
  const rows: Fact[] = [
    ["Cortical shell of the body", `${number(share.cortexPercent, 3)} %`],
    ["Trabecular core of the body", some(share.corePercent, " %", 3)],
    ["Posterior elements", some(share.posteriorPercent, " %", 3)],
    ["Level of the section", some(share.levelMm, " mm", 3), "above the lower face of the model's grid"],
  ];
  return factTable(`Share of the axial force${share.section ? ` at ${share.section}` : ""}`, rows);
}

/** Density by compartment, histogram, calibration. */
export function densitySection(
  { compartments = [], compartmentRule, bmd, calibration }: Result,
  { histogram }: ReportPictures,
): string {
  const unit = densityUnit(calibration?.reference);
  const rows = compartments.map((c: CompartmentResult) => [
    compartmentNames[c.name] ?? c.name,
    fixed(c.volumeMm3 / 1000, 2),
    fixed(c.meanDensityMgPerCm3, 1),
    fixed(c.sdDensityMgPerCm3, 1),
  ]);
  const table = dataTable(
    `Compartments; density in ${unit}, SD between voxels`,
    ["Compartment", "Volume, cm³", "Density", "SD"],
    rows,
    [1, 2, 3],
  );
  const core: Fact[] = [
    ["Trabecular vBMD", bmd && `${number(bmd.coreMgPerCm3, 4)} ${unit}`, bmd?.definition],
    ["SD of the calibration line alone", bmd && some(bmd.coreUncertaintyMgPerCm3, ` ${unit}`, 2)],
    ["Published SD of this method", bmd && some(bmd.publishedSdMgPerCm3, ` ${unit}`, 3)],
    ["SD between voxels", bmd && some(bmd.coreSdMgPerCm3, ` ${unit}`, 3)],
  ];
  const rule = compartmentRule && rows.length ? paragraph(compartmentRule).replace("<p>", '<p class="note">') : "";
  const left = table + rule + factTable("Bone mineral density of the body's core", core);
  const body = histogram ? `<div class="columns"><div>${left}</div>${figureHtml(histogram)}</div>` : left;
  return section("density", "Density", left || histogram ? body : "", calibrationTables(calibration));
}

export const compartmentNames: Readonly<Record<string, string>> = {
  bodyCore: "Body, trabecular core",
  bodyShell: "Body, cortical shell",
  posteriorCore: "Posterior elements, core",
  posteriorShell: "Posterior elements, shell",
  inferiorCap: "Inferior cap or disc",
  superiorCap: "Superior cap or disc",
};

/** Size and axes of the vertebra. */
export function anatomySection({ anatomy }: Result): string {
  if (!anatomy) return "";
  const area = anatomy.endplateAreaMm2;
  const size: Fact[] = [
    ["Height of the body", some(anatomy.heightMm, " mm", 3)],
    ["Anterior height", some(anatomy.anteriorHeightMm, " mm", 3)],
    ["Middle height", some(anatomy.middleHeightMm, " mm", 3)],
    ["Posterior height", some(anatomy.posteriorHeightMm, " mm", 3)],
    ["Width of the body, right to left", some(anatomy.widthMm, " mm", 3)],
    ["Depth of the body, front to back", some(anatomy.depthMm, " mm", 3)],
    [
      "Volume of the body",
      anatomy.bodyVolumeMm3 === undefined ? undefined : `${number(anatomy.bodyVolumeMm3 / 1000)} cm³`,
    ],
    ["Area of the superior end-plate", some(area?.superior, " mm²")],
    ["Area of the inferior end-plate", some(area?.inferior, " mm²")],
  ];
  const vector = (v: readonly number[] | undefined, digits: number) =>
    v && `(${v.map((x) => fixed(x, digits)).join(", ")})`;
  const frame: Fact[] = [
    ["Centre of the body, mm", vector(anatomy.frame?.centreMm, 1)],
    ["To the patient's right", vector(anatomy.frame?.right, 3)],
    ["Anterior", vector(anatomy.frame?.anterior, 3)],
    ["Cranial", vector(anatomy.frame?.cranial, 3)],
  ];
  return section(
    "anatomy",
    "Anatomy",
    `<div class="columns">${factTable("Size", size)}${factTable("Axes of the vertebra in the image's LPS frame", frame)}</div>`,
  );
}

/** Everything that any stage noticed. */
export function findingsSection(result: Result): string {
  const rows = allFindings(result).map(({ origin, finding }) => [
    severities[finding.severity] ?? finding.severity,
    origin,
    finding.message,
  ]);
  const image = result.input?.image,
    labels = result.input?.labels;
  const grid = (i: typeof image) =>
    i?.sizeVoxels &&
    `${i.sizeVoxels.map((n) => count(n)).join(" × ")} voxels${i.spacingMm ? ` of ${i.spacingMm.map((s) => given(s)).join(" × ")} mm` : ""}`;
  const facts: Fact[] = [
    ["Image", grid(image), image?.format],
    ["Labels", grid(labels), labels?.convention && `convention: ${labels.convention}`],
  ];
  const none = result.input || result.calibration || result.anatomy ? "No stage reported anything unusual." : "";
  return section(
    "quality",
    "Input and quality",
    factTable("Input", facts),
    rows.length ? dataTable("Findings", ["Severity", "Stage", "Finding"], rows) : paragraph(none),
  );
}

const severities: Readonly<Record<string, string>> = {
  warning: "▲\u00a0Warning",
  repaired: "◆\u00a0Repaired",
  note: "●\u00a0Note",
};

/** Size of the model and how it was solved. */
export function evidenceSection({ model, linear, timesS }: Result, { residual }: ReportPictures): string {
  const solver: Fact[] = [
    ["Elements", model && count(model.elements), "eight-node bricks"],
    ["Elements of bone", model?.boneElements === undefined ? undefined : count(model.boneElements)],
    [
      "Elements of bone at the least modulus",
      model?.floorElements === undefined ? undefined : count(model.floorElements),
      model?.floorMPa === undefined ? undefined : `${given(model.floorMPa)} MPa: the law gives them less`,
    ],
    ["Superior cap on bone", some(model?.caps?.superiorAreaMm2, " mm²"), "area of contact"],
    ["Inferior cap on bone", some(model?.caps?.inferiorAreaMm2, " mm²"), "area of contact"],
    ["Nodes", model && count(model.nodes)],
    ["Unknowns", model?.nodes === undefined ? undefined : count(3 * model.nodes)],
    ["Iterations", linear?.iterations === undefined ? undefined : count(linear.iterations)],
    [
      "Relative residual reached",
      some(linear?.residual, "", 3),
      linear?.tolerance === undefined ? undefined : `${given(linear.tolerance)} was asked for`,
    ],
    ["Memory of the solver", linear?.memoryBytes === undefined ? undefined : bytes(linear.memoryBytes)],
    ["Threads", linear?.threads === undefined ? undefined : count(linear.threads)],
    ["Kernel", linear?.kernel && (kernels[linear.kernel] ?? linear.kernel)],
  ];
  const times = Object.entries(timesS ?? {}).map(([stage, s]) => [stage, seconds(s)]);
  const left = factTable("Model and solver", solver);
  const right = dataTable("Wall-clock time", ["Stage", "Time"], times, [1]);
  return section(
    "evidence",
    "Model and solver",
    `<div class="columns">${left}<div>${right}</div>${figureHtml(residual)}</div>`,
  );
}

const kernels: Readonly<Record<string, string>> = {
  wasm: "WebAssembly SIMD, multigrid-preconditioned conjugate gradients",
  typescript: "TypeScript, Jacobi-preconditioned conjugate gradients",
};
