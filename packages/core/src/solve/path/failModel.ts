import { SpondylError } from "../../error.js";
import { type LoadCase, leadingComponent } from "../../load/loadCase.js";
import { constraintsOf, type Motion, type RigidEnds } from "../../load/rigidEnds.js";
import type { DamageLaw } from "../../material/damageLaw.js";
import { type Material, makeLaw } from "../../material/material.js";
import type { PointLaw } from "../../material/pointLaw.js";
import { voxelVolume } from "../../volume/volume.js";
import type { VoxelModel } from "../../volume/voxelModel.js";
import { byElement, elementModuli } from "../hierarchy.js";
import { tellOutOfMemory } from "../memory.js";
import { activeNodes } from "../nodes.js";
import { checkSolveOptions } from "../options.js";
import { checkProblem, type Problem } from "../problem.js";
import type { Crew, Session } from "../session.js";
import { sessions } from "../solveModel.js";
import { byNode } from "../solveOnce.js";
import { fixedPositions } from "../system.js";
import { damageEquilibrium } from "./damageEquilibrium.js";
import type { ElasticField } from "./elasticField.js";
import type { ElementFields, Equilibrium } from "./equilibrium.js";
import { type CheckedFailOptions, checkFailOptions, type FailOptions } from "./failOptions.js";
import { followPath } from "./followPath.js";
import { type MovedEnd, movedEnd } from "./movedEnd.js";
import { bandMm, nonLocalAverage } from "./nonLocal.js";
import type { PathEnd, PathPoint, PathState } from "./pathPoint.js";
import { pointEquilibrium } from "./pointEquilibrium.js";
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
  readonly node: Uint32Array; // grid indices of the nodes that touch an element, ascending
  readonly displacement: Float64Array; // mm, at the end, [3·position in `node` + axis]
  readonly stiffness: number; // of the leading component before anything yields, N/mm or N mm/rad
  readonly law: LawRecord;
  readonly elements: number;
  readonly nodes: number;
  readonly memoryBytes: number; // of the solver and of the state of the material
  readonly threads: number;
}

/** What a law was made with. */
export interface LawRecord {
  readonly name: string;
  readonly constants: Readonly<Record<string, number>>;
  readonly regularisation: string; // of its softening, and what of the answer depends on the mesh
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
  const law = lawOf(input.material, problem, checked);
  const session = await sessions[kernel](problem, fixed, crew, { tangents: law.kind === "point" });
  try {
    const end = movedEnd(session, ends, fixed);
    const elastic = await elasticFields(load, session, end);
    const helm = load.follower ? followerHelm(load, stiffnessOf(elastic)) : prescribedHelm(load);
    const equilibrium = equilibriumOf(law, problem, session, end, elastic, checked);
    const leading = leadingComponent(load);
    const stiffness = await stiffnessAtRest(equilibrium, helm, leading);
    if (input.resume) {
      equilibrium.restore(input.resume.arrays);
      helm.memory.set(input.resume.arrays.helm!);
    }
    const followed = await followPath(equilibrium, helm, { ...checked, leading, stiffness }, onPoint, input.resume);
    if (followed.points.length < 2) throw noEquilibrium();
    return {
      ...followed,
      fields: equilibrium.fields(),
      node,
      displacement: byNode(session, equilibrium.displacement()),
      stiffness,
      law: lawRecord(law, checked),
      elements: problem.runs.elements,
      nodes: node.length,
      memoryBytes: session.memoryBytes + equilibrium.memoryBytes,
      threads: session.threads,
    };
  } finally {
    session.close();
  }
}

/** So small a share of the path that nothing has yielded there. */
const PROBE = 1e-4;

/** Stiffness in a state that is not kept: the first one of the path may already have yielded. */
async function stiffnessAtRest(equilibrium: Equilibrium, helm: Helm, leading: number): Promise<number> {
  const probe = await equilibrium.reach(helm.steer(PROBE), PROBE, 0);
  if (!probe) throw noEquilibrium();
  return probe.resultant[leading]! / probe.motion[leading]!;
}

const noEquilibrium = () =>
  new SpondylError(
    "not-converged",
    "fail: no state of equilibrium was found, however small the step. Look for parts that hang by an edge, or load less.",
  );

function lawOf(
  material: Material,
  problem: Problem,
  { nonLocalMm, control }: CheckedFailOptions,
): DamageLaw | PointLaw {
  const edgeMm = Math.cbrt(voxelVolume(problem.spacing));
  const law = makeLaw(material, {
    poisson: problem.poisson,
    elementMm: edgeMm,
    bandMm: nonLocalMm === undefined ? edgeMm : Math.max(edgeMm, bandMm(nonLocalMm)),
    youngMPa: elementModuli(problem),
    byElement: (perVoxel) => byElement(problem.runs, perVoxel),
  });
  if (nonLocalMm !== undefined && law.kind !== "damage")
    throw new SpondylError("bad-option", `fail: nonLocalMm is for damage laws, not for "${law.name}". Leave it out.`, {
      nonLocalMm,
    });
  if (control === "dissipation" && law.kind !== "damage")
    throw new SpondylError(
      "bad-option",
      `fail: control by dissipation is for damage laws, not for "${law.name}", whose load falls with the displacement. Leave it out.`,
      { control },
    );
  return law;
}

/** @throws SpondylError "out-of-memory" */
function equilibriumOf(
  law: DamageLaw | PointLaw,
  problem: Problem,
  session: Session,
  end: MovedEnd,
  elastic: readonly ElasticField[],
  { tolerance, maxIterations, nonLocalMm }: CheckedFailOptions,
): Equilibrium {
  try {
    if (law.kind === "damage")
      return damageEquilibrium(problem, session, end, elastic, law, {
        ...{ tolerance, maxIterations: maxIterations ?? 300 },
        ...(nonLocalMm !== undefined && { average: nonLocalAverage(session.level, problem.spacing, nonLocalMm) }),
      });
    return pointEquilibrium(problem, session, end, elastic, law, { tolerance, maxIterations: maxIterations ?? 25 });
  } catch (error) {
    return tellOutOfMemory(error, problem.runs.elements);
  }
}

function lawRecord(
  { name, constants, regularisation }: DamageLaw | PointLaw,
  { nonLocalMm }: CheckedFailOptions,
): LawRecord {
  if (nonLocalMm === undefined) return { name, constants, regularisation };
  return {
    name,
    constants: { ...constants, nonLocalMm },
    regularisation: `non-local average over ${nonLocalMm} mm: damage and its energy converge with the mesh once elements are small against that.`,
  };
}

/** The elastic answers to the load's motion, or to each of those that a follower finds. */
async function elasticFields(load: LoadCase, session: Session, end: MovedEnd): Promise<ElasticField[]> {
  const unit = (m: number) => [0, 1, 2, 3, 4, 5].map((c) => (c === m ? 1 : 0)) as unknown as Motion;
  const motions = load.follower ? followerMotions.map(unit) : [load.motion];
  const fields: ElasticField[] = [];
  for (const motion of motions) {
    session.displacement.fill(0);
    end.prescribe(motion);
    await session.solve({ tolerance: 1e-6, maxIterations: 2000 });
    session.forces();
    fields.push({ motion, displacement: session.displacement.slice(), resultant: end.resultant() });
  }
  return fields;
}

/** Stiffness of the end in the motions that a follower finds, 3×3 by rows. */
const stiffnessOf = (fields: readonly ElasticField[]): Float64Array =>
  Float64Array.from({ length: 9 }, (_, i) => fields[i % 3]!.resultant[followerMotions[Math.floor(i / 3)]!]!);
