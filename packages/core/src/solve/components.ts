import type { Runs } from "./runs.js";

/** Which connected part of the model each run belongs to. Elements that share a node, even one, are connected. */
export interface Components {
  readonly ofRun: Uint32Array; // component of each run, 0 … count − 1, numbered by their first run
  readonly elements: Uint32Array; // elements of each component
  readonly count: number;
}

/** Connected parts of a model, by union-find over the runs. */
export function findComponents(runs: Runs): Components {
  const parent = Uint32Array.from(runs.begin, (_, r) => r);
  const [, ny, nz] = runs.size;
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) {
      const here = y + ny * z;
      if (y > 0) joinRows(runs, parent, here, here - 1);
      if (z === 0) continue;
      for (let dy = -1; dy <= 1; dy++) if (y + dy >= 0 && y + dy < ny) joinRows(runs, parent, here, here - ny + dy);
    }
  return numberRoots(runs, parent);
}

/** Joins the runs of two neighbouring rows whose nodes meet: [begin, end] of both overlap. */
function joinRows({ row, begin, end }: Runs, parent: Uint32Array, a: number, b: number): void {
  let i = row[a]!;
  let j = row[b]!;
  while (i < row[a + 1]! && j < row[b + 1]!) {
    if (begin[i]! <= end[j]! && begin[j]! <= end[i]!) join(parent, i, j);
    if (end[i]! < end[j]!) i++;
    else j++;
  }
}

function join(parent: Uint32Array, i: number, j: number): void {
  const a = root(parent, i);
  const b = root(parent, j);
  if (a < b) parent[b] = a;
  else parent[a] = b;
}

function root(parent: Uint32Array, i: number): number {
  while (parent[i] !== i) {
    parent[i] = parent[parent[i]!]!; // halve the path
    i = parent[i]!;
  }
  return i;
}

function numberRoots({ begin, end }: Runs, parent: Uint32Array): Components {
  const ofRun = new Uint32Array(parent.length);
  const elements: number[] = [];
  for (let r = 0; r < parent.length; r++) {
    const top = root(parent, r); // never after r: the smaller index is always the parent
    if (top === r) elements.push(0);
    const c = top === r ? elements.length - 1 : ofRun[top]!;
    ofRun[r] = c;
    elements[c]! += end[r]! - begin[r]!;
  }
  return { ofRun, elements: Uint32Array.from(elements), count: elements.length };
}
