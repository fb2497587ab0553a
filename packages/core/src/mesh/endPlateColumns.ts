import { SpondylError } from "../error.js";
import { isBody } from "../volume/compartment.js";
import type { Volume } from "../volume/volume.js";

/** 1: superior, towards the high indices of axis 2; -1: inferior. */
export type Side = -1 | 1;

/** The columns along axis 2 that end on an end-plate of the body. */
export interface EndPlateColumns {
  /** Level that the outermost 2 % of the columns reach: the rim, without a lone osteophyte or voxel beyond it. */
  readonly outermost: number;
  readonly level: Int32Array; // of the outermost body voxel of each column, -1 where there is none
  readonly footprint: Uint8Array; // 1 for the columns of the end-plate
}

/**
 * How much deeper than its rim an end-plate may lie, mm. Bowls are 2 to 4 mm deep, wedged and tilted plates as deep again;
 * the ledge of the opposite end-plate, which can be seen where the nearer one is smaller, lies a whole body deeper. [C]
 */
const END_PLATE_MM = 8;

/**
 * Finds an end-plate in an aligned compartment map: the columns whose outermost body voxel lies at most 8 mm deeper than
 * the rim. The rest ends on the side walls.
 * @throws SpondylError "bad-input" when there is no body
 */
export function endPlateColumns(compartments: Volume<"label">, side: Side): EndPlateColumns {
  const { data, spacing } = compartments;
  const [nx, ny, nz] = compartments.size;
  const level = new Int32Array(nx * ny).fill(-1);
  for (let column = 0; column < nx * ny; column++)
    for (let step = 0; step < nz && level[column]! < 0; step++) {
      const k = side > 0 ? nz - 1 - step : step;
      if (isBody(data[column + nx * ny * k]!)) level[column] = k;
    }
  const levels = level.filter((k) => k >= 0).sort((a, b) => side * (b - a)); // outermost first
  if (levels.length === 0)
    throw new SpondylError("bad-input", "mesh: there is no vertebral body to load. Check the labels.");
  const outermost = levels[Math.floor(0.02 * levels.length)]!;
  const depth = END_PLATE_MM / spacing[2];
  const footprint = Uint8Array.from(level, (k) => (k >= 0 && side * (outermost - k) <= depth ? 1 : 0));
  return { outermost, level, footprint };
}

/** Marks the outermost voxel of each column of the two end-plates: 1 on the inferior one, 2 on the superior one. */
export function endPlateVoxels(compartments: Volume<"label">): Uint8Array {
  const mark = new Uint8Array(compartments.data.length);
  const layer = compartments.size[0] * compartments.size[1];
  for (const side of [-1, 1] as const) {
    const { level, footprint } = endPlateColumns(compartments, side);
    footprint.forEach((inside, column) => {
      if (inside) mark[column + layer * level[column]!] = side < 0 ? 1 : 2;
    });
  }
  return mark;
}
