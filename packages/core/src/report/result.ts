import type { Finding } from "../volume/finding.js";
import type { Vec3 } from "../volume/volume.js";

/** Stands on every page and in every file of results. */
export const researchUseOnly = "Research use only. Not a medical device.";

/**
 * `result.json`: what was computed, from what, how, and how far to trust it. Plain JSON. Every number has its unit in
 * its name; numbers without one are counts, ratios or labels. Parts that a run did not compute are absent. Nothing in
 * it names the patient: inputs appear as hashes.
 */
export interface Result {
  readonly spondyl: { readonly version: string; readonly schema: string };
  readonly researchUseOnly: string;
  readonly case: CaseResult;
  readonly input?: { readonly image?: ImageResult; readonly labels?: LabelsResult };
  readonly calibration?: CalibrationResult;
  readonly anatomy?: AnatomyResult;
  readonly compartments?: readonly CompartmentResult[];
  readonly compartmentRule?: string; // what tells shell from core, in words
  readonly model: ModelResult;
  readonly load?: LoadResult;
  readonly linear: LinearResult;
  readonly strength?: readonly StrengthResult[];
  /** Of the first load in `failures`. */
  readonly ultimateLoadN?: number;
  readonly yieldLoadN?: number;
  readonly curve?: readonly CurveResult[];
  readonly failures?: readonly FailureResult[]; // one per load
  readonly bmd?: BmdResult;
  readonly loadShare?: LoadShareResult;
  readonly provenance?: ProvenanceResult;
  readonly timesS?: Readonly<Record<string, number>>; // wall-clock seconds by stage, in order; "total" is the whole
}

export interface CaseResult {
  readonly level?: string; // "L2"
  readonly fidelity: string; // "continuum"
  readonly protocol: string; // "spondyl", "bonelab", ...
}

export interface ImageResult {
  readonly sizeVoxels?: Vec3;
  readonly spacingMm?: Vec3;
  readonly sha256?: string;
  readonly format?: string; // "nifti", "dicom", ...
  readonly findings?: readonly Finding[];
}

export interface LabelsResult extends ImageResult {
  readonly convention?: string; // "verse", "six-label", ...
}

export interface CalibrationResult {
  readonly method: string; // "inserts", "mindways", "internal", "line", "density"
  readonly reference: string; // "K2HPO4" or "HA"
  readonly slopeMgPerCm3PerHu?: number;
  readonly interceptMgPerCm3?: number;
  readonly quadraticMgPerCm3PerHu2?: number; // of the internal method
  readonly r2?: number;
  /** What the curve was fitted to; `known`, `fitted` and `residual` = known − fitted are in `pointsUnit`. */
  readonly points?: readonly {
    readonly name: string;
    readonly hu: number;
    readonly known: number;
    readonly fitted: number;
    readonly residual: number;
  }[];
  readonly pointsUnit?: string; // "mg/cm3"; "HU" for Mindways rods, water taken off; "cm2/g" for tissues
  /** Of the internal method: mass attenuation u = slope·HU + intercept, cm²/g; mass density likewise, g/cm³. */
  readonly internal?: {
    readonly effectiveEnergyKeV: number;
    readonly interpolation: string;
    readonly attenuationSlope: number; // cm²/g per HU
    readonly attenuationIntercept: number; // cm²/g
    readonly massDensitySlope: number; // g/cm³ per HU
    readonly massDensityIntercept: number; // g/cm³
  };
  /** The curve and its standard uncertainty; null where that is not known. */
  readonly table?: readonly {
    readonly hu: number;
    readonly densityMgPerCm3: number;
    readonly densitySdMgPerCm3: number | null;
  }[];
  readonly published?: {
    readonly biasMgPerCm3: number;
    readonly sdMgPerCm3: number;
    readonly n: number;
    readonly source: string;
  };
  readonly findings?: readonly Finding[];
}

export interface AnatomyResult {
  readonly heightMm?: number; // of the body
  readonly anteriorHeightMm?: number;
  readonly middleHeightMm?: number;
  readonly posteriorHeightMm?: number;
  readonly endplateAreaMm2?: { readonly inferior?: number; readonly superior?: number };
  readonly widthMm?: number; // right to left, of the body
  readonly depthMm?: number; // front to back, of the body
  readonly bodyVolumeMm3?: number;
  /** The vertebra's own axes, unit vectors in LPS, and the centroid of its body. */
  readonly frame?: { readonly centreMm: Vec3; readonly right: Vec3; readonly anterior: Vec3; readonly cranial: Vec3 };
  readonly findings?: readonly Finding[];
}

export interface CompartmentResult {
  readonly name: string; // "bodyCore", ...
  readonly volumeMm3: number;
  readonly meanDensityMgPerCm3?: number;
  readonly sdDensityMgPerCm3?: number;
}

export interface ModelResult {
  readonly elements: number; // caps or discs included
  readonly boneElements?: number;
  readonly nodes: number;
  readonly voxelMm?: Vec3; // edges of the elements
  readonly law?: LawResult;
  readonly densityUnit?: string; // "mgK2HPO4/cm3": the reference material is part of the unit
  readonly conversion?: string; // of that density into the law's
  readonly poisson?: number;
  readonly densityBins?: number; // over the whole bone; absent: each voxel has its own modulus
  readonly meanModulusMPa?: number;
  readonly floorElements?: number; // of bone, at the least modulus: the law gives them less
  readonly floorMPa?: number; // that least modulus
  readonly caps?: {
    readonly support: string;
    readonly thicknessMm?: number;
    readonly intrusionMm?: number;
    readonly modulusMPa?: number;
    readonly superiorAreaMm2?: number; // of contact with the bone
    readonly inferiorAreaMm2?: number;
  };
  readonly findings?: readonly Finding[];
}

export interface LawResult {
  readonly name: string;
  readonly formula?: string; // E in MPa, ρ in g/cm³
  readonly density?: string; // "rhoQct", "rhoAsh", "rhoApp", "rhoHa"
  readonly source?: string;
  readonly mark?: string;
}

export interface LoadResult {
  readonly displacementMm: number; // of the superior end along the axis; negative compresses
  readonly displacementPercentHeight?: number; // the same in percent of `heightMm`
  readonly heightMm?: number; // that the percentage refers to
  readonly heightDefinition?: string; // "vertebral body", "between the caps' outer faces", ...
  readonly lateralConstraint?: string; // "free at both ends", ...
  readonly inferior?: string; // boundary condition in words
  readonly superior?: string;
  readonly axis?: string; // "cranial axis of the vertebra"
}

export interface LinearResult {
  readonly stiffnessNPerMm: number;
  readonly reactionN: number; // axial, of the superior end
  readonly strainEnergyNMm?: number;
  readonly iterations?: number;
  readonly residual?: number; // relative, of the free unknowns
  readonly residualHistory?: readonly number[]; // relative, first 1
  readonly tolerance?: number; // relative residual asked for
  readonly strainEnergySampling?: string; // "element centre", "mean of 2×2×2 Gauss points", ...
  readonly maxStrainEnergyDensityMPa?: number;
  readonly memoryBytes?: number;
  readonly threads?: number;
  readonly kernel?: string; // "wasm" or "typescript"
}

/** The path to failure under one load. */
/** Components of the motion and of the resultant of an end, in the order of a `Motion`. */
export const loadComponents = [
  "shearLeft",
  "shearPosterior",
  "axial",
  "flexion",
  "bendingLeft",
  "torsionLeft",
] as const;
export type LoadComponent = (typeof loadComponents)[number];

export interface FailureResult {
  readonly load: {
    readonly name: string; // "compression", "flexion", ...
    readonly leverArmMm?: { readonly flexion: number; readonly bendingLeft: number }; // moment over compressive force
    readonly inferior: string;
    readonly superior: string;
    readonly lateralConstraint: string;
    readonly heightMm: number;
    readonly component: LoadComponent; // that the curve is read by
    readonly rimMm?: number; // of a moment: distance from its axis at which strains are meant
  };
  readonly material: {
    readonly law: string;
    readonly constants: Readonly<Record<string, number>>;
    readonly regularisation: string; // of softening, and what of the answer depends on the mesh
  };
  // of a load that is a force
  readonly stiffnessNPerMm?: number; // before anything yields
  readonly yieldLoadN?: number; // at an offset of 0.2 % of the height
  readonly yieldDisplacementMm?: number;
  readonly ultimateLoadN?: number;
  readonly ultimateDisplacementMm?: number;
  readonly loadAt19PercentHeightN?: number;
  // of one that is a moment
  readonly stiffnessNMmPerRad?: number;
  readonly yieldMomentNMm?: number;
  readonly yieldRotationDeg?: number;
  readonly ultimateMomentNMm?: number;
  readonly ultimateRotationDeg?: number;
  readonly peaked: boolean; // whether the load fell after its largest
  readonly energyToUltimateNMm: number;
  readonly end: string; // "target", "broken", "no-equilibrium", "many-steps"
  readonly curve: readonly CurveResult[];
  readonly failedVolumeMm3?: Readonly<Record<string, number>>; // by compartment, at the end
  readonly firstFailure?: FirstFailureResult;
  readonly pattern?: PatternResult;
  readonly elements: number;
  readonly nodes: number;
  readonly memoryBytes: number;
  readonly threads: number;
  readonly findings: readonly Finding[];
}

/** One state of equilibrium. Compression is positive; vectors are along, or about, left, posterior, cranial. */
export interface CurveResult {
  readonly share: number; // of the path, 0 to 1
  readonly displacementMm: number; // of the superior end towards the inferior one, at the middle of the body
  readonly displacementPercentHeight: number;
  readonly shiftMm: readonly [left: number, posterior: number];
  readonly rotationDeg: Vec3; // flexion, bending to the left and torsion to the left are positive
  readonly forceN: number; // on the superior end; likewise the others
  readonly shearN: readonly [left: number, posterior: number];
  readonly momentNMm: Vec3; // about the middle of the body
  readonly damagedVolumeMm3: number; // beyond elasticity
  readonly failedVolumeMm3: number; // failed; of plasticity, beyond the ultimate plastic strain
  readonly workNMm: number;
  readonly storedNMm: number;
  readonly dissipatedNMm: number;
  readonly energyErrorPercent: number; // of the work: neither stored nor dissipated
  readonly iterations: number;
  readonly solverIterations: number;
  readonly residual: number; // out-of-balance force over the forces on the ends
}

export interface FirstFailureResult {
  readonly share: number; // of the path
  readonly positionMm: Vec3; // LPS
  readonly compartment: string; // "bodyCore", ...
  readonly elements: number; // that fail in the same step
}

export interface PatternResult {
  readonly name: string; // "anterior wedge", "biconcave", "crush", "burst-like", "posterior", "none"
  readonly rule: string;
  readonly meanDamage: Readonly<Record<"anterior" | "middle" | "posterior" | "posteriorWall", number>>;
}

export interface StrengthResult {
  readonly name: string; // "crawford"
  readonly loadN: number;
  readonly formula: string; // with its numbers
  readonly source?: string;
  readonly mark?: string; // how well the constants are known: "A", "B" or "C"
}

export interface BmdResult {
  readonly coreMgPerCm3: number; // mean of the trabecular core of the body
  readonly coreSdMgPerCm3?: number; // between voxels
  readonly coreUncertaintyMgPerCm3?: number; // SD of the calibration line alone at this density
  readonly publishedSdMgPerCm3?: number; // what others measured for the calibration method
  readonly unit?: string; // "mgK2HPO4/cm3"
  readonly definition?: string; // where it was measured
}

export interface LoadShareResult {
  readonly cortexPercent: number; // of the axial force across the section that the shell carries
  readonly corePercent?: number;
  readonly posteriorPercent?: number;
  readonly section?: string; // "mid-height of the body"
  readonly levelMm?: number; // of that section, above the lower face of the model's grid
}

export interface ProvenanceResult {
  readonly command?: string; // verb and options, without paths
  readonly options?: Readonly<Record<string, unknown>>;
  readonly inputs?: readonly { readonly role: string; readonly sha256: string; readonly bytes?: number }[];
  readonly machine?: Readonly<Record<string, string | number>>; // "cpu", "cores", "memoryBytes", "node", ...
  readonly startedAt?: string; // ISO 8601, UTC
  readonly finishedAt?: string;
}
