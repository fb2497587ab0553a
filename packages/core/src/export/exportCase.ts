import type { Finding } from "../volume/finding.js";
import type { Constraints, VoxelModel } from "../volume/voxelModel.js";

/** A voxel model and its load, as another finite-element program is to get them. */
export interface ExportCase {
  readonly title: string;
  readonly model: VoxelModel;
  readonly constraints: Constraints;
  /** Yield stress per voxel, MPa: von Mises, perfectly plastic; 0 where a voxel stays elastic. Absent: all do. */
  readonly yieldMPa?: Float32Array;
  /** Grid nodes whose total reaction the program shall print. */
  readonly reactionNodes?: Uint32Array;
}

export interface ExportOptions {
  /** Most materials in a format that has a table of them, 2 to 100 000. Default 512: more values are put into classes. */
  readonly materials?: number;
}

/** A file for another program. */
export interface Exported {
  readonly chunks: readonly Uint8Array[]; // the file in pieces: it may be longer than a string can be
  readonly elements: number;
  readonly nodes: number;
  readonly materials?: number; // in the table, where the format has one
  readonly findings: readonly Finding[];
}

/** The title on one line. */
export const oneLine = (title: string): string => title.trim().replace(/\s+/g, " ");
