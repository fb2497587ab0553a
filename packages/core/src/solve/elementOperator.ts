import { hex8Stiffness } from "./hex8.js";
import type { Problem } from "./problem.js";

/** Elements with their nodes written out: the form that a textbook has. */
export interface ElementList {
  readonly modulus: Float64Array; // MPa per element
  readonly nodes: Uint32Array; // [8·element + a], positions in the list of active nodes
  readonly unitStiffness: Float64Array; // 24×24, of a modulus of 1 MPa
  readonly nodeCount: number;
}

/** Writes out the elements of a model; `node` are its active nodes, ascending. */
export function listElements({ size, spacing, modulus, poisson, runs }: Problem, node: Uint32Array): ElementList {
  const [nx, ny] = size;
  const position = new Map(Array.from(node, (n, at) => [n, at]));
  const moduli = new Float64Array(runs.elements);
  const nodes = new Uint32Array(8 * runs.elements);
  let element = 0;
  modulus.forEach((e, v) => {
    if (e === 0) return;
    const x = v % nx;
    const y = Math.floor(v / nx) % ny;
    const z = Math.floor(v / (nx * ny));
    for (let a = 0; a < 8; a++) {
      const [i, j, k] = [x + (a & 1), y + ((a >> 1) & 1), z + (a >> 2)];
      nodes[8 * element + a] = position.get(i + (nx + 1) * (j + (ny + 1) * k))!;
    }
    moduli[element++] = e;
  });
  return { modulus: moduli, nodes, unitStiffness: hex8Stiffness(spacing, 1, poisson), nodeCount: node.length };
}

/** y = K·x over all unknowns, [3·position + axis]; N for mm. */
export function applyElements(
  { modulus, nodes, unitStiffness, nodeCount }: ElementList,
  x: Float64Array,
): Float64Array {
  const y = new Float64Array(3 * nodeCount);
  const local = new Float64Array(24);
  for (let e = 0; e < modulus.length; e++) {
    for (let r = 0; r < 24; r++) local[r] = x[3 * nodes[8 * e + Math.floor(r / 3)]! + (r % 3)]!;
    for (let r = 0; r < 24; r++) {
      let force = 0;
      for (let c = 0; c < 24; c++) force += unitStiffness[24 * r + c]! * local[c]!;
      y[3 * nodes[8 * e + Math.floor(r / 3)]! + (r % 3)]! += modulus[e]! * force;
    }
  }
  return y;
}

/** Diagonal of K, N/mm, [3·position + axis]. */
export function elementDiagonal({ modulus, nodes, unitStiffness, nodeCount }: ElementList): Float64Array {
  const diagonal = new Float64Array(3 * nodeCount);
  for (let e = 0; e < modulus.length; e++)
    for (let r = 0; r < 24; r++)
      diagonal[3 * nodes[8 * e + Math.floor(r / 3)]! + (r % 3)]! += modulus[e]! * unitStiffness[25 * r]!;
  return diagonal;
}
