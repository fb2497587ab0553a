import { applyElements, elementDiagonal, listElements } from "./elementOperator.js";
import { elementSlots } from "./elements.js";
import { nodeSlots } from "./nodeRuns.js";
import { activeNodes } from "./nodes.js";
import type { Problem } from "./problem.js";
import type { Crew, Session } from "./session.js";
import { byNode } from "./solveOnce.js";
import type { FixedPositions } from "./system.js";
import { addTangents, pointGradients, type Tangents } from "./tangents.js";
import { voxelLevel } from "./voxelLevel.js";

/**
 * The readable twin of the WASM kernel: conjugate gradients with Jacobi's preconditioner on the textbook operator,
 * everything in f64. The truth that the fast kernels are tested against, and fast enough for ten thousand elements.
 *
 * Source: Shewchuk, An introduction to the conjugate gradient method without the agonizing pain (1994), B3.
 */
export function openTwin(problem: Problem, fixed: FixedPositions, crew: Crew): Session {
  const node = activeNodes(problem.runs);
  const level = voxelLevel(problem.runs, problem.spacing);
  const slots = nodeSlots(level.nodeRuns);
  const elements = listElements(problem, node);
  const unknowns = 3 * node.length;
  const free = new Uint8Array(unknowns).fill(1);
  for (const u of fixed.unknown) free[u] = 0;
  const [displacement, load, force] = [0, 0, 0].map(() => new Float64Array(3 * level.stride)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const read = (vector: Float64Array) => byNode({ level, slots }, vector);
  const write = (vector: Float64Array, values: Float64Array) =>
    values.forEach((value, i) => {
      vector[(i % 3) * level.stride + slots[Math.floor(i / 3)]!] = value;
    });
  let tangents: Tangents = { element: new Uint32Array(0), stiffness: new Float32Array(0) };
  const corners = elementSlots(level);
  const gradients = pointGradients(problem.spacing);
  const bySlot = (values: Float64Array) => {
    const vector = new Float64Array(3 * level.stride);
    write(vector, values);
    return vector;
  };
  const addTangent = (v: Float64Array, y: Float64Array): Float64Array => {
    const sum = bySlot(y);
    addTangents(tangents, corners, level.stride, gradients, bySlot(v), sum);
    return read(sum);
  };
  const apply = (v: Float64Array) => {
    const y = applyElements(elements, v);
    return (tangents.element.length > 0 ? addTangent(v, y) : y).map((x, i) => (free[i] ? x : 0));
  };
  return {
    level,
    slots,
    displacement,
    load,
    force,
    memoryBytes: 8 * (9 * unknowns + 9 * elements.modulus.length),
    threads: 1,
    setModuli: (moduli) => elements.modulus.set(moduli),
    setTangents: (list) => {
      tangents = list;
    },
    solve: async ({ tolerance, maxIterations, reduction = 0, reference, given = false }) => {
      const inverse = elementDiagonal(elements).map((d, i) => (free[i] ? 1 / d : 0));
      const u = read(displacement);
      let r = given ? read(load) : apply(u).map((y) => -y); // f − K·u, f = 0
      let z = r.map((x, i) => x * inverse[i]!);
      let p = z.slice();
      let rz = dot(r, z);
      const first = Math.sqrt(dot(r, r));
      const over = reference ?? first;
      const history = [first > 0 ? first / over : 0];
      const enough = Math.max(tolerance, reduction * history[0]!);
      while (history.at(-1)! > enough && history.length <= maxIterations) {
        const q = apply(p);
        const alpha = rz / dot(p, q);
        for (let i = 0; i < unknowns; i++) u[i]! += alpha * p[i]!;
        r = r.map((x, i) => x - alpha * q[i]!);
        z = r.map((x, i) => x * inverse[i]!);
        const next = dot(r, z);
        p = p.map((x, i) => z[i]! + (next / rz) * x);
        rz = next;
        history.push(Math.sqrt(dot(r, r)) / over);
        const pause = crew.report(history.length - 1, history.at(-1)!);
        if (pause) await pause;
      }
      write(displacement, u);
      return Float64Array.from(history);
    },
    forces: () => write(force, applyElements(elements, read(displacement))),
    close: () => {},
  };
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
