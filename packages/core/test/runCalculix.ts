import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportCalculix } from "../src/export/calculix.js";
import type { ExportCase } from "../src/export/exportCase.js";

/** Whether CalculiX is here. In CI it must be: there a missing program is a failure and not a skip. */
export const haveCalculix = spawnSync("ccx", ["-v"]).error === undefined;
const cure = "Install it (Debian: apt-get install calculix-ccx) and see that ccx is on the PATH.";
if (!haveCalculix && process.env.CI) throw new Error(`CalculiX is missing. ${cure}`);
if (!haveCalculix) console.warn(`Tests against CalculiX are skipped: no ccx. ${cure}`);

/** Total reaction of the asked nodes at a time of the step, which runs from 0 to 1. */
export interface TotalForce {
  readonly time: number;
  readonly forceN: readonly [number, number, number];
}

/** Exports a case, lets CalculiX solve it, and reads the total reactions that it prints, one per increment. */
export async function runCalculix(given: ExportCase): Promise<TotalForce[]> {
  const folder = mkdtempSync(join(tmpdir(), "spondyl-ccx-"));
  try {
    const { chunks } = await exportCalculix(given);
    writeFileSync(join(folder, "model.inp"), Buffer.concat(chunks));
    const log = execFileSync("ccx", ["-i", "model"], { cwd: folder, encoding: "utf8", maxBuffer: 1e8 });
    if (/\*ERROR/.test(log)) throw new Error(`CalculiX: ${/\*ERROR.*/.exec(log)![0]}`);
    return totalForces(readFileSync(join(folder, "model.dat"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function totalForces(dat: string): TotalForce[] {
  const blocks = dat.matchAll(/total force \(fx,fy,fz\) for set REACTION and time\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)/g);
  return [...blocks].map(([, time, x, y, z]) => ({ time: Number(time), forceN: [Number(x), Number(y), Number(z)] }));
}
