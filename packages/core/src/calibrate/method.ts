import type { Interpolation, Tissue } from "./attenuation.js";

/** What the mineral density is expressed in: solid hydroxyapatite or dissolved dipotassium phosphate. */
export type ReferenceMaterial = "K2HPO4" | "HA";

/** One insert of a calibration phantom, or one point of a calibration. */
export interface Insert {
  readonly hu: number; // mean CT number, HU
  readonly density: number; // known density of the reference material, mg/cm³; below 0 where the insert is lighter than water
  /** Standard uncertainty of `hu`, HU, > 0. Of the mean, not of a voxel. Give it for all inserts or for none. */
  readonly sdHu?: number;
}

/** One rod of a Mindways phantom; both densities stand on the phantom's certificate and differ between phantoms. */
export interface Rod extends Insert {
  readonly water: number; // water-equivalent density of the rod, mg/cm³, near 1000
}

/** The ways to a density. The reference material is K2HPO4 unless it is named. */
export type CalibrationMethod =
  | { readonly kind: "inserts"; readonly inserts: readonly Insert[]; readonly reference?: ReferenceMaterial }
  | { readonly kind: "mindways"; readonly rods: readonly Rod[] } // K2HPO4 by construction
  | InternalMethod
  | LineMethod
  | { readonly kind: "density"; readonly reference?: ReferenceMaterial }; // the image is a density already, mg/cm³

/** Calibration by the patient's own tissues. */
export interface InternalMethod {
  readonly kind: "internal";
  readonly hu: Readonly<Partial<Record<Tissue, number>>>; // mean CT number of each, HU; three tissues or more
  readonly reference?: ReferenceMaterial;
  /** Between the tabulated energies. "linear" (default) is what the published implementation does. */
  readonly interpolation?: Interpolation;
  /** Where the effective energy is sought, keV. Default 30 to 200. */
  readonly energyWindowKeV?: readonly [number, number];
}

/** density = slope·HU + intercept, found elsewhere. */
export interface LineMethod {
  readonly kind: "line";
  readonly slope: number; // mg/cm³ per HU, > 0
  readonly intercept: number; // mg/cm³
  readonly reference?: ReferenceMaterial;
  readonly slopeSd?: number; // mg/cm³ per HU, ≥ 0
  readonly interceptSd?: number; // mg/cm³, ≥ 0
}

/** The unit of a density in this reference material. */
export const unitOf = (reference: ReferenceMaterial) => (reference === "HA" ? "mgHA/cm3" : "mgK2HPO4/cm3");
