import { brickCoefficients, GAUSS } from "../coefficients.js";
import { elementSlots } from "../elements.js";
import type { VoxelLevel } from "../voxelLevel.js";
import { voxelSweepShader } from "./sweep.js";

/**
 * The operator of level 1: bricks with a modulus at each of the eight Gauss points, see assembly/gauss.ts.
 *
 * An invocation has one slot: a node, or a copy of a split one. Lists say which elements are around it and which slots
 * are an element's corners, so that the elements with split nodes are like all others.
 */
export const gaussSweep: string = voxelSweepShader(/* wgsl */ `
struct Level {
  g: vec3f,         // 1/(4h) per axis
  stride: u32,      // slots of one component of a vector
  lambda: f32,      // times an eighth of the volume, for 1 MPa
  mu: f32,
}
@group(0) @binding(2) var<storage, read> around: array<u32>; // [8·slot + a]: the element whose corner a it is, or NONE
@group(0) @binding(3) var<storage, read> corner: array<u32>; // [8·element + a]: slot
@group(0) @binding(4) var<storage, read> modulus: array<f32>; // [8·element + Gauss point], MPa

const ROOT3 = 1.7320508;

fn displacement(element: u32, a: u32) -> vec3f {
  let at = corner[8u * element + a];
  return vec3f(x[at], x[at + level.stride], x[at + 2u * level.stride]);
}
/** −1 or 1 along each axis: where corner or Gauss point a lies. */
fn signs(a: u32) -> vec3f {
  return vec3f(2u * (vec3u(a, a >> 1u, a >> 2u) & vec3u(1u))) - 1.0;
}

/** Force of an element on its corner a. */
fn pull(element: u32, a: u32) -> vec3f {
  let u0 = displacement(element, 0u); let u1 = displacement(element, 1u);
  let u2 = displacement(element, 2u); let u3 = displacement(element, 3u);
  let u4 = displacement(element, 4u); let u5 = displacement(element, 5u);
  let u6 = displacement(element, 6u); let u7 = displacement(element, 7u);
  // modes: differences along the axes in the name
  let s0 = u0 + u1; let s2 = u2 + u3; let s4 = u4 + u5; let s6 = u6 + u7;
  let d0 = u1 - u0; let d2 = u3 - u2; let d4 = u5 - u4; let d6 = u7 - u6;
  let mx = (d0 + d2) + (d4 + d6);
  let my = (s2 - s0) + (s6 - s4);
  let mz = (s4 + s6) - (s0 + s2);
  let mxy = (d2 - d0) + (d6 - d4);
  let mxz = (d4 + d6) - (d0 + d2);
  let myz = (s6 - s4) - (s2 - s0);
  let mxyz = (d6 - d4) - (d2 - d0);
  let own = signs(a);
  var force = vec3f();
  for (var q = 0u; q < 8u; q++) {
    let p = signs(q) / ROOT3;
    let gradient = mat3x3f( // columns: the displacement along x, y, z
      level.g.x * (mx + p.y * mxy + p.z * mxz + p.y * p.z * mxyz),
      level.g.y * (my + p.x * mxy + p.z * myz + p.x * p.z * mxyz),
      level.g.z * (mz + p.x * mxz + p.y * myz + p.x * p.y * mxyz),
    );
    let trace = level.lambda * (gradient[0].x + gradient[1].y + gradient[2].z);
    let reach = 1.0 + own * p;
    let shape = level.g * own * reach.yxx * reach.zzy; // gradient of the shape function of corner a
    let stress = level.mu * (gradient * shape + transpose(gradient) * shape) + trace * shape;
    force += modulus[8u * element + q] * stress;
  }
  return force;
}

fn forceAt(item: u32) -> vec3f {
  var force = vec3f();
  for (var a = 0u; a < 8u; a++) {
    let element = around[8u * item + a];
    if (element != NONE) {
      force += pull(element, a);
    }
  }
  return force;
}`);

/** The constants `Level` of the kernel. */
export function gaussConstants({ edges, stride }: VoxelLevel, poisson: number): Float32Array {
  const c = brickCoefficients(edges, poisson).subarray(GAUSS);
  const constants = new Float32Array(8);
  constants.set([c[0]!, c[1]!, c[2]!, 0, c[9]!, c[10]!]);
  new Uint32Array(constants.buffer)[3] = stride;
  return constants;
}

/** The lists `around` and `corner` of the kernel. */
export function gaussLists(level: VoxelLevel): { around: Uint32Array; corner: Int32Array } {
  const around = new Uint32Array(8 * level.stride).fill(0xffffffff);
  const corner = elementSlots(level);
  corner.forEach((slot, at) => {
    around[8 * slot + (at & 7)] = at >> 3;
  });
  return { around, corner };
}
