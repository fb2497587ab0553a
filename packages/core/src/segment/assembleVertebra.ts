import { difference, intersection, type Mask } from "../volume/mask.js";
import { centroid } from "../volume/statistics.js";
import type { Vertebra } from "../volume/vertebra.js";
import type { Anatomy } from "./anatomy.js";
import type { Picked } from "./pickVertebra.js";
import { splitBody } from "./splitBody.js";

/** The vertebra from its masks and its axes. The body is the one that was given, else it is cut from the whole. */
export function assembleVertebra(level: string, picked: Picked, anatomy: Anatomy, given: Mask | undefined): Vertebra {
  const { grid, whole } = picked;
  const body = given ? intersection(given, whole) : splitBody(whole, grid, anatomy.work, anatomy.wall);
  const { superior, inferior } = anatomy.endPlates;
  const { above, below, superiorDisc, inferiorDisc, compartments } = picked;
  return {
    level,
    grid,
    whole,
    body,
    posterior: difference(whole, body),
    frame: { ...anatomy.frame, centre: centroid(body, grid)! },
    endPlates: {
      superior: { point: superior.point, normal: superior.normal, rms: superior.rms },
      inferior: { point: inferior.point, normal: inferior.normal, rms: inferior.rms },
    },
    ...(above && { above }),
    ...(below && { below }),
    ...(superiorDisc && { superiorDisc }),
    ...(inferiorDisc && { inferiorDisc }),
    ...(compartments && { compartments }),
  };
}
