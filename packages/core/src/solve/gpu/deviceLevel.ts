import { constants, upload, zeros } from "../../gpu/buffer.js";
import type { Gpu } from "../../gpu/gpu.js";
import { eachItem, type Launch, launch, workgroupsFor } from "../../gpu/launch.js";
import { Finish, sweepStep } from "./sweep.js";

/** A level of the multigrid cycle on the GPU. All vectors are f32. */
export interface DeviceLevel {
  readonly sweep: GPUComputePipeline; // see `sweepShader`
  readonly items: number; // that a sweep has an invocation for
  readonly unknowns: number; // length of a vector
  readonly bound: number; // of the spectrum of D⁻¹K
  readonly degree: number; // of the smoother
  readonly shape: GPUBuffer; // the constants of the sweep
  readonly lists: readonly [GPUBuffer, GPUBuffer];
  readonly values: GPUBuffer; // moduli or blocks
  readonly inverseDiagonal: GPUBuffer;
  readonly right: GPUBuffer;
  readonly x: readonly [GPUBuffer, GPUBuffer]; // a sweep of the smoother reads one and writes the other
  readonly product: GPUBuffer; // K·x, or the residual
  readonly direction: GPUBuffer;
}

/** A level before it is on the GPU. */
interface LevelData extends Pick<DeviceLevel, "sweep" | "items" | "bound" | "degree"> {
  readonly shape: Uint32Array | Float32Array;
  readonly lists: readonly [Uint32Array, Uint32Array | Int32Array];
  readonly values: Float32Array;
  readonly inverseDiagonal: Float32Array;
}

/** Puts a level on the GPU. @throws SpondylError "no-gpu" when a part of it is larger than a buffer may be */
export function deviceLevel(gpu: Gpu, { shape, lists, values, inverseDiagonal, ...level }: LevelData): DeviceLevel {
  const unknowns = inverseDiagonal.length;
  const vector = () => zeros(gpu, 4 * unknowns);
  return {
    ...level,
    unknowns,
    shape: constants(gpu, shape),
    lists: [upload(gpu, lists[0]), upload(gpu, lists[1])],
    values: upload(gpu, values),
    inverseDiagonal: upload(gpu, inverseDiagonal),
    right: vector(),
    x: [vector(), vector()],
    product: vector(),
    direction: vector(),
  };
}

/** One sweep over a level: y = K·x and what `step` does with it, see `Finish`. */
export function sweepLaunch(gpu: Gpu, level: DeviceLevel, step: Uint32Array, x: GPUBuffer, y: GPUBuffer): Launch {
  const { sweep, items, shape, lists, values, right, inverseDiagonal, direction } = level;
  const buffers = [shape, constants(gpu, step), ...lists, values, x, right, inverseDiagonal, direction, y];
  return launch(gpu, sweep, buffers, workgroupsFor(items));
}

/** product = b − K·x. */
export const residualLaunch = (gpu: Gpu, level: DeviceLevel, x: GPUBuffer): Launch =>
  sweepLaunch(gpu, level, sweepStep(Finish.residual), x, level.product);

/** WGSL: the first step of the smoother, from x = 0: x = d = factor·D⁻¹·b. */
export const firstStepShader: string = /* wgsl */ `
@group(0) @binding(0) var<uniform> factor: f32;
@group(0) @binding(1) var<storage, read> inverse: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> direction: array<f32>;
@group(0) @binding(4) var<storage, read_write> x: array<f32>;
${eachItem(
  "arrayLength(&x)",
  /* wgsl */ `let d = factor * (inverse[item] * b[item]);
    direction[item] = d;
    x[item] = d;`,
)}`;
