import { failureReadouts, rimOf } from "../assess/failureReadouts.js";
import { lateralConstraint } from "../load/ends.js";
import { type LoadCase, leadingComponent } from "../load/loadCase.js";
import { type CurveResult, type FailureResult, loadComponents } from "../report/result.js";
import type { Failure } from "../solve/path/failModel.js";
import type { PathPoint } from "../solve/path/pathPoint.js";
import type { Finding } from "../volume/finding.js";

/** What a failure is measured by. */
export interface FailureScale {
  readonly load: LoadCase;
  readonly heightMm: number; // that strains and percentages refer to
  readonly widthMm: number; // left to right, of the ends: the rim is where the strain of a rotation is meant
  readonly depthMm: number; // front to back
}

/** A path to failure as the plain record that becomes part of `result.json`. */
export function describeFailure(failure: Failure, { load, heightMm, ...ends }: FailureScale): FailureResult {
  const { points, law, stiffness } = failure;
  const leading = leadingComponent(load);
  const rimMm = rimOf(leading, ends);
  const read = failureReadouts(points, { leading, stiffness, heightMm, rimMm });
  const { ultimate } = read;
  const loads =
    read.kind === "force"
      ? {
          stiffnessNPerMm: stiffness,
          ...(read.yield && { yieldLoadN: read.yield.load, yieldDisplacementMm: read.yield.displacement }),
          ultimateLoadN: ultimate.load,
          ultimateDisplacementMm: ultimate.displacement,
          ...(read.atStrain19 !== undefined && { loadAt19PercentHeightN: read.atStrain19 }),
        }
      : {
          stiffnessNMmPerRad: stiffness,
          ...(read.yield && { yieldMomentNMm: read.yield.load, yieldRotationDeg: degrees(read.yield.displacement) }),
          ultimateMomentNMm: ultimate.load,
          ultimateRotationDeg: degrees(ultimate.displacement),
        };
  return {
    load: {
      name: load.name,
      ...(load.follower && {
        leverArmMm: { flexion: load.follower.leftArmMm, bendingLeft: load.follower.posteriorArmMm },
      }),
      inferior: load.inferior,
      superior: load.superior,
      lateralConstraint: lateralConstraint(load),
      heightMm,
      component: loadComponents[leading],
      ...(read.kind === "moment" && { rimMm }),
    },
    material: { law: law.name, constants: law.constants, regularisation: law.regularisation },
    ...loads,
    peaked: read.peaked,
    energyToUltimateNMm: read.energyToUltimateNMm,
    end: failure.end,
    curve: points.map((point) => curveResult(point, heightMm)),
    elements: failure.elements,
    nodes: failure.nodes,
    memoryBytes: failure.memoryBytes,
    threads: failure.threads,
    findings: findingsOf(failure, read.peaked),
  };
}

const degrees = (radians: number): number => (180 * radians) / Math.PI;

function curveResult(point: PathPoint, heightMm: number): CurveResult {
  const { motion: q, resultant: r } = point;
  return {
    share: point.share,
    displacementMm: -q[2],
    displacementPercentHeight: (-100 * q[2]) / heightMm,
    shiftMm: [q[0], q[1]],
    rotationDeg: [degrees(q[3]), degrees(q[4]), degrees(q[5])],
    forceN: -r[2],
    shearN: [r[0], r[1]],
    momentNMm: [r[3], r[4], r[5]],
    damagedVolumeMm3: point.damagedMm3,
    failedVolumeMm3: point.failedMm3,
    workNMm: point.workNMm,
    storedNMm: point.storedNMm,
    dissipatedNMm: point.dissipatedNMm,
    energyErrorPercent: 100 * point.energyError,
    iterations: point.iterations,
    solverIterations: point.solverIterations,
    residual: point.residual,
  };
}

/** Energies that do not balance within this are told. */
const ENERGY_TOLERANCE = 0.01;

function findingsOf({ points, end }: Failure, peaked: boolean): Finding[] {
  const findings: Finding[] = [];
  const off = points.filter((p) => Math.abs(p.energyError) > ENERGY_TOLERANCE);
  if (off.length > 0) {
    const worst = off.reduce((a, b) => (Math.abs(b.energyError) > Math.abs(a.energyError) ? b : a));
    findings.push({
      code: "energy-balance",
      severity: "warning",
      message:
        `Work differs from stored and dissipated energy by more than ${100 * ENERGY_TOLERANCE} % in ${off.length} of ${points.length - 1} steps, ` +
        `by ${(100 * worst.energyError).toFixed(1)} % at most: more steps follow the curve more closely; what a sudden drop sets free is not dissipated, ` +
        `and control by dissipation follows it instead.`,
    });
  }
  if (end === "no-equilibrium")
    findings.push({
      code: "no-equilibrium",
      severity: "warning",
      message: `No equilibrium was found beyond ${(100 * points.at(-1)!.share).toFixed(1)} % of the path: the curve ends there.`,
    });
  if (end === "many-steps")
    findings.push({
      code: "many-steps",
      severity: "warning",
      message:
        "Twenty times as many steps as planned were taken: the curve ends there. Ask for more steps, or stop earlier with brokenBelow.",
    });
  if (!peaked && end === "target")
    findings.push({
      code: "no-peak",
      severity: "note",
      message:
        "The load still rose at the end of the path, or stayed level: the ultimate load is the largest of the path.",
    });
  return findings;
}
