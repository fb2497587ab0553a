import type { Gpu } from "./gpu.js";

/** One launch of a kernel: what runs, on what, and in how many workgroups. */
export interface Launch {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly workgroups: number;
}

/** Invocations in a workgroup of the kernels that have one for each item of a list. */
export const WORKGROUP = 64;
/** Most workgroups of a launch, which every device allows. A kernel whose list is longer goes round: see `eachItem`. */
const MOST_WORKGROUPS = 65535;

/** Kernels ready to run, by name. */
export type Kernels<Name extends string> = Readonly<Record<Name, GPUComputePipeline>>;

/** Makes kernels ready to run, each the function `main` of its WGSL. */
export async function compile<Name extends string>(
  { device }: Gpu,
  shaders: Readonly<Record<Name, string>>,
): Promise<Kernels<Name>> {
  const names = Object.keys(shaders) as Name[];
  const pipelines = names.map((name) => pipeline(device, device.createShaderModule({ code: shaders[name] }), "main"));
  return byName(names, await Promise.all(pipelines));
}

/** The same for several functions of one WGSL. */
export async function compileEntries<Name extends string>(
  { device }: Gpu,
  code: string,
  names: readonly Name[],
): Promise<Kernels<Name>> {
  const module = device.createShaderModule({ code });
  return byName(names, await Promise.all(names.map((name) => pipeline(device, module, name))));
}

const pipeline = (device: GPUDevice, module: GPUShaderModule, entryPoint: string): Promise<GPUComputePipeline> =>
  device.createComputePipelineAsync({ layout: "auto", compute: { module, entryPoint } });

const byName = <Name extends string>(names: readonly Name[], pipelines: readonly GPUComputePipeline[]) =>
  Object.fromEntries(names.map((name, at) => [name, pipelines[at]!])) as Kernels<Name>;

/**
 * A launch of a kernel of group 0.
 * @param buffers by binding number; a hole where the kernel has none
 */
export function launch(
  { device }: Gpu,
  pipeline: GPUComputePipeline,
  buffers: readonly (GPUBuffer | undefined)[],
  workgroups: number,
): Launch {
  const entries = buffers.flatMap((buffer, binding) => (buffer ? [{ binding, resource: { buffer } }] : []));
  const bindings = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  return { pipeline, bindings, workgroups };
}

/** Workgroups for a kernel that has one invocation for each of so many items. */
export const workgroupsFor = (items: number): number =>
  Math.max(1, Math.min(MOST_WORKGROUPS, Math.ceil(items / WORKGROUP)));

/** WGSL of a kernel that calls `work` once for each item from 0 to `count` (an expression). */
export const eachItem = (count: string, work: string): string => /* wgsl */ `
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var item = id.x; item < ${count}; item += ${WORKGROUP}u * groups.x) {
    ${work}
  }
}`;

/** Runs launches one after the other; each sees what the ones before it wrote. */
export function submit({ device }: Gpu, launches: readonly Launch[]): void {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (const { pipeline, bindings, workgroups } of launches) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(workgroups);
  }
  pass.end();
  device.queue.submit([encoder.finish()]);
}
