import { dot, perAxis } from "../linalg/vec3.js";
import { type Grid, gridAxis, identityDirection, type Vec3 } from "../volume/volume.js";

/**
 * The same voxels with their own axes as coordinates, mm from the centre of the first. What is found there owes nothing
 * to the header's axes: an image and its mask that are turned together give the same vertebra, voxel by voxel.
 */
export const inVoxelAxes = ({ size, spacing }: Grid): Grid => ({
  size,
  spacing,
  origin: [0, 0, 0],
  direction: identityDirection(),
});

/** A direction in LPS as components along the voxels' axes. */
export const alongVoxels = (grid: Grid, v: Vec3): Vec3 => [
  dot(v, gridAxis(grid, 0)),
  dot(v, gridAxis(grid, 1)),
  dot(v, gridAxis(grid, 2)),
];

/** A direction along the voxels' axes in LPS. */
export function inLps({ direction: d }: Grid, v: Vec3): Vec3 {
  const row = (r: number) => d[3 * r]! * v[0] + d[3 * r + 1]! * v[1] + d[3 * r + 2]! * v[2];
  return [row(0), row(1), row(2)];
}

/** A position along the voxels' axes in LPS. */
export function placeInLps(grid: Grid, p: Vec3): Vec3 {
  const [x, y, z] = inLps(grid, p);
  return [grid.origin[0] + x, grid.origin[1] + y, grid.origin[2] + z];
}

/** The voxel axis, either way, that lies nearest to a direction along the voxels' axes. */
export function nearestAxis(v: Vec3): Vec3 {
  const most = Math.max(...v.map(Math.abs));
  const axis = v.findIndex((c) => Math.abs(c) === most);
  return perAxis((n) => (n === axis ? Math.sign(v[n]) : 0));
}
