// The operator of level 1: y += K·x of one layer of bricks with a modulus at each of the eight Gauss points, f32.
//
// This is the exact Galerkin product Pᵀ·K·P of the model with trilinear interpolation P: over each octant of the coarse
// brick the energy is a polynomial of degree 2 per axis, and for octants (not for smaller parts) the 2×2×2 Gauss points
// of the whole brick integrate it exactly when each point has a modulus mixed from the eight children by the weights
// (1 ± √3/2)/2 per axis. So the coarse correction never overshoots at the boundary of a void, and needs no matrix.
import { coefficients, layerRun, moduli, modulusStride, runRecord, stride } from "./level";
import { addRow, carried, coefficient, moduliAt, row, zero } from "./lanes";

/** y += K·x of one layer. */
export function applyGauss<T>(level: usize, layer: i32, x: usize, y: usize): void {
  const lanes: usize = 16 / sizeof<T>();
  const hop = stride(level) * sizeof<T>();
  const x0 = x, y0 = x + hop, z0 = y0 + hop, fx = y, fy = y + hop, fz = fy + hop;
  const at = coefficients(level), hopE = modulusStride(level) << 2;
  const gx = coefficient<T>(at, 40);
  const gy = coefficient<T>(at, 41);
  const gz = coefficient<T>(at, 42);
  const kx = coefficient<T>(at, 43);
  const ky = coefficient<T>(at, 44);
  const kz = coefficient<T>(at, 45);
  const wx = coefficient<T>(at, 46);
  const wy = coefficient<T>(at, 47);
  const wz = coefficient<T>(at, 48);
  const lam = coefficient<T>(at, 49);
  const mu = coefficient<T>(at, 50);
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
      let Fxx00: v128, Fxy00: v128, Fxz00: v128, Fyx00: v128, Fyy00: v128, Fyz00: v128, Fzx00: v128, Fzy00: v128, Fzz00: v128, Fyx10: v128, Fyy10: v128, Fyz10: v128, Fzx10: v128, Fzy10: v128, Fzz10: v128, Fxx10: v128, Fxy10: v128, Fxz10: v128, Fzx01: v128, Fzy01: v128, Fzz01: v128, Fzx11: v128, Fzy11: v128, Fzz11: v128, Fxx01: v128, Fxy01: v128, Fxz01: v128, Fyx01: v128, Fyy01: v128, Fyz01: v128, Fyx11: v128, Fyy11: v128, Fyz11: v128, Fxx11: v128, Fxy11: v128, Fxz11: v128;
      // ∂u/∂x at the four (y, z) signs of the Gauss points, and alike for y at (x, z) and z at (x, y)
      const xxb = v128.mul<T>(gx, x100), xxp = v128.mul<T>(kx, x110), xxq = v128.mul<T>(kx, x101), xxr = v128.mul<T>(wx, x111);
      const xxB = v128.sub<T>(xxb, xxq), xxA = v128.add<T>(xxb, xxq), xxP = v128.sub<T>(xxp, xxr), xxQ = v128.add<T>(xxp, xxr);
      const xx00 = v128.sub<T>(xxB, xxP), xx10 = v128.add<T>(xxB, xxP), xx01 = v128.sub<T>(xxA, xxQ), xx11 = v128.add<T>(xxA, xxQ);
      const xyb = v128.mul<T>(gx, y100), xyp = v128.mul<T>(kx, y110), xyq = v128.mul<T>(kx, y101), xyr = v128.mul<T>(wx, y111);
      const xyB = v128.sub<T>(xyb, xyq), xyA = v128.add<T>(xyb, xyq), xyP = v128.sub<T>(xyp, xyr), xyQ = v128.add<T>(xyp, xyr);
      const xy00 = v128.sub<T>(xyB, xyP), xy10 = v128.add<T>(xyB, xyP), xy01 = v128.sub<T>(xyA, xyQ), xy11 = v128.add<T>(xyA, xyQ);
      const xzb = v128.mul<T>(gx, z100), xzp = v128.mul<T>(kx, z110), xzq = v128.mul<T>(kx, z101), xzr = v128.mul<T>(wx, z111);
      const xzB = v128.sub<T>(xzb, xzq), xzA = v128.add<T>(xzb, xzq), xzP = v128.sub<T>(xzp, xzr), xzQ = v128.add<T>(xzp, xzr);
      const xz00 = v128.sub<T>(xzB, xzP), xz10 = v128.add<T>(xzB, xzP), xz01 = v128.sub<T>(xzA, xzQ), xz11 = v128.add<T>(xzA, xzQ);
      const yxb = v128.mul<T>(gy, x010), yxp = v128.mul<T>(ky, x110), yxq = v128.mul<T>(ky, x011), yxr = v128.mul<T>(wy, x111);
      const yxB = v128.sub<T>(yxb, yxq), yxA = v128.add<T>(yxb, yxq), yxP = v128.sub<T>(yxp, yxr), yxQ = v128.add<T>(yxp, yxr);
      const yx00 = v128.sub<T>(yxB, yxP), yx10 = v128.add<T>(yxB, yxP), yx01 = v128.sub<T>(yxA, yxQ), yx11 = v128.add<T>(yxA, yxQ);
      const yyb = v128.mul<T>(gy, y010), yyp = v128.mul<T>(ky, y110), yyq = v128.mul<T>(ky, y011), yyr = v128.mul<T>(wy, y111);
      const yyB = v128.sub<T>(yyb, yyq), yyA = v128.add<T>(yyb, yyq), yyP = v128.sub<T>(yyp, yyr), yyQ = v128.add<T>(yyp, yyr);
      const yy00 = v128.sub<T>(yyB, yyP), yy10 = v128.add<T>(yyB, yyP), yy01 = v128.sub<T>(yyA, yyQ), yy11 = v128.add<T>(yyA, yyQ);
      const yzb = v128.mul<T>(gy, z010), yzp = v128.mul<T>(ky, z110), yzq = v128.mul<T>(ky, z011), yzr = v128.mul<T>(wy, z111);
      const yzB = v128.sub<T>(yzb, yzq), yzA = v128.add<T>(yzb, yzq), yzP = v128.sub<T>(yzp, yzr), yzQ = v128.add<T>(yzp, yzr);
      const yz00 = v128.sub<T>(yzB, yzP), yz10 = v128.add<T>(yzB, yzP), yz01 = v128.sub<T>(yzA, yzQ), yz11 = v128.add<T>(yzA, yzQ);
      const zxb = v128.mul<T>(gz, x001), zxp = v128.mul<T>(kz, x101), zxq = v128.mul<T>(kz, x011), zxr = v128.mul<T>(wz, x111);
      const zxB = v128.sub<T>(zxb, zxq), zxA = v128.add<T>(zxb, zxq), zxP = v128.sub<T>(zxp, zxr), zxQ = v128.add<T>(zxp, zxr);
      const zx00 = v128.sub<T>(zxB, zxP), zx10 = v128.add<T>(zxB, zxP), zx01 = v128.sub<T>(zxA, zxQ), zx11 = v128.add<T>(zxA, zxQ);
      const zyb = v128.mul<T>(gz, y001), zyp = v128.mul<T>(kz, y101), zyq = v128.mul<T>(kz, y011), zyr = v128.mul<T>(wz, y111);
      const zyB = v128.sub<T>(zyb, zyq), zyA = v128.add<T>(zyb, zyq), zyP = v128.sub<T>(zyp, zyr), zyQ = v128.add<T>(zyp, zyr);
      const zy00 = v128.sub<T>(zyB, zyP), zy10 = v128.add<T>(zyB, zyP), zy01 = v128.sub<T>(zyA, zyQ), zy11 = v128.add<T>(zyA, zyQ);
      const zzb = v128.mul<T>(gz, z001), zzp = v128.mul<T>(kz, z101), zzq = v128.mul<T>(kz, z011), zzr = v128.mul<T>(wz, z111);
      const zzB = v128.sub<T>(zzb, zzq), zzA = v128.add<T>(zzb, zzq), zzP = v128.sub<T>(zzp, zzr), zzQ = v128.add<T>(zzp, zzr);
      const zz00 = v128.sub<T>(zzB, zzP), zz10 = v128.add<T>(zzB, zzP), zz01 = v128.sub<T>(zzA, zzQ), zz11 = v128.add<T>(zzA, zzQ);
      // Gauss point 0
      {
      const e0 = moduliAt<T>(modulus + 0 * hopE, i);
      const trace = v128.mul<T>(e0, v128.mul<T>(lam, v128.add<T>(v128.add<T>(xx00, yy00), zz00))), em = v128.mul<T>(e0, mu), em2 = v128.add<T>(em, em);
      const sxx = v128.add<T>(trace, v128.mul<T>(em2, xx00)), syy = v128.add<T>(trace, v128.mul<T>(em2, yy00)), szz = v128.add<T>(trace, v128.mul<T>(em2, zz00));
      const sxy = v128.mul<T>(em, v128.add<T>(yx00, xy00)), sxz = v128.mul<T>(em, v128.add<T>(zx00, xz00)), syz = v128.mul<T>(em, v128.add<T>(zy00, yz00));
      Fxx00 = sxx;
      Fxy00 = sxy;
      Fxz00 = sxz;
      Fyx00 = sxy;
      Fyy00 = syy;
      Fyz00 = syz;
      Fzx00 = sxz;
      Fzy00 = syz;
      Fzz00 = szz;
      }
      // Gauss point 1
      {
      const e1 = moduliAt<T>(modulus + 1 * hopE, i);
      const trace = v128.mul<T>(e1, v128.mul<T>(lam, v128.add<T>(v128.add<T>(xx00, yy10), zz10))), em = v128.mul<T>(e1, mu), em2 = v128.add<T>(em, em);
      const sxx = v128.add<T>(trace, v128.mul<T>(em2, xx00)), syy = v128.add<T>(trace, v128.mul<T>(em2, yy10)), szz = v128.add<T>(trace, v128.mul<T>(em2, zz10));
      const sxy = v128.mul<T>(em, v128.add<T>(yx10, xy00)), sxz = v128.mul<T>(em, v128.add<T>(zx10, xz00)), syz = v128.mul<T>(em, v128.add<T>(zy10, yz10));
      Fxx00 = v128.add<T>(Fxx00, sxx);
      Fxy00 = v128.add<T>(Fxy00, sxy);
      Fxz00 = v128.add<T>(Fxz00, sxz);
      Fyx10 = sxy;
      Fyy10 = syy;
      Fyz10 = syz;
      Fzx10 = sxz;
      Fzy10 = syz;
      Fzz10 = szz;
      }
      // Gauss point 2
      {
      const e2 = moduliAt<T>(modulus + 2 * hopE, i);
      const trace = v128.mul<T>(e2, v128.mul<T>(lam, v128.add<T>(v128.add<T>(xx10, yy00), zz01))), em = v128.mul<T>(e2, mu), em2 = v128.add<T>(em, em);
      const sxx = v128.add<T>(trace, v128.mul<T>(em2, xx10)), syy = v128.add<T>(trace, v128.mul<T>(em2, yy00)), szz = v128.add<T>(trace, v128.mul<T>(em2, zz01));
      const sxy = v128.mul<T>(em, v128.add<T>(yx00, xy10)), sxz = v128.mul<T>(em, v128.add<T>(zx01, xz10)), syz = v128.mul<T>(em, v128.add<T>(zy01, yz00));
      Fxx10 = sxx;
      Fxy10 = sxy;
      Fxz10 = sxz;
      Fyx00 = v128.add<T>(Fyx00, sxy);
      Fyy00 = v128.add<T>(Fyy00, syy);
      Fyz00 = v128.add<T>(Fyz00, syz);
      Fzx01 = sxz;
      Fzy01 = syz;
      Fzz01 = szz;
      }
      // Gauss point 3
      {
      const e3 = moduliAt<T>(modulus + 3 * hopE, i);
      const trace = v128.mul<T>(e3, v128.mul<T>(lam, v128.add<T>(v128.add<T>(xx10, yy10), zz11))), em = v128.mul<T>(e3, mu), em2 = v128.add<T>(em, em);
      const sxx = v128.add<T>(trace, v128.mul<T>(em2, xx10)), syy = v128.add<T>(trace, v128.mul<T>(em2, yy10)), szz = v128.add<T>(trace, v128.mul<T>(em2, zz11));
      const sxy = v128.mul<T>(em, v128.add<T>(yx10, xy10)), sxz = v128.mul<T>(em, v128.add<T>(zx11, xz10)), syz = v128.mul<T>(em, v128.add<T>(zy11, yz10));
      Fxx10 = v128.add<T>(Fxx10, sxx);
      Fxy10 = v128.add<T>(Fxy10, sxy);
      Fxz10 = v128.add<T>(Fxz10, sxz);
      Fyx10 = v128.add<T>(Fyx10, sxy);
      Fyy10 = v128.add<T>(Fyy10, syy);
      Fyz10 = v128.add<T>(Fyz10, syz);
      Fzx11 = sxz;
      Fzy11 = syz;
      Fzz11 = szz;
      }
      // Gauss point 4
      {
      const e4 = moduliAt<T>(modulus + 4 * hopE, i);
      const trace = v128.mul<T>(e4, v128.mul<T>(lam, v128.add<T>(v128.add<T>(xx01, yy01), zz00))), em = v128.mul<T>(e4, mu), em2 = v128.add<T>(em, em);
      const sxx = v128.add<T>(trace, v128.mul<T>(em2, xx01)), syy = v128.add<T>(trace, v128.mul<T>(em2, yy01)), szz = v128.add<T>(trace, v128.mul<T>(em2, zz00));
      const sxy = v128.mul<T>(em, v128.add<T>(yx01, xy01)), sxz = v128.mul<T>(em, v128.add<T>(zx00, xz01)), syz = v128.mul<T>(em, v128.add<T>(zy00, yz01));
      Fxx01 = sxx;
      Fxy01 = sxy;
      Fxz01 = sxz;
      Fyx01 = sxy;
      Fyy01 = syy;
      Fyz01 = syz;
      Fzx00 = v128.add<T>(Fzx00, sxz);
      Fzy00 = v128.add<T>(Fzy00, syz);
      Fzz00 = v128.add<T>(Fzz00, szz);
      }
      // Gauss point 5
      {
      const e5 = moduliAt<T>(modulus + 5 * hopE, i);
      const trace = v128.mul<T>(e5, v128.mul<T>(lam, v128.add<T>(v128.add<T>(xx01, yy11), zz10))), em = v128.mul<T>(e5, mu), em2 = v128.add<T>(em, em);
      const sxx = v128.add<T>(trace, v128.mul<T>(em2, xx01)), syy = v128.add<T>(trace, v128.mul<T>(em2, yy11)), szz = v128.add<T>(trace, v128.mul<T>(em2, zz10));
      const sxy = v128.mul<T>(em, v128.add<T>(yx11, xy01)), sxz = v128.mul<T>(em, v128.add<T>(zx10, xz01)), syz = v128.mul<T>(em, v128.add<T>(zy10, yz11));
      Fxx01 = v128.add<T>(Fxx01, sxx);
      Fxy01 = v128.add<T>(Fxy01, sxy);
      Fxz01 = v128.add<T>(Fxz01, sxz);
      Fyx11 = sxy;
      Fyy11 = syy;
      Fyz11 = syz;
      Fzx10 = v128.add<T>(Fzx10, sxz);
      Fzy10 = v128.add<T>(Fzy10, syz);
      Fzz10 = v128.add<T>(Fzz10, szz);
      }
      // Gauss point 6
      {
      const e6 = moduliAt<T>(modulus + 6 * hopE, i);
      const trace = v128.mul<T>(e6, v128.mul<T>(lam, v128.add<T>(v128.add<T>(xx11, yy01), zz01))), em = v128.mul<T>(e6, mu), em2 = v128.add<T>(em, em);
      const sxx = v128.add<T>(trace, v128.mul<T>(em2, xx11)), syy = v128.add<T>(trace, v128.mul<T>(em2, yy01)), szz = v128.add<T>(trace, v128.mul<T>(em2, zz01));
      const sxy = v128.mul<T>(em, v128.add<T>(yx01, xy11)), sxz = v128.mul<T>(em, v128.add<T>(zx01, xz11)), syz = v128.mul<T>(em, v128.add<T>(zy01, yz01));
      Fxx11 = sxx;
      Fxy11 = sxy;
      Fxz11 = sxz;
      Fyx01 = v128.add<T>(Fyx01, sxy);
      Fyy01 = v128.add<T>(Fyy01, syy);
      Fyz01 = v128.add<T>(Fyz01, syz);
      Fzx01 = v128.add<T>(Fzx01, sxz);
      Fzy01 = v128.add<T>(Fzy01, syz);
      Fzz01 = v128.add<T>(Fzz01, szz);
      }
      // Gauss point 7
      {
      const e7 = moduliAt<T>(modulus + 7 * hopE, i);
      const trace = v128.mul<T>(e7, v128.mul<T>(lam, v128.add<T>(v128.add<T>(xx11, yy11), zz11))), em = v128.mul<T>(e7, mu), em2 = v128.add<T>(em, em);
      const sxx = v128.add<T>(trace, v128.mul<T>(em2, xx11)), syy = v128.add<T>(trace, v128.mul<T>(em2, yy11)), szz = v128.add<T>(trace, v128.mul<T>(em2, zz11));
      const sxy = v128.mul<T>(em, v128.add<T>(yx11, xy11)), sxz = v128.mul<T>(em, v128.add<T>(zx11, xz11)), syz = v128.mul<T>(em, v128.add<T>(zy11, yz11));
      Fxx11 = v128.add<T>(Fxx11, sxx);
      Fxy11 = v128.add<T>(Fxy11, sxy);
      Fxz11 = v128.add<T>(Fxz11, sxz);
      Fyx11 = v128.add<T>(Fyx11, sxy);
      Fyy11 = v128.add<T>(Fyy11, syy);
      Fyz11 = v128.add<T>(Fyz11, syz);
      Fzx11 = v128.add<T>(Fzx11, sxz);
      Fzy11 = v128.add<T>(Fzy11, syz);
      Fzz11 = v128.add<T>(Fzz11, szz);
      }
      const Fxxa = v128.add<T>(Fxx00, Fxx10), Fxxb = v128.sub<T>(Fxx10, Fxx00), Fxxc = v128.add<T>(Fxx01, Fxx11), Fxxd = v128.sub<T>(Fxx11, Fxx01);
      const Fxya = v128.add<T>(Fxy00, Fxy10), Fxyb = v128.sub<T>(Fxy10, Fxy00), Fxyc = v128.add<T>(Fxy01, Fxy11), Fxyd = v128.sub<T>(Fxy11, Fxy01);
      const Fxza = v128.add<T>(Fxz00, Fxz10), Fxzb = v128.sub<T>(Fxz10, Fxz00), Fxzc = v128.add<T>(Fxz01, Fxz11), Fxzd = v128.sub<T>(Fxz11, Fxz01);
      const Fyxa = v128.add<T>(Fyx00, Fyx10), Fyxb = v128.sub<T>(Fyx10, Fyx00), Fyxc = v128.add<T>(Fyx01, Fyx11), Fyxd = v128.sub<T>(Fyx11, Fyx01);
      const Fyya = v128.add<T>(Fyy00, Fyy10), Fyyb = v128.sub<T>(Fyy10, Fyy00), Fyyc = v128.add<T>(Fyy01, Fyy11), Fyyd = v128.sub<T>(Fyy11, Fyy01);
      const Fyza = v128.add<T>(Fyz00, Fyz10), Fyzb = v128.sub<T>(Fyz10, Fyz00), Fyzc = v128.add<T>(Fyz01, Fyz11), Fyzd = v128.sub<T>(Fyz11, Fyz01);
      const Fzxa = v128.add<T>(Fzx00, Fzx10), Fzxb = v128.sub<T>(Fzx10, Fzx00), Fzxc = v128.add<T>(Fzx01, Fzx11), Fzxd = v128.sub<T>(Fzx11, Fzx01);
      const Fzya = v128.add<T>(Fzy00, Fzy10), Fzyb = v128.sub<T>(Fzy10, Fzy00), Fzyc = v128.add<T>(Fzy01, Fzy11), Fzyd = v128.sub<T>(Fzy11, Fzy01);
      const Fzza = v128.add<T>(Fzz00, Fzz10), Fzzb = v128.sub<T>(Fzz10, Fzz00), Fzzc = v128.add<T>(Fzz01, Fzz11), Fzzd = v128.sub<T>(Fzz11, Fzz01);
      x100 = v128.mul<T>(gx, v128.add<T>(Fxxa, Fxxc));
      x110 = v128.add<T>(v128.mul<T>(kx, v128.add<T>(Fxxb, Fxxd)), v128.mul<T>(ky, v128.add<T>(Fyxb, Fyxd)));
      x101 = v128.add<T>(v128.mul<T>(kx, v128.sub<T>(Fxxc, Fxxa)), v128.mul<T>(kz, v128.add<T>(Fzxb, Fzxd)));
      x111 = v128.add<T>(v128.add<T>(v128.mul<T>(wx, v128.sub<T>(Fxxd, Fxxb)), v128.mul<T>(wy, v128.sub<T>(Fyxd, Fyxb))), v128.mul<T>(wz, v128.sub<T>(Fzxd, Fzxb)));
      y100 = v128.mul<T>(gx, v128.add<T>(Fxya, Fxyc));
      y110 = v128.add<T>(v128.mul<T>(kx, v128.add<T>(Fxyb, Fxyd)), v128.mul<T>(ky, v128.add<T>(Fyyb, Fyyd)));
      y101 = v128.add<T>(v128.mul<T>(kx, v128.sub<T>(Fxyc, Fxya)), v128.mul<T>(kz, v128.add<T>(Fzyb, Fzyd)));
      y111 = v128.add<T>(v128.add<T>(v128.mul<T>(wx, v128.sub<T>(Fxyd, Fxyb)), v128.mul<T>(wy, v128.sub<T>(Fyyd, Fyyb))), v128.mul<T>(wz, v128.sub<T>(Fzyd, Fzyb)));
      z100 = v128.mul<T>(gx, v128.add<T>(Fxza, Fxzc));
      z110 = v128.add<T>(v128.mul<T>(kx, v128.add<T>(Fxzb, Fxzd)), v128.mul<T>(ky, v128.add<T>(Fyzb, Fyzd)));
      z101 = v128.add<T>(v128.mul<T>(kx, v128.sub<T>(Fxzc, Fxza)), v128.mul<T>(kz, v128.add<T>(Fzzb, Fzzd)));
      z111 = v128.add<T>(v128.add<T>(v128.mul<T>(wx, v128.sub<T>(Fxzd, Fxzb)), v128.mul<T>(wy, v128.sub<T>(Fyzd, Fyzb))), v128.mul<T>(wz, v128.sub<T>(Fzzd, Fzzb)));
      x010 = v128.mul<T>(gy, v128.add<T>(Fyxa, Fyxc));
      x011 = v128.add<T>(v128.mul<T>(ky, v128.sub<T>(Fyxc, Fyxa)), v128.mul<T>(kz, v128.sub<T>(Fzxc, Fzxa)));
      y010 = v128.mul<T>(gy, v128.add<T>(Fyya, Fyyc));
      y011 = v128.add<T>(v128.mul<T>(ky, v128.sub<T>(Fyyc, Fyya)), v128.mul<T>(kz, v128.sub<T>(Fzyc, Fzya)));
      z010 = v128.mul<T>(gy, v128.add<T>(Fyza, Fyzc));
      z011 = v128.add<T>(v128.mul<T>(ky, v128.sub<T>(Fyzc, Fyza)), v128.mul<T>(kz, v128.sub<T>(Fzzc, Fzza)));
      x001 = v128.mul<T>(gz, v128.add<T>(Fzxa, Fzxc));
      y001 = v128.mul<T>(gz, v128.add<T>(Fzya, Fzyc));
      z001 = v128.mul<T>(gz, v128.add<T>(Fzza, Fzzc));
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
