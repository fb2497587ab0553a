import type { Vec3 } from "../volume/volume.js";
import { type CalibrationTissue, huLine, tissueHu } from "./attenuation.js";
import type { PhantomSettings } from "./settings.js";
import { poseMatrix, worldBox } from "./shape.js";
import type { Vertebra } from "./vertebra.js";

/** Something that runs along the patient with the same elliptic section in every slice. */
export interface Strand {
  readonly x: number; // middle, mm, LPS
  readonly y: number;
  readonly rx: number; // half axes, mm
  readonly ry: number;
  readonly hu: number;
}

/** A place to measure a tissue: a circle in every slice. */
export interface Site {
  readonly tissue: CalibrationTissue;
  readonly x: number;
  readonly y: number;
  readonly radius: number; // mm, clear of the tissue's edge
}

/** A calibration rod. */
export interface InsertRod {
  readonly density: number; // mg K2HPO4/cm³
  readonly x: number; // middle, mm, LPS
  readonly y: number;
  readonly radius: number; // mm
}

/** What surrounds the spine, all of it constant along the patient, and the field of view. */
export interface Layout {
  readonly strands: readonly Strand[]; // later ones cover earlier ones
  readonly skin: number; // y of the back's skin, mm
  readonly pad: readonly [number, number] | undefined; // y of the plastic slab that holds the inserts
  readonly sites: readonly Site[];
  readonly inserts: readonly InsertRod[];
  readonly low: Vec3; // first and last voxel centres of the scan lie within this box, mm, LPS
  readonly high: Vec3;
}

/** CT numbers of what has no line of its own [C]. */
export const softHu = { disc: 80, dura: 15, plastic: -50, bowelWall: 35 } as const;

export const insertDensities = [0, 50, 100, 150, 200] as const; // mg K2HPO4/cm³

const insertRadius = 6.5,
  insertPitch = 17; // mm

/** A slim patient on her back: the plane of the table is no more than two centimetres behind the spinous process. */
export function layOut(v: Vertebra, settings: PhantomSettings): Layout {
  const box = worldBox(v, poseMatrix(settings.pose));
  const { kvp } = settings.ct;
  const back = v.body.back,
    wide = Math.max(v.dimensions.upperWidth, v.dimensions.lowerWidth) / 2;
  const reach = Math.max(box.high[0], -box.low[0], wide + 20, 40);
  const skin = box.high[1] + 12,
    pad = [skin + 3, skin + 23] as const;
  const rows = insertDensities.map((density, i) => ({
    ...{
      density,
      x: (i - (insertDensities.length - 1) / 2) * insertPitch,
      y: (pad[0] + pad[1]) / 2,
      radius: insertRadius,
    },
  }));
  const halfWidth = Math.max(reach, settings.inserts ? rows.at(-1)!.x + insertRadius : 0) + 4;
  return {
    ...organs(back, wide, reach, kvp),
    skin,
    pad: settings.inserts ? pad : undefined,
    inserts: settings.inserts ? rows : [],
    low: [-halfWidth, box.low[1] - 30, box.low[2] - 2],
    high: [halfWidth, settings.inserts ? pad[1] + 4 : box.high[1] + 8, box.high[2] + 2],
  };
}

/** Great vessels, muscles and a loop of bowel with gas around a body whose back lies at `back`; fat is everywhere else. */
function organs(
  back: number,
  wide: number,
  reach: number,
  kvp: PhantomSettings["ct"]["kvp"],
): Pick<Layout, "strands" | "sites"> {
  const blood = tissueHu("blood", kvp),
    muscle = tissueHu("muscle", kvp);
  const cortical = tissueHu("cortical", kvp),
    air = tissueHu("air", kvp);
  const aorta = { x: 8, y: -back - 13, rx: 9.5, ry: 9.5, hu: blood };
  const cava = { x: -15, y: -back - 11, rx: 10.5, ry: 8.5, hu: blood };
  const gas = { x: Math.max(wide + 7, 29), y: -back - 16, rx: 8, ry: 8, hu: air };
  const bar = { x: -reach + 5, y: back + 36, rx: 5, ry: 5, hu: cortical }; // compact bone: a rib without marrow, thick enough to measure
  const erector = { x: 21, y: back + 36, rx: 20, ry: 21, hu: muscle };
  const pair = (s: Strand): Strand[] => [s, { ...s, x: -s.x }];
  return {
    strands: [
      ...pair({ x: wide + 11, y: 6, rx: 11.5, ry: 18, hu: muscle }), // psoas
      ...pair({ x: wide + 20, y: back + 20, rx: 11, ry: 9, hu: muscle }), // quadratus lumborum
      ...pair(erector),
      ...pair({ x: 8, y: back + 27, rx: 9, ry: 14, hu: muscle }), // multifidus
      { ...gas, rx: gas.rx + 2, ry: gas.ry + 2, hu: softHu.bowelWall },
      ...[aorta, cava, gas, bar],
    ],
    sites: [
      { tissue: "air", x: gas.x, y: gas.y, radius: 5 },
      { tissue: "adipose", x: -Math.max(wide + 10, 32), y: -back - 17, radius: 4.5 },
      { tissue: "blood", x: aorta.x, y: aorta.y, radius: 6 },
      { tissue: "muscle", x: erector.x + 3, y: erector.y + 2, radius: 7 },
      { tissue: "cortical", x: bar.x, y: bar.y, radius: 2.5 },
    ],
  };
}

/** CT number at a place of the surroundings, HU, the same in every slice. */
export function surroundingHu({ strands, skin, pad, inserts }: Layout, { ct }: PhantomSettings) {
  const air = tissueHu("air", ct.kvp),
    adipose = tissueHu("adipose", ct.kvp),
    line = huLine(ct.kvp);
  return (x: number, y: number): number => {
    if (y > skin) {
      if (!pad || y < pad[0] || y > pad[1]) return air;
      const rod = inserts.find((r) => (x - r.x) ** 2 + (y - r.y) ** 2 < r.radius ** 2);
      return rod ? line.slope * rod.density + line.intercept : softHu.plastic;
    }
    for (let i = strands.length - 1; i >= 0; i--) {
      const s = strands[i]!;
      if (((x - s.x) / s.rx) ** 2 + ((y - s.y) / s.ry) ** 2 < 1) return s.hu;
    }
    return adipose;
  };
}
