import { describe, expect, test } from "vitest";
import type { ExportCase } from "../src/export/exportCase.js";
import { wellPosed } from "../src/export/wellPosed.js";
import { constraintsOf } from "../src/load/rigidEnds.js";
import { fail } from "../src/solve/path/fail.js";
import { totalReaction } from "../src/solve/reaction.js";
import { solve } from "../src/solve/solve.js";
import { largestComponent } from "../src/volume/components.js";
import type { Vec3 } from "../src/volume/volume.js";
import type { Constraints, VoxelModel } from "../src/volume/voxelModel.js";
import { fixed, specimen } from "./failInputs.js";
import { plasticBar } from "./plasticBar.js";
import { haveCalculix, runCalculix } from "./runCalculix.js";
import { clampedCompression, constrain, randomModel } from "./solveModels.js";

const printed = 1e-6; // CalculiX prints seven digits, and both engines are to solve to more
const size: Vec3 = [9, 8, 10];
const upper = Uint32Array.from({ length: 90 }, (_, n) => 900 + n); // nodes of the plane k = 10

/** Some 500 bricks in one piece, moduli over four decades, a third of the voxels void. */
function porous(): VoxelModel {
  const { modulus, poisson } = randomModel(size, [0.5, 0.6, 0.7], 0.33, 4).model;
  const kept = largestComponent(modulus.data, size, 6);
  return { modulus: { ...modulus, data: modulus.data.map((e, v) => (kept[v] ? e : 0)) }, poisson };
}

const solved = async (model: VoxelModel, constraints: Constraints): Promise<number[]> => {
  const solution = await solve(model, constraints, { tolerance: 1e-9 });
  return ([0, 1, 2] as const).map((axis) => totalReaction(constraints, solution, axis, (node) => node >= 900));
};

describe.skipIf(!haveCalculix)("CalculiX", () => {
  test("a porous block between clamped ends: the reaction of CalculiX is ours, along all axes", async () => {
    const model = porous();
    const constraints = clampedCompression(size, -0.07);
    const [ccx] = await runCalculix({ title: "porous block", model, constraints, reactionNodes: upper });
    const ours = await solved(model, constraints);
    expect(model.modulus.data.filter((e) => e > 0).length).toBeGreaterThan(400);
    for (const axis of [0, 1, 2])
      expect(Math.abs(ccx!.forceN[axis]! - ours[axis]!)).toBeLessThan(printed * Math.abs(ours[2]!));
  });

  test("between guided ends, which only our solver bears as they are: the supports change nothing", async () => {
    const guided = constrain(size, (_i, _j, k) => (k === 0 ? [[2, 0]] : k === 10 ? [[2, -0.07]] : []));
    const ready = wellPosed(porous(), guided);
    const [ccx] = await runCalculix({ title: "guided", ...ready, reactionNodes: upper });
    const ours = await solved(porous(), guided);
    expect(Math.abs(ccx!.forceN[2] / ours[2]! - 1)).toBeLessThan(printed);
  });

  test("perfectly plastic columns side by side reach the limit that the bounds give", async () => {
    const { given, limitN } = plasticBar();
    const curve = await runCalculix(given);
    const reached = curve.map(({ forceN }) => forceN[2] / limitN);
    expect(curve.at(-1)!.time).toBe(1);
    expect(Math.abs(reached.at(-1)! - 1)).toBeLessThan(1e-4); // the last elastic strains fade as the flow goes on
    expect(reached).toEqual([...reached].sort((a, b) => a - b)); // it rises, and nothing goes beyond
    expect(Math.max(...reached)).toBeLessThan(1 + printed);
    const { model, constraints, yieldMPa } = given;
    const columns = specimen(model, [0, 0, -0.04 * 2.5, 0, 0, 0]);
    const ours = await fail({ ...columns, material: { law: "von-mises", yieldMPa: yieldMPa! } }, { tolerance: 1e-6 });
    expect(constraints.node.length).toBeGreaterThan(columns.ends.node.length); // its supports; ours need none
    expect(Math.abs(ours.points.at(-1)!.resultant[2] / limitN - 1)).toBeLessThan(1e-4);
  });

  test("a porous plastic block, pressed and bent: our path to failure is that of CalculiX", async () => {
    const model = porous();
    const yieldMPa = model.modulus.data.map((e) => 0.006 * e);
    const input = specimen(model, [0, 0, -0.07, 0.02, 0, 0], fixed);
    const constraints = constraintsOf(input.ends, input.load.motion);
    const theirs = await runCalculix({ title: "plastic", model, constraints, yieldMPa, reactionNodes: upper });
    const material = { law: "von-mises", yieldMPa } as const;
    const { points } = await fail({ ...input, material }, { steps: 20, tolerance: 1e-6 });
    const forceAt = (time: number) => {
      const after = points.findIndex((p) => p.share >= time - 1e-9);
      const [a, b] = [points[after - 1]!, points[after]!];
      return a.resultant[2] + ((time - a.share) / (b.share - a.share)) * (b.resultant[2] - a.resultant[2]);
    };
    const last = points.at(-1)!.resultant[2];
    expect(Math.abs(last / (points[1]!.resultant[2] / points[1]!.share))).toBeLessThan(0.8); // far beyond elasticity
    for (const { time, forceN } of theirs)
      expect(Math.abs(forceN[2] - forceAt(time))).toBeLessThan(0.01 * Math.abs(last));
    expect(Math.abs(theirs.at(-1)!.forceN[2] / last - 1)).toBeLessThan(1e-3);
  });

  test("below yield the plastic deck is the linear one", async () => {
    const { given } = plasticBar();
    const small: ExportCase = { ...given, constraints: scaled(given.constraints, 0.01) };
    const [plastic, { forceN }] = [await runCalculix(small), await linear(small)];
    for (const { time, forceN: force } of plastic)
      expect(Math.abs(force[2] / (time * forceN[2]) - 1)).toBeLessThan(1e-4);
    expect(plastic.length).toBeGreaterThanOrEqual(20);
  });
});

const linear = async ({ yieldMPa: _, ...elastic }: ExportCase) => (await runCalculix(elastic)).at(-1)!;

const scaled = ({ value, ...rest }: Constraints, factor: number): Constraints => ({
  ...rest,
  value: value.map((mm) => factor * mm),
});
