import type { Vec3 } from "../volume/volume.js";
import type { Body } from "./body.js";
import type { Dimensions } from "./levels.js";
import { type Box, boxOf, common, distanceTo, inAxialPlane, join, type Rod, type Solid, solid } from "./solids.js";

export type Distance = (x: number, y: number, z: number) => number;

/** The posterior elements in closed form, in the vertebra's own axes (see `Body`). */
export interface Arch {
  /** Signed distance to the surface, mm, < 0 inside; the body is not part of it. */
  readonly distance: Distance;
  /** The same, faster, for places within `radius` (mm) of this one. */
  readonly near: (x: number, y: number, z: number, radius: number) => Distance;
  readonly canal: { readonly y: number; readonly halfWidth: number; readonly halfDepth: number }; // mm; middle at x = 0
  readonly boxes: readonly Box[]; // that it lies in
}

const fillet = 6; // width of the rounding where two processes meet, mm
const canalEdge = 1.5; // rounding of the edges of the canal, mm

/** Pedicles, laminae, articular, transverse and spinous processes: rods of the left side and their mirror images. */
export function vertebralArch(d: Dimensions, body: Body): Arch {
  const rods = leftRods(d, body);
  const solids = rods.map(solid);
  const canal = {
    y: body.back - body.dent + d.canalDepth / 2,
    halfWidth: d.canalWidth / 2,
    halfDepth: d.canalDepth / 2,
  };
  const of = (some: readonly Solid[]) => (x: number, y: number, z: number) => {
    const left = Math.abs(x);
    let f = distanceTo(some[0]!, left, y, z);
    for (let i = 1; i < some.length; i++) f = join(f, distanceTo(some[i]!, left, y, z), fillet);
    return common(f, -canalDistance(canal, x, y), canalEdge);
  };
  const near = (x: number, y: number, z: number, radius: number) => {
    const distances = solids.map((s) => distanceTo(s, Math.abs(x), y, z));
    const most = Math.min(...distances) + 2.2 * radius + 3 * fillet; // what is farther takes part in no rounding
    return of(solids.filter((_, i) => distances[i]! < most));
  };
  const left = rods.map(boxOf);
  const right = left.map(
    ({ low, high }): Box => ({ low: [-high[0], low[1], low[2]], high: [-low[0], high[1], high[2]] }),
  );
  return { distance: of(solids), near, canal, boxes: [...left, ...right] };
}

/** Distance to the canal, < 0 in it: an ellipse that narrows to the back, endless in z. To first order. */
export function canalDistance({ y: middle, halfWidth, halfDepth }: Arch["canal"], x: number, y: number): number {
  const v = (y - middle) / halfDepth;
  const u = (x / halfWidth) * (1 + 0.3 * Math.max(-1, Math.min(1, v)));
  const q = Math.sqrt(u * u + v * v);
  const r = Math.sqrt(x * x + (y - middle) ** 2);
  return q > 1e-6 ? r - r / q : -halfDepth;
}

function leftRods(d: Dimensions, { back, height, dent }: Body): Rod[] {
  const half = height / 2;
  const size = d.posteriorHeight / 27.4; // of the processes, against L2
  const facet = d.interfacet / 2;
  const roof = back - dent + d.canalDepth; // y of the canal's back
  const pedicle = { x: (d.canalWidth + d.pedicleWidth) / 2, z: half - 2.5 - d.pedicleHeight / 2 };
  const wide = d.pedicleWidth / 2,
    tall = Math.max(d.pedicleHeight / 2, wide);
  const across = inAxialPlane(d.facetDeg),
    up: Vec3 = [0, 0, 1];
  const mm = (start: number, end = start): readonly [number, number] => [start * size, end * size];
  return [
    {
      ...{ from: [pedicle.x + 0.5, back - 6, pedicle.z], to: [pedicle.x + 0.5, back + 8, pedicle.z], up },
      ...{ tall: [tall, tall * 0.95], thick: [wide, wide * 0.95] },
    }, // pedicle
    {
      ...{ from: [facet + 2, back + 9, pedicle.z - 3], to: [facet + 3.5, back + 16, half + 5 * size], up: across },
      ...{ tall: mm(7, 7.5), thick: mm(3.6, 2.8), corner: 5 },
    }, // superior articular process
    {
      ...{ from: [facet + 5.5, back + 18, half - 7 * size], to: [facet + 5, back + 19, half + 1 * size], up: across },
      ...{ tall: mm(3.4, 3), thick: mm(3, 2.6) },
    }, // mammillary process
    {
      ...{ from: [facet + 1, back + 11, pedicle.z + 1], to: [facet - 2, back + 16, -half * 0.6], up: across },
      ...{ tall: mm(6, 5.5), thick: mm(3.8, 3.4) },
    }, // isthmus
    {
      ...{ from: [facet - 2, back + 15.5, -half * 0.1], to: [facet - 3.2, back + 19.5, -half - 13 * size], up: across },
      ...{ tall: mm(5.5, 6), thick: mm(3.8, 3.2), corner: 5 },
    }, // inferior articular process
    {
      ...{ from: [facet - 2, roof - 1, -half * 0.2], to: [0, roof + 3.4, -half * 0.5], up },
      ...{ tall: mm(10, 9), thick: mm(2.8, 2.6) },
    }, // lamina
    {
      ...{ from: [0, roof + 3, -half * 0.5], to: [0, back + d.spinousReach - 2.8, -d.spinousDrop], up },
      ...{ tall: [0.37 * d.spinousHeight, d.spinousHeight / 2], thick: [2.1, 3.3], corner: 6 },
    }, // spinous process
    {
      ...{
        from: [pedicle.x + 1, back + 11, pedicle.z - 2],
        to: [d.transverseSpan / 2 - 2, back + d.transverseBack, pedicle.z - 1],
        up,
      },
      ...{ tall: mm(5.5, 4.6), thick: mm(3.6, 2), corner: 3.5 },
    }, // transverse process
  ];
}
