import type { Run } from "../run.js";
import { Compartment } from "../volume/compartment.js";
import type { AnatomicalFrame } from "../volume/frame.js";
import { type Vec3, type Volume, voxelVolume } from "../volume/volume.js";
import { annotate } from "./annotate.js";
import { type HuLine, huLine } from "./attenuation.js";
import { drawBackdrop, scanGrid, thinSlices } from "./backdrop.js";
import { layOut } from "./layout.js";
import { addLesion, type Lesion, placeLesion } from "./lesion.js";
import { type Dimensions, verseCode } from "./levels.js";
import { type InsertRegion, measureInserts, measureTissues, type TissueRegion } from "./measure.js";
import { finish, imageBackdrop, imageVertebra } from "./scanner.js";
import { type PhantomOptions, type PhantomSettings, settle } from "./settings.js";
import { drawVertebra, poseMatrix, toWorld } from "./shape.js";
import { part } from "./step.js";
import { drawTruth, type Truth } from "./truth.js";
import type { Vertebra } from "./vertebra.js";

export type { CalibrationTissue, HuLine } from "./attenuation.js";
export type { Lesion } from "./lesion.js";
export { type Dimensions, type PhantomLevel, phantomLevels } from "./levels.js";
export type { InsertRegion, TissueRegion } from "./measure.js";
export {
  type LesionKind,
  type LesionOptions,
  type PhantomOptions,
  type PhantomSettings,
  type Pose,
  type ScannerOptions,
  type TubeVoltage,
  tubeVoltages,
} from "./settings.js";

/** A vertebra that is known in full, and a CT of it. The middle of its body lies at the origin of LPS. */
export interface Phantom {
  readonly scan: Volume<"HU">; // whole HU
  readonly labels: Volume<"label">; // VerSe codes on the scan's grid, the neighbours' bodies included
  readonly compartments: Volume<"label">; // of the vertebra, on the scan's grid, codes 1 to 4
  /** Mineral on the fine grid, whole mg/cm³, lesion included; 0 outside the vertebra. */
  readonly truthDensity: Volume<"mgK2HPO4/cm3">;
  readonly truthLabels: Volume<"label">; // Compartment on the fine grid, as it was before any lesion
  readonly truthLesion?: Volume<"label">; // 1 in the lesion, on the fine grid
  readonly truths: PhantomTruths;
  readonly calibration: HuLine; // HU = slope·density + intercept, in bone and inserts
  readonly inserts: readonly InsertRegion[]; // empty unless asked for
  readonly insertMask: Volume<"label">; // label of each rod's region
  readonly tissues: readonly TissueRegion[]; // for internal calibration
  readonly tissueMask: Volume<"label">;
  readonly settings: PhantomSettings; // every option with its default in place
}

/** Numbers that are known exactly, or from the fine grid. */
export interface PhantomTruths {
  readonly levelCode: number; // VerSe
  readonly dimensions: Dimensions; // as drawn, mm and degrees
  readonly frame: AnatomicalFrame; // exact axes; the centre from the fine grid
  readonly bodyHeightMm: number; // between the planes of the end-plates, without their bowls, at the middle of the body
  readonly bodyVolumeMm3: number;
  readonly vertebraVolumeMm3: number;
  readonly bodyShellVolumeMm3: number;
  readonly cortexThicknessMm: number; // of the body, everywhere
  readonly coreDensityMgPerCm3: number; // mean over the body's core voxels that hold no cortex, before the lesion
  readonly coreDensityWithLesionMgPerCm3: number;
  readonly mineralMg: number; // of the whole vertebra, lesion included
  readonly lesion?: Lesion;
}

/**
 * The digital phantom: a vertebra in closed form (kidney-shaped body with a waist and concave end-plates, pedicles, arch
 * and all processes), with known cortex, core and lesion, among discs, neighbouring bodies, muscle, fat, vessels and
 * gas; and its CT: CT numbers by a known line, Gaussian blur in the slice, box slice profile, correlated noise, whole HU.
 *
 * The same options give the same bytes; shape, texture and noise draw from streams of their own.
 *
 * @throws SpondylError "bad-option" for a value out of its range and a lesion that does not fit
 */
export async function phantom(options: PhantomOptions, run: Run = {}): Promise<Phantom> {
  const settings = settle(options);
  const v = drawVertebra(settings.level, settings.seed, settings.shapeVariation);
  const placed = options.lesion && placeLesion(options.lesion, v, settings.pose);

  const truth = await drawTruth(v, settings, part(run, 0, 0.6));
  const drawn = placed && addLesion(truth, placed);
  const density = drawn?.density ?? truth.density;

  const layout = layOut(v, settings),
    grid = scanGrid(layout, settings.ct.spacing);
  const backdrop = await drawBackdrop(v, settings, layout, thinSlices(grid), part(run, 0.6, 0.7));
  const calibration = huLine(settings.ct.kvp);
  const empty = imageBackdrop(backdrop.hu, grid, settings);
  const clean = await imageVertebra(
    density,
    truth.bone,
    backdrop.hu,
    empty,
    calibration,
    settings,
    part(run, 0.7, 0.9),
  );
  const scan = finish(clean, settings);

  const inserts = measureInserts(scan, layout, settings),
    tissues = measureTissues(scan, v, layout, settings);
  run.progress?.(1);
  return {
    scan,
    ...annotate(truth, backdrop, grid, settings.level),
    truthDensity: density,
    truthLabels: truth.labels,
    ...(drawn && { truthLesion: drawn.mask }),
    truths: { ...known(v, settings, truth, density), ...(drawn && { lesion: drawn.lesion }) },
    calibration,
    ...{ inserts: inserts.regions, insertMask: inserts.mask, tissues: tissues.regions, tissueMask: tissues.mask },
    settings,
  };
}

function known(v: Vertebra, settings: PhantomSettings, truth: Truth, density: Truth["density"]): PhantomTruths {
  const pose = poseMatrix(settings.pose);
  const axis = (own: Vec3) => toWorld(pose, own);
  return {
    levelCode: verseCode(settings.level),
    dimensions: v.dimensions,
    frame: {
      centre: truth.bodyCentroid,
      right: axis([-1, 0, 0]),
      anterior: axis([0, -1, 0]),
      cranial: axis([0, 0, 1]),
    },
    bodyHeightMm: v.body.height,
    bodyVolumeMm3: truth.bodyVolumeMm3,
    vertebraVolumeMm3: truth.vertebraVolumeMm3,
    bodyShellVolumeMm3: truth.bodyShellVolumeMm3,
    cortexThicknessMm: settings.cortexThicknessMm,
    ...masses(truth, density),
  };
}

/** Mean density of the body's core, over its voxels without any cortex, and the mineral of all. */
function masses({ density: healthy, labels, cortex }: Truth, density: Truth["density"]) {
  let voxels = 0,
    before = 0,
    after = 0,
    all = 0;
  for (let n = 0; n < cortex.length; n++) {
    all += density.data[n]!;
    if (labels.data[n] !== Compartment.bodyCore || cortex[n]) continue;
    voxels++;
    before += healthy.data[n]!;
    after += density.data[n]!;
  }
  return {
    coreDensityMgPerCm3: before / voxels,
    coreDensityWithLesionMgPerCm3: after / voxels,
    mineralMg: (all * voxelVolume(density.spacing)) / 1000,
  };
}
