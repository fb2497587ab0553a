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
import { type ImportedScan, importScan } from "../import/importScan.js";
import { readLabels } from "../import/readLabels.js";
import { readVolume } from "../import/readVolume.js";
import type { ScanFile } from "../import/scanFile.js";
import { type Binning, bonelabModel } from "../mesh/bonelab.js";
import { capSizes } from "../mesh/caps.js";
import { type ContinuumModel, type ContinuumOptions, continuumModel } from "../mesh/continuumModel.js";
import { type AxialLoad, axialConstraints } from "../mesh/ends.js";
import type { Run } from "../run.js";
import type { LabelConvention } from "../segment/labelConvention.js";
import { type Segmentation, segment } from "../segment/segment.js";
import { component, energyDensity, stress } from "../solve/fields.js";
import type { SolveOptions } from "../solve/options.js";
import { reactionFromEnergy } from "../solve/reaction.js";
import { solve } from "../solve/solve.js";
import { Compartment } from "../volume/compartment.js";
import { resample } from "../volume/resample.js";
import type { Density, Volume } from "../volume/volume.js";
import type { Solution } from "../volume/voxelModel.js";
import { onModelGrid } from "./modelGrid.js";

/** How the model is made: our own way, or the published recipe of the spineFE benchmark, see `bonelabModel`. */
export const protocols = ["spondyl", "bonelab", "bonelab-compat", "bonelab-unbinned"] as const;
export type Protocol = (typeof protocols)[number];

export interface PredictInput {
  readonly image: readonly ScanFile[];
  readonly labels: readonly ScanFile[];
  readonly parts?: readonly ScanFile[]; // a second label map that tells the parts of vertebrae, as TPTBox sub-regions
}

export interface PredictOptions {
  /** "L2". May be left out for a label map that holds one vertebra without naming it, as the six-label convention. */
  readonly level?: string;
  readonly calibration: CalibrationMethod | undefined; // undefined is refused with the ways to one
  readonly protocol?: Protocol; // default "spondyl"
  readonly series?: string; // of a DICOM folder with several
  readonly convention?: string | LabelConvention; // of the label map; default: recognised
  readonly allowCut?: boolean; // go on when the field of view cuts the vertebra; default false
  readonly compartments?: CompartmentsOptions;
  readonly voxelMm?: number; // edge of the elements; default 1. The benchmark's recipe keeps the image's own
  readonly model?: ContinuumOptions;
  readonly load?: Partial<AxialLoad>; // default: 0.2 % of the body's height in compression, both ends guided
  readonly solve?: SolveOptions;
  readonly pistoia?: PistoiaOptions;
}

/** The run, and who is told what is being done. */
export interface PredictRun extends Run {
  readonly stage?: (name: string) => void;
}

/** Everything that the stages found, in their order. */
export interface Prediction {
  readonly protocol: Protocol;
  readonly imported: ImportedScan | undefined; // undefined: the image was a density already
  readonly labels: Volume<"label">; // as given
  readonly calibration: Calibration;
  readonly segmentation: Segmentation;
  readonly compartments: Compartments;
  readonly model: ContinuumModel;
  readonly modelDensity: Density; // on the model's grid
  readonly load: AxialLoad;
  readonly solution: Solution;
  readonly energyDensity: Volume<"MPa">; // mean over each element
  readonly axialStress: Volume<"MPa">; // mean over each element, along the load
  readonly reactionN: number; // magnitude of the axial force at the ends
  readonly stiffnessNPerMm: number;
  readonly strengths: readonly StrengthEstimate[];
  readonly loadShare: LoadShare | undefined; // of the middle section of the bone
}

/**
 * The main job: from a CT and a label map to the stiffness of one vertebra and what follows from it.
 * @throws SpondylError as the stages do; nothing is computed from a scan that failed a check
 */
export async function predict(input: PredictInput, options: PredictOptions, run: PredictRun = {}): Promise<Prediction> {
  const { protocol = "spondyl", level, allowCut, voxelMm = 1 } = options;
  const stage = (name: string) => {
    run.signal?.throwIfAborted();
    run.stage?.(name);
  };

  stage("import");
  const method = requireMethod(options.calibration);
  const isDensity = method.kind === "density";
  const imported = isDensity ? undefined : await importScan(input.image, seriesOf(options), run);
  const image =
    imported?.scan ?? readVolume(input.image, unitOf(isDensity ? (method.reference ?? "K2HPO4") : "K2HPO4"));
  const { labels, convention: told } = readLabels(input.labels);

  stage("calibrate");
  const calibration = await calibrate(image, method, {}, run);

  stage("segment");
  const convention = options.convention ?? (protocol === "spondyl" ? told : "six-label"); // the recipe's own
  const segmentation = await segment(
    labels,
    {
      image,
      ...(level && { level }),
      ...(convention && { convention }),
      ...(allowCut && { allowCut }),
      ...(input.parts && { parts: readLabels(input.parts).labels }),
    },
    run,
  );
  const { vertebra } = segmentation;

  stage("compartments");
  const density = resample(calibration.density as Volume<Density["quantity"]>, vertebra.grid) as Density;
  const parts = await compartments(vertebra, density, options.compartments, run);

  stage("mesh");
  const onGrid =
    protocol === "spondyl"
      ? onModelGrid(vertebra, density, options.compartments ?? {}, voxelMm, capMarginMm(options.model) + 2 * voxelMm)
      : { density: calibration.density, compartments: labels };
  const model =
    protocol === "spondyl"
      ? continuumModel(onGrid.density, onGrid.compartments, options.model)
      : bonelabModel(onGrid.density, onGrid.compartments, binnings[protocol]);
  const heightMm = parts.shape.heightMm;
  const load = loadOf(options, protocol, heightMm);

  stage("solve");
  const solution = await solve(model.model, axialConstraints(model.ends, load), options.solve, run);

  stage("assess");
  const axialStress = component(stress(model.model, solution), model.ends.axis);
  const energy = energyDensity(model.model, solution, "mean");
  const reactionN = Math.abs(reactionFromEnergy(solution, load.displacementMm));
  const stiffnessNPerMm = reactionN / Math.abs(load.displacementMm);
  return {
    protocol,
    imported,
    labels,
    calibration,
    segmentation,
    compartments: parts,
    model,
    modelDensity: onGrid.density,
    load,
    solution,
    energyDensity: energy,
    axialStress,
    reactionN,
    stiffnessNPerMm,
    strengths: [
      crawford(stiffnessNPerMm, heightMm),
      atFifthOfPercent(stiffnessNPerMm, heightMm),
      atFifthOfMillimetre(stiffnessNPerMm),
      pistoia(energyDensity(model.model, solution, "centre").data, boneModulus(model), reactionN, options.pistoia),
    ],
    loadShare: midShare(loadShares(axialStress, model.compartments)),
  };
}

const seriesOf = ({ series }: PredictOptions) => (series === undefined ? {} : { series });

const binnings: Readonly<Record<Exclude<Protocol, "spondyl">, Binning>> = {
  bonelab: "bins",
  "bonelab-compat": "shifted-bins",
  "bonelab-unbinned": "none",
};

/** Room that the flat face of a cap needs beyond the bone, mm. */
function capMarginMm({ support, cap }: ContinuumOptions = {}): number {
  const { thicknessMm, intrusionMm } = capSizes(cap);
  return support === "none" ? 0 : Math.max(0, thicknessMm - intrusionMm);
}

/** The published recipe displaces by 0.2 mm; we by 0.2 % of the height. The linear answer per mm is the same. */
function loadOf({ load = {} }: PredictOptions, protocol: Protocol, heightMm: number): AxialLoad {
  const displacementMm = protocol === "spondyl" ? -0.002 * heightMm : -0.2;
  return { displacementMm, inferior: "guided", superior: "guided", ...load };
}

/** Young's modulus of the elements of bone, 0 elsewhere: caps do not fail in Pistoia's sense. */
const boneModulus = ({ model, compartments: { data } }: ContinuumModel): Float32Array =>
  model.modulus.data.map((e, n) =>
    data[n]! >= Compartment.bodyCore && data[n]! <= Compartment.posteriorShell ? e : 0,
  );
