// Builds the solver's kernel (packages/core/assembly, AssemblyScript) into packages/core/src/solve/kernel.generated.ts,
// the WASM as base64 in a constant, so that the core needs no file system. Does nothing when the sources, this script
// and the compiler are those of the file already there.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const sources = join(root, "packages/core/assembly");
const output = join(root, "packages/core/src/solve/kernel.generated.ts");
const compiler = createRequire(import.meta.url).resolve("assemblyscript/package.json");

const hash = createHash("sha256");
for (const name of readdirSync(sources)
  .filter((n) => n.endsWith(".ts"))
  .sort())
  hash.update(name).update(readFileSync(join(sources, name)));
hash.update(readFileSync(import.meta.filename)).update(JSON.parse(readFileSync(compiler, "utf8")).version);
const mark = `// sources ${hash.digest("hex")}`;

if (existsSync(output) && readFileSync(output, "utf8").includes(mark)) process.exit(0);

const folder = mkdtempSync(join(tmpdir(), "spondyl-wasm-"));
try {
  const wasm = join(folder, "kernel.wasm");
  const features = ["simd", "threads", "bulk-memory"].flatMap((feature) => ["--enable", feature]);
  const memory = ["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"];
  const speed = ["--runtime", "stub", "-O3", "--noAssert", "--converge"];
  const asc = join(dirname(compiler), "bin/asc.js");
  const args = [join(sources, "index.ts"), "--outFile", wasm, ...features, ...memory, ...speed];
  execFileSync(process.execPath, [asc, ...args], { stdio: ["ignore", "inherit", "inherit"], cwd: root });
  const lines =
    readFileSync(wasm)
      .toString("base64")
      .match(/.{1,120}/g) ?? [];
  const text = [
    "// Made by scripts/build-wasm.mjs from packages/core/assembly. Do not edit.",
    mark,
    "",
    "/** The solver's kernel: WebAssembly, base64. */",
    "export const kernelBase64 =",
    `${lines.map((line) => `  "${line}"`).join(" +\n")};`,
    "",
  ].join("\n");
  writeFileSync(`${output}.new`, text);
  renameSync(`${output}.new`, output); // whole or not at all
} finally {
  rmSync(folder, { recursive: true, force: true });
}
