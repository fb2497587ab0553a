import type { Vec3 } from "../volume/volume.js";
import type { NodeRuns } from "./nodeRuns.js";

/**
 * Coarse nodes that stand for several parts of the model. Two struts that pass each other with a gap of a voxel share
 * coarse nodes but no fine one; unless these are split, the coarse level ties the struts together, and every such place
 * costs iterations (a 64³ piece of trabecular bone with 31 such nodes: 39 without splitting, 13 with it).
 *
 * Around a coarse node lie up to eight coarse elements, numbered by octant (bits x, y, z). Those that share a fine node,
 * directly or through others of the eight, are one part; each part has its own copy of the node. Part 0, the one with
 * most elements, keeps the place of the node in its row.
 */
export interface Splits {
  /** By grid index of the split coarse nodes, ascending: the part of each octant, NO_PART where there is no element. */
  readonly parts: ReadonlyMap<number, Uint8Array>;
  /** Number of further copies in each plane of coarse nodes. */
  readonly copies: Int32Array;
}

export const NO_PART = 255;

/** Finds the coarse nodes to split; `occupied` says whether a fine voxel is an element. */
export function findSplits(size: Vec3, occupied: (voxel: number) => boolean, fine: NodeRuns): Splits {
  const coarse = size.map((n) => Math.ceil(n / 2)) as unknown as Vec3;
  const links = tieTable();
  const present = new Uint8Array((coarse[0] + 1) * (coarse[1] + 1) * (coarse[2] + 1)); // octants with an element
  const tied = new Uint32Array(present.length);
  forEachNode(size, fine, (i, j, k) => {
    const around = occupancy(size, occupied, i, j, k);
    const parity = (i & 1) | ((j & 1) << 1) | ((k & 1) << 2);
    for (let end = 0; end < 8; end++) {
      if ((end & parity) !== end) continue; // along an even axis there is one coarse node, not two
      const [I, J, K] = [(i + (end & 1)) >> 1, (j + ((end >> 1) & 1)) >> 1, (k + (end >> 2)) >> 1];
      const node = I + (coarse[0] + 1) * (J + (coarse[1] + 1) * K);
      const link = links[(parity * 8 + end) * 256 + around]!;
      tied[node]! |= link.pairs;
      present[node]! |= link.octants;
    }
  });
  return collectParts(coarse, present, tied);
}

function forEachNode(
  [, ny, nz]: Vec3,
  { row, begin, count }: NodeRuns,
  visit: (i: number, j: number, k: number) => void,
) {
  for (let k = 0; k <= nz; k++)
    for (let j = 0; j <= ny; j++)
      for (let r = row[j + (ny + 1) * k]!; r < row[j + (ny + 1) * k + 1]!; r++)
        for (let n = 0; n < count[r]!; n++) visit(begin[r]! + n, j, k);
}

/** Which of the eight voxels around a node are elements, a bit per octant. */
function occupancy([nx, ny, nz]: Vec3, occupied: (voxel: number) => boolean, i: number, j: number, k: number): number {
  let bits = 0;
  for (let a = 0; a < 8; a++) {
    const x = i - 1 + (a & 1);
    const y = j - 1 + ((a >> 1) & 1);
    const z = k - 1 + (a >> 2);
    if (x >= 0 && y >= 0 && z >= 0 && x < nx && y < ny && z < nz && occupied(x + nx * (y + ny * z))) bits |= 1 << a;
  }
  return bits;
}

/** Bit of a pair of octants p < q. */
const pairBit = (p: number, q: number): number => 1 << ((q * (q - 1)) / 2 + p);

/**
 * For a fine node of given parity, one of the coarse nodes it is interpolated from (`end`: the upper one, along odd axes)
 * and the voxels around the fine node: the coarse elements it touches, as octants of the coarse node, and their pairs.
 */
function tieTable(): readonly { readonly octants: number; readonly pairs: number }[] {
  return Array.from({ length: 64 * 256 }, (_, code) => {
    const [around, end, parity] = [code & 255, (code >> 8) & 7, code >> 11];
    let octants = 0;
    for (let a = 0; a < 8; a++) {
      // along an even axis the octant is that of the voxel; along an odd one the element lies inside of the end
      if ((around >> a) & 1) octants |= 1 << ((a & ~parity) | (~end & parity & 7));
    }
    let pairs = 0;
    for (let q = 1; q < 8; q++)
      for (let p = 0; p < q; p++) if ((octants >> p) & (octants >> q) & 1) pairs |= pairBit(p, q);
    return { octants, pairs };
  });
}

function collectParts([nx, ny, nz]: Vec3, present: Uint8Array, tied: Uint32Array): Splits {
  const parts = new Map<number, Uint8Array>();
  const copies = new Int32Array(nz + 1);
  for (let node = 0; node < present.length; node++) {
    if ((present[node]! & (present[node]! - 1)) === 0) continue; // fewer than two elements
    if (isOnePart(present[node]!, tied[node]!)) continue; // nearly all
    const { part, count } = partsOf(present[node]!, tied[node]!);
    parts.set(node, part);
    copies[Math.floor(node / ((nx + 1) * (ny + 1)))]! += count - 1;
  }
  return { parts, copies };
}

/** Whether all octants with an element are tied together: grows from the lowest of them until nothing joins. */
function isOnePart(present: number, tied: number): boolean {
  let reached = present & -present;
  for (let before = 0; before !== reached; ) {
    before = reached;
    for (let q = 1, pair = 0; q < 8; q++)
      for (let p = 0; p < q; p++, pair++) {
        const both = (1 << p) | (1 << q);
        if ((tied >> pair) & 1 && reached & both) reached |= both;
      }
  }
  return reached === present;
}

/** Parts of the octants around one coarse node, the largest being part 0. */
function partsOf(present: number, tied: number): { part: Uint8Array; count: number } {
  const label = Uint8Array.from({ length: 8 }, (_, a) => a);
  for (let pass = 0; pass < 8; pass++)
    for (let q = 1; q < 8; q++)
      for (let p = 0; p < q; p++) if (tied & pairBit(p, q)) label[p] = label[q] = Math.min(label[p]!, label[q]!);
  const octants = [0, 1, 2, 3, 4, 5, 6, 7].filter((a) => (present >> a) & 1);
  const sizes = new Map<number, number>();
  for (const a of octants) sizes.set(label[a]!, (sizes.get(label[a]!) ?? 0) + 1);
  const order = [...sizes.keys()].sort((a, b) => sizes.get(b)! - sizes.get(a)! || a - b);
  const part = new Uint8Array(8).fill(NO_PART);
  for (const a of octants) part[a] = order.indexOf(label[a]!);
  return { part, count: order.length };
}
