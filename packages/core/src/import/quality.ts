import type { Finding } from "../volume/finding.js";

/** Where a scan came from and what was noticed in it. Never holds anything that names the patient. */
export interface ScanQuality {
  readonly format: "dicom" | "nifti" | "nrrd" | "metaimage";
  readonly findings: readonly Finding[];
  readonly minimumHu: number;
  readonly maximumHu: number;
  readonly medianHu: number;
  readonly metalVoxels: number; // above 3000 HU
  readonly fieldOfViewMm: readonly [number, number, number]; // along the grid axes
  readonly acquisition?: Acquisition; // of DICOM
}

/** What the DICOM headers say of the acquisition; absent where they are silent. */
export interface Acquisition {
  readonly images: number; // slices read, after dropping duplicates
  readonly manufacturer?: string;
  readonly model?: string;
  readonly kernel?: string;
  readonly tubeVoltageKv?: number;
  readonly sliceThicknessMm?: number;
  readonly sliceSpacingMm: number; // between slice centres, as acquired; the mean where it varies
  readonly pixelSpacingMm: readonly [number, number]; // along a row, along a column
  readonly reconstructionDiameterMm?: number;
  readonly gantryTiltDegrees: number; // from the slice positions
  readonly contrast: boolean; // the headers name a contrast agent
  readonly transferSyntax: string;
  readonly compression: "none" | "lossless" | "lossy";
}

export type { Finding };
export const note = (code: string, message: string): Finding => ({ code, severity: "note", message });
export const warning = (code: string, message: string): Finding => ({ code, severity: "warning", message });
export const repaired = (code: string, message: string): Finding => ({ code, severity: "repaired", message });
