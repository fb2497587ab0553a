import { subtract } from "../linalg/vec3.js";
import { largestComponent } from "../volume/components.js";
import { depthIn } from "../volume/distance.js";
import type { Mask } from "../volume/mask.js";
import { difference, intersection, maskCount } from "../volume/mask.js";
import { dilate, open } from "../volume/morphology.js";
import { centroid } from "../volume/statistics.js";
import type { Vec3 } from "../volume/volume.js";
import type { WorkMask } from "./workMask.js";

/** The body of a vertebra whose arch is not closed, or not there, and where the front is. */
export interface Bulk {
  readonly body: Mask; // on the work grid
  readonly centre: Vec3; // mm, LPS
  /** From the rest of the bone to the body; undefined when there is hardly any rest. */
  readonly anterior?: Vec3;
}

const SHARE = 0.6; // of the largest ball's radius: pedicles are thinner, the body's corners are not lost
const MARGIN = 2; // mm that opening takes off the corners
const REST = 0.08; // of the bone: less is rim, not an arch

/** What a ball of 0.6 times the largest one's radius can sweep is the body: for masks without a closed spinal canal. */
export function findBulk({ mask, grid }: WorkMask): Bulk | undefined {
  const radius = depthIn(mask, grid).reduce((a, b) => Math.max(a, b), 0);
  const swept = largestComponent(open(mask, grid, SHARE * radius), grid.size, 6);
  const body = intersection(dilate(swept, grid, MARGIN), mask);
  const rest = difference(mask, body);
  const centre = centroid(body, grid),
    behind = centroid(rest, grid);
  if (!centre) return undefined;
  const arch = behind && maskCount(rest) > REST * maskCount(mask);
  return { body, centre, ...(arch && { anterior: subtract(centre, behind) }) };
}
