import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Root of the real data sets: SPONDYL_DATA, or `shared/data` beside the repository. */
const root = process.env.SPONDYL_DATA ?? resolve(import.meta.dirname, "../../../../shared/data");

/** Whether the real data are here. In CI they must be: there a missing folder is a failure and not a skip. */
export const haveData = existsSync(root);
if (!haveData && process.env.CI) throw new Error(`The real data are missing: no folder ${root}. Set SPONDYL_DATA.`);
if (!haveData) console.warn(`Tests on real data are skipped: no folder ${root}. Set SPONDYL_DATA to run them.`);

/** Path of one real data file. */
export const dataPath = (...parts: string[]): string => join(root, ...parts);
