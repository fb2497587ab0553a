import { SpondylError } from "../error.js";
import { components } from "../volume/components.js";
import type { Vec3 } from "../volume/volume.js";
import type { Constraints } from "../volume/voxelModel.js";

export type Axis = 0 | 1 | 2;

/** How an end is held: `fixed` holds all axes, `guided` only the axial one, so that the end may widen. */
export type EndCondition = "fixed" | "guided";

/** The nodes of the two ends of a model, as indices into its (size + 1)³ voxel corners, ascending. */
export interface Ends {
  readonly axis: Axis; // of the grid; the superior end lies towards its high indices
  readonly inferior: Uint32Array;
  readonly superior: Uint32Array;
}

/**
 * The nodes on the lowest and the highest plane of elements: the ends of a specimen between flat platens.
 *
 * @param element voxels with an element, not 0
 * @throws SpondylError "bad-input" when there are no elements
 */
export function planeEnds(element: ArrayLike<number>, size: Vec3, axis: Axis): Ends {
  const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  let low = Number.POSITIVE_INFINITY;
  let high = -1;
  for (let n = 0; n < element.length; n++) {
    if (!element[n]) continue;
    const level = Math.floor(n / stride) % size[axis];
    if (level < low) low = level;
    if (level > high) high = level;
  }
  if (high < 0) throw noElements();
  const nodesOf = (level: number, face: 0 | 1) =>
    faceNodes(element, size, axis, face, (n) => Math.floor(n / stride) % size[axis] === level);
  return { axis, inferior: nodesOf(low, 0), superior: nodesOf(high, 1) };
}

/**
 * The nodes of the faces that can be seen along the axis from outside, on voxels of the given kinds: the ends of a
 * specimen whose caps or end-plates are not flat. A face is seen when no element lies beyond it in its column.
 *
 * @param kind label per voxel
 * @throws SpondylError "bad-input" when one of the kinds is not to be seen
 */
export function visibleEnds(
  element: ArrayLike<number>,
  kind: ArrayLike<number>,
  size: Vec3,
  axis: Axis,
  inferior: readonly number[],
  superior: readonly number[],
): Ends {
  const nodesOf = (face: 0 | 1, kinds: readonly number[]) => {
    const outermost = outermostInColumns(element, size, axis, face);
    return faceNodes(element, size, axis, face, (n) => outermost[n] === 1 && kinds.includes(kind[n]!));
  };
  const ends: Ends = { axis, inferior: nodesOf(0, inferior), superior: nodesOf(1, superior) };
  for (const name of ["inferior", "superior"] as const)
    if (ends[name].length === 0)
      throw new SpondylError("bad-input", `mesh: no ${name} face to load is visible along the axis. Check the labels.`);
  return ends;
}

/** Marks, in each column along the axis, the element that lies outermost on this side (0 low, 1 high). */
function outermostInColumns(element: ArrayLike<number>, size: Vec3, axis: Axis, face: 0 | 1): Uint8Array {
  const stride = [1, size[0], size[0] * size[1]] as const;
  const [a, b] = axis === 0 ? ([1, 2] as const) : axis === 1 ? ([0, 2] as const) : ([0, 1] as const);
  const mark = new Uint8Array(element.length);
  for (let v = 0; v < size[b]; v++)
    for (let u = 0; u < size[a]; u++)
      for (let step = 0; step < size[axis]; step++) {
        const level = face ? size[axis] - 1 - step : step;
        const n = u * stride[a] + v * stride[b] + level * stride[axis];
        if (!element[n]) continue;
        mark[n] = 1;
        break;
      }
  return mark;
}

/** The four corners of the low (0) or high (1) face of each chosen element, each node once, ascending. */
function faceNodes(
  element: ArrayLike<number>,
  [nx, ny, nz]: Vec3,
  axis: Axis,
  face: 0 | 1,
  chosen: (voxel: number) => boolean,
): Uint32Array {
  const corner = [1, nx + 1, (nx + 1) * (ny + 1)] as const;
  const [a, b] = axis === 0 ? ([1, 2] as const) : axis === 1 ? ([0, 2] as const) : ([0, 1] as const);
  const mark = new Uint8Array((nx + 1) * (ny + 1) * (nz + 1));
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        if (!element[n] || !chosen(n)) continue;
        const first = i + (nx + 1) * (j + (ny + 1) * k) + face * corner[axis];
        mark[first] = mark[first + corner[a]] = mark[first + corner[b]] = mark[first + corner[a] + corner[b]] = 1;
      }
  const nodes: number[] = [];
  for (let n = 0; n < mark.length; n++) if (mark[n]) nodes.push(n);
  return Uint32Array.from(nodes);
}

/**
 * Makes sure that some part of the model reaches from one end to the other: otherwise its stiffness is 0 and no result.
 * Elements that share a corner are joined.
 * @throws SpondylError "bad-input" when the ends belong to different parts
 */
export function requireJoined(element: ArrayLike<number>, size: Vec3, ends: Ends): void {
  const { label } = components(element, size, 26);
  const [row, plane] = [size[0] + 1, (size[0] + 1) * (size[1] + 1)];
  const partsAt = (nodes: Uint32Array) => {
    const parts = new Set<number>();
    for (const n of nodes)
      for (let c = 0; c < 8; c++) {
        const [i, j, k] = [
          (n % row) - (c & 1),
          (Math.floor(n / row) % (size[1] + 1)) - ((c >> 1) & 1),
          Math.floor(n / plane) - (c >> 2),
        ];
        if (i >= 0 && j >= 0 && k >= 0 && i < size[0] && j < size[1] && k < size[2])
          parts.add(label[i + size[0] * (j + size[1] * k)]!);
      }
    parts.delete(0);
    return parts;
  };
  const low = partsAt(ends.inferior);
  if (![...partsAt(ends.superior)].some((part) => low.has(part)))
    throw new SpondylError(
      "bad-input",
      "mesh: nothing joins the two ends of the model. Check the threshold, the mask and the axis.",
    );
}

export interface AxialLoad {
  readonly displacementMm: number; // of the superior end along the axis; negative compresses
  readonly inferior: EndCondition;
  readonly superior: EndCondition;
}

/** How the ends are held sideways, in words: it changes the answer, so it stands with every result. */
export function lateralConstraint({ inferior, superior }: Pick<AxialLoad, "inferior" | "superior">): string {
  if (inferior === superior) return inferior === "fixed" ? "held at both ends" : "free at both ends";
  return inferior === "fixed"
    ? "held at the inferior end, free at the superior"
    : "free at the inferior end, held at the superior";
}

/**
 * The inferior end held and the superior one moved along the axis. Entries of the superior end come last.
 * @throws SpondylError "bad-option" for a displacement of nothing or beyond any linear model
 */
export function axialConstraints(ends: Ends, load: AxialLoad): Constraints {
  const size = Math.abs(load.displacementMm);
  if (!(size >= 1e-6 && size <= 10))
    throw new SpondylError(
      "bad-option",
      `mesh: a displacement of ${load.displacementMm} mm. Give 1e-6 to 10 mm, negative to compress.`,
    );
  const node: number[] = [],
    axis: number[] = [],
    value: number[] = [];
  const hold = (nodes: Uint32Array, condition: EndCondition, moved: number) => {
    for (const n of nodes)
      for (const a of [0, 1, 2] as const) {
        if (a !== ends.axis && condition === "guided") continue;
        node.push(n);
        axis.push(a);
        value.push(a === ends.axis ? moved : 0);
      }
  };
  hold(ends.inferior, load.inferior, 0);
  hold(ends.superior, load.superior, load.displacementMm);
  return { node: Uint32Array.from(node), axis: Uint8Array.from(axis), value: Float64Array.from(value) };
}

const noElements = () =>
  new SpondylError(
    "bad-input",
    "mesh: the model has no elements: the modulus is 0 everywhere. Check the image and the units.",
  );
