import { SpondylError } from "../error.js";
import { boundingBox } from "../volume/crop.js";
import type { AnatomicalFrame } from "../volume/frame.js";
import { type Grid, type Vec3, worldToIndex } from "../volume/volume.js";
import type { Constraints } from "../volume/voxelModel.js";
import type { Axis, EndCondition, Ends } from "./ends.js";

/**
 * A small rigid motion of the superior end about the pivot, in the vertebra's own axes: translations towards the left,
 * posterior and cranial (mm), then rotations about these axes (rad, right-handed).
 *
 * Kinematics are linear, u = t + θ × r, as those of the elements are: a rotation of 5 degrees lengthens an arm by 0.4 %.
 */
export type Motion = readonly [number, number, number, number, number, number];

/** The axes of a load, in those of the model's grid, and the point that moments are taken about. */
export interface LoadAxes {
  readonly left: Vec3; // unit vectors; left × posterior = cranial
  readonly posterior: Vec3;
  readonly cranial: Vec3;
  readonly pivot: Vec3; // mm from node (0, 0, 0), along the grid's axes
}

/** How both ends are held. `guided` prescribes the displacement along the ends' axis alone, `fixed` along all three. */
export interface EndConditions {
  readonly inferior: EndCondition;
  readonly superior: EndCondition;
}

/** Constraints that hold the inferior end and move the superior one as a rigid body. */
export interface RigidEnds {
  readonly node: Uint32Array; // per entry; those of the superior end come last
  readonly axis: Uint8Array;
  /** What a unit of each of the six motions prescribes, per entry: mm per mm, or mm per rad; 0 on the inferior end. */
  readonly modes: readonly Float64Array[];
}

/** @param spacing of the grid, mm */
export function rigidEnds(ends: Ends, size: Vec3, spacing: Vec3, axes: LoadAxes, conditions: EndConditions): RigidEnds {
  const node: number[] = [];
  const axis: number[] = [];
  const held = (nodes: Uint32Array, condition: EndCondition) => {
    for (const n of nodes)
      for (const a of [0, 1, 2] as const) {
        if (a !== ends.axis && condition === "guided") continue;
        node.push(n);
        axis.push(a);
      }
  };
  held(ends.inferior, conditions.inferior);
  const moved = node.length;
  held(ends.superior, conditions.superior);
  const modes = Array.from({ length: 6 }, () => new Float64Array(node.length));
  for (let i = moved; i < node.length; i++) {
    const arm = armOf(node[i]!, size, spacing, axes.pivot);
    for (let m = 0; m < 6; m++) modes[m]![i] = rigidMode(axes, m, arm)[axis[i]!]!;
  }
  return { node: Uint32Array.from(node), axis: Uint8Array.from(axis), modes };
}

/** Vector from the pivot to a node, mm, along the grid's axes. */
function armOf(node: number, [nx, ny]: Vec3, spacing: Vec3, pivot: Vec3): Vec3 {
  const index = [node % (nx + 1), Math.floor(node / (nx + 1)) % (ny + 1), Math.floor(node / ((nx + 1) * (ny + 1)))];
  return index.map((i, a) => i * spacing[a]! - pivot[a]!) as unknown as Vec3;
}

/** Displacement at an arm from the pivot by a unit of motion m: a translation, or a rotation θ × r. */
function rigidMode({ left, posterior, cranial }: LoadAxes, m: number, r: Vec3): Vec3 {
  const e = [left, posterior, cranial][m % 3]!;
  if (m < 3) return e;
  return [e[1] * r[2] - e[2] * r[1], e[2] * r[0] - e[0] * r[2], e[0] * r[1] - e[1] * r[0]];
}

/** What a motion prescribes, per entry, mm. */
export function prescribedBy({ node, modes }: RigidEnds, motion: Motion): Float64Array {
  const value = new Float64Array(node.length);
  motion.forEach((amount, m) => {
    if (amount !== 0) for (let i = 0; i < value.length; i++) value[i]! += amount * modes[m]![i]!;
  });
  return value;
}

export const constraintsOf = (ends: RigidEnds, motion: Motion): Constraints => ({
  node: ends.node,
  axis: ends.axis,
  value: prescribedBy(ends, motion),
});

/**
 * Force (N) and moment (N mm, about the pivot) on the superior end, in the order of a Motion: its work on a small motion
 * is their product. A guided end takes no lateral force and no torsion: these are 0.
 * @param reaction N per entry
 */
export const resultantOn = ({ modes }: Pick<RigidEnds, "modes">, reaction: ArrayLike<number>): Motion =>
  modes.map((mode) => mode.reduce((sum, x, i) => sum + x * reaction[i]!, 0)) as unknown as Motion;

/** The axes of a vertebra, on any grid. */
export function vertebraAxes(frame: AnatomicalFrame, grid: Grid): LoadAxes {
  const { direction: d, spacing } = grid;
  const onGrid = (v: Vec3, sign: number): Vec3 =>
    [0, 1, 2].map((c) => sign * (d[c]! * v[0] + d[3 + c]! * v[1] + d[6 + c]! * v[2])) as unknown as Vec3;
  return {
    left: onGrid(frame.right, -1),
    posterior: onGrid(frame.anterior, -1),
    cranial: onGrid(frame.cranial, 1),
    pivot: worldToIndex(grid, frame.centre).map((i, a) => (i + 0.5) * spacing[a]!) as unknown as Vec3, // voxel to node
  };
}

/**
 * The axes of a specimen whose axis is one of its grid's: left, posterior and cranial are the two others, in cyclic
 * order, and the axis. The pivot is the middle of the box around the elements.
 */
export function specimenAxes(element: ArrayLike<number>, size: Vec3, spacing: Vec3, axis: Axis): LoadAxes {
  const unit = (a: number): Vec3 => [a % 3 === 0 ? 1 : 0, a % 3 === 1 ? 1 : 0, a % 3 === 2 ? 1 : 0];
  return {
    left: unit(axis + 1),
    posterior: unit(axis + 2),
    cranial: unit(axis),
    pivot: middleOf(element, size).map((i, a) => i * spacing[a]!) as unknown as Vec3,
  };
}

/** Middle of the box around the elements, in voxels from the grid's corner. */
function middleOf(element: ArrayLike<number>, size: Vec3): Vec3 {
  const box = boundingBox(element, size);
  if (!box) throw new SpondylError("bad-input", "mesh: the model has no elements: the modulus is 0 everywhere.");
  return box.lower.map((l, a) => (l + box.upper[a]!) / 2) as unknown as Vec3;
}
