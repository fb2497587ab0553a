import { fitPlaneRobust, type Plane } from "../linalg/plane.js";
import type { Vec3 } from "../volume/volume.js";
import { gridAxis, indexToWorld, worldToIndex } from "../volume/volume.js";
import { type Column, columnsFrom } from "./columns.js";
import type { PosteriorWall } from "./posteriorWall.js";
import type { WorkMask } from "./workMask.js";

/** Planes through the rims of a body's end-plates, normals to the head. */
export interface EndPlates {
  readonly superior: Plane;
  readonly inferior: Plane;
}

const EDGE = 3; // mm of the middle section's edge that the first look leaves out
const UNDER = 2; // mm under the end-plate at which its outline is taken
const RIM = 4; // mm within the outline: the rim, with little of the bowl [C]
const OUTLIER = 1.5; // mm: voxel steps of thick slices are no outliers
const LEAST = 30; // points

/**
 * End-plates of a vertebra in its (nearly right) axes. An end-plate is a bowl, deepest behind its middle, so a plane
 * through all of it leans; this one lies on the rim, whose corners radiographs are measured by. First a rough plane
 * above or below the body's middle section, then the outline just under that plane, then the plane through a ring
 * within the outline. Undefined when there are too few points.
 * @param inside a point in the middle of the body, mm, LPS
 * @param wall   the body's posterior wall: what lies behind is left out, as pedicles and facets reach higher
 */
export function fitEndPlates(work: WorkMask, inside: Vec3, wall: PosteriorWall): EndPlates | undefined {
  const superior = fitRim(work, inside, wall, 1),
    inferior = fitRim(work, inside, wall, -1);
  return superior && inferior && { superior: toWorld(superior, work), inferior: toWorld(inferior, work) };
}

/** The plane of one end-plate, in the work mask's voxels. */
function fitRim(work: WorkMask, inside: Vec3, wall: PosteriorWall, way: 1 | -1): Plane | undefined {
  const middle = Math.round(worldToIndex(work.grid, inside)[2]);
  const section = columnsFrom(
    work,
    way,
    () => middle,
    () => wall.front,
  );
  const rough = planeThrough(section.filter(({ depth }) => depth > EDGE));
  if (!rough) return undefined;
  const under = (x: number, y: number) => Math.round(heightAt(rough, x, y) - way * UNDER);
  const plate = columnsFrom(work, way, under, (z) => wall.cut[z]!);
  return planeThrough(plate.filter(({ depth }) => depth <= RIM));
}

function planeThrough(columns: readonly Column[]): Plane | undefined {
  if (columns.length < LEAST) return undefined;
  return fitPlaneRobust(
    columns.map(({ x, y, z }): Vec3 => [x, y, z]),
    { tolerance: OUTLIER },
  );
}

/** z of the plane at a place; the plane must not stand upright. */
const heightAt = ({ point, normal }: Plane, x: number, y: number) =>
  point[2] - (normal[0] * (x - point[0]) + normal[1] * (y - point[1])) / normal[2];

function toWorld(plane: Plane, { grid }: WorkMask): Plane {
  const sense = Math.sign(plane.normal[2]) || 1;
  const axes = ([0, 1, 2] as const).map((a) => gridAxis(grid, a));
  const along = (r: 0 | 1 | 2) => sense * axes.reduce((sum, axis, a) => sum + axis[r] * plane.normal[a]!, 0);
  return { ...plane, point: indexToWorld(grid, plane.point), normal: [along(0), along(1), along(2)] };
}
