#!/usr/bin/env node
/** The main job on the embedded default: a digital phantom with a lytic lesion, its simulated CT, and what follows. */
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = "spondyl-demo";
const spondyl = (...args) => {
  console.log(`\n$ spondyl ${args.join(" ")}`);
  execFileSync(process.execPath, [join(root, "packages/cli/dist/main.js"), ...args], { cwd: root, stdio: "inherit" });
};

spondyl("phantom", "--level", "L2", "--seed", "7", "--lesion", "lytic:12mm", "--inserts", "--out", `${out}/phantom`);
spondyl(
  "predict",
  `${out}/phantom/scan.nii.gz`,
  ...["--labels", `${out}/phantom/labels.nii.gz`, "--level", "L2"],
  ...["--calibration", `inserts:${out}/phantom/inserts.csv`, "--out", `${out}/L2`],
);
console.log(`\nOpen ${join(root, out, "L2", "report.html")} in a browser.`);
