#!/usr/bin/env node
/**
 * Everything a fresh clone needs before anything else runs: the dependencies, the WASM kernel, the compiled packages.
 * What is already up to date is left alone, so a second run takes a second.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: "inherit" });

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Spondyl needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
const stamp = join(root, "node_modules", ".spondyl-lock");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  console.error("Installing the dependencies (npm ci) ...");
  run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
  writeFileSync(stamp, lock);
}
run(process.execPath, join("scripts", "build-wasm.mjs"));
run(process.execPath, join("node_modules", "typescript", "bin", "tsc"), "-b", "packages/core", "packages/cli");
