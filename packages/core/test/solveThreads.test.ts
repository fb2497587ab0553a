import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { build } from "vite";
import { expect, test } from "vitest";
import type { Threads } from "../src/run.js";
import { solve } from "../src/solve/solve.js";
import type { Vec3 } from "../src/volume/volume.js";
import { clampedCompression, modelOf, randomModel } from "./solveModels.js";

const h: Vec3 = [0.5, 0.5, 0.5];
const script = await bundle();

/** The worker script, with the core's `serve` from its sources. */
async function bundle(): Promise<string> {
  const source = `
    import { parentPort } from "node:worker_threads";
    import { serve } from ${JSON.stringify(resolve(import.meta.dirname, "../src/solve/worker.ts"))};
    serve({ post: (m) => parentPort.postMessage(m), onMessage: (f) => parentPort.on("message", f) });`;
  const entry = "virtual:worker";
  const result = await build({
    configFile: false,
    logLevel: "silent",
    plugins: [
      { name: "entry", resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? source : null) },
    ],
    build: {
      write: false,
      minify: false,
      rollupOptions: { input: entry, external: /^node:/, output: { format: "cjs" } },
    },
  });
  const output = [result].flat()[0]!;
  if (!("output" in output)) throw new Error("vite built nothing");
  return output.output[0].code;
}

let alive = 0;
const threads = (count: number): Threads => ({
  count,
  spawn: () => {
    const worker = new Worker(script, { eval: true });
    alive++;
    worker.on("exit", () => alive--);
    return {
      post: (message) => worker.postMessage(message),
      onMessage: (listener) => void worker.on("message", listener),
      onError: (listener) => void worker.on("error", listener),
      terminate: () => void worker.terminate(),
    };
  },
});

const gone = async () => {
  for (let i = 0; i < 100 && alive > 0; i++) await new Promise((done) => setTimeout(done, 20));
  return alive;
};

test("any number of threads gives the same bits, and none survives", async () => {
  const { model, constraints } = randomModel([17, 15, 30], h, 0.35, 7);
  const alone = await solve(model, constraints, { floating: "remove" });
  for (const count of [1, 2, 3, 5]) {
    const shared = await solve(model, constraints, { floating: "remove" }, { threads: threads(count) });
    expect(shared.threads).toBe(count);
    expect(shared.displacement).toEqual(alone.displacement);
    expect(shared.reaction).toEqual(alone.reaction);
    expect(shared.residualHistory).toEqual(alone.residualHistory);
  }
  expect(await gone()).toBe(0);
});

test("the caller's thread stays free, hears of progress, and can stop the workers at once", async () => {
  const size: Vec3 = [40, 40, 60];
  const model = modelOf(size, h, (x, y, z) => ((x * y + z) % 3 === 0 ? 1000 : 10));
  const heard: number[] = [];
  let ticks = 0;
  const clock = setInterval(() => ticks++, 5);
  const control = new AbortController();
  const progress = (done: number) => {
    heard.push(done);
    if (done > 0.3) control.abort(new Error("stop"));
  };
  const run = { threads: threads(2), progress, signal: control.signal };
  await expect(solve(model, clampedCompression(size, -0.3), { tolerance: 1e-12 }, run)).rejects.toThrow("stop");
  clearInterval(clock);
  expect(heard.length).toBeGreaterThan(2);
  expect(ticks).toBeGreaterThan(5);
  expect(await gone()).toBe(0);
});

test("an error in a worker comes back as itself", async () => {
  const model = modelOf([3, 3, 3], h, () => 0);
  const error = await solve(model, clampedCompression([3, 3, 3], -0.1), {}, { threads: threads(2) }).catch((e) => e);
  expect(error).toMatchObject({ name: "SpondylError", code: "bad-input" });
  const { model: porous, constraints } = randomModel([8, 8, 8], h, 0.4, 6);
  const options = { maxIterations: 2, floating: "remove", tolerance: 1e-9 } as const;
  const late = await solve(porous, constraints, options, { threads: threads(2) }).catch((e) => e);
  expect(late).toMatchObject({ name: "SpondylError", code: "not-converged" });
  expect(late.details.residualHistory).toHaveLength(3);
  expect(await gone()).toBe(0);
});

test("0 threads are refused", async () => {
  const model = modelOf([3, 3, 3], h, () => 1);
  const run = { threads: { ...threads(1), count: 0 } };
  await expect(async () => solve(model, clampedCompression([3, 3, 3], -0.1), {}, run)).rejects.toThrow(/0 threads/);
});
