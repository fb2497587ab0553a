import { GrowingList } from "./growingList.js";
import { slotInRow } from "./nodeRuns.js";
import type { VoxelLevel } from "./voxelLevel.js";

/** Trilinear interpolation from level 1 to level 0 as the kernel reads it. */
export interface Transfer {
  readonly planeRow: Int32Array; // nz + 2: first row of each fine plane
  readonly rows: Int32Array; // 8 per row: first node, nodes, parity of its x, first coarse node in four rows, 0
  readonly planeLoose: Int32Array; // nz + 2: first loose node of each fine plane
  readonly loose: Int32Array; // 9 per loose node: its slot, and the slots of eight coarse nodes that weigh 1/8 each
}

export function transfer(fine: VoxelLevel, coarse: VoxelLevel, occupied: (voxel: number) => boolean): Transfer {
  const parents = looseParents(fine, coarse, occupied);
  const [, ny, nz] = fine.runs.size;
  const { row, begin, count, slot } = fine.nodeRuns;
  const planeRow = new Int32Array(nz + 2);
  const planeLoose = new Int32Array(nz + 2);
  const rows = new GrowingList();
  const loose = new GrowingList();
  for (let k = 0; k <= nz; k++) {
    for (let j = 0; j <= ny; j++)
      for (let r = row[j + (ny + 1) * k]!; r < row[j + (ny + 1) * k + 1]!; r++)
        for (let n = 0; n < count[r]!; ) {
          const at = slot[r]! + n;
          const eight = parents.size > 0 ? parents.get(at) : undefined;
          if (eight) {
            loose.push(at);
            for (const parent of eight) loose.push(parent);
            n++;
            continue;
          }
          let length = 1;
          while (n + length < count[r]! && !(parents.size > 0 && parents.has(at + length))) length++;
          const i = begin[r]! + n;
          for (const word of [at, length, i & 1]) rows.push(word);
          for (let a = 0; a < 4; a++) rows.push(primarySlot(coarse, i >> 1, (j + (a & 1)) >> 1, (k + (a >> 1)) >> 1));
          rows.push(0);
          n += length;
        }
    planeRow[k + 1] = rows.length / 8;
    planeLoose[k + 1] = loose.length / 9;
  }
  return { planeRow, rows: rows.toSigned(), planeLoose, loose: loose.toSigned() };
}

const primarySlot = ({ nodeRuns, runs }: VoxelLevel, i: number, j: number, k: number): number =>
  slotInRow(nodeRuns, j + (runs.size[1] + 1) * k, i);

/** By fine slot: the eight coarse slots of the nodes that are interpolated from a copy. */
function looseParents(
  fine: VoxelLevel,
  coarse: VoxelLevel,
  occupied: (voxel: number) => boolean,
): Map<number, Int32Array> {
  const parents = new Map<number, Int32Array>();
  const isCopy = new Set(coarse.copies.map(({ slot }) => slot));
  const voxelOf = voxelsOf(coarse, coarse.loose.element);
  coarse.loose.element.forEach((_, at) => {
    const [X, Y, Z] = voxelOf[at]!;
    const corners = coarse.loose.slots.subarray(8 * at, 8 * at + 8);
    for (const [i, j, k] of touchedNodes(fine, [X, Y, Z], occupied)) {
      const eight = Int32Array.from({ length: 8 }, (_, a) => {
        const corner =
          ((i + (a & 1)) >> 1) - X + 2 * (((j + ((a >> 1) & 1)) >> 1) - Y) + 4 * (((k + (a >> 2)) >> 1) - Z);
        return corners[corner]!;
      });
      if (eight.some((slot) => isCopy.has(slot))) parents.set(primarySlot(fine, i, j, k), eight);
    }
  });
  return parents;
}

/** Fine nodes of a coarse voxel that touch one of its children. */
function touchedNodes(
  { runs: { size } }: VoxelLevel,
  [X, Y, Z]: readonly [number, number, number],
  occupied: (voxel: number) => boolean,
): [number, number, number][] {
  const found = new Set<number>();
  for (let c = 0; c < 8; c++) {
    const [x, y, z] = [2 * X + (c & 1), 2 * Y + ((c >> 1) & 1), 2 * Z + (c >> 2)];
    if (x >= size[0] || y >= size[1] || z >= size[2] || !occupied(x + size[0] * (y + size[1] * z))) continue;
    for (let a = 0; a < 8; a++)
      found.add((c & 1) + (a & 1) + 3 * (((c >> 1) & 1) + ((a >> 1) & 1)) + 9 * ((c >> 2) + (a >> 2)));
  }
  return [...found].map((n) => [2 * X + (n % 3), 2 * Y + (Math.floor(n / 3) % 3), 2 * Z + Math.floor(n / 9)]);
}

/** Grid indices of some elements, given in ascending order. */
function voxelsOf({ runs }: VoxelLevel, elements: Uint32Array): [number, number, number][] {
  const [, ny] = runs.size;
  const found: [number, number, number][] = [];
  let row = 0;
  let r = 0;
  for (const e of elements) {
    while (r + 1 < runs.first.length && runs.first[r + 1]! <= e) r++;
    while (runs.row[row + 1]! <= r) row++;
    found.push([runs.begin[r]! + e - runs.first[r]!, row % ny, Math.floor(row / ny)]);
  }
  return found;
}
