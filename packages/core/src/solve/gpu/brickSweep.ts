import { voxelCount } from "../../volume/volume.js";
import { BRICK, brickCoefficients } from "../coefficients.js";
import { elementVoxels } from "../elements.js";
import type { VoxelLevel } from "../voxelLevel.js";
import { voxelSweepShader } from "./sweep.js";

/**
 * The operator of level 0: bricks with one modulus each, in the modes of assembly/brick.ts.
 *
 * An invocation has one node. The up to eight elements around it are four pairs of neighbours along x; of each pair the
 * column of four nodes at the invocation's x is taken to modes once. An element is there where its voxel has a modulus;
 * then its nodes have consecutive slots along x. Two dense maps of the grid say where everything is: 8 bytes a voxel,
 * voids included, and no index per element.
 */
export const brickSweep: string = voxelSweepShader(/* wgsl */ `
struct Level {
  size: vec3u,           // voxels
  stride: u32,           // slots of one component of a vector
  // coefficients for 1 MPa, see coefficients.ts; a vec3f has one number per axis unless it says otherwise
  g: vec3f,
  lambda: vec3f,
  twoMu: vec3f,
  mu: vec3f,
  y110z101: vec3f,       // both diagonals and the coupling
  x110z011: vec3f,
  x101y011: vec3f,
  twist: mat3x3f,        // on z110, y101, x011
  corner: vec3f,         // on x111, y111, z111
}
@group(0) @binding(2) var<storage, read> place: array<u32>;  // grid node of each slot, or NONE
@group(0) @binding(3) var<storage, read> slot: array<u32>;   // slot of each grid node, or NONE
@group(0) @binding(4) var<storage, read> modulus: array<f32>; // MPa, by voxel

/** Four nodes of one x, below and above in y and z: each component in the modes 1, y, z, yz. */
struct Column { x: vec4f, y: vec4f, z: vec4f }

fn modes(v: vec4f) -> vec4f {
  let s = v.xz + v.yw;
  let d = v.yw - v.xz;
  return vec4f(s.x + s.y, d.x + d.y, s.y - s.x, d.y - d.x);
}
fn component(at: vec4u) -> vec4f {
  return vec4f(x[at.x], x[at.y], x[at.z], x[at.w]);
}
fn column(at: vec4u) -> Column {
  return Column(
    modes(component(at)), modes(component(at + level.stride)), modes(component(at + 2u * level.stride)),
  );
}

/** Forces of an element between two columns on the upper (side = 1) or the lower (-1) of them, in modes of y and z. */
fn pull(low: Column, high: Column, modulus: f32, side: f32) -> Column {
  let sx = low.x + high.x;
  let sy = low.y + high.y;
  let sz = low.z + high.z;
  let dx = high.x - low.x;
  let dy = high.y - low.y;
  let dz = high.z - low.z;
  let g = level.g;
  let stretch = vec3f(dx.x, sy.y, sz.z); // x100 y010 z001
  let normal = level.twoMu * stretch + level.lambda * dot(g, stretch);
  let xy = g.y * sx.y + g.x * dy.x;      // x010 y100
  let xz = g.z * sx.z + g.x * dz.x;      // x001 z100
  let yz = g.z * sy.z + g.y * sz.y;      // y001 z010
  let a = level.y110z101;
  let b = level.x110z011;
  let c = level.x101y011;
  let twist = level.twist * vec3f(dz.y, dy.z, sx.w); // z110 y101 x011
  let fx = vec4f(0.0, level.mu.y * xy, level.mu.z * xz, twist.z)
    + side * vec4f(normal.x, b.x * dx.y + b.z * sz.w, c.x * dx.z + c.z * sy.w, level.corner.x * dx.w);
  let fy = vec4f(0.0, normal.y, level.mu.z * yz, c.z * dx.z + c.y * sy.w)
    + side * vec4f(level.mu.x * xy, a.x * dy.y + a.z * dz.z, twist.y, level.corner.y * dy.w);
  let fz = vec4f(0.0, level.mu.y * yz, normal.z, b.z * dx.y + b.y * sz.w)
    + side * vec4f(level.mu.x * xz, twist.x, a.z * dy.y + a.y * dz.z, level.corner.z * dz.w);
  return Column(modulus * fx, modulus * fy, modulus * fz);
}

fn forceAt(item: u32) -> vec3f {
  let node = place[item];
  if (node == NONE) {
    return vec3f();
  }
  let nodes = level.size + 1u;
  let i = node % nodes.x;
  let j = (node / nodes.x) % nodes.y;
  let k = node / (nodes.x * nodes.y);
  var force = vec3f();
  for (var quadrant = 0u; quadrant < 4u; quadrant++) {
    let y = j - (quadrant & 1u); // of the pair; wraps round below 0
    let z = k - (quadrant >> 1u);
    if (y >= level.size.y || z >= level.size.z) {
      continue;
    }
    let voxel = i + level.size.x * (y + level.size.y * z);
    let left = select(0.0, modulus[voxel - 1u], i > 0u);
    let right = select(0.0, modulus[voxel], i < level.size.x);
    if (left == 0.0 && right == 0.0) {
      continue;
    }
    let first = i + nodes.x * (y + nodes.y * z);
    let above = first + nodes.x * nodes.y;
    let at = vec4u(slot[first], slot[first + nodes.x], slot[above], slot[above + nodes.x]);
    let here = column(at);
    let eta = select(-1.0, 1.0, (quadrant & 1u) == 1u); // on which side of the pair the node is
    let zeta = select(-1.0, 1.0, quadrant > 1u);
    let sign = vec4f(1.0, eta, zeta, eta * zeta);
    if (left > 0.0) {
      let f = pull(column(at - 1u), here, left, 1.0);
      force += vec3f(dot(f.x, sign), dot(f.y, sign), dot(f.z, sign));
    }
    if (right > 0.0) {
      let f = pull(here, column(at + 1u), right, -1.0);
      force += vec3f(dot(f.x, sign), dot(f.y, sign), dot(f.z, sign));
    }
  }
  return force;
}`);

/** The constants `Level` of the kernel. */
export function brickConstants({ runs, edges, stride }: VoxelLevel, poisson: number): Uint32Array {
  const words = new Uint32Array(4 + 4 * 11);
  words.set([...runs.size, stride]);
  const c = brickCoefficients(edges, poisson).subarray(BRICK);
  const [ea, eb, ec, eab, eac, ebc] = c.subarray(21, 27) as unknown as [number, number, number, number, number, number];
  const numbers = [...c.subarray(0, 21), ea, eab, eac, eab, eb, ebc, eac, ebc, ec, ...c.subarray(27, 30)];
  const floats = new Float32Array(words.buffer, 16);
  numbers.forEach((value, i) => {
    floats[4 * Math.floor(i / 3) + (i % 3)] = value; // a vec3f takes the place of four
  });
  return words;
}

/** The maps `place` and `slot` of the kernel. */
export function brickMaps({ runs, nodeRuns, stride }: VoxelLevel): { place: Uint32Array; slot: Uint32Array } {
  const [nx, ny, nz] = runs.size;
  const place = new Uint32Array(stride).fill(0xffffffff);
  const slot = new Uint32Array((nx + 1) * (ny + 1) * (nz + 1)).fill(0xffffffff);
  for (let row = 0; row < (ny + 1) * (nz + 1); row++)
    for (let r = nodeRuns.row[row]!; r < nodeRuns.row[row + 1]!; r++)
      for (let n = 0; n < nodeRuns.count[r]!; n++) {
        const node = nodeRuns.begin[r]! + n + (nx + 1) * row;
        place[nodeRuns.slot[r]! + n] = node;
        slot[node] = nodeRuns.slot[r]! + n;
      }
  return { place, slot };
}

/** Moduli (MPa) by element as moduli by voxel. */
export function modulusByVoxel(level: VoxelLevel, moduli: Float32Array): Float32Array {
  const voxels = new Float32Array(voxelCount(level.runs.size));
  elementVoxels(level).forEach((voxel, element) => {
    voxels[voxel] = moduli[element]!;
  });
  return voxels;
}
