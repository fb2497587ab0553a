import { type VtkArray, vtkDataArray } from "../formats/vtkDataArray.js";
import type { Run } from "../run.js";
import { checkYield } from "./checkYield.js";
import { encodeLines } from "./encodeLines.js";
import type { ExportCase, Exported, ExportOptions } from "./exportCase.js";
import { coordinatesOf, cornersOf, type HexMesh, hexMesh, placement, positionsOf, roundFaces } from "./hexMesh.js";
import { type Prescribed, prescribed } from "./prescribed.js";
import { xmlRemarks } from "./remarks.js";

/**
 * An unstructured grid of VTK XML (.vtu), for ParaView, meshio and whatever reads VTK: hexahedra with their own modulus
 * and yield stress; at the points, which axes are held, by how much, and whether the reaction counts.
 * @throws SpondylError as `hexMesh` and `prescribed`; "bad-input" for a yield stress that is none
 * Source: Kitware, VTK File Formats (VTK XML formats; VTK_HEXAHEDRON).
 */
export async function exportVtu(given: ExportCase, _options: ExportOptions = {}, run: Run = {}): Promise<Exported> {
  const mesh = hexMesh(given.model);
  if (given.yieldMPa) checkYield(given.yieldMPa, given.model.modulus.data.length);
  const held = prescribed(mesh, given.constraints);
  return {
    chunks: await encodeLines(vtu(given, mesh, held), run),
    elements: mesh.voxel.length,
    nodes: mesh.node.length,
    findings: [],
  };
}

function* vtu(given: ExportCase, mesh: HexMesh, held: readonly Prescribed[]): Generator<string> {
  const { originMm, direction } = placement(given.model);
  yield '<?xml version="1.0" encoding="UTF-8"?>';
  yield* xmlRemarks(given, []);
  yield '<VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt32" compressor="vtkZLibDataCompressor">';
  yield* ["<UnstructuredGrid>", "<FieldData>"];
  yield* [
    numbers("poisson", [given.model.poisson]),
    numbers("lpsOriginMm", originMm),
    numbers("lpsDirection", direction),
  ];
  yield "</FieldData>";
  yield `<Piece NumberOfPoints="${mesh.node.length}" NumberOfCells="${mesh.voxel.length}">`;
  yield* section("PointData", pointData(given, mesh, held));
  yield* section("CellData", cellData(given, mesh));
  yield* section("Points", [points(mesh)]);
  yield* section("Cells", cells(mesh));
  yield* ["</Piece>", "</UnstructuredGrid>", "</VTKFile>"];
}

function* section(tag: string, arrays: Iterable<VtkArray>): Generator<string> {
  yield `<${tag}>`;
  for (const array of arrays) yield vtkDataArray(array, true);
  yield `</${tag}>`;
}

const numbers = (name: string, values: readonly number[]): string =>
  `<DataArray type="Float64" Name="${name}" NumberOfTuples="${values.length}" format="ascii">${values.join(" ")}</DataArray>`;

function* pointData({ reactionNodes }: ExportCase, mesh: HexMesh, held: readonly Prescribed[]): Generator<VtkArray> {
  const isHeld = new Uint8Array(3 * mesh.node.length);
  const valueMm = new Float64Array(3 * mesh.node.length);
  for (const p of held) {
    isHeld[3 * p.at + p.axis] = 1;
    valueMm[3 * p.at + p.axis] = p.valueMm;
  }
  yield { name: "prescribed", data: isHeld, components: 3 };
  yield { name: "prescribedMm", data: valueMm, components: 3 }; // 0 where nothing is prescribed
  if (!reactionNodes) return;
  const counts = new Uint8Array(mesh.node.length);
  for (const at of positionsOf(mesh, reactionNodes)) counts[at] = 1;
  yield { name: "reaction", data: counts };
}

function* cellData({ model, yieldMPa }: ExportCase, { voxel }: HexMesh): Generator<VtkArray> {
  yield { name: "modulusMPa", data: Float32Array.from(voxel, (v) => model.modulus.data[v]!) };
  if (yieldMPa) yield { name: "yieldMPa", data: Float32Array.from(voxel, (v) => yieldMPa[v]!) };
}

function points(mesh: HexMesh): VtkArray {
  const data = new Float64Array(3 * mesh.node.length);
  for (let at = 0; at < mesh.node.length; at++) data.set(coordinatesOf(mesh, at), 3 * at);
  return { name: "Points", data, components: 3 };
}

function* cells(mesh: HexMesh): Generator<VtkArray> {
  const count = mesh.voxel.length;
  const connectivity = new Int32Array(8 * count);
  for (let e = 0; e < count; e++) connectivity.set(cornersOf(mesh, e, roundFaces), 8 * e);
  yield { name: "connectivity", data: connectivity };
  yield { name: "offsets", data: Int32Array.from({ length: count }, (_, e) => 8 * (e + 1)) };
  yield { name: "types", data: new Uint8Array(count).fill(vtkHexahedron) };
}

const vtkHexahedron = 12;
