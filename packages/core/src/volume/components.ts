import { type Mask, maskWhere } from "./mask.js";
import type { Vec3 } from "./volume.js";

/** Neighbours that count as joined: 6 share a face, 18 also an edge, 26 also a corner. */
export type Connectivity = 6 | 18 | 26;

export interface Components {
  readonly label: Int32Array; // per voxel; 0 outside, 1 the largest component, 2 the next, ...
  readonly count: number;
  readonly sizes: Uint32Array; // voxels; sizes[0] belongs to label 1
}

/** Steps to the neighbours of a voxel, each opposite pair once: those that come before it in memory. */
export function earlierNeighbours(connectivity: Connectivity): Vec3[] {
  const reach = connectivity === 6 ? 1 : connectivity === 18 ? 2 : 3; // axes that may differ
  const steps: Vec3[] = [];
  for (let n = 0; n < 13; n++) {
    const step: Vec3 = [(n % 3) - 1, (Math.floor(n / 3) % 3) - 1, Math.floor(n / 9) - 1];
    if (step.filter((s) => s !== 0).length <= reach) steps.push(step);
  }
  return steps;
}

/** Connected parts of the mask, largest first (ties: the one that comes first in memory). Union-find in one pass. */
export function components(mask: ArrayLike<number>, size: Vec3, connectivity: Connectivity = 26): Components {
  const label = new Int32Array(mask.length);
  const parent = joinNeighbours(mask, size, connectivity, label);
  const sizeOf = new Uint32Array(parent.length);
  for (let n = 0; n < label.length; n++) if (label[n]) sizeOf[root(parent, label[n]!)]!++;
  const order: number[] = [];
  for (let p = 1; p < parent.length; p++) if (parent[p] === p) order.push(p);
  order.sort((a, b) => sizeOf[b]! - sizeOf[a]! || a - b);
  const rank = new Int32Array(parent.length);
  for (const [n, p] of order.entries()) rank[p] = n + 1;
  for (let n = 0; n < label.length; n++) if (label[n]) label[n] = rank[root(parent, label[n]!)]!;
  return { label, count: order.length, sizes: Uint32Array.from(order, (p) => sizeOf[p]!) };
}

/** The largest connected part of the mask; empty when the mask is. */
export function largestComponent(mask: ArrayLike<number>, size: Vec3, connectivity: Connectivity = 26): Mask {
  const { label } = components(mask, size, connectivity);
  return maskWhere(label.length, (n) => label[n] === 1);
}

/** Fills `label` with provisional numbers and answers which of them belong together: parents, smaller number wins. */
function joinNeighbours(
  mask: ArrayLike<number>,
  [nx, ny, nz]: Vec3,
  connectivity: Connectivity,
  label: Int32Array,
): number[] {
  const steps = earlierNeighbours(connectivity);
  const offset = steps.map(([x, y, z]) => x + nx * (y + ny * z));
  const parent = [0];
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        if (!mask[n]) continue;
        let own = 0;
        for (let s = 0; s < steps.length; s++) {
          const [x, y, z] = steps[s]!;
          if (i + x < 0 || i + x >= nx || j + y < 0 || j + y >= ny || k + z < 0) continue;
          const other = label[n + offset[s]!]!;
          if (other && other !== own) own = own ? unite(parent, own, other) : root(parent, other);
        }
        if (!own) {
          own = parent.length;
          parent.push(own);
        }
        label[n] = own;
      }
  return parent;
}

function root(parent: number[], a: number): number {
  while (parent[a] !== a) {
    parent[a] = parent[parent[a]!]!; // halves the path
    a = parent[a]!;
  }
  return a;
}

function unite(parent: number[], a: number, b: number): number {
  const ra = root(parent, a),
    rb = root(parent, b);
  parent[Math.max(ra, rb)] = Math.min(ra, rb);
  return Math.min(ra, rb);
}
