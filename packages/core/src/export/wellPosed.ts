import { SpondylError } from "../error.js";
import { components } from "../volume/components.js";
import type { Finding } from "../volume/finding.js";
import { addOuter, freeMotions, type Motion, rigidRow } from "../volume/rigidMotion.js";
import type { Constraints, VoxelModel } from "../volume/voxelModel.js";
import { cornersOf, gridOrder, type HexMesh, hexMesh } from "./hexMesh.js";
import { prescribed } from "./prescribed.js";

/** A model that direct solvers can work with, and what was done to make it one. */
export interface WellPosed {
  readonly model: VoxelModel;
  readonly constraints: Constraints;
  readonly findings: readonly Finding[];
}

/**
 * Makes the equations of a model regular, which our own solver does not need but direct ones do. Where the constraints
 * leave a rigid motion of a part free, one more displacement per motion is set to 0: it carries no force and changes no
 * strain. Parts that nothing holds are an error, or removed.
 * @throws SpondylError "bad-input" for parts that nothing holds; as `hexMesh` and `prescribed`
 */
export function wellPosed(
  model: VoxelModel,
  constraints: Constraints,
  { floating = "error" }: { readonly floating?: "error" | "remove" } = {},
): WellPosed {
  const mesh = hexMesh(model);
  const { label, count, sizes } = components(model.modulus.data, mesh.size, 26);
  const partOf = partOfNodes(mesh, label);
  const held = heldParts(model, mesh, partOf, constraints);
  const loose = sizes.reduce((sum, elements, p) => sum + (held.has(p + 1) ? 0 : elements), 0);
  if (loose > 0 && (floating === "error" || held.size === 0)) throw unheld(loose, count - held.size, mesh.voxel.length);
  const supports = [...supportsOf(model, mesh, partOf, held)];
  const kept = loose > 0 ? keepParts(model, label, held) : model;
  return {
    model: kept,
    constraints: supports.length > 0 ? withSupports(constraints, supports) : constraints,
    findings: [
      ...(loose > 0 ? [removed(loose, count - held.size)] : []),
      ...(supports.length > 0 ? [supported(supports.length)] : []),
      ...hinged(components(kept.modulus.data, mesh.size, 6).count - held.size),
    ],
  };
}

/** Part (from 1) that each node of the mesh belongs to; elements that share a node are one part. */
function partOfNodes(mesh: HexMesh, label: Int32Array): Int32Array {
  const part = new Int32Array(mesh.node.length);
  for (const [e, v] of mesh.voxel.entries()) for (const at of cornersOf(mesh, e, gridOrder)) part[at] = label[v]!;
  return part;
}

/** Sum of the outer products of the held unknowns' rigid rows, by part; parts that nothing holds are missing. */
type Held = ReadonlyMap<number, Float64Array>;

function heldParts(model: VoxelModel, mesh: HexMesh, partOf: Int32Array, constraints: Constraints): Held {
  const held = new Map<number, Float64Array>();
  for (const { at, axis } of prescribed(mesh, constraints)) {
    const gram = held.get(partOf[at]!) ?? new Float64Array(36);
    addOuter(gram, rigidRow(model.modulus, mesh.node[at]!, axis));
    held.set(partOf[at]!, gram);
  }
  return held;
}

/** A displacement to be set to 0. */
interface Support {
  readonly node: number; // of the grid
  readonly axis: 0 | 1 | 2;
}

/** For each free rigid motion, the node and axis that it moves most. */
function* supportsOf(model: VoxelModel, mesh: HexMesh, partOf: Int32Array, held: Held): Generator<Support> {
  const free = [...held].filter(([, gram]) => freeMotions(gram).length > 0);
  const nodes = new Map(free.map(([part]) => [part, [] as number[]]));
  for (const [at, node] of mesh.node.entries()) nodes.get(partOf[at]!)?.push(node);
  for (const [part, given] of free) {
    const gram = given.slice();
    for (let motions = freeMotions(gram); motions.length > 0; motions = freeMotions(gram)) {
      const support = mostMoved(model, nodes.get(part)!, motions);
      addOuter(gram, rigidRow(model.modulus, support.node, support.axis));
      yield support;
    }
  }
}

function mostMoved({ modulus }: VoxelModel, nodes: readonly number[], motions: readonly Motion[]): Support {
  let best: Support & { moved: number } = { node: -1, axis: 0, moved: 0 };
  for (const node of nodes)
    for (const axis of [0, 1, 2] as const) {
      const row = rigidRow(modulus, node, axis);
      const moved = motions.reduce((sum, m) => sum + m.reduce((dot, x, i) => dot + x * row[i]!, 0) ** 2, 0);
      if (moved > best.moved * (1 + 1e-9)) best = { node, axis, moved }; // the first of equals, whatever the rounding
    }
  return best;
}

const withSupports = ({ node, axis, value }: Constraints, supports: readonly Support[]): Constraints => ({
  node: Uint32Array.from([...node, ...supports.map((s) => s.node)]),
  axis: Uint8Array.from([...axis, ...supports.map((s) => s.axis)]),
  value: Float64Array.from([...value, ...supports.map(() => 0)]),
});

function keepParts({ modulus, poisson }: VoxelModel, label: Int32Array, held: Held): VoxelModel {
  return { modulus: { ...modulus, data: modulus.data.map((e, v) => (held.has(label[v]!) ? e : 0)) }, poisson };
}

const unheld = (elements: number, parts: number, all: number) =>
  new SpondylError(
    "bad-input",
    `export: ${elements} of ${all} elements, in ${parts} separate parts, are held by no constraint. ` +
      "Keep only the largest connected part of the image, or set the option floating to remove.",
    { elements, parts, ofElements: all },
  );

const removed = (elements: number, parts: number): Finding => ({
  code: "floating-removed",
  severity: "repaired",
  message: `${elements} elements in ${parts} parts that no constraint holds were left out.`,
});

const supported = (count: number): Finding => ({
  code: "rigid-motions-held",
  severity: "repaired",
  message: `The constraints leave ${count} rigid motions free: as many displacements were set to 0, which carry no force.`,
});

/** @param count clusters of elements joined by faces, beyond the number of parts */
const hinged = (count: number): Finding[] =>
  count === 0
    ? []
    : [
        {
          code: "hinges",
          severity: "note",
          message: `${count} clusters of elements meet others in an edge or a corner alone. One that can turn about it makes a direct solver stop or warn of a singular matrix.`,
        },
      ];
