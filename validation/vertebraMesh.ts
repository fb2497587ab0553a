/**
 * The published L2 broken by Tresca's law, with its voxels and with each of them split into eight of the same material:
 * how far the load depends on the mesh. `npm run validate:runs` writes `vertebra-mesh.json`, and the validation test reads
 * it into the table of results.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  Compartment,
  describeFailure,
  fail,
  indexToWorld,
  loadCaseOf,
  type Prediction,
  predict,
  rigidEnds,
  type Threads,
  type Vec3,
  vertebraAxes,
  visibleEnds,
} from "@spondyl/core";
import { dataPath } from "../packages/core/test/data.ts";

export interface MeshRow {
  readonly parts: number; // along each edge of a voxel
  readonly elements: number;
  readonly stiffnessNPerMm: number;
  readonly yieldLoadN: number;
  readonly loadAt19PercentHeightN: number;
  readonly loadAt2MmN: number;
  readonly seconds: number;
}

const table = join(import.meta.dirname, "vertebra-mesh.json");
const STEPS = 8;
const guided = { inferior: "guided", superior: "guided" } as const;

export const readMeshTable = (): readonly MeshRow[] =>
  existsSync(table) ? JSON.parse(readFileSync(table, "utf8")) : [];

/** Adds a row to the file. */
export function keepMeshRow(row: MeshRow): void {
  const rows = [...readMeshTable().filter((r) => r.parts !== row.parts), row].sort((a, b) => a.parts - b.parts);
  writeFileSync(`${table}.new`, `${JSON.stringify(rows, null, 1)}\n`);
  renameSync(`${table}.new`, table);
}

/** Image and label map of the published L2. */
export function publishedL2() {
  const file = (part: string) => {
    const name = `sub-verse004_0000_vertebra_21_${part}.nii.gz`;
    return [{ name, bytes: new Uint8Array(readFileSync(dataPath("verse004-L2-spinefe-benchmark", name))) }];
  };
  return { image: file("im"), labels: file("seg") };
}

/** Presses the L2, of the published recipe with its bins assigned correctly, by 2 mm. */
export async function breakSplit(parts: number, threads: Threads): Promise<MeshRow> {
  const started = performance.now();
  const options = { calibration: { kind: "density" }, protocol: "bonelab" } as const;
  const found = await predict(publishedL2(), options, { threads });
  const { heightMm } = found.compartments.shape;
  const request = { parts: [{ direction: "compression", amount: { unit: "mm", value: 2 } }] } as const;
  const load = loadCaseOf(request, heightMm, guided);
  const failure = await fail({ ...splitModel(found, parts), load }, { steps: STEPS }, { threads });
  const result = describeFailure(failure, { load, heightMm, widthMm: heightMm, depthMm: heightMm });
  return {
    parts,
    elements: failure.elements,
    stiffnessNPerMm: result.stiffnessNPerMm!,
    yieldLoadN: result.yieldLoadN!,
    loadAt19PercentHeightN: result.loadAt19PercentHeightN!,
    loadAt2MmN: result.ultimateLoadN!,
    seconds: (performance.now() - started) / 1000,
  };
}

/** The model with each voxel as `parts` × `parts` × `parts` of the same material, and the ends of that. */
function splitModel({ model, segmentation }: Prediction, parts: number) {
  const { modulus, poisson } = model.model;
  const source = sourceVoxels(modulus.size, parts);
  const split = (data: ArrayLike<number>) => Float32Array.from(source, (v) => data[v]!);
  const size = modulus.size.map((n) => n * parts) as unknown as Vec3;
  const spacing = modulus.spacing.map((h) => h / parts) as unknown as Vec3;
  const middle = (1 / parts - 1) / 2; // of the first small voxel from that of the large one, in large voxels
  const fine = {
    ...{ ...modulus, size, spacing, data: split(modulus.data) },
    origin: indexToWorld(modulus, [middle, middle, middle]),
  };
  const kinds = split(model.compartments.data);
  const ends = visibleEnds(fine.data, kinds, size, 2, [Compartment.inferiorCap], [Compartment.superiorCap]);
  return {
    model: { modulus: fine, poisson },
    ends: rigidEnds(ends, size, spacing, vertebraAxes(segmentation.vertebra.frame, fine), guided),
    material: { law: "tresca", yieldMPa: split(model.yieldMPa!) } as const,
  };
}

/** Large voxel that each small one is part of. */
function sourceVoxels([nx, ny, nz]: Vec3, parts: number): Uint32Array {
  const source = new Uint32Array(nx * ny * nz * parts ** 3);
  let n = 0;
  for (let k = 0; k < nz * parts; k++)
    for (let j = 0; j < ny * parts; j++)
      for (let i = 0; i < nx * parts; i++, n++)
        source[n] = Math.floor(i / parts) + nx * (Math.floor(j / parts) + ny * Math.floor(k / parts));
  return source;
}
