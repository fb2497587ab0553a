// The operator y += K·x of one layer of elements with one modulus each, in f32 or f64.
//
// The sums and differences of the eight nodal values along x, y, z (Hadamard modes, named by the axes along which they
// are differences: x101 is the x displacement differenced along x and z) take the 24×24 stiffness of a brick apart into
// small blocks, because the eight monomials 1, ξ, η, ζ, ξη, … are orthogonal over the element. The blocks, for a cube
// and λ, μ of unit modulus, times E·h/16:
//   λ everywhere + 2μ on the diagonal      on x100 y010 z001
//   μ (1 1; 1 1)                           on (x010 y100) (x001 z100) (y001 z010)
//   (λ+3μ)/3 on, λ/3 off the diagonal      on (y110 z101) (x110 z011) (x101 y011)
//   μ/3 (I + 1·1ᵀ)                         on z110 y101 x011
//   (λ+4μ)/9                               on x111 y111 z111
// A brick has the same blocks with the edges in the coefficients (src/solve/coefficients.ts writes them).
// Lanes are consecutive elements of a run; a lane past its end has modulus 0.
import { coefficients, layerRun, moduli, runRecord, stride } from "./level";
import { addRow, carried, coefficient, moduliAt, row, zero } from "./lanes";

/** y += K·x of one layer of cubes. */
export function applyCubes<T>(level: usize, layer: i32, x: usize, y: usize): void {
  const lanes: usize = 16 / sizeof<T>();
  const hop = stride(level) * sizeof<T>();
  const x0 = x, y0 = x + hop, z0 = y0 + hop, fx = y, fy = y + hop, fz = fy + hop;
  const at = coefficients(level);
  const q1 = coefficient<T>(at, 0);
  const q2 = coefficient<T>(at, 1);
  const q3 = coefficient<T>(at, 2);
  const q4 = coefficient<T>(at, 3);
  const q5 = coefficient<T>(at, 4);
  const q6 = coefficient<T>(at, 5);
  const q7 = coefficient<T>(at, 6);
  const last = layerRun(level, layer + 1);
  for (let r = layerRun(level, layer); r < last; r++) {
    const run = runRecord(level, r);
    const modulus = moduli(level) + (<usize>load<i32>(run) << 2), count = <usize>load<i32>(run, 4);
    const n00 = <usize>load<i32>(run, 8), n10 = <usize>load<i32>(run, 12), n01 = <usize>load<i32>(run, 16), n11 = <usize>load<i32>(run, 20);
    // what the upper x faces of the block before give to this block's first column, in modes of y and z
    let xh00 = zero<T>(), xh10 = zero<T>(), xh01 = zero<T>(), xh11 = zero<T>();
    let yh00 = zero<T>(), yh10 = zero<T>(), yh01 = zero<T>(), yh11 = zero<T>();
    let zh00 = zero<T>(), zh10 = zero<T>(), zh01 = zero<T>(), zh11 = zero<T>();
    for (let i: usize = 0; i <= count; i += lanes) {
      let x001: v128, x010: v128, x011: v128, x100: v128, x101: v128, x110: v128, x111: v128;
      let y001: v128, y010: v128, y011: v128, y100: v128, y101: v128, y110: v128, y111: v128;
      let z001: v128, z010: v128, z011: v128, z100: v128, z101: v128, z110: v128, z111: v128;
      {
        const a00 = row<T>(x0, n00, i), b00 = row<T>(x0, n00, i + 1);
        const a10 = row<T>(x0, n10, i), b10 = row<T>(x0, n10, i + 1);
        const a01 = row<T>(x0, n01, i), b01 = row<T>(x0, n01, i + 1);
        const a11 = row<T>(x0, n11, i), b11 = row<T>(x0, n11, i + 1);
        let s00 = v128.add<T>(a00, b00), s10 = v128.add<T>(a10, b10), s01 = v128.add<T>(a01, b01), s11 = v128.add<T>(a11, b11);
        let d00 = v128.sub<T>(b00, a00), d10 = v128.sub<T>(b10, a10), d01 = v128.sub<T>(b01, a01), d11 = v128.sub<T>(b11, a11);
        const sp0 = v128.add<T>(s00, s10), sm0 = v128.sub<T>(s10, s00), sp1 = v128.add<T>(s01, s11), sm1 = v128.sub<T>(s11, s01);
        const dp0 = v128.add<T>(d00, d10), dm0 = v128.sub<T>(d10, d00), dp1 = v128.add<T>(d01, d11), dm1 = v128.sub<T>(d11, d01);
        x001 = v128.sub<T>(sp1, sp0); x010 = v128.add<T>(sm0, sm1); x011 = v128.sub<T>(sm1, sm0);
        x100 = v128.add<T>(dp0, dp1); x101 = v128.sub<T>(dp1, dp0); x110 = v128.add<T>(dm0, dm1); x111 = v128.sub<T>(dm1, dm0);
      }
      {
        const a00 = row<T>(y0, n00, i), b00 = row<T>(y0, n00, i + 1);
        const a10 = row<T>(y0, n10, i), b10 = row<T>(y0, n10, i + 1);
        const a01 = row<T>(y0, n01, i), b01 = row<T>(y0, n01, i + 1);
        const a11 = row<T>(y0, n11, i), b11 = row<T>(y0, n11, i + 1);
        let s00 = v128.add<T>(a00, b00), s10 = v128.add<T>(a10, b10), s01 = v128.add<T>(a01, b01), s11 = v128.add<T>(a11, b11);
        let d00 = v128.sub<T>(b00, a00), d10 = v128.sub<T>(b10, a10), d01 = v128.sub<T>(b01, a01), d11 = v128.sub<T>(b11, a11);
        const sp0 = v128.add<T>(s00, s10), sm0 = v128.sub<T>(s10, s00), sp1 = v128.add<T>(s01, s11), sm1 = v128.sub<T>(s11, s01);
        const dp0 = v128.add<T>(d00, d10), dm0 = v128.sub<T>(d10, d00), dp1 = v128.add<T>(d01, d11), dm1 = v128.sub<T>(d11, d01);
        y001 = v128.sub<T>(sp1, sp0); y010 = v128.add<T>(sm0, sm1); y011 = v128.sub<T>(sm1, sm0);
        y100 = v128.add<T>(dp0, dp1); y101 = v128.sub<T>(dp1, dp0); y110 = v128.add<T>(dm0, dm1); y111 = v128.sub<T>(dm1, dm0);
      }
      {
        const a00 = row<T>(z0, n00, i), b00 = row<T>(z0, n00, i + 1);
        const a10 = row<T>(z0, n10, i), b10 = row<T>(z0, n10, i + 1);
        const a01 = row<T>(z0, n01, i), b01 = row<T>(z0, n01, i + 1);
        const a11 = row<T>(z0, n11, i), b11 = row<T>(z0, n11, i + 1);
        let s00 = v128.add<T>(a00, b00), s10 = v128.add<T>(a10, b10), s01 = v128.add<T>(a01, b01), s11 = v128.add<T>(a11, b11);
        let d00 = v128.sub<T>(b00, a00), d10 = v128.sub<T>(b10, a10), d01 = v128.sub<T>(b01, a01), d11 = v128.sub<T>(b11, a11);
        const sp0 = v128.add<T>(s00, s10), sm0 = v128.sub<T>(s10, s00), sp1 = v128.add<T>(s01, s11), sm1 = v128.sub<T>(s11, s01);
        const dp0 = v128.add<T>(d00, d10), dm0 = v128.sub<T>(d10, d00), dp1 = v128.add<T>(d01, d11), dm1 = v128.sub<T>(d11, d01);
        z001 = v128.sub<T>(sp1, sp0); z010 = v128.add<T>(sm0, sm1); z011 = v128.sub<T>(sm1, sm0);
        z100 = v128.add<T>(dp0, dp1); z101 = v128.sub<T>(dp1, dp0); z110 = v128.add<T>(dm0, dm1); z111 = v128.sub<T>(dm1, dm0);
      }
      const e = moduliAt<T>(modulus, i);
      const k1 = v128.mul<T>(q1, e), k2 = v128.mul<T>(q2, e), k3 = v128.mul<T>(q3, e), k4 = v128.mul<T>(q4, e), k5 = v128.mul<T>(q5, e), k6 = v128.mul<T>(q6, e), k7 = v128.mul<T>(q7, e);
      const trace = v128.mul<T>(k1, v128.add<T>(v128.add<T>(x100, y010), z001));
      x100 = v128.add<T>(trace, v128.mul<T>(k2, x100));
      y010 = v128.add<T>(trace, v128.mul<T>(k2, y010));
      z001 = v128.add<T>(trace, v128.mul<T>(k2, z001));
      x010 = y100 = v128.mul<T>(k3, v128.add<T>(x010, y100));
      x001 = z100 = v128.mul<T>(k3, v128.add<T>(x001, z100));
      y001 = z010 = v128.mul<T>(k3, v128.add<T>(y001, z010));
      { const a = y110, b = z101; y110 = v128.add<T>(v128.mul<T>(k4, a), v128.mul<T>(k5, b)); z101 = v128.add<T>(v128.mul<T>(k5, a), v128.mul<T>(k4, b)); }
      { const a = x110, b = z011; x110 = v128.add<T>(v128.mul<T>(k4, a), v128.mul<T>(k5, b)); z011 = v128.add<T>(v128.mul<T>(k5, a), v128.mul<T>(k4, b)); }
      { const a = x101, b = y011; x101 = v128.add<T>(v128.mul<T>(k4, a), v128.mul<T>(k5, b)); y011 = v128.add<T>(v128.mul<T>(k5, a), v128.mul<T>(k4, b)); }
      const twist = v128.add<T>(v128.add<T>(z110, y101), x011);
      z110 = v128.mul<T>(k6, v128.add<T>(twist, z110));
      y101 = v128.mul<T>(k6, v128.add<T>(twist, y101));
      x011 = v128.mul<T>(k6, v128.add<T>(twist, x011));
      x111 = v128.mul<T>(k7, x111);
      y111 = v128.mul<T>(k7, y111);
      z111 = v128.mul<T>(k7, z111);
      {
        const h00 = x100, l00 = v128.neg<T>(x100);
        const h10 = v128.add<T>(x010, x110), l10 = v128.sub<T>(x010, x110);
        const h01 = v128.add<T>(x001, x101), l01 = v128.sub<T>(x001, x101);
        const h11 = v128.add<T>(x011, x111), l11 = v128.sub<T>(x011, x111);
        const c00 = v128.add<T>(l00, carried<T>(xh00, h00)); xh00 = h00;
        const c10 = v128.add<T>(l10, carried<T>(xh10, h10)); xh10 = h10;
        const c01 = v128.add<T>(l01, carried<T>(xh01, h01)); xh01 = h01;
        const c11 = v128.add<T>(l11, carried<T>(xh11, h11)); xh11 = h11;
        const p0 = v128.sub<T>(c00, c01), p1 = v128.add<T>(c00, c01), q0 = v128.sub<T>(c10, c11), q1 = v128.add<T>(c10, c11);
        addRow<T>(fx, n00, i, v128.sub<T>(p0, q0)); addRow<T>(fx, n10, i, v128.add<T>(p0, q0));
        addRow<T>(fx, n01, i, v128.sub<T>(p1, q1)); addRow<T>(fx, n11, i, v128.add<T>(p1, q1));
      }
      {
        const h00 = y100, l00 = v128.neg<T>(y100);
        const h10 = v128.add<T>(y010, y110), l10 = v128.sub<T>(y010, y110);
        const h01 = v128.add<T>(y001, y101), l01 = v128.sub<T>(y001, y101);
        const h11 = v128.add<T>(y011, y111), l11 = v128.sub<T>(y011, y111);
        const c00 = v128.add<T>(l00, carried<T>(yh00, h00)); yh00 = h00;
        const c10 = v128.add<T>(l10, carried<T>(yh10, h10)); yh10 = h10;
        const c01 = v128.add<T>(l01, carried<T>(yh01, h01)); yh01 = h01;
        const c11 = v128.add<T>(l11, carried<T>(yh11, h11)); yh11 = h11;
        const p0 = v128.sub<T>(c00, c01), p1 = v128.add<T>(c00, c01), q0 = v128.sub<T>(c10, c11), q1 = v128.add<T>(c10, c11);
        addRow<T>(fy, n00, i, v128.sub<T>(p0, q0)); addRow<T>(fy, n10, i, v128.add<T>(p0, q0));
        addRow<T>(fy, n01, i, v128.sub<T>(p1, q1)); addRow<T>(fy, n11, i, v128.add<T>(p1, q1));
      }
      {
        const h00 = z100, l00 = v128.neg<T>(z100);
        const h10 = v128.add<T>(z010, z110), l10 = v128.sub<T>(z010, z110);
        const h01 = v128.add<T>(z001, z101), l01 = v128.sub<T>(z001, z101);
        const h11 = v128.add<T>(z011, z111), l11 = v128.sub<T>(z011, z111);
        const c00 = v128.add<T>(l00, carried<T>(zh00, h00)); zh00 = h00;
        const c10 = v128.add<T>(l10, carried<T>(zh10, h10)); zh10 = h10;
        const c01 = v128.add<T>(l01, carried<T>(zh01, h01)); zh01 = h01;
        const c11 = v128.add<T>(l11, carried<T>(zh11, h11)); zh11 = h11;
        const p0 = v128.sub<T>(c00, c01), p1 = v128.add<T>(c00, c01), q0 = v128.sub<T>(c10, c11), q1 = v128.add<T>(c10, c11);
        addRow<T>(fz, n00, i, v128.sub<T>(p0, q0)); addRow<T>(fz, n10, i, v128.add<T>(p0, q0));
        addRow<T>(fz, n01, i, v128.sub<T>(p1, q1)); addRow<T>(fz, n11, i, v128.add<T>(p1, q1));
      }
    }
  }
}

/** y += K·x of one layer of bricks with three edges. */
export function applyBricks<T>(level: usize, layer: i32, x: usize, y: usize): void {
  const lanes: usize = 16 / sizeof<T>();
  const hop = stride(level) * sizeof<T>();
  const x0 = x, y0 = x + hop, z0 = y0 + hop, fx = y, fy = y + hop, fz = fy + hop;
  const at = coefficients(level);
  const g0 = coefficient<T>(at, 8);
  const g1 = coefficient<T>(at, 9);
  const g2 = coefficient<T>(at, 10);
  const l0 = coefficient<T>(at, 11);
  const l1 = coefficient<T>(at, 12);
  const l2 = coefficient<T>(at, 13);
  const m0 = coefficient<T>(at, 14);
  const m1 = coefficient<T>(at, 15);
  const m2 = coefficient<T>(at, 16);
  const t0 = coefficient<T>(at, 17);
  const t1 = coefficient<T>(at, 18);
  const t2 = coefficient<T>(at, 19);
  const da0 = coefficient<T>(at, 20);
  const db0 = coefficient<T>(at, 21);
  const do0 = coefficient<T>(at, 22);
  const da1 = coefficient<T>(at, 23);
  const db1 = coefficient<T>(at, 24);
  const do1 = coefficient<T>(at, 25);
  const da2 = coefficient<T>(at, 26);
  const db2 = coefficient<T>(at, 27);
  const do2 = coefficient<T>(at, 28);
  const ea = coefficient<T>(at, 29);
  const eb = coefficient<T>(at, 30);
  const ec = coefficient<T>(at, 31);
  const eab = coefficient<T>(at, 32);
  const eac = coefficient<T>(at, 33);
  const ebc = coefficient<T>(at, 34);
  const h0 = coefficient<T>(at, 35);
  const h1 = coefficient<T>(at, 36);
  const h2 = coefficient<T>(at, 37);
  const last = layerRun(level, layer + 1);
  for (let r = layerRun(level, layer); r < last; r++) {
    const run = runRecord(level, r);
    const modulus = moduli(level) + (<usize>load<i32>(run) << 2), count = <usize>load<i32>(run, 4);
    const n00 = <usize>load<i32>(run, 8), n10 = <usize>load<i32>(run, 12), n01 = <usize>load<i32>(run, 16), n11 = <usize>load<i32>(run, 20);
    // what the upper x faces of the block before give to this block's first column, in modes of y and z
    let xh00 = zero<T>(), xh10 = zero<T>(), xh01 = zero<T>(), xh11 = zero<T>();
    let yh00 = zero<T>(), yh10 = zero<T>(), yh01 = zero<T>(), yh11 = zero<T>();
    let zh00 = zero<T>(), zh10 = zero<T>(), zh01 = zero<T>(), zh11 = zero<T>();
    for (let i: usize = 0; i <= count; i += lanes) {
      let x001: v128, x010: v128, x011: v128, x100: v128, x101: v128, x110: v128, x111: v128;
      let y001: v128, y010: v128, y011: v128, y100: v128, y101: v128, y110: v128, y111: v128;
      let z001: v128, z010: v128, z011: v128, z100: v128, z101: v128, z110: v128, z111: v128;
      {
        const a00 = row<T>(x0, n00, i), b00 = row<T>(x0, n00, i + 1);
        const a10 = row<T>(x0, n10, i), b10 = row<T>(x0, n10, i + 1);
        const a01 = row<T>(x0, n01, i), b01 = row<T>(x0, n01, i + 1);
        const a11 = row<T>(x0, n11, i), b11 = row<T>(x0, n11, i + 1);
        let s00 = v128.add<T>(a00, b00), s10 = v128.add<T>(a10, b10), s01 = v128.add<T>(a01, b01), s11 = v128.add<T>(a11, b11);
        let d00 = v128.sub<T>(b00, a00), d10 = v128.sub<T>(b10, a10), d01 = v128.sub<T>(b01, a01), d11 = v128.sub<T>(b11, a11);
        const sp0 = v128.add<T>(s00, s10), sm0 = v128.sub<T>(s10, s00), sp1 = v128.add<T>(s01, s11), sm1 = v128.sub<T>(s11, s01);
        const dp0 = v128.add<T>(d00, d10), dm0 = v128.sub<T>(d10, d00), dp1 = v128.add<T>(d01, d11), dm1 = v128.sub<T>(d11, d01);
        x001 = v128.sub<T>(sp1, sp0); x010 = v128.add<T>(sm0, sm1); x011 = v128.sub<T>(sm1, sm0);
        x100 = v128.add<T>(dp0, dp1); x101 = v128.sub<T>(dp1, dp0); x110 = v128.add<T>(dm0, dm1); x111 = v128.sub<T>(dm1, dm0);
      }
      {
        const a00 = row<T>(y0, n00, i), b00 = row<T>(y0, n00, i + 1);
        const a10 = row<T>(y0, n10, i), b10 = row<T>(y0, n10, i + 1);
        const a01 = row<T>(y0, n01, i), b01 = row<T>(y0, n01, i + 1);
        const a11 = row<T>(y0, n11, i), b11 = row<T>(y0, n11, i + 1);
        let s00 = v128.add<T>(a00, b00), s10 = v128.add<T>(a10, b10), s01 = v128.add<T>(a01, b01), s11 = v128.add<T>(a11, b11);
        let d00 = v128.sub<T>(b00, a00), d10 = v128.sub<T>(b10, a10), d01 = v128.sub<T>(b01, a01), d11 = v128.sub<T>(b11, a11);
        const sp0 = v128.add<T>(s00, s10), sm0 = v128.sub<T>(s10, s00), sp1 = v128.add<T>(s01, s11), sm1 = v128.sub<T>(s11, s01);
        const dp0 = v128.add<T>(d00, d10), dm0 = v128.sub<T>(d10, d00), dp1 = v128.add<T>(d01, d11), dm1 = v128.sub<T>(d11, d01);
        y001 = v128.sub<T>(sp1, sp0); y010 = v128.add<T>(sm0, sm1); y011 = v128.sub<T>(sm1, sm0);
        y100 = v128.add<T>(dp0, dp1); y101 = v128.sub<T>(dp1, dp0); y110 = v128.add<T>(dm0, dm1); y111 = v128.sub<T>(dm1, dm0);
      }
      {
        const a00 = row<T>(z0, n00, i), b00 = row<T>(z0, n00, i + 1);
        const a10 = row<T>(z0, n10, i), b10 = row<T>(z0, n10, i + 1);
        const a01 = row<T>(z0, n01, i), b01 = row<T>(z0, n01, i + 1);
        const a11 = row<T>(z0, n11, i), b11 = row<T>(z0, n11, i + 1);
        let s00 = v128.add<T>(a00, b00), s10 = v128.add<T>(a10, b10), s01 = v128.add<T>(a01, b01), s11 = v128.add<T>(a11, b11);
        let d00 = v128.sub<T>(b00, a00), d10 = v128.sub<T>(b10, a10), d01 = v128.sub<T>(b01, a01), d11 = v128.sub<T>(b11, a11);
        const sp0 = v128.add<T>(s00, s10), sm0 = v128.sub<T>(s10, s00), sp1 = v128.add<T>(s01, s11), sm1 = v128.sub<T>(s11, s01);
        const dp0 = v128.add<T>(d00, d10), dm0 = v128.sub<T>(d10, d00), dp1 = v128.add<T>(d01, d11), dm1 = v128.sub<T>(d11, d01);
        z001 = v128.sub<T>(sp1, sp0); z010 = v128.add<T>(sm0, sm1); z011 = v128.sub<T>(sm1, sm0);
        z100 = v128.add<T>(dp0, dp1); z101 = v128.sub<T>(dp1, dp0); z110 = v128.add<T>(dm0, dm1); z111 = v128.sub<T>(dm1, dm0);
      }
      const e = moduliAt<T>(modulus, i);
      x001 = v128.mul<T>(x001, e); x010 = v128.mul<T>(x010, e); x011 = v128.mul<T>(x011, e); x100 = v128.mul<T>(x100, e); x101 = v128.mul<T>(x101, e); x110 = v128.mul<T>(x110, e); x111 = v128.mul<T>(x111, e);
      y001 = v128.mul<T>(y001, e); y010 = v128.mul<T>(y010, e); y011 = v128.mul<T>(y011, e); y100 = v128.mul<T>(y100, e); y101 = v128.mul<T>(y101, e); y110 = v128.mul<T>(y110, e); y111 = v128.mul<T>(y111, e);
      z001 = v128.mul<T>(z001, e); z010 = v128.mul<T>(z010, e); z011 = v128.mul<T>(z011, e); z100 = v128.mul<T>(z100, e); z101 = v128.mul<T>(z101, e); z110 = v128.mul<T>(z110, e); z111 = v128.mul<T>(z111, e);
      const trace = v128.add<T>(v128.add<T>(v128.mul<T>(g0, x100), v128.mul<T>(g1, y010)), v128.mul<T>(g2, z001));
      x100 = v128.add<T>(v128.mul<T>(l0, trace), v128.mul<T>(m0, x100));
      y010 = v128.add<T>(v128.mul<T>(l1, trace), v128.mul<T>(m1, y010));
      z001 = v128.add<T>(v128.mul<T>(l2, trace), v128.mul<T>(m2, z001));
      { const s = v128.add<T>(v128.mul<T>(g1, x010), v128.mul<T>(g0, y100)); x010 = v128.mul<T>(t1, s); y100 = v128.mul<T>(t0, s); }
      { const s = v128.add<T>(v128.mul<T>(g2, x001), v128.mul<T>(g0, z100)); x001 = v128.mul<T>(t2, s); z100 = v128.mul<T>(t0, s); }
      { const s = v128.add<T>(v128.mul<T>(g2, y001), v128.mul<T>(g1, z010)); y001 = v128.mul<T>(t2, s); z010 = v128.mul<T>(t1, s); }
      { const a = y110, b = z101; y110 = v128.add<T>(v128.mul<T>(da0, a), v128.mul<T>(do0, b)); z101 = v128.add<T>(v128.mul<T>(do0, a), v128.mul<T>(db0, b)); }
      { const a = x110, b = z011; x110 = v128.add<T>(v128.mul<T>(da1, a), v128.mul<T>(do1, b)); z011 = v128.add<T>(v128.mul<T>(do1, a), v128.mul<T>(db1, b)); }
      { const a = x101, b = y011; x101 = v128.add<T>(v128.mul<T>(da2, a), v128.mul<T>(do2, b)); y011 = v128.add<T>(v128.mul<T>(do2, a), v128.mul<T>(db2, b)); }
      { const a = z110, b = y101, c = x011; z110 = v128.add<T>(v128.add<T>(v128.mul<T>(ea, a), v128.mul<T>(eab, b)), v128.mul<T>(eac, c)); y101 = v128.add<T>(v128.add<T>(v128.mul<T>(eab, a), v128.mul<T>(eb, b)), v128.mul<T>(ebc, c)); x011 = v128.add<T>(v128.add<T>(v128.mul<T>(eac, a), v128.mul<T>(ebc, b)), v128.mul<T>(ec, c)); }
      x111 = v128.mul<T>(h0, x111);
      y111 = v128.mul<T>(h1, y111);
      z111 = v128.mul<T>(h2, z111);
      {
        const h00 = x100, l00 = v128.neg<T>(x100);
        const h10 = v128.add<T>(x010, x110), l10 = v128.sub<T>(x010, x110);
        const h01 = v128.add<T>(x001, x101), l01 = v128.sub<T>(x001, x101);
        const h11 = v128.add<T>(x011, x111), l11 = v128.sub<T>(x011, x111);
        const c00 = v128.add<T>(l00, carried<T>(xh00, h00)); xh00 = h00;
        const c10 = v128.add<T>(l10, carried<T>(xh10, h10)); xh10 = h10;
        const c01 = v128.add<T>(l01, carried<T>(xh01, h01)); xh01 = h01;
        const c11 = v128.add<T>(l11, carried<T>(xh11, h11)); xh11 = h11;
        const p0 = v128.sub<T>(c00, c01), p1 = v128.add<T>(c00, c01), q0 = v128.sub<T>(c10, c11), q1 = v128.add<T>(c10, c11);
        addRow<T>(fx, n00, i, v128.sub<T>(p0, q0)); addRow<T>(fx, n10, i, v128.add<T>(p0, q0));
        addRow<T>(fx, n01, i, v128.sub<T>(p1, q1)); addRow<T>(fx, n11, i, v128.add<T>(p1, q1));
      }
      {
        const h00 = y100, l00 = v128.neg<T>(y100);
        const h10 = v128.add<T>(y010, y110), l10 = v128.sub<T>(y010, y110);
        const h01 = v128.add<T>(y001, y101), l01 = v128.sub<T>(y001, y101);
        const h11 = v128.add<T>(y011, y111), l11 = v128.sub<T>(y011, y111);
        const c00 = v128.add<T>(l00, carried<T>(yh00, h00)); yh00 = h00;
        const c10 = v128.add<T>(l10, carried<T>(yh10, h10)); yh10 = h10;
        const c01 = v128.add<T>(l01, carried<T>(yh01, h01)); yh01 = h01;
        const c11 = v128.add<T>(l11, carried<T>(yh11, h11)); yh11 = h11;
        const p0 = v128.sub<T>(c00, c01), p1 = v128.add<T>(c00, c01), q0 = v128.sub<T>(c10, c11), q1 = v128.add<T>(c10, c11);
        addRow<T>(fy, n00, i, v128.sub<T>(p0, q0)); addRow<T>(fy, n10, i, v128.add<T>(p0, q0));
        addRow<T>(fy, n01, i, v128.sub<T>(p1, q1)); addRow<T>(fy, n11, i, v128.add<T>(p1, q1));
      }
      {
        const h00 = z100, l00 = v128.neg<T>(z100);
        const h10 = v128.add<T>(z010, z110), l10 = v128.sub<T>(z010, z110);
        const h01 = v128.add<T>(z001, z101), l01 = v128.sub<T>(z001, z101);
        const h11 = v128.add<T>(z011, z111), l11 = v128.sub<T>(z011, z111);
        const c00 = v128.add<T>(l00, carried<T>(zh00, h00)); zh00 = h00;
        const c10 = v128.add<T>(l10, carried<T>(zh10, h10)); zh10 = h10;
        const c01 = v128.add<T>(l01, carried<T>(zh01, h01)); zh01 = h01;
        const c11 = v128.add<T>(l11, carried<T>(zh11, h11)); zh11 = h11;
        const p0 = v128.sub<T>(c00, c01), p1 = v128.add<T>(c00, c01), q0 = v128.sub<T>(c10, c11), q1 = v128.add<T>(c10, c11);
        addRow<T>(fz, n00, i, v128.sub<T>(p0, q0)); addRow<T>(fz, n10, i, v128.add<T>(p0, q0));
        addRow<T>(fz, n01, i, v128.sub<T>(p1, q1)); addRow<T>(fz, n11, i, v128.add<T>(p1, q1));
      }
    }
  }
}
