// A whole path to failure: real bone in compression to 1.2 % of its height, tissue-damage with its defaults.
//
//   node scripts/setup.mjs && node benchmarks/failure.mjs [cube.nii.gz] [--edges 64,96,128] [--control displacement,dissipation] [--steps 12] [--threads 2]
//
// The default is a cube of human L1 (BV/TV 0.11, 50 µm) of the folder `L1-microct-rois-train` in SPONDYL_DATA, or in
// ../shared/data beside the repository; an edge cuts that many voxels out of its middle. Parts that no end holds are left
// out; the path ends when load and stiffness have fallen below half of those at the peak. The peak of the memory is that
// of the process so far: give one edge and one control at a time to read it.
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { nodeThreads } from "../packages/cli/dist/threads.js";
import { fail, planeEnds, readNifti, rigidEnds, specimenAxes } from "../packages/core/dist/index.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    edges: { type: "string", default: "64,96,128" },
    control: { type: "string", default: "displacement,dissipation" },
    steps: { type: "string", default: "12" },
    threads: { type: "string", default: "2" },
  },
});
const data = process.env.SPONDYL_DATA ?? resolve(import.meta.dirname, "../../shared/data");
const file = positionals[0] ?? join(data, "L1-microct-rois-train", "L1_05751_roi-030.nii.gz");
const threads = nodeThreads(Number(values.threads));

console.log(`Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model}; ${basename(file)}`);
for (const edge of values.edges.split(",").map(Number))
  for (const control of values.control.split(","))
    await timed(middle(readNifti(readFileSync(file), "fraction"), edge), control);

async function timed(model, control) {
  const { size, spacing } = model.modulus;
  const conditions = { inferior: "fixed", superior: "fixed" };
  const heightMm = size[2] * spacing[2];
  const load = { name: "compression", ...conditions, motion: [0, 0, -0.012 * heightMm, 0, 0, 0] };
  const { data: element } = model.modulus;
  const axes = specimenAxes(element, size, spacing, 2);
  const input = {
    ...{ model, load, material: { law: "tissue-damage" } },
    ends: rigidEnds(planeEnds(element, size, 2), size, spacing, axes, conditions),
  };
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const { points, elements, end, memoryBytes } = await fail(
    input,
    { steps: Number(values.steps), control, floating: "remove" },
    { threads },
  );
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const sum = (of) => points.reduce((total, p) => total + of(p), 0);
  const peak = points.reduce((a, b) => (b.resultant[2] < a.resultant[2] ? b : a));
  const area = size[0] * size[1] * spacing[0] * spacing[1];
  console.log(
    `${size[0]}^3, ${elements} elements, ${control}: ${points.length - 1} steps to ${(1.2 * points.at(-1).share).toFixed(2)} % (${end}), ` +
      `${sum((p) => p.iterations)} iterations of the material, ${sum((p) => p.solverIterations)} of the solver, ` +
      `${seconds.toFixed(0)} s, CPU ${((user + system) / 1e6).toFixed(0)} s, ` +
      `strength ${(-peak.resultant[2] / area).toFixed(3)} MPa at ${(1.2 * peak.share).toFixed(2)} %, ` +
      `energy off by ${(100 * Math.max(...points.map((p) => Math.abs(p.energyError)))).toFixed(2)} % at most, ` +
      `kernel ${(memoryBytes / 2 ** 20).toFixed(0)} MiB, process ${(process.resourceUsage().maxRSS / 2 ** 20).toFixed(2)} GiB`,
  );
}

/** The middle of an image of bone, as a model. */
function middle(image, edge) {
  const first = image.size.map((n) => Math.floor((n - edge) / 2));
  const data = new Float32Array(edge ** 3);
  let v = 0;
  for (let k = 0; k < edge; k++)
    for (let j = 0; j < edge; j++)
      for (let i = 0; i < edge; i++, v++)
        data[v] =
          image.data[first[0] + i + image.size[0] * (first[1] + j + image.size[1] * (first[2] + k))] > 0 ? 12_700 : 0;
  return { modulus: { ...image, quantity: "MPa", size: [edge, edge, edge], data }, poisson: 0.32 };
}
