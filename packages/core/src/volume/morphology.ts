import { type Connectivity, components, earlierNeighbours } from "./components.js";
import { depthIn, distanceTo } from "./distance.js";
import { type Mask, maskWhere } from "./mask.js";
import type { Grid, Vec3 } from "./volume.js";

type Spaced = Pick<Grid, "size" | "spacing">;

/** What lies beyond the grid: 0 nothing (default), 1 more of the mask. */
export interface Beyond {
  readonly beyond?: 0 | 1;
}

const SLACK = 1e-4; // mm: distances are f32, a ball of exactly one spacing must reach the next voxel

/** The voxels within `mm` of the mask (centre to centre). */
export function dilate(mask: Mask, grid: Spaced, mm: number): Mask {
  const distance = distanceTo(mask, grid);
  return maskWhere(mask.length, (n) => distance[n]! <= mm + SLACK);
}

/** The voxels of the mask that are further than `mm` from every voxel outside it. */
export function erode(mask: Mask, grid: Spaced, mm: number, beyond: Beyond = {}): Mask {
  const depth = depthIn(mask, grid, beyond);
  return maskWhere(mask.length, (n) => depth[n]! > mm + SLACK);
}

/** What a ball of radius `mm` can sweep inside the mask: erosion, then dilation. */
export function open(mask: Mask, grid: Spaced, mm: number, beyond: Beyond = {}): Mask {
  return dilate(erode(mask, grid, mm, beyond), grid, mm);
}

/** Gaps narrower than twice `mm` filled: dilation, then erosion. */
export function close(mask: Mask, grid: Spaced, mm: number): Mask {
  return erode(dilate(mask, grid, mm), grid, mm, { beyond: 1 });
}

/** The mask grown by whole voxels. */
export function dilateSteps(mask: Mask, size: Vec3, steps: number, connectivity: Connectivity = 6): Mask {
  let grown = mask;
  for (let s = 0; s < steps; s++) grown = spread(grown, size, connectivity, 1);
  return grown;
}

/** The mask shrunk by whole voxels. `beyond` as for `erode`. */
export function erodeSteps(
  mask: Mask,
  size: Vec3,
  steps: number,
  connectivity: Connectivity = 6,
  { beyond = 0 }: Beyond = {},
): Mask {
  let shrunk = mask;
  for (let s = 0; s < steps; s++) shrunk = spread(shrunk, size, connectivity, 0, beyond);
  return shrunk;
}

/** Every voxel beside one with `value` takes that value too. */
function spread(mask: Mask, [nx, ny, nz]: Vec3, connectivity: Connectivity, value: 0 | 1, beyond: 0 | 1 = 0): Mask {
  const half = earlierNeighbours(connectivity);
  const steps = [...half, ...half.map(([x, y, z]): Vec3 => [-x, -y, -z])];
  const result = mask.slice();
  const at = (x: number, y: number, z: number) =>
    x < 0 || x >= nx || y < 0 || y >= ny || z < 0 || z >= nz ? beyond : mask[x + nx * (y + ny * z)]!;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        if (Boolean(mask[n]) === Boolean(value)) continue;
        for (const [x, y, z] of steps)
          if (Boolean(at(i + x, j + y, k + z)) === Boolean(value)) {
            result[n] = value;
            break;
          }
      }
  return result;
}

/** The mask with its cavities filled: background that no path by faces joins to the border of the grid. */
export function fillHoles(mask: Mask, size: Vec3): Mask {
  const empty = maskWhere(mask.length, (n) => !mask[n]);
  const { label, count } = components(empty, size, 6);
  const open = new Uint8Array(count + 1);
  eachBorderVoxel(size, (n) => (open[label[n]!] = 1));
  return maskWhere(label.length, (n) => !(label[n] && open[label[n]!]));
}

/** The same in each slice across the axis by itself: a hole is what its slice encloses. */
export function fillHolesInSlices(mask: Mask, size: Vec3, axis: 0 | 1 | 2): Mask {
  const [u, v] = axis === 0 ? ([1, 2] as const) : axis === 1 ? ([0, 2] as const) : ([0, 1] as const);
  const stride = [1, size[0], size[0] * size[1]] as const;
  const result = new Uint8Array(mask.length);
  const slice = new Uint8Array(size[u] * size[v]);
  for (let s = 0; s < size[axis]; s++) {
    const at = (n: number) => s * stride[axis] + (n % size[u]) * stride[u] + Math.floor(n / size[u]) * stride[v];
    for (let n = 0; n < slice.length; n++) slice[n] = mask[at(n)]!;
    const filled = fillHolesOfSlice(slice, size[u], size[v]);
    for (let n = 0; n < slice.length; n++) result[at(n)] = filled[n]!;
  }
  return result;
}

function fillHolesOfSlice(slice: Mask, nu: number, nv: number): Mask {
  const { label, count } = components(
    maskWhere(slice.length, (n) => !slice[n]),
    [nu, nv, 1],
    6,
  );
  const open = new Uint8Array(count + 1);
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) if (u === 0 || v === 0 || u === nu - 1 || v === nv - 1) open[label[u + nu * v]!] = 1;
  return maskWhere(label.length, (n) => !(label[n] && open[label[n]!]));
}

function eachBorderVoxel([nx, ny, nz]: Vec3, visit: (n: number) => void): void {
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++)
        if (i === 0 || j === 0 || k === 0 || i === nx - 1 || j === ny - 1 || k === nz - 1) visit(n);
}
