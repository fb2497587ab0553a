export type Vec3 = readonly [number, number, number];

/** What the voxels hold. The reference material of a mineral density is part of its unit. */
export type Quantity =
  | "HU"
  | "mgK2HPO4/cm3"
  | "mgHA/cm3"
  | "MPa" // modulus, stress, strain energy density (1 MPa = 1 N mm/mm3)
  | "mm"
  | "label"
  | "fraction"
  | "grey"; // no physical meaning yet

/** Mineral density, in either reference material. */
export type Density = Volume<"mgK2HPO4/cm3"> | Volume<"mgHA/cm3">;

/** One physical quantity on a regular grid. Scanner integers never leave `import`. */
export interface Volume<Q extends Quantity = Quantity> {
  readonly quantity: Q;
  readonly data: Float32Array; // size[0]·size[1]·size[2] values, x fastest
  readonly size: Vec3; // voxels
  readonly spacing: Vec3; // mm
  readonly origin: Vec3; // mm, LPS, centre of voxel (0, 0, 0)
  readonly direction: Float64Array; // 3×3 row-major; columns are the grid axes in LPS
}

/** Grid axes along L, P and S: the direction matrix of an unrotated volume. */
export const identityDirection = (): Float64Array => Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);

/** Voxels in a grid of this size. */
export const voxelCount = (size: Vec3): number => size[0] * size[1] * size[2];

/** Volume of one voxel, mm³. */
export const voxelVolume = (spacing: Vec3): number => spacing[0] * spacing[1] * spacing[2];

/** Position in LPS (mm) of a continuous voxel index; integers are voxel centres. */
export function indexToWorld(grid: Grid, [i, j, k]: Vec3): Vec3 {
  const { spacing: s, direction: d, origin: o } = grid;
  const row = (r: number) => o[r]! + d[3 * r]! * i * s[0] + d[3 * r + 1]! * j * s[1] + d[3 * r + 2]! * k * s[2];
  return [row(0), row(1), row(2)];
}

/** Continuous voxel index of a position in LPS (mm). The direction matrix is orthonormal, so its transpose inverts it. */
export function worldToIndex(grid: Grid, position: Vec3): Vec3 {
  const { spacing: s, direction: d, origin: o } = grid;
  const p = [position[0] - o[0], position[1] - o[1], position[2] - o[2]] as const;
  const column = (c: 0 | 1 | 2) => (d[c]! * p[0] + d[3 + c]! * p[1] + d[6 + c]! * p[2]) / s[c];
  return [column(0), column(1), column(2)];
}

/** Where the voxels are, without what they hold. */
export type Grid = Pick<Volume, "size" | "spacing" | "origin" | "direction">;

/** Unit vector in LPS of grid axis 0, 1 or 2. */
export function gridAxis(grid: Pick<Grid, "direction">, axis: 0 | 1 | 2): Vec3 {
  const d = grid.direction;
  return [d[axis]!, d[3 + axis]!, d[6 + axis]!];
}

/** Whether two grids have the same voxels within a thousandth of a voxel. */
export function sameGrid(a: Grid, b: Grid): boolean {
  if (a.size.some((n, i) => n !== b.size[i])) return false;
  const last: Vec3 = [a.size[0] - 1, a.size[1] - 1, a.size[2] - 1];
  const corners: Vec3[] = [
    [0, 0, 0],
    [last[0], 0, 0],
    [0, last[1], 0],
    [0, 0, last[2]],
  ];
  const tolerance = 1e-3 * Math.min(...a.spacing);
  return corners.every((c) => {
    const p = indexToWorld(a, c),
      q = indexToWorld(b, c);
    return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) <= tolerance;
  });
}
