import { Compartment } from "../volume/compartment.js";
import { type Grid, indexToWorld, type Vec3, type Volume, voxelCount } from "../volume/volume.js";
import type { Backdrop } from "./backdrop.js";
import { neighbourCodes, type PhantomLevel, verseCode } from "./levels.js";
import type { Truth } from "./truth.js";

/** Label maps on the scan's grid. */
export interface Annotation {
  /** VerSe codes: a voxel is the vertebra's where at least half of it is; the neighbours' bodies have theirs. */
  readonly labels: Volume<"label">;
  /** Compartment codes 1 to 4 of the vertebra: the one with most of the voxel. A thin cortex leaves gaps here. */
  readonly compartments: Volume<"label">;
}

const kinds = [
  Compartment.bodyCore,
  Compartment.bodyShell,
  Compartment.posteriorCore,
  Compartment.posteriorShell,
] as const;

export function annotate(truth: Truth, backdrop: Backdrop, scan: Grid, level: PhantomLevel): Annotation {
  const count = voxelCount(scan.size);
  const { votes, most } = vote(truth, scan);
  const labels = neighbourLabels(backdrop, scan, level),
    compartments = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    const [all, a, b, c, d] = [
      votes[5 * n]!,
      votes[5 * n + 1]!,
      votes[5 * n + 2]!,
      votes[5 * n + 3]!,
      votes[5 * n + 4]!,
    ];
    const winner = Math.max(a, b, c, d);
    if (winner === 0 || 2 * all < most(n)) continue;
    labels[n] = verseCode(level);
    compartments[n] = kinds[[a, b, c, d].indexOf(winner)]!;
  }
  const volume = (data: Float32Array): Volume<"label"> => ({ ...scan, quantity: "label", data });
  return { labels: volume(labels), compartments: volume(compartments) };
}

/**
 * For each voxel of the scan, over the fine voxels whose centres lie in it: the sum of their shares of bone, and how
 * many have each compartment, five numbers a voxel; and how many fine voxels fit in it. Both grids are aligned.
 */
function vote({ labels: fine, bone }: Truth, scan: Grid) {
  const cell = ([0, 1, 2] as const).map((axis) =>
    Int32Array.from({ length: fine.size[axis] }, (_, i) =>
      Math.round((fine.origin[axis] + i * fine.spacing[axis] - scan.origin[axis]) / scan.spacing[axis]),
    ),
  );
  const [nx, ny, nz] = scan.size;
  const votes = new Float32Array(5 * voxelCount(scan.size));
  for (let m = 0; m < bone.length; m++) {
    if (bone[m] === 0) continue;
    const i = cell[0]![m % fine.size[0]]!;
    const j = cell[1]![Math.floor(m / fine.size[0]) % fine.size[1]]!;
    const k = cell[2]![Math.floor(m / (fine.size[0] * fine.size[1]))]!;
    if (i < 0 || i >= nx || j < 0 || j >= ny || k < 0 || k >= nz) continue;
    const n = 5 * (i + nx * (j + ny * k));
    votes[n]! += bone[m]! / 255;
    if (fine.data[m]) votes[n + fine.data[m]!]!++;
  }
  const full = ([0, 1, 2] as const).map((axis) => capacity(fine, scan, axis));
  const most = (n: number) =>
    full[0]![n % nx]! * full[1]![Math.floor(n / nx) % ny]! * full[2]![Math.floor(n / (nx * ny))]!;
  return { votes, most };
}

/** Fine voxel centres that fall, or would fall were the fine grid endless, in each scan voxel along an axis. */
function capacity(fine: Grid, scan: Grid, axis: 0 | 1 | 2): Float64Array {
  const counts = new Float64Array(scan.size[axis]);
  const h = fine.spacing[axis],
    s = scan.spacing[axis];
  const from = (scan.origin[axis] - s - fine.origin[axis]) / h,
    to = from + (s * (scan.size[axis] + 1)) / h;
  for (let i = Math.floor(from); i <= Math.ceil(to); i++) {
    const c = Math.round((fine.origin[axis] + i * h - scan.origin[axis]) / s);
    if (c >= 0 && c < counts.length) counts[c]!++;
  }
  return counts;
}

/** Codes of the neighbours: the thin slice nearest to each slice of the scan decides. */
function neighbourLabels({ hu, above, below }: Backdrop, scan: Grid, level: PhantomLevel): Float32Array {
  const codes = neighbourCodes(level);
  const slice = scan.size[0] * scan.size[1];
  const out = new Float32Array(voxelCount(scan.size));
  for (let k = 0; k < scan.size[2]; k++) {
    const z = scan.origin[2] + k * scan.spacing[2];
    const thin = Math.floor((z - hu.origin[2]) / hu.spacing[2]);
    for (let m = 0; m < slice; m++) {
      if (above[thin * slice + m]) out[k * slice + m] = codes.above;
      if (below[thin * slice + m]) out[k * slice + m] = codes.below;
    }
  }
  return out;
}

/** Voxels whose centres lie within `radius` of a vertical line, given to `visit` with their position. */
export function alongStrand(
  scan: Grid,
  { x, y, radius }: { readonly x: number; readonly y: number; readonly radius: number },
  visit: (n: number, position: Vec3) => void,
): void {
  const [nx, ny, nz] = scan.size;
  for (let j = 0; j < ny; j++)
    for (let i = 0; i < nx; i++) {
      const [px, py] = indexToWorld(scan, [i, j, 0]);
      if ((px - x) ** 2 + (py - y) ** 2 > radius ** 2) continue;
      for (let k = 0; k < nz; k++) visit(i + nx * (j + ny * k), indexToWorld(scan, [i, j, k]));
    }
}
