import { expect } from "vitest";
import type { ExportCase } from "../src/export/exportCase.js";
import type { Vec3 } from "../src/volume/volume.js";
import { constrain, lcg, modelOf } from "./solveModels.js";

/** A small model with voids, nine moduli, four yield stresses, bricks that are no cubes, and a load with a tilt. */
export function mixedCase(spacing: Vec3 = [0.5, 0.75, 1.25]): ExportCase {
  const size: Vec3 = [4, 3, 5];
  const random = lcg(7);
  const model = modelOf(size, spacing, () => (random() < 0.3 ? 0 : 1000.5 * Math.ceil(9 * random())));
  const direction = Float64Array.of(0, -1, 0, 1, 0, 0, 0, 0, 1); // a quarter turn about the patient's long axis
  return {
    title: "A mixed\n model -- with <markup> & more",
    model: { poisson: 0.25, modulus: { ...model.modulus, origin: [10, -20, 30], direction } },
    constraints: constrain(size, (i, _j, k) =>
      k === 0
        ? [[2, 0]]
        : k === size[2]
          ? [
              [0, 0],
              [2, -0.01 - 1e-3 * i],
            ]
          : [],
    ),
    yieldMPa: Float32Array.from(model.modulus.data, () => 2.5 * Math.floor(4 * random())),
    reactionNodes: Uint32Array.from({ length: 20 }, (_, n) => 100 + n),
  };
}

/** A model as a file tells it, by the numbers that the file gives. */
export interface ReadModel {
  readonly nodes: ReadonlyMap<number, Vec3>; // mm
  readonly elements: readonly ReadElement[];
  readonly held: readonly { readonly node: number; readonly axis: number; readonly valueMm: number }[];
  readonly reaction: readonly number[];
}
export interface ReadElement {
  readonly nodes: readonly number[];
  readonly modulusMPa: number;
  readonly yieldMPa: number;
}

/** Corners of a brick as most programs count them: round the lower face, then round the upper one. */
export const aroundFaces: readonly Vec3[] = [
  [0, 0, 0],
  [1, 0, 0],
  [1, 1, 0],
  [0, 1, 0],
  [0, 0, 1],
  [1, 0, 1],
  [1, 1, 1],
  [0, 1, 1],
];

/** Corners of VTK_VOXEL: x fastest, then y, then z. */
export const alongAxes: readonly Vec3[] = Array.from({ length: 8 }, (_, c) => [c & 1, (c >> 1) & 1, c >> 2]);

/** Holds a file against the case it was made from: elements, nodes, materials, constraints, by their places alone. */
export function expectSameModel(read: ReadModel, given: ExportCase, corners = aroundFaces): void {
  expect(elementsByPlace(read, given, corners)).toEqual(voxelsByPlace(given));
  const used = new Set(read.elements.flatMap((e) => e.nodes));
  expect([...read.nodes.keys()].sort((a, b) => a - b)).toEqual([...used].sort((a, b) => a - b));
  const places = new Map([...read.nodes].map(([id, place]) => [id, key(place)]));
  expect(new Set(places.values()).size).toBe(read.nodes.size); // no node twice
  const active = new Set(places.values());
  const held = read.held.map((h) => [`${places.get(h.node)} axis ${h.axis}`, Math.fround(h.valueMm)] as const); // n88 holds no more
  expect(sorted(held)).toEqual(sorted(constraintsByPlace(given, active)));
  const wanted = Array.from(given.reactionNodes ?? [], (n) => key(placeOf(given, n))).filter((p) => active.has(p));
  expect(read.reaction.map((id) => places.get(id)!).sort()).toEqual(wanted.sort());
}

const key = (place: Vec3): string => place.map((x) => x.toFixed(6)).join(" ");
const sorted = <T>(entries: readonly (readonly [string, T])[]) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
type Placed = readonly (readonly [string, readonly [number, number]])[];

/** Elements by their lowest corner; each must be a brick of the model's size with its corners in this order. */
function elementsByPlace({ nodes, elements }: ReadModel, { model }: ExportCase, corners: readonly Vec3[]): Placed {
  const edge = model.modulus.spacing;
  return sorted(
    elements.map(({ nodes: ids, modulusMPa, yieldMPa }) => {
      const lowest = nodes.get(ids[0]!)!;
      const wanted = corners.map((c) => key([0, 1, 2].map((a) => lowest[a]! + c[a]! * edge[a]!) as unknown as Vec3));
      expect(ids.map((id) => key(nodes.get(id)!))).toEqual(wanted);
      return [key(lowest), [Math.fround(modulusMPa), Math.fround(yieldMPa)]] as const;
    }),
  );
}

function voxelsByPlace({ model, yieldMPa }: ExportCase): Placed {
  const { size, spacing, data } = model.modulus;
  const all = Array.from(data, (modulus, v) => {
    const index = [v % size[0], Math.floor(v / size[0]) % size[1], Math.floor(v / (size[0] * size[1]))];
    return [key(index.map((i, a) => i * spacing[a]!) as unknown as Vec3), [modulus, yieldMPa?.[v] ?? 0]] as const;
  });
  return sorted(all.filter(([, [modulus]]) => modulus > 0));
}

function placeOf({ model: { modulus } }: ExportCase, node: number): Vec3 {
  const [nx, ny] = [modulus.size[0] + 1, modulus.size[1] + 1];
  const index = [node % nx, Math.floor(node / nx) % ny, Math.floor(node / (nx * ny))];
  return index.map((i, a) => i * modulus.spacing[a]!) as unknown as Vec3;
}

const constraintsByPlace = (given: ExportCase, active: ReadonlySet<string>) =>
  Array.from(given.constraints.node, (node, i) => {
    const place = key(placeOf(given, node));
    return {
      place,
      entry: [`${place} axis ${given.constraints.axis[i]}`, Math.fround(given.constraints.value[i]!)] as const,
    };
  })
    .filter(({ place }) => active.has(place))
    .map(({ entry }) => entry);

/** The file as text. */
export const textOf = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString("utf8");
