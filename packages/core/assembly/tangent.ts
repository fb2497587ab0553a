// What the tangent of a point law (src/material/pointLaw.ts) has beyond the elastic operator: for the elements that
// yield, y += Σ_q Bᵀ·ΔC·B·x over their eight Gauss points. Lanes are Gauss points; f32, as a direction of search needs
// no more, the residual being formed elsewhere.
//
// The record, as 32-bit words (src/solve/layout.ts writes it):
//   0 f32 gradients ∂N_a/∂x_j [8·(3a + j) + q]    1 first element of each layer, and the end
//   2 i32 the eight nodes of each element         3 f32 upper triangles of ΔC times the points' volumes [8·c + q]
import { FREE, finishPlane } from "./finish";
import { layers, slabLayer, slabs, stride } from "./level";
import { barrier, nextShare } from "./team";

// @ts-ignore: decorator
@inline
function word(record: usize, at: usize): usize {
  return <usize>load<u32>(record + (at << 2));
}

/** y += ΔK·x, then 0 where fixed, and the planes' shares of x·y: completes a sweep with FREE. */
export function addTangents(level: usize, record: usize, x: usize, y: usize): void {
  const count = slabs(level), planes = layers(level) + 1;
  for (let share = nextShare(); 2 * share < count; share = nextShare()) addSlab(level, record, 2 * share, x, y);
  barrier();
  for (let share = nextShare(); 2 * share + 1 < count; share = nextShare()) addSlab(level, record, 2 * share + 1, x, y);
  barrier();
  for (let plane = nextShare(); plane < planes; plane = nextShare()) finishPlane<f64>(level, plane, x, y, FREE);
  barrier();
}

/** Elements of the layers of one slab; two slabs of a round share no plane of nodes. */
function addSlab(level: usize, record: usize, slab: i32, x: usize, y: usize): void {
  const hop = stride(level) << 3, gradients = word(record, 0);
  const first = load<i32>(word(record, 1) + (<usize>slabLayer(level, slab) << 2));
  const last = load<i32>(word(record, 1) + (<usize>slabLayer(level, slab + 1) << 2));
  for (let e = first; e < last; e++) {
    const nodes = word(record, 2) + (<usize>e << 5), stiffness = word(record, 3) + <usize>e * 672;
    addPoints(nodes, gradients, stiffness, x, y, hop);
    addPoints(nodes, gradients + 16, stiffness + 16, x, y, hop); // the other four points
  }
}

/** Four Gauss points of an element. */
function addPoints(nodes: usize, G: usize, C: usize, x: usize, y: usize, hop: usize): void {
  let xx = f32x4.splat(0), xy = xx, xz = xx, yx = xx, yy = xx, yz = xx, zx = xx, zy = xx, zz = xx; // component, axis
  for (let a: usize = 0; a < 8; a++) {
    const at = x + (<usize>load<i32>(nodes + (a << 2)) << 3);
    const u = f32x4.splat(<f32>load<f64>(at)), v = f32x4.splat(<f32>load<f64>(at + hop)), w = f32x4.splat(<f32>load<f64>(at + 2 * hop));
    const gx = v128.load(G + 96 * a), gy = v128.load(G + 96 * a, 32), gz = v128.load(G + 96 * a, 64);
    xx = f32x4.add(xx, f32x4.mul(u, gx)); xy = f32x4.add(xy, f32x4.mul(u, gy)); xz = f32x4.add(xz, f32x4.mul(u, gz));
    yx = f32x4.add(yx, f32x4.mul(v, gx)); yy = f32x4.add(yy, f32x4.mul(v, gy)); yz = f32x4.add(yz, f32x4.mul(v, gz));
    zx = f32x4.add(zx, f32x4.mul(w, gx)); zy = f32x4.add(zy, f32x4.mul(w, gy)); zz = f32x4.add(zz, f32x4.mul(w, gz));
  }
  const e0 = xx, e1 = yy, e2 = zz, e3 = f32x4.add(yz, zy), e4 = f32x4.add(xz, zx), e5 = f32x4.add(xy, yx);
  const c00 = v128.load(C), c01 = v128.load(C, 32), c02 = v128.load(C, 64), c03 = v128.load(C, 96), c04 = v128.load(C, 128), c05 = v128.load(C, 160);
  const c11 = v128.load(C, 192), c12 = v128.load(C, 224), c13 = v128.load(C, 256), c14 = v128.load(C, 288), c15 = v128.load(C, 320);
  const c22 = v128.load(C, 352), c23 = v128.load(C, 384), c24 = v128.load(C, 416), c25 = v128.load(C, 448);
  const c33 = v128.load(C, 480), c34 = v128.load(C, 512), c35 = v128.load(C, 544);
  const c44 = v128.load(C, 576), c45 = v128.load(C, 608), c55 = v128.load(C, 640);
  const s0 = dot6(c00, c01, c02, c03, c04, c05, e0, e1, e2, e3, e4, e5);
  const s1 = dot6(c01, c11, c12, c13, c14, c15, e0, e1, e2, e3, e4, e5);
  const s2 = dot6(c02, c12, c22, c23, c24, c25, e0, e1, e2, e3, e4, e5);
  const s3 = dot6(c03, c13, c23, c33, c34, c35, e0, e1, e2, e3, e4, e5);
  const s4 = dot6(c04, c14, c24, c34, c44, c45, e0, e1, e2, e3, e4, e5);
  const s5 = dot6(c05, c15, c25, c35, c45, c55, e0, e1, e2, e3, e4, e5);
  for (let a: usize = 0; a < 8; a++) {
    const at = y + (<usize>load<i32>(nodes + (a << 2)) << 3);
    const gx = v128.load(G + 96 * a), gy = v128.load(G + 96 * a, 32), gz = v128.load(G + 96 * a, 64);
    addSum(at, dot3(s0, s5, s4, gx, gy, gz));
    addSum(at + hop, dot3(s5, s1, s3, gx, gy, gz));
    addSum(at + 2 * hop, dot3(s4, s3, s2, gx, gy, gz));
  }
}

// @ts-ignore: decorator
@inline
function dot6(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, x5: v128): v128 {
  const first = f32x4.add(f32x4.add(f32x4.mul(a, x0), f32x4.mul(b, x1)), f32x4.mul(c, x2));
  return f32x4.add(first, f32x4.add(f32x4.add(f32x4.mul(d, x3), f32x4.mul(e, x4)), f32x4.mul(f, x5)));
}

// @ts-ignore: decorator
@inline
function dot3(a: v128, b: v128, c: v128, x: v128, y: v128, z: v128): v128 {
  return f32x4.add(f32x4.add(f32x4.mul(a, x), f32x4.mul(b, y)), f32x4.mul(c, z));
}

/** Adds the sum of the lanes to an f64. */
// @ts-ignore: decorator
@inline
function addSum(at: usize, lanes: v128): void {
  const pair = f32x4.add(lanes, v128.shuffle<f32>(lanes, lanes, 2, 3, 0, 1));
  store<f64>(at, load<f64>(at) + <f64>(f32x4.extract_lane(pair, 0) + f32x4.extract_lane(pair, 1)));
}
