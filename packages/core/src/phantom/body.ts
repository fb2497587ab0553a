import type { Dimensions } from "./levels.js";
import { common } from "./solids.js";

/**
 * The vertebral body in closed form, in the vertebra's own axes: x to the left, y to the back, z up, mm; the origin is
 * the middle of the body. Horizontal sections are round in front (an ellipse) and square behind (a
 * superellipse of exponent 3) with a dent in the back (kidney), smaller at mid-height than at the end-plates (waist); the end-plates are planes with a bowl each, whose deepest point lies behind the middle.
 */
export interface Body {
  /** Signed distance to the surface, mm, < 0 inside: right near the surface to first order, within about 20 % elsewhere. */
  readonly distance: (x: number, y: number, z: number) => number;
  /** The same to the side wall alone, as it is at the nearer end-plate beyond it: the outline of the discs. */
  readonly side: (x: number, y: number, z: number) => number;
  /** Height of the upper and the lower end-plate at a place, mm. */
  readonly top: (x: number, y: number) => number;
  readonly bottom: (x: number, y: number) => number;
  readonly depth: number; // at the midline, mean of the end-plates, mm
  readonly height: number; // at the origin's place, without the bowls, mm
  readonly back: number; // y of the back wall beside the dent, at the end-plates' mean depth, mm
  readonly dent: number; // depth of the dent at the midline, mm
}

// Form of the section and the wall, chosen by eye beside published surfaces of real lumbar vertebrae [C].
const waist = 0.14; // of the width, lost at mid-height
const waistDepth = 0.1; // of the depth
const dentShare = 0.14; // depth of the dent over the body's depth
const bowlShare = 0.82; // diameter of the bowl over the end-plate's; its steep part spans about 70 % (Wang et al. 2012 [A])
const bowlBack = 0.06; // shift of the bowl to the back over the depth: deepest in the posterior half (Sun et al. [A])
const rim = 3.0; // width over which the edge of the end-plates is rounded, mm

export function vertebralBody(d: Dimensions): Body {
  const depth = (d.upperDepth + d.lowerDepth) / 2;
  const slope = Math.tan((d.wedgeDeg * Math.PI) / 360); // of each end-plate
  const height = d.posteriorHeight - slope * depth; // at y = 0; the back stands at +depth/2, and both faces slope
  const dent = dentShare * depth,
    dentWidth = 0.13 * (d.upperWidth + d.lowerWidth);

  const side = (x: number, y: number, z: number) => {
    const zeta = Math.max(-1, Math.min(1, (2 * z) / height));
    const up = (1 + zeta) / 2,
      slim = 1 - zeta * zeta;
    const a = 0.5 * (d.lowerWidth + up * (d.upperWidth - d.lowerWidth)) * (1 - waist * slim);
    const b = 0.5 * (d.lowerDepth + up * (d.upperDepth - d.lowerDepth) + dent) * (1 - waistDepth * slim);
    const back = y > 0 ? Math.min(1, y / b) : 0;
    const w = x / dentWidth,
      yd = y + dent * Math.exp(-w * w) * back * back;
    const r = Math.sqrt(x * x + yd * yd);
    const u = Math.abs(x) / a,
      v = Math.abs(yd) / b;
    const q = yd < 0 ? Math.sqrt(u * u + v * v) : Math.cbrt(u * u * u + v * v * v);
    return q > 1e-6 ? r - r / q : -Math.min(a, b);
  };
  const bowl = (x: number, y: number, width: number, long: number) => {
    const u = (2 * x) / (bowlShare * width),
      v = (2 * (y - bowlBack * depth)) / (bowlShare * long);
    const s = 1 - u * u - v * v;
    return s > 0 ? s * Math.sqrt(s) : 0;
  };
  const top = (x: number, y: number) =>
    height / 2 + slope * y - d.upperConcavity * bowl(x, y, d.upperWidth, d.upperDepth);
  const bottom = (x: number, y: number) =>
    -height / 2 - slope * y + d.lowerConcavity * bowl(x, y, d.lowerWidth, d.lowerDepth);
  const distance = (x: number, y: number, z: number) =>
    common(side(x, y, z), Math.max(z - top(x, y), bottom(x, y) - z), rim);
  return { distance, side, top, bottom, depth, height, back: (depth + dent) / 2, dent };
}
