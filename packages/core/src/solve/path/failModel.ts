import { SpondylError } from "../../error.js";
import { type LoadCase, leadingComponent } from "../../load/loadCase.js";
import { constraintsOf, type Motion, type RigidEnds } from "../../load/rigidEnds.js";
import { type Material, makeLaw } from "../../material/material.js";
import { voxelVolume } from "../../volume/volume.js";
import type { VoxelModel } from "../../volume/voxelModel.js";
import { activeNodes } from "../nodes.js";
import { checkSolveOptions } from "../options.js";
import { checkProblem, type Problem } from "../problem.js";
import type { Crew, Session } from "../session.js";
import { sessions } from "../solveModel.js";
import { fixedPositions } from "../system.js";
import { damageEquilibrium } from "./damageEquilibrium.js";
import type { ElementFields, Equilibrium } from "./equilibrium.js";
import { checkFailOptions, type FailOptions } from "./failOptions.js";
import { followPath } from "./followPath.js";
import { type MovedEnd, movedEnd } from "./movedEnd.js";
import type { PathEnd, PathPoint, PathState } from "./pathPoint.js";
import { followerHelm, followerMotions, type Helm, prescribedHelm } from "./steering.js";

/** A model, what is done to it, and of what it is made. */
export interface FailInput {
  readonly model: VoxelModel; // moduli before anything has happened
  readonly ends: RigidEnds;
  readonly load: LoadCase;
  readonly material: Material;
  readonly resume?: PathState; // of the same input and options
}

/** The path to failure. */
export interface Failure {
  readonly points: readonly PathPoint[]; // from the unloaded state on
  readonly end: PathEnd;
  readonly fields: ElementFields; // at the end
  readonly elements: number;
  readonly nodes: number;
  readonly memoryBytes: number; // of the solver
  readonly threads: number;
}

/** How the path tells of its points, and of the means to take it up there. */
export type OnPoint = (point: PathPoint, save: () => PathState) => void | Promise<void>;

/** Follows the path to failure on this thread; `fail` has the promises that it keeps. */
export async function failModel(
  input: FailInput,
  options: FailOptions,
  crew: Crew,
  onPoint: OnPoint,
): Promise<Failure> {
  const { model, ends, load } = input;
  const checked = checkFailOptions(options);
  const { kernel, floating } = checkSolveOptions(options);
  const problem = checkProblem(model, constraintsOf(ends, load.motion), { floating });
  const node = activeNodes(problem.runs);
  const fixed = fixedPositions(problem, node);
  const session = sessions[kernel](problem, fixed, crew);
  const end = movedEnd(session, ends, fixed);
  const helm = load.follower ? await followerOf(load, session, end) : prescribedHelm(load);
  const equilibrium = equilibriumOf(input.material, problem, session, end, checked);
  if (input.resume) equilibrium.restore(input.resume.arrays);
  const path = { steps: checked.steps, brokenBelow: checked.brokenBelow, leading: leadingComponent(load) };
  const followed = await followPath(equilibrium, helm, path, onPoint, input.resume);
  equilibrium.close();
  if (followed.points.length < 2)
    throw new SpondylError(
      "not-converged",
      "fail: no state of equilibrium was found, however small the step. Look for parts that hang by an edge, or load less.",
    );
  return {
    ...followed,
    fields: equilibrium.fields(),
    elements: problem.runs.elements,
    nodes: node.length,
    memoryBytes: session.memoryBytes,
    threads: session.threads,
  };
}

function equilibriumOf(
  material: Material,
  problem: Problem,
  session: Session,
  end: MovedEnd,
  { tolerance, maxIterations }: ReturnType<typeof checkFailOptions>,
): Equilibrium {
  const elementMm = Math.cbrt(voxelVolume(problem.spacing));
  const law = makeLaw(material, { poisson: problem.poisson, elementMm });
  return damageEquilibrium(problem, session, end, law, { tolerance, maxIterations });
}

/** Elastic stiffness of the end in the motions that a follower finds, from one solution each. */
async function followerOf(load: LoadCase, session: Session, end: MovedEnd): Promise<Helm> {
  const stiffness = new Float64Array(9);
  for (let c = 0; c < 3; c++) {
    session.displacement.fill(0);
    end.prescribe([0, 1, 2, 3, 4, 5].map((m) => (m === followerMotions[c] ? 1 : 0)) as unknown as Motion);
    await session.solve({ tolerance: 1e-6, maxIterations: 2000 });
    session.forces();
    const resultant = end.resultant();
    followerMotions.forEach((m, r) => {
      stiffness[3 * r + c] = resultant[m];
    });
  }
  session.displacement.fill(0);
  return followerHelm(load, stiffness);
}
