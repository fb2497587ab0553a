// The main job on the real L2, file to report: whole process and solver, medians of several runs.
// node benchmarks/main-job.mjs [runs]; data from SPONDYL_DATA or ../shared/data beside the repository.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const data = join(process.env.SPONDYL_DATA ?? resolve(root, "../shared/data"), "verse004-L2-spinefe-benchmark");
const file = (part) => join(data, `sub-verse004_0000_vertebra_21_${part}.nii.gz`);
if (!existsSync(file("im"))) {
  console.error(`benchmark: ${file("im")} is missing. Set SPONDYL_DATA.`);
  process.exit(1);
}
const runs = Number(process.argv[2] ?? 5);
const out = mkdtempSync(join(tmpdir(), "spondyl-bench-"));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const recipes = {
  "published recipe (bonelab)": ["--protocol", "bonelab", "--calibration", "density"],
  "our own model": ["--level", "L2", "--convention", "six-label", "--calibration", "density"],
};
console.log(`${cpus()[0].model.trim()}, ${availableParallelism()} cores, Node ${process.version}; median of ${runs}`);
try {
  for (const [name, options] of Object.entries(recipes)) {
    const wall = [],
      solve = [];
    for (let i = 0; i < runs; i++) {
      const started = performance.now();
      const main = join(root, "packages/cli/dist/main.js");
      execFileSync(process.execPath, [
        main,
        "predict",
        file("im"),
        "--labels",
        file("seg"),
        ...options,
        "--out",
        out,
        "--quiet",
      ]);
      wall.push((performance.now() - started) / 1000);
      solve.push(JSON.parse(readFileSync(join(out, "result.json"), "utf8")).timesS.solve);
    }
    console.log(
      `${name.padEnd(28)} file to report ${median(wall).toFixed(2)} s, of which solving ${median(solve).toFixed(2)} s`,
    );
  }
} finally {
  rmSync(out, { recursive: true });
}
