import { zeros } from "../../gpu/buffer.js";
import type { Gpu } from "../../gpu/gpu.js";
import { type Kernels, type Launch, launch, WORKGROUP } from "../../gpu/launch.js";
import { workgroupSum } from "./workgroupSum.js";

/** Most workgroups of the kernels that form sums. Each of them adds up all their shares. */
const GROUPS = 1024;
/** Numbers of a vector that an invocation takes at the least. */
const LEAST_WORK = 4;

/**
 * WGSL of flexible conjugate gradients, as in assembly/cg.ts, in f32: the kernels between the cycle, which makes z of
 * r, and the operator, which makes q of p. Four lists of shares hold z·q, p·r, p·q and r·r; no scalar leaves the GPU
 * but the norms that `notes` keeps.
 */
export const conjugateShader: string = /* wgsl */ `
struct Notes { count: u32, squares: array<f32> } // r·r after each iteration

@group(0) @binding(0) var<storage, read_write> shares: array<f32>; // [${GROUPS}·list + workgroup]
@group(0) @binding(1) var<storage, read_write> notes: Notes;
@group(0) @binding(2) var<storage, read> z: array<f32>;
@group(0) @binding(3) var<storage, read_write> p: array<f32>;
@group(0) @binding(4) var<storage, read> q: array<f32>;
@group(0) @binding(5) var<storage, read_write> r: array<f32>;
@group(0) @binding(6) var<storage, read_write> x: array<f32>;
${workgroupSum(WORKGROUP)}
const ZQ = 0u;
const PR = 1u;
const PQ = 2u;
const RR = 3u;

struct Place {
  @builtin(local_invocation_index) me: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(global_invocation_id) first: vec3u,
  @builtin(num_workgroups) groups: vec3u,
}

fn total(list: u32, me: u32) -> f32 {
  var sum = 0.0;
  for (var i = me; i < ${GROUPS}u; i += ${WORKGROUP}u) {
    sum += shares[${GROUPS}u * list + i];
  }
  return workgroupSum(sum, me);
}
fn share(list: u32, at: Place, sum: f32) {
  let all = workgroupSum(sum, at.me);
  if (at.me == 0u) {
    shares[${GROUPS}u * list + at.group.x] = all;
  }
}

/** Shares of z·q. */
@compute @workgroup_size(${WORKGROUP})
fn meet(at: Place) {
  var sum = 0.0;
  for (var i = at.first.x; i < arrayLength(&z); i += ${WORKGROUP}u * at.groups.x) {
    sum += z[i] * q[i];
  }
  share(ZQ, at, sum);
}

/** p = z + beta·p, conjugate to the last p; p = z at the start, where p·q = 0. */
@compute @workgroup_size(${WORKGROUP})
fn turn(at: Place) {
  let pq = total(PQ, at.me);
  let zq = total(ZQ, at.me);
  let beta = select(0.0, -zq / pq, pq > 0.0);
  for (var i = at.first.x; i < arrayLength(&z); i += ${WORKGROUP}u * at.groups.x) {
    p[i] = z[i] + beta * p[i];
  }
}

/** Shares of p·r and p·q. */
@compute @workgroup_size(${WORKGROUP})
fn weigh(at: Place) {
  var pr = 0.0;
  var pq = 0.0;
  for (var i = at.first.x; i < arrayLength(&p); i += ${WORKGROUP}u * at.groups.x) {
    pr += p[i] * r[i];
    pq += p[i] * q[i];
  }
  share(PR, at, pr);
  share(PQ, at, pq);
}

/** x += alpha·p, r −= alpha·q; shares of r·r. */
@compute @workgroup_size(${WORKGROUP})
fn advance(at: Place) {
  let pr = total(PR, at.me);
  let pq = total(PQ, at.me);
  let alpha = select(0.0, pr / pq, pq > 0.0);
  var sum = 0.0;
  for (var i = at.first.x; i < arrayLength(&p); i += ${WORKGROUP}u * at.groups.x) {
    x[i] += alpha * p[i];
    let left = r[i] - alpha * q[i];
    r[i] = left;
    sum += left * left;
  }
  share(RR, at, sum);
}

/** Keeps r·r. */
@compute @workgroup_size(${WORKGROUP})
fn note(@builtin(local_invocation_index) me: u32) {
  let square = total(RR, me);
  if (me == 0u) {
    notes.squares[notes.count] = square;
    notes.count += 1u;
  }
}`;

/** Names of the kernels. */
export const conjugateEntries = ["meet", "turn", "weigh", "advance", "note"] as const;

/** The buffers of the iteration; vectors are those of level 0. */
export interface ConjugateBuffers {
  readonly shares: GPUBuffer;
  readonly notes: GPUBuffer;
  readonly p: GPUBuffer;
  readonly q: GPUBuffer;
  readonly x: GPUBuffer;
}

/** @param most iterations between two readings of `notes` */
export function conjugateBuffers(gpu: Gpu, unknowns: number, most: number): ConjugateBuffers {
  const vector = () => zeros(gpu, 4 * unknowns);
  return { shares: zeros(gpu, 16 * GROUPS), notes: zeros(gpu, 4 + 4 * most), p: vector(), q: vector(), x: vector() };
}

/**
 * The launches of one iteration.
 * @param cycle  makes z of r
 * @param apply  makes q = K·p, 0 where fixed
 */
export function iterationLaunches(
  gpu: Gpu,
  kernels: Kernels<(typeof conjugateEntries)[number]>,
  { shares, notes, p, q, x }: ConjugateBuffers,
  { z, r, cycle, apply }: { z: GPUBuffer; r: GPUBuffer; cycle: readonly Launch[]; apply: Launch },
): readonly Launch[] {
  const groups = Math.max(1, Math.min(GROUPS, Math.ceil(p.size / 4 / (LEAST_WORK * WORKGROUP))));
  return [
    ...cycle,
    launch(gpu, kernels.meet, [shares, undefined, z, undefined, q], groups),
    launch(gpu, kernels.turn, [shares, undefined, z, p], groups),
    apply,
    launch(gpu, kernels.weigh, [shares, undefined, undefined, p, q, r], groups),
    launch(gpu, kernels.advance, [shares, undefined, undefined, p, q, r, x], groups),
    launch(gpu, kernels.note, [shares, notes], 1),
  ];
}
