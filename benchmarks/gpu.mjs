// Speed on a GPU: the same solutions with the kernels wasm and webgpu, one after the other in one run.
//
//   node scripts/setup.mjs && node benchmarks/gpu.mjs [cube.nii.gz] [--sizes 64,128] [--threads 1]
//
// Cubes and problem: see cube.mjs; relative residual 1e-6. The first solution on a GPU compiles the kernels and is not
// timed. A software adapter counts, and is slow: its figures say nothing of a GPU, so look at the name that is printed.
import { availableParallelism, cpus } from "node:os";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { openNodeGpu } from "../packages/cli/dist/nodeGpu.js";
import { nodeThreads } from "../packages/cli/dist/threads.js";
import { reactionFromEnergy, solve } from "../packages/core/dist/index.js";
import { cubeFile, problemOf, readCube } from "./cube.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sizes: { type: "string", default: "64,128" }, threads: { type: "string", default: "1" } },
});
const files = positionals.length > 0 ? positionals : values.sizes.split(",").map(cubeFile);
const threads = nodeThreads(Number(values.threads));
const gpu = await openNodeGpu();

console.log(`adapter: ${gpu.name}`);
console.log(
  `Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model}; wasm on ${threads.count} thread(s)`,
);
try {
  await timed(problemOf({ size: [8, 8, 8], spacing: [1, 1, 1], data: new Float32Array(512).fill(1) }), "webgpu");
  for (const file of files) await compare(file);
} finally {
  gpu.close();
}

async function compare(file) {
  const problem = readCube(file);
  const wasm = await timed(problem, "wasm");
  const webgpu = await timed(problem, "webgpu");
  console.log(`\n${basename(file)}: ${wasm.solution.elements} elements`);
  for (const [name, { solution, seconds, firstS, reactionN }] of Object.entries({ wasm, webgpu }))
    console.log(
      `  ${name.padEnd(7)} ${seconds.toFixed(2)} s, the first residual after ${firstS.toFixed(2)} s, ` +
        `${solution.iterations} iterations to ${solution.residual.toExponential(1)}, reaction ${reactionN.toFixed(6)} N, ` +
        `${(solution.memoryBytes / 2 ** 20).toFixed(0)} MiB`,
    );
  const iterating = ({ seconds, firstS }) => seconds - firstS;
  console.log(
    `  wasm / webgpu: whole ${(wasm.seconds / webgpu.seconds).toFixed(3)}, ` +
      `after the first residual ${(iterating(wasm) / iterating(webgpu)).toFixed(3)}; ` +
      `reactions differ by ${Math.abs(webgpu.reactionN / wasm.reactionN - 1).toExponential(1)}`,
  );
}

/** A whole solution, and when it first spoke of a residual: set-up and one iteration or two. */
async function timed({ model, constraints, topMm }, kernel) {
  const start = performance.now();
  const since = () => (performance.now() - start) / 1000;
  let firstS;
  const progress = () => {
    firstS ??= since();
  };
  const solution = await solve(
    model,
    constraints,
    { floating: "remove", kernel },
    { threads, gpu: gpu.device, progress },
  );
  return { solution, seconds: since(), firstS, reactionN: reactionFromEnergy(solution, topMm) };
}
