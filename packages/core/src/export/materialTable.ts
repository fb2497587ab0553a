import { SpondylError } from "../error.js";
import type { Finding } from "../volume/finding.js";
import { checkYield } from "./checkYield.js";
import type { ExportCase, ExportOptions } from "./exportCase.js";
import type { HexMesh } from "./hexMesh.js";

export interface Material {
  readonly modulusMPa: number; // mean over its elements
  readonly yieldMPa: number; // likewise; 0 = elastic
  readonly elements: Uint32Array; // ascending
}

/** The elements by material, softest first. */
export interface MaterialTable {
  readonly materials: readonly Material[];
  readonly ofElement: Uint32Array; // index into `materials`
  readonly findings: readonly Finding[];
}

/**
 * One material per pair of modulus and yield stress. Are there more than `materials`, values whose ratio is small are
 * put into one class, which takes the mean of its elements; elastic and plastic elements never share one.
 * @throws SpondylError "bad-option" for a number of materials that is none, "bad-input" for a yield stress that is none
 */
export function materialTable(
  mesh: HexMesh,
  { model, yieldMPa }: Pick<ExportCase, "model" | "yieldMPa">,
  { materials: most = 512 }: ExportOptions = {},
): MaterialTable {
  if (!(Number.isInteger(most) && most >= 2 && most <= 100_000))
    throw new SpondylError("bad-option", `export: ${most} materials. Give a whole number from 2 to 100000.`);
  if (yieldMPa) checkYield(yieldMPa, model.modulus.data.length);
  const modulus = ofElements(mesh, model.modulus.data);
  const limit = yieldMPa ? ofElements(mesh, yieldMPa) : new Float32Array(mesh.voxel.length);
  const exact = grouped([distinct(modulus, most), distinct(limit, most)], most);
  const groups = exact ?? classes(modulus, limit, most);
  const table = tabulate(groups, modulus, limit);
  return { ...table, findings: exact ? [] : [binned(table, modulus)] };
}

const ofElements = ({ voxel }: HexMesh, values: Float32Array): Float32Array =>
  Float32Array.from(voxel, (v) => values[v]!);

/** Class of each element by one of its values; undefined when there are too many. */
type Classes = Uint32Array | undefined;

/** A class per distinct value. */
function distinct(values: Float32Array, most: number): Classes {
  const number = new Map<number, number>();
  for (const v of values) {
    if (!number.has(v)) number.set(v, number.size);
    if (number.size > most) return undefined;
  }
  return Uint32Array.from(values, (v) => number.get(v)!);
}

/** Class 0 for the value 0, and `count` classes of equal ratio for the others. */
function ratios(values: Float32Array, count: number): Uint32Array {
  let [least, largest] = [Infinity, 0];
  for (const v of values) {
    if (v > 0 && v < least) least = v;
    if (v > largest) largest = v;
  }
  const step = Math.log(largest / least) / count;
  return Uint32Array.from(values, (v) =>
    v > 0 ? 1 + Math.min(count - 1, Math.floor(Math.log(v / least) / step) || 0) : 0,
  );
}

/** One group per pair of classes that occurs; undefined when there are too many. */
function grouped([a, b]: readonly [Classes, Classes], most: number): Classes {
  if (!a || !b) return undefined;
  const number = new Map<number, number>();
  const pair = (e: number) => a[e]! + b[e]! * 2 ** 20;
  for (let e = 0; e < a.length; e++) {
    if (!number.has(pair(e))) number.set(pair(e), number.size);
    if (number.size > most) return undefined;
  }
  return a.map((_, e) => number.get(pair(e))!);
}

/** Classes of equal ratio, as many for both values as keep the pairs that occur within the limit. */
function classes(modulus: Float32Array, limit: Float32Array, most: number): Uint32Array {
  for (let count = most; count > 1; count = Math.floor(0.9 * count)) {
    const groups = grouped([ratios(modulus, count), ratios(limit, count)], most);
    if (groups) return groups;
  }
  return grouped([ratios(modulus, 1), ratios(limit, 1)], most)!; // two at most: elastic and plastic
}

/** The groups with their means, softest first. */
function tabulate(groups: Uint32Array, modulus: Float32Array, limit: Float32Array) {
  const lists: number[][] = [];
  groups.forEach((g, e) => {
    lists[g] ??= [];
    lists[g].push(e);
  });
  const mean = (list: readonly number[], values: Float32Array) =>
    list.reduce((sum, e) => sum + values[e]!, 0) / list.length;
  const materials = lists
    .map((list) => ({
      modulusMPa: mean(list, modulus),
      yieldMPa: mean(list, limit),
      elements: Uint32Array.from(list),
    }))
    .sort((a, b) => a.modulusMPa - b.modulusMPa || a.yieldMPa - b.yieldMPa);
  const ofElement = new Uint32Array(groups.length);
  for (const [m, { elements }] of materials.entries()) for (const e of elements) ofElement[e] = m;
  return { materials, ofElement };
}

function binned({ materials, ofElement }: Omit<MaterialTable, "findings">, modulus: Float32Array): Finding {
  const worst = modulus.reduce((w, e, i) => Math.max(w, Math.abs(materials[ofElement[i]!]!.modulusMPa / e - 1)), 0);
  return {
    code: "moduli-binned",
    severity: "note",
    message:
      `The moduli were put into ${materials.length} materials: that of an element changes by up to ` +
      `${(100 * worst).toPrecision(2)} %, the mean of all by nothing. Allow more materials to come closer.`,
  };
}
