import { type LoadShare, loadShares, midShare } from "../assess/loadShare.js";
import {
  atFifthOfMillimetre,
  atFifthOfPercent,
  crawford,
  type PistoiaOptions,
  pistoia,
  type StrengthEstimate,
} from "../assess/strength.js";
import { type Calibration, calibrate, requireMethod } from "../calibrate/calibrate.js";
import { type CalibrationMethod, unitOf } from "../calibrate/method.js";
import { type Compartments, type CompartmentsOptions, compartments } from "../compartments/compartments.js";
import { SpondylError } from "../error.js";
import { type ImportedScan, importScan } from "../import/importScan.js";
import { type Labels, readLabels } from "../import/readLabels.js";
import { readVolume } from "../import/readVolume.js";
import type { ScanFile } from "../import/scanFile.js";
import { type AxialLoad, axialConstraints } from "../load/ends.js";
import type { ContinuumModel } from "../mesh/continuumModel.js";
import type { Run } from "../run.js";
import type { LabelConvention } from "../segment/labelConvention.js";
import { type Segmentation, type SegmentOptions, segment } from "../segment/segment.js";
import { component, energyDensity, stress } from "../solve/fields.js";
import { defaultTolerance, type SolveOptions } from "../solve/options.js";
import { fail } from "../solve/path/fail.js";
import { reactionFromEnergy } from "../solve/reaction.js";
import { solve } from "../solve/solve.js";
import { isBone } from "../volume/compartment.js";
import { resample } from "../volume/resample.js";
import { statistics } from "../volume/statistics.js";
import type { Density, Grid, Volume } from "../volume/volume.js";
import type { Solution } from "../volume/voxelModel.js";
import { type BreakRequest, type BrokenVertebra, breakVertebra, type FollowPath } from "./breakVertebra.js";
import { type ModelChoices, ownModel, type Protocol, publishedModel } from "./buildModel.js";
import { requireMineral } from "./requireMineral.js";

export interface PredictInput {
  readonly image: readonly ScanFile[];
  readonly labels: readonly ScanFile[];
  readonly parts?: readonly ScanFile[]; // a second label map that tells the parts of vertebrae, as TPTBox sub-regions
}

export interface PredictOptions extends ModelChoices {
  /** "L2". May be left out for a label map that holds one vertebra without naming it, as the six-label convention. */
  readonly level?: string;
  readonly calibration: CalibrationMethod | undefined; // undefined is refused with the ways to one
  readonly protocol?: Protocol; // default "spondyl"
  readonly series?: string; // of a DICOM folder with several
  readonly convention?: string | LabelConvention; // of the label map; default: recognised
  readonly allowCut?: boolean; // go on when the field of view cuts the vertebra; default false
  readonly compartments?: CompartmentsOptions;
  readonly solve?: SolveOptions;
  readonly pistoia?: PistoiaOptions;
  readonly failure?: BreakRequest; // loads that the vertebra is broken by, after the linear solution
}

/** The run, and who is told what is being done. */
export interface PredictRun extends Run {
  readonly stage?: (name: string) => void;
  readonly followPath?: FollowPath; // default `fail`; a caller may keep checkpoints
}

/** Everything that the stages found, in their order. */
export interface Prediction {
  readonly protocol: Protocol;
  readonly imported: ImportedScan | undefined; // undefined: the image was a density already
  readonly labels: Volume<"label">; // as given
  readonly calibration: Calibration;
  readonly segmentation: Segmentation;
  readonly compartments: Compartments;
  readonly coreHu: number | undefined; // mean CT number of the core, where the image was a CT
  readonly model: ContinuumModel;
  readonly modelDensity: Density; // on the model's grid
  readonly load: AxialLoad;
  readonly solution: Solution;
  readonly tolerance: number; // relative residual that the solver was asked for
  readonly energyDensity: Volume<"MPa">; // mean over each element
  readonly axialStress: Volume<"MPa">; // mean over each element, along the load
  readonly reactionN: number; // magnitude of the axial force at the ends
  readonly stiffnessNPerMm: number;
  readonly strengths: readonly StrengthEstimate[];
  readonly loadShare: LoadShare | undefined; // of the middle section of the bone
  readonly broken: readonly BrokenVertebra[]; // one per load of `failure`
}

/**
 * The main job: from a CT and a label map to the stiffness of one vertebra and what follows from it.
 * @throws SpondylError as the stages do; nothing is computed from a scan that failed a check
 */
export async function predict(input: PredictInput, options: PredictOptions, run: PredictRun = {}): Promise<Prediction> {
  const { protocol = "spondyl" } = options;
  const stage = (name: string) => {
    run.signal?.throwIfAborted();
    run.stage?.(name);
  };

  stage("import");
  const method = requireMethod(options.calibration);
  const imported = method.kind === "density" ? undefined : await importScan(input.image, seriesOf(options), run);
  const image = imported?.scan ?? readDensity(input.image, method);
  const given = readLabels(input.labels);

  stage("calibrate");
  const calibration = await calibrate(image, method, {}, run);

  stage("segment");
  const segmentation = await segment(given.labels, segmentOptions(image, given, input, options), run);
  const { vertebra } = segmentation;

  stage("compartments");
  const density = resample(calibration.density as Volume<Density["quantity"]>, vertebra.grid) as Density;
  const parts = await compartments(vertebra, density, options.compartments, run);
  requireMineral(parts);
  const heightMm = parts.shape.heightMm;

  stage("mesh");
  const built =
    protocol === "spondyl"
      ? ownModel(vertebra, density, heightMm, options.compartments ?? {}, options)
      : publishedModel(protocol, calibration.density, given.labels, options);
  const { model, load } = built;

  stage("solve");
  const solution = await solve(model.model, axialConstraints(model.ends, load), options.solve, run);

  const broken = options.failure ? await breakIt(options.failure) : [];

  stage("assess");
  return {
    protocol,
    imported,
    labels: given.labels,
    calibration,
    segmentation,
    compartments: parts,
    coreHu: imported && statistics(resample(imported.scan, vertebra.grid), parts.coreMask).mean,
    model,
    modelDensity: built.density,
    load,
    solution,
    tolerance: options.solve?.tolerance ?? defaultTolerance,
    broken,
    ...assess(model, load, solution, heightMm, options.pistoia),
  };

  function breakIt(request: BreakRequest): Promise<BrokenVertebra[]> {
    stage("fail");
    const follow = run.followPath ?? ((failInput, failOptions) => fail(failInput, failOptions, run));
    return breakVertebra(model, built.density, vertebra.frame, heightMm, request, follow);
  }
}

/** What the solution says of the vertebra. */
function assess(
  { model, compartments: labels, ends, law }: ContinuumModel,
  { displacementMm }: AxialLoad,
  solution: Solution,
  heightMm: number,
  pistoiaOptions: PistoiaOptions | undefined,
) {
  const reactionN = Math.abs(reactionFromEnergy(solution, displacementMm));
  const stiffnessNPerMm = reactionN / Math.abs(displacementMm);
  const axialStress = component(stress(model, solution), ends.axis);
  const bone = model.modulus.data.map((e, n) => (isBone(labels.data[n]!) ? e : 0));
  const mineralised = bone.map((e) => (e > Math.fround(law.floorMPa) ? e : 0)); // voids and caps do not fail in Pistoia's sense
  const atCentre = energyDensity(model, solution, "centre").data;
  return {
    energyDensity: energyDensity(model, solution, "mean"),
    axialStress,
    reactionN,
    stiffnessNPerMm,
    strengths: [
      crawford(stiffnessNPerMm, heightMm),
      atFifthOfPercent(stiffnessNPerMm, heightMm),
      atFifthOfMillimetre(stiffnessNPerMm),
      pistoia(atCentre, mineralised, reactionN, pistoiaOptions),
    ],
    loadShare: midShare(loadShares(axialStress, labels)),
  };
}

const seriesOf = ({ series }: PredictOptions) => (series === undefined ? {} : { series });

const readDensity = (files: readonly ScanFile[], method: CalibrationMethod): Density =>
  readVolume(files, unitOf(("reference" in method && method.reference) || "K2HPO4")) as Density;

/** The published recipe has a label convention of its own; else what the user names, or what the files tell. */
function segmentOptions(
  image: Grid,
  { convention: told }: Labels,
  { parts }: PredictInput,
  { level, convention, allowCut, protocol = "spondyl" }: PredictOptions,
): SegmentOptions {
  if (protocol !== "spondyl" && convention !== undefined)
    throw new SpondylError(
      "bad-option",
      `protocol ${protocol}: the published recipe has its own six labels. Leave the convention out.`,
    );
  const meaning = protocol === "spondyl" ? (convention ?? told) : "six-label";
  return {
    image,
    ...(level && { level }),
    ...(meaning && { convention: meaning }),
    ...(allowCut && { allowCut }),
    ...(parts && { parts: readLabels(parts).labels }),
  };
}
