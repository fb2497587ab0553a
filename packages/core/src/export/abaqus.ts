import type { Run } from "../run.js";
import type { ExportCase, Exported, ExportOptions } from "./exportCase.js";
import { type Dialect, inpDeck } from "./inpDeck.js";

/**
 * An input deck for Abaqus/Standard. Its C3D8 averages the change of volume over the element (B-bar), which makes it a
 * little softer than our fully integrated brick [B]. Small strains; with yield stresses the load comes in 20 increments.
 * Source: Abaqus Keywords Guide; Abaqus Theory Guide, "Solid isoparametric quadrilaterals and hexahedra".
 */
export const exportAbaqus = (given: ExportCase, options: ExportOptions = {}, run: Run = {}): Promise<Exported> =>
  inpDeck(given, options, dialect, run);

const dialect: Dialect = {
  step: (plastic) => ["*STEP, NLGEOM=NO, INC=1000", "*STATIC", plastic ? "0.05, 1, 1E-5, 0.05" : "1, 1"],
  reactions: ["*NODE PRINT, NSET=REACTION, TOTALS=YES", "RF"],
  results: () => ["*OUTPUT, FIELD, VARIABLE=PRESELECT"],
};
