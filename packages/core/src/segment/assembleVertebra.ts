import type { Plane } from "../linalg/plane.js";
import { cross } from "../linalg/vec3.js";
import type { AnatomicalFrame } from "../volume/frame.js";
import { difference, intersection, type Mask } from "../volume/mask.js";
import { centroid } from "../volume/statistics.js";
import type { EndPlate, Vertebra } from "../volume/vertebra.js";
import type { Grid } from "../volume/volume.js";
import type { Anatomy } from "./anatomy.js";
import type { Picked } from "./pickVertebra.js";
import { splitBody } from "./splitBody.js";
import { inLps, inVoxelAxes, placeInLps } from "./voxelAxes.js";

/**
 * The vertebra from its masks and its axes. The body is the one that was given, else it is cut from the whole.
 * @param anatomy along the axes of the voxels, see `inVoxelAxes`
 */
export function assembleVertebra(level: string, picked: Picked, anatomy: Anatomy, given: Mask | undefined): Vertebra {
  const { grid, whole } = picked;
  const body = given ? intersection(given, whole) : splitBody(whole, inVoxelAxes(grid), anatomy.work, anatomy.wall);
  const { superior, inferior } = anatomy.endPlates;
  const { above, below, superiorDisc, inferiorDisc, compartments } = picked;
  return {
    level,
    grid,
    whole,
    body,
    posterior: difference(whole, body),
    frame: frameInLps(anatomy.frame, grid, body),
    endPlates: { superior: endPlateInLps(superior, grid), inferior: endPlateInLps(inferior, grid) },
    ...(above && { above }),
    ...(below && { below }),
    ...(superiorDisc && { superiorDisc }),
    ...(inferiorDisc && { inferiorDisc }),
    ...(compartments && { compartments }),
  };
}

/** Right follows from the other two: voxel axes may be left-handed, and then mirror the patient. */
function frameInLps(frame: AnatomicalFrame, grid: Grid, body: Mask): AnatomicalFrame {
  const anterior = inLps(grid, frame.anterior),
    cranial = inLps(grid, frame.cranial);
  return { centre: centroid(body, grid)!, right: cross(anterior, cranial), anterior, cranial };
}

const endPlateInLps = ({ point, normal, rms }: Plane, grid: Grid): EndPlate => ({
  point: placeInLps(grid, point),
  normal: inLps(grid, normal),
  rms,
});
