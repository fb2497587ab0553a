import { add, angle, dot, negate, scale, subtract } from "../linalg/vec3.js";
import { depthIn } from "../volume/distance.js";
import type { AnatomicalFrame } from "../volume/frame.js";
import type { Mask } from "../volume/mask.js";
import { fillHoles } from "../volume/morphology.js";
import { resampleMask } from "../volume/resample.js";
import { centroid } from "../volume/statistics.js";
import type { Grid, Vec3 } from "../volume/volume.js";
import { indexToWorld } from "../volume/volume.js";
import { type Canal, findCanal } from "./canal.js";
import { type EndPlates, fitEndPlates } from "./endPlates.js";
import { findBulk } from "./openArch.js";
import { findPosteriorWall, type PosteriorWall, wallBehind } from "./posteriorWall.js";
import { findSymmetry, type Symmetry } from "./symmetry.js";
import { frameFrom, type WorkMask, workMask } from "./workMask.js";

/** What the shape of a whole-vertebra mask tells, in the coordinates of its grid. */
export interface Anatomy {
  readonly frame: AnatomicalFrame; // centre: of what lies in front of the wall
  readonly endPlates: EndPlates;
  readonly wall: PosteriorWall; // in `work`
  readonly work: WorkMask; // along the frame
  readonly canal?: Canal; // none: the mask has no closed arch
  readonly symmetry?: Symmetry; // none: the mask shows hardly more than a body, and its front was given
}

/** Where the axes start from, before the end-plates and the mirror plane correct them. */
interface Start {
  readonly frame: AnatomicalFrame;
  readonly midline: Vec3; // a point that the mirror plane is near
  readonly canal?: Canal;
  readonly body?: Mask; // on the grid of the raw work mask
  readonly mirrored: boolean; // whether there is an arch to look for a mirror plane with
}

/**
 * Axes and parts of a vertebra from its shape alone. The spinal canal is found as the largest hole that can be looked
 * through; the body lies in front of it; planes through its end-plates give the cranial axis; the mirror plane gives
 * the anterior one. Without a closed arch the thickest part is the body, and `up` the first guess of its axis.
 * @param grid  of the mask: its coordinates are those of what is found, see `inVoxelAxes`
 * @param up    roughly to the head: settles the sense of the cranial axis
 * @param front of a mask without posterior elements
 * @returns undefined when no body with two end-plates can be found
 */
export function findAnatomy(vertebra: Mask, grid: Grid, up: Vec3, front: Vec3): Anatomy | undefined {
  const filled = fillHoles(vertebra, grid.size);
  const raw = workMask(filled, grid, gridFrame(indexToWorld(grid, [0, 0, 0])));
  const start = startFrom(raw, up, front);
  if (!start) return undefined;
  const look = (frame: AnatomicalFrame) => lookAlong(filled, grid, frame, start, raw.grid);
  let { frame } = start;
  for (let round = 1; round <= 6; round++) {
    const seen = look(frame);
    if (!seen) return undefined;
    const cranial = add(seen.endPlates.superior.normal, seen.endPlates.inferior.normal);
    const moved = angle(cranial, frame.cranial);
    const first = round === 1 && start.canal;
    frame = frameFrom(seen.centre, cranial, first ? subtract(seen.centre, first.point) : frame.anterior);
    if (moved < STILL && round > 1) break;
  }
  const symmetry = start.mirrored ? findSymmetry(workMask(filled, grid, frame), start.midline) : undefined;
  if (symmetry) frame = turned(frame, symmetry.turn);
  const seen = look(frame);
  if (!seen) return undefined;
  const { centre, work, wall, endPlates } = seen;
  return {
    frame: { ...frame, centre },
    endPlates,
    wall,
    work,
    ...(start.canal && { canal: start.canal }),
    ...(symmetry && { symmetry }),
  };
}

const STILL = 0.005; // radians: 0.3°, what half a voxel does over an end-plate

/** Along the coordinates: no idea yet how the vertebra lies. */
const gridFrame = (centre: Vec3): AnatomicalFrame => ({
  centre,
  right: [-1, 0, 0],
  anterior: [0, -1, 0],
  cranial: [0, 0, 1],
});

/** The frame with its mirror plane's normal turned by `turn` from left to posterior. */
const turned = (frame: AnatomicalFrame, turn: number) =>
  frameFrom(
    frame.centre,
    frame.cranial,
    add(scale(frame.anterior, Math.cos(turn)), scale(frame.right, -Math.sin(turn))),
  );

function startFrom(raw: WorkMask, up: Vec3, front: Vec3): Start | undefined {
  const canal = findCanal(raw.mask, raw.grid);
  if (canal) {
    const bulk = thickest(raw);
    const cranial = dot(canal.axis, up) < 0 ? negate(canal.axis) : canal.axis;
    return {
      frame: frameFrom(bulk, cranial, subtract(bulk, canal.point)),
      midline: canal.point,
      canal,
      mirrored: true,
    };
  }
  const bulk = findBulk(raw);
  if (!bulk) return undefined;
  const frame = frameFrom(bulk.centre, up, bulk.anterior ?? front);
  return { frame, midline: bulk.centre, body: bulk.body, mirrored: bulk.anterior !== undefined };
}

/** Wall, end-plates and middle of the body of a vertebra along the axes of the frame. */
function lookAlong(mask: Mask, grid: Grid, frame: AnatomicalFrame, { canal, body }: Start, bodyGrid: Grid) {
  const work = workMask(mask, grid, frame);
  const wall = canal
    ? findPosteriorWall(work, canal)
    : wallBehind({ mask: resampleMask(body!, bodyGrid, work.grid), grid: work.grid });
  const centre = wall && bodyCentre(work, wall.front);
  const endPlates = centre && fitEndPlates(work, centre, wall);
  return endPlates && { work, wall, centre, endPlates };
}

/** Centroid of what lies in front of the wall. */
function bodyCentre({ mask, grid }: WorkMask, front: number): Vec3 | undefined {
  const [nx, ny] = grid.size;
  return centroid(
    mask.map((m, n) => (m && Math.floor(n / nx) % ny < front ? 1 : 0)),
    grid,
  );
}

/** Where the bone is thickest, on the whole: in the body. Centroid with the square of the depth as weight. */
function thickest({ mask, grid }: WorkMask): Vec3 {
  const depth = depthIn(mask, grid);
  const [nx, ny] = grid.size;
  let total = 0,
    x = 0,
    y = 0,
    z = 0;
  for (let n = 0; n < depth.length; n++) {
    const weight = depth[n]! ** 2;
    if (!weight) continue;
    total += weight;
    x += weight * (n % nx);
    y += weight * (Math.floor(n / nx) % ny);
    z += weight * Math.floor(n / (nx * ny));
  }
  return indexToWorld(grid, [x / total, y / total, z / total]);
}
