import { SpondylError } from "../error.js";
import { checkModel } from "../volume/checkModel.js";
import { type Fixed, fixedUnknowns } from "../volume/fixedUnknowns.js";
import type { Vec3 } from "../volume/volume.js";
import type { Constraints, VoxelModel } from "../volume/voxelModel.js";
import { type Components, findComponents } from "./components.js";
import type { CheckedSolveOptions } from "./options.js";
import { findRuns, type Runs } from "./runs.js";

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
  checkModel(model, "solve");
  const { size, spacing } = model.modulus;
  const modulus = model.modulus.data;
  const runs = findRuns(size, (v) => modulus[v]! > 0);
  if (runs.elements === 0)
    throw new SpondylError("bad-input", "solve: the modulus is 0 everywhere: no element. Check the mask and the law.");
  const fixed = fixedUnknowns(constraints, size, "solve");
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
