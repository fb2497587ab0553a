// Speed of the solver: its operators and the memory's triad on one thread, then whole solutions.
//
//   node scripts/setup.mjs && node benchmarks/solver.mjs [cube.nii.gz] [--sizes 64,128] [--threads 1,2] [--mirror 3]
//
// --mirror puts so many cubes side by side along x, every second one a mirror image, and leaves the bare operators out:
// three of 256³ are 10.6 million elements. The peak of the memory is that of the process so far: one model a process.
//
// Cubes and problem: see cube.mjs; relative residual 1e-6. ParOSol's seconds and reactions are those of one rank on the
// machine that the cubes were made on: read ratios, not seconds.
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { nodeThreads } from "../packages/cli/dist/threads.js";
import { reactionFromEnergy, readNifti, solve } from "../packages/core/dist/index.js";
import { buildHierarchy } from "../packages/core/dist/solve/hierarchy.js";
import { instantiate } from "../packages/core/dist/solve/kernel.js";
import { layOut } from "../packages/core/dist/solve/layout.js";
import { activeNodes } from "../packages/core/dist/solve/nodes.js";
import { checkProblem } from "../packages/core/dist/solve/problem.js";
import { fixedPositions } from "../packages/core/dist/solve/system.js";
import { cubeFile, problemOf } from "./cube.mjs";

const parosol = {
  48799: { seconds: 6.81, reactionN: 26.49905, iterations: 17 },
  405341: { seconds: 209, reactionN: 32.8721, iterations: 54 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: "string", default: "64,128" },
    threads: { type: "string", default: "1,2" },
    mirror: { type: "string", default: "1" },
  },
});
const files = positionals.length > 0 ? positionals : values.sizes.split(",").map(cubeFile);

const mirror = Number(values.mirror);

console.log(`Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model}`);
for (const file of files) {
  const problem = problemOf(sideBySide(readNifti(readFileSync(file), "fraction"), mirror));
  console.log(`\n${basename(file)}: ${problem.model.modulus.data.filter((e) => e > 0).length} elements`);
  if (mirror === 1) operators(problem);
  for (const threads of values.threads.split(",").map(Number)) await whole(problem, threads);
}

/** An image and its mirror images along x. */
function sideBySide(image, times) {
  const [nx, ny, nz] = image.size;
  const data = new Float32Array(times * image.data.length);
  for (let i = 0; i < data.length; i++) {
    const x = i % (times * nx);
    const along = x % nx;
    data[i] = image.data[nx * Math.floor(i / (times * nx)) + (Math.floor(x / nx) % 2 ? nx - 1 - along : along)];
  }
  return { ...image, data, size: [times * nx, ny, nz] };
}

/** The bare operators, and the triad a = b + s·c as the roofline of the memory. */
function operators({ model, constraints }) {
  const problem = checkProblem(model, constraints, { floating: "remove" });
  const hierarchy = buildHierarchy(problem, fixedPositions(problem, activeNodes(problem.runs)));
  const layout = layOut(problem, hierarchy, hierarchy.sparse);
  const kernel = instantiate(layout.memory);
  kernel.enter(0, 1, layout.sync, layout.root);
  const words = new Int32Array(layout.memory.buffer, layout.fine, 16);
  const rate = (name, work, run, unit) => {
    for (let i = 0; i < 3; i++) run();
    const seconds = Math.min(...Array.from({ length: 9 }, () => timed(run)));
    console.log(`  ${name.padEnd(34)} ${(work / seconds).toFixed(1).padStart(7)} ${unit}`);
  };
  const million = problem.runs.elements / 1e6;
  rate("operator f32, one thread", million, () => kernel.applySingle(layout.fine, words[13], words[14]), "Melem/s");
  const { displacement, force } = layout;
  rate("operator f64, one thread", million, () => kernel.applyDouble(layout.fine, displacement, force), "Melem/s");

  const bytes = 64 * 2 ** 20;
  const memory = new WebAssembly.Memory({ initial: (3 * bytes) / 65536 + 1, maximum: 65536, shared: true });
  const triad = instantiate(memory);
  rate(
    "triad, one thread (roofline)",
    (3 * bytes) / 1e9,
    () => triad.triad(65536, 65536 + bytes, 65536 + 2 * bytes, 2, bytes),
    "GB/s",
  );
  const moved = (36 * hierarchy.fine.nodeRuns.nodes + 4 * problem.runs.elements) / 1e9; // x once, y twice, moduli
  rate("operator f32, least bytes moved", moved, () => kernel.applySingle(layout.fine, words[13], words[14]), "GB/s");
}

function timed(run) {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
}

/** From the model to the solution, set-up included. */
async function whole({ model, constraints, topMm }, threads) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const solution = await solve(model, constraints, { floating: "remove" }, { threads: nodeThreads(threads) });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1e6;
  const reference = parosol[solution.elements];
  const reactionN = reactionFromEnergy(solution, topMm);
  const line = [
    `${threads} thread${threads > 1 ? "s" : ""}: ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU`,
    `${solution.iterations} iterations to ${solution.residual.toExponential(1)}`,
    `reaction ${reactionN.toFixed(5)} N`,
    `${(solution.memoryBytes / 2 ** 20).toFixed(0)} MiB (${(solution.memoryBytes / solution.elements).toFixed(0)} bytes an element)`,
    `peak ${(process.resourceUsage().maxRSS / 2 ** 20).toFixed(2)} GiB`,
  ];
  if (reference)
    line.push(
      `${(reference.seconds / cpuSeconds).toFixed(1)} times ParOSol's speed per core (${reference.iterations} iterations, ` +
        `${reference.seconds} s; reaction off by ${Math.abs(Math.abs(reactionN) / reference.reactionN - 1).toExponential(1)})`,
    );
  console.log(`  ${line.join(", ")}`);
}
