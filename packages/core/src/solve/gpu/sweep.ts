import { eachItem } from "../../gpu/launch.js";

/**
 * WGSL of one application of a level's operator and of what is done with the product, unknown by unknown: the GPU's form
 * of assembly/sweep.ts and assembly/finish.ts. Each invocation gathers the force on its own unknowns from the elements
 * or blocks around, so that nothing is added to by two and every sum has its own fixed order.
 *
 * Bindings are the same on all kinds of level: 0 `level`, its constants; 1 `step`; 2 and 3 lists of numbers that say
 * what lies where; 4 moduli or blocks; 5 x; 6 b; 7 D⁻¹, 0 where fixed; 8 direction of the smoother; 9 y.
 *
 * @param force  declares the struct Level, the bindings 0 and 2 to 4, and the functions that `work` needs
 * @param items  WGSL expression: how many items there are
 * @param work   WGSL statements that call `finish` for each unknown of `item`
 */
export const sweepShader = (force: string, items: string, work: string): string => /* wgsl */ `
const NONE = 0xffffffffu;
const PRODUCT = ${Finish.product}u;
const RESIDUAL = ${Finish.residual}u;
const SMOOTHED = ${Finish.smoothed}u;
const DAMPED = ${Finish.damped}u;

struct Step { finish: u32, directionFactor: f32, residualFactor: f32 }

@group(0) @binding(0) var<uniform> level: Level;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(5) var<storage, read> x: array<f32>;
@group(0) @binding(6) var<storage, read> b: array<f32>;
@group(0) @binding(7) var<storage, read> inverse: array<f32>;
@group(0) @binding(8) var<storage, read_write> direction: array<f32>;
@group(0) @binding(9) var<storage, read_write> y: array<f32>;

fn finish(at: u32, force: f32) {
  if (step.finish == PRODUCT) {
    y[at] = select(0.0, force, inverse[at] > 0.0);
    return;
  }
  if (step.finish == SMOOTHED) {
    y[at] += x[at] - step.residualFactor * (inverse[at] * force);
    return;
  }
  let residual = b[at] - force;
  if (step.finish == RESIDUAL) {
    y[at] = residual;
    return;
  }
  if (step.finish == DAMPED) {
    y[at] = x[at] + step.residualFactor * (inverse[at] * residual);
    return;
  }
  let d = step.directionFactor * direction[at] + step.residualFactor * (inverse[at] * residual);
  direction[at] = d;
  y[at] = x[at] + d;
}
${force}
${eachItem(items, work)}`;

/** What is done with the product K·x. */
export const Finish = {
  product: 0, // y = K·x, 0 where fixed
  residual: 1, // y = b − K·x
  smooth: 2, // d = c1·d + c2·D⁻¹·(b − K·x), y = x + d
  damped: 3, // y = x + ω·D⁻¹·(b − K·x)
  smoothed: 4, // y = y + x − ω·D⁻¹·K·x
} as const;

/** WGSL: `sweepShader` for a level of voxels, whose vectors hold three components, `level.stride` apart. */
export const voxelSweepShader = (force: string): string =>
  sweepShader(
    force,
    "level.stride",
    /* wgsl */ `let force = forceAt(item);
    finish(item, force.x);
    finish(item + level.stride, force.y);
    finish(item + 2u * level.stride, force.z);`,
  );

/** The constants `step` of a sweep. */
export function sweepStep(finish: number, directionFactor = 0, residualFactor = 0): Uint32Array {
  const words = new Uint32Array(4);
  words[0] = finish;
  new Float32Array(words.buffer).set([directionFactor, residualFactor], 1);
  return words;
}
