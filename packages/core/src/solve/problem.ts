import { SpondylError } from "../error.js";
import { type Vec3, voxelCount } from "../volume/volume.js";
import type { Constraints, VoxelModel } from "../volume/voxelModel.js";
import { type Components, findComponents } from "./components.js";
import type { CheckedSolveOptions } from "./options.js";
import { findRuns, type Runs } from "./runs.js";

/** One prescribed displacement per unknown, sorted. */
export interface Fixed {
  readonly unknown: Float64Array; // 3·(grid node) + axis, ascending, each once
  readonly value: Float64Array; // mm
  readonly entry: Uint32Array; // the entry of the Constraints that it came from (the first, if it was given twice)
}

/** A model that has been checked and can be solved. */
export interface Problem {
  readonly size: Vec3; // voxels
  readonly spacing: Vec3; // mm
  readonly modulus: Float32Array; // MPa per voxel, 0 = no element
  readonly poisson: number;
  readonly runs: Runs;
  readonly components: Components;
  readonly fixed: Fixed;
  readonly entries: number; // of the Constraints that were given
  readonly removedElements: number; // of parts that nothing holds
}

/**
 * Checks a model and its constraints.
 * @throws SpondylError "bad-input" for a modulus, spacing or Poisson's ratio that is none, a model without elements,
 *   a constraint off the grid, contradicting constraints, or parts that nothing holds
 */
export function checkProblem(
  model: VoxelModel,
  constraints: Constraints,
  options: Pick<CheckedSolveOptions, "floating">,
): Problem {
  checkModel(model);
  const { size, spacing } = model.modulus;
  const modulus = model.modulus.data;
  const runs = findRuns(size, (v) => modulus[v]! > 0);
  if (runs.elements === 0)
    throw new SpondylError("bad-input", "solve: the modulus is 0 everywhere: no element. Check the mask and the law.");
  const fixed = sortConstraints(constraints, nodeCount(size));
  const all: Problem = {
    size,
    spacing,
    modulus,
    poisson: model.poisson,
    runs,
    components: findComponents(runs),
    fixed,
    entries: constraints.node.length,
    removedElements: 0,
  };
  return settleFloating(all, options.floating);
}

/** Nodes of the whole grid, voids included. */
export const nodeCount = (size: Vec3): number => (size[0] + 1) * (size[1] + 1) * (size[2] + 1);

function checkModel({ modulus, poisson }: VoxelModel): void {
  const bad = (message: string, details: Record<string, unknown>) =>
    new SpondylError("bad-input", `solve: ${message}`, details);
  if (!(poisson > -1 && poisson < 0.5))
    throw bad(`Poisson's ratio ${poisson} is not in (-1, 0.5). Bone is modelled with 0.3.`, { poisson });
  if (!modulus.spacing.every((h) => h > 0 && Number.isFinite(h)))
    throw bad(`the spacing ${modulus.spacing.join(" × ")} mm is not positive.`, { spacing: modulus.spacing });
  if (modulus.data.length !== voxelCount(modulus.size))
    throw bad(`${modulus.data.length} moduli for ${modulus.size.join(" × ")} voxels.`, { size: modulus.size });
  const wrong = modulus.data.findIndex((e) => !(e >= 0 && e < Infinity));
  if (wrong >= 0)
    throw bad(
      `the modulus of voxel ${wrong} is ${modulus.data[wrong]} MPa. Give 0 (no element) or a positive number.`,
      {
        voxel: wrong,
        modulus: modulus.data[wrong],
      },
    );
}

function sortConstraints({ node, axis, value }: Constraints, nodes: number): Fixed {
  const bad = (message: string, details: Record<string, unknown>) =>
    new SpondylError("bad-input", `solve: ${message}`, details);
  const count = node.length;
  if (axis.length !== count || value.length !== count)
    throw bad(
      `${count} constrained nodes, ${axis.length} axes, ${value.length} values. Give one of each per entry.`,
      {},
    );
  for (let i = 0; i < count; i++)
    if (!(node[i]! < nodes && axis[i]! < 3 && Number.isFinite(value[i]!)))
      throw bad(
        `constraint ${i} (node ${node[i]}, axis ${axis[i]}, ${value[i]} mm) is not on the grid of ${nodes} nodes and 3 axes.`,
        {
          entry: i,
        },
      );
  const unknownOf = (i: number) => 3 * node[i]! + axis[i]!;
  const order = Uint32Array.from(node, (_, i) => i).sort((a, b) => unknownOf(a) - unknownOf(b) || a - b);
  const kept = order.filter((i, at) => at === 0 || unknownOf(order[at - 1]!) !== unknownOf(i));
  for (let at = 1; at < count; at++) {
    const [i, j] = [order[at - 1]!, order[at]!];
    if (unknownOf(i) === unknownOf(j) && value[i] !== value[j])
      throw bad(
        `node ${node[i]} is to move by ${value[i]} and by ${value[j]} mm along axis ${axis[i]}. Give one value.`,
        {
          entries: [i, j],
        },
      );
  }
  return {
    unknown: Float64Array.from(kept, unknownOf),
    value: Float64Array.from(kept, (i) => value[i]!),
    entry: kept,
  };
}

/** Finds the parts without any constraint; removes them or says so. */
function settleFloating(problem: Problem, floating: "error" | "remove"): Problem {
  const { components, runs } = problem;
  const held = heldComponents(problem);
  const loose = components.elements.filter((_, c) => !held[c]);
  if (loose.length === 0) return problem;
  const elements = loose.reduce((sum, n) => sum + n, 0);
  const details = { elements, parts: loose.length, ofElements: runs.elements };
  if (elements === runs.elements)
    throw new SpondylError(
      "bad-input",
      "solve: the model is unconstrained: no prescribed displacement is on a node of an element. Fix one end and move the other.",
      details,
    );
  if (floating === "error")
    throw new SpondylError(
      "bad-input",
      `solve: ${elements} of ${runs.elements} elements, in ${loose.length} separate parts, are held by no constraint. ` +
        "Keep only the largest connected part of the mask, or set the option floating to remove.",
      details,
    );
  const modulus = withoutRuns(problem, (r) => !held[components.ofRun[r]!]);
  const kept = findRuns(problem.size, (v) => modulus[v]! > 0);
  return { ...problem, modulus, runs: kept, components: findComponents(kept), removedElements: elements };
}

/** Whether each component has a constrained node. */
function heldComponents({ fixed, components, runs }: Problem): Uint8Array {
  const held = new Uint8Array(components.count);
  for (const unknown of fixed.unknown) {
    const run = runOfNode(runs, Math.floor(unknown / 3));
    if (run >= 0) held[components.ofRun[run]!] = 1;
  }
  return held;
}

function withoutRuns({ modulus, runs }: Problem, drop: (run: number) => boolean): Float32Array {
  const kept = modulus.slice();
  for (let r = 0; r < runs.row.length - 1; r++)
    for (let i = runs.row[r]!; i < runs.row[r + 1]!; i++)
      if (drop(i)) kept.fill(0, r * runs.size[0] + runs.begin[i]!, r * runs.size[0] + runs.end[i]!);
  return kept;
}

/** A run whose elements touch a node of the grid, or −1. */
export function runOfNode(runs: Runs, node: number): number {
  const [nx, ny, nz] = runs.size;
  const i = node % (nx + 1);
  const j = Math.floor(node / (nx + 1)) % (ny + 1);
  const k = Math.floor(node / ((nx + 1) * (ny + 1)));
  for (let z = Math.max(0, k - 1); z <= Math.min(nz - 1, k); z++)
    for (let y = Math.max(0, j - 1); y <= Math.min(ny - 1, j); y++)
      for (let r = runs.row[y + ny * z]!; r < runs.row[y + ny * z + 1]! && runs.begin[r]! <= i; r++)
        if (runs.end[r]! >= i) return r;
  return -1;
}
