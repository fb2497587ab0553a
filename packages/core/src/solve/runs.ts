import type { Vec3 } from "../volume/volume.js";
import { GrowingList } from "./growingList.js";

/**
 * The elements of a model as runs of consecutive voxels along x, rows in y, z order.
 * Run r covers the voxels begin[r] … end[r] − 1 of its row; row y + ny·z has the runs row[y + ny·z] … row[… + 1] − 1.
 */
export interface Runs {
  readonly size: Vec3; // voxels
  readonly row: Uint32Array; // ny·nz + 1
  readonly begin: Int32Array;
  readonly end: Int32Array;
  readonly first: Uint32Array; // element number of the first voxel of the run, elements counted along the runs
  readonly elements: number;
}

/** Runs of the voxels that `occupied` says yes to; its argument is the voxel's index, x fastest. */
export function findRuns(size: Vec3, occupied: (voxel: number) => boolean): Runs {
  const [nx, ny, nz] = size;
  const row = new Uint32Array(ny * nz + 1);
  const begin = new GrowingList();
  const end = new GrowingList();
  const first = new GrowingList();
  let elements = 0;
  for (let r = 0; r < ny * nz; r++) {
    for (let x = 0; x < nx; x++) {
      if (!occupied(r * nx + x)) continue;
      const start = x;
      while (x < nx && occupied(r * nx + x)) x++;
      begin.push(start);
      end.push(x);
      first.push(elements);
      elements += x - start;
    }
    row[r + 1] = begin.length;
  }
  return {
    size,
    row,
    begin: begin.toSigned(),
    end: end.toSigned(),
    first: first.toArray(),
    elements,
  };
}
