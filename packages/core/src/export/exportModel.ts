import type { Run } from "../run.js";
import { exportAbaqus } from "./abaqus.js";
import { exportCalculix } from "./calculix.js";
import type { ExportCase, Exported, ExportOptions } from "./exportCase.js";
import { exportFebio } from "./febio.js";
import { exportN88 } from "./n88.js";
import { exportParosol } from "./parosol.js";
import { exportVtu } from "./vtu.js";

/** The programs and formats that a model can be written for. */
export const exportFormats = ["parosol", "febio", "calculix", "abaqus", "n88", "vtu"] as const;
export type ExportFormat = (typeof exportFormats)[number];

const writers = {
  parosol: exportParosol,
  febio: exportFebio,
  calculix: exportCalculix,
  abaqus: exportAbaqus,
  n88: exportN88,
  vtu: exportVtu,
} as const;

/**
 * A voxel model and its load as a file for another finite-element program. The prescribed displacements are written as
 * they are: `wellPosed` makes sure that a direct solver can work with them.
 * @throws SpondylError as the writer of the format
 */
export const exportModel = (
  format: ExportFormat,
  given: ExportCase,
  options: ExportOptions = {},
  run: Run = {},
): Promise<Exported> => writers[format](given, options, run);
