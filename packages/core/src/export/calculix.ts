import type { Run } from "../run.js";
import type { ExportCase, Exported, ExportOptions } from "./exportCase.js";
import { type Dialect, inpDeck } from "./inpDeck.js";

/**
 * An input deck for CalculiX CrunchiX. Its C3D8 is our element: fully integrated, 2×2×2 points. Small strains; with
 * yield stresses the load comes in 20 increments, and the total reaction is printed for each into the .dat file.
 * Source: Dhondt, CalculiX CrunchiX User's Manual 2.20 (keywords; additive plasticity without NLGEOM).
 */
export const exportCalculix = (given: ExportCase, options: ExportOptions = {}, run: Run = {}): Promise<Exported> =>
  inpDeck(given, options, dialect, run);

const dialect: Dialect = {
  step: (plastic) => (plastic ? ["*STEP, INC=1000", "*STATIC", "0.05, 1, 1E-5, 0.05"] : ["*STEP", "*STATIC"]),
  reactions: ["*NODE PRINT, NSET=REACTION, TOTALS=ONLY", "RF"],
  results: (plastic) => ["*NODE FILE", plastic ? "U" : "U, RF", "*EL FILE", plastic ? "PEEQ" : "S, E"], // few, as each increment has its own
};
