import { type Hdf5Group, writeHdf5 } from "../formats/hdf5.js";
import type { Run } from "../run.js";
import { type ExportCase, type Exported, type ExportOptions, oneLine } from "./exportCase.js";
import { coordinatesOf, cornersOf, gridOrder, type HexMesh, hexMesh, positionsOf } from "./hexMesh.js";
import { type Material, type MaterialTable, materialTable } from "./materialTable.js";
import { type Prescribed, prescribed } from "./prescribed.js";

/**
 * A model file of Numerics88 (.n88model), for n88solver, n88tools and vtkbone: a netCDF-4 file with one part, one set of
 * constraints and one problem. Nodes and elements are numbered from 1 in the order of the grid, as are the corners of an
 * element (VTK_VOXEL).
 * @throws SpondylError as `hexMesh`, `prescribed` and `materialTable`
 * Source: vtkbone 2.1 (MIT), vtkboneN88ModelReader and vtkboneN88ModelWriter; n88tools (MIT), N88ModelReader.
 */
export async function exportN88(given: ExportCase, options: ExportOptions = {}, run: Run = {}): Promise<Exported> {
  const mesh = hexMesh(given.model);
  const table = materialTable(mesh, given, options);
  const held = prescribed(mesh, given.constraints);
  run.signal?.throwIfAborted();
  return {
    chunks: [await writeHdf5(root(given, mesh, table, held))],
    elements: mesh.voxel.length,
    nodes: mesh.node.length,
    materials: table.materials.length,
    findings: table.findings,
  };
}

function root(given: ExportCase, mesh: HexMesh, table: MaterialTable, held: readonly Prescribed[]): Hdf5Group {
  const reaction = positionsOf(mesh, given.reactionNodes);
  return {
    attributes: {
      Conventions: "Numerics88/Finite_Element_Model-1.0",
      History: `${oneLine(given.title)}. Written by Spondyl.`,
      ActiveProblem: "Problem1",
    },
    dimensions: { Dimensionality: 3 },
    groups: {
      MaterialDefinitions: definitions(table.materials, given.model.poisson),
      Parts: { groups: { Part1: part(mesh, table) } },
      Constraints: { groups: { prescribed: constraint(held) } },
      ...(reaction.length > 0 && { Sets: { groups: { NodeSets: { groups: { reaction: nodeSet(reaction) } } } } }),
      Problems: { groups: { Problem1: problem(reaction.length > 0) } },
    },
  };
}

const nameOf = (material: number): string => `M${material + 1}`;

function definitions(materials: readonly Material[], poisson: number): Hdf5Group {
  const define = ({ modulusMPa, yieldMPa }: Material): Hdf5Group =>
    yieldMPa > 0
      ? { attributes: { Type: "VonMisesIsotropic", E: modulusMPa, nu: poisson, Y: yieldMPa } }
      : { attributes: { Type: "LinearIsotropic", E: modulusMPa, nu: poisson } };
  return { groups: Object.fromEntries(materials.map((material, m) => [nameOf(m), define(material)])) };
}

function part(mesh: HexMesh, { materials, ofElement }: MaterialTable): Hdf5Group {
  const nodes = mesh.node.length;
  const coordinates = new Float32Array(3 * nodes);
  for (let at = 0; at < nodes; at++) coordinates.set(coordinatesOf(mesh, at), 3 * at);
  return {
    dimensions: { NumberOfNodes: nodes },
    datasets: { NodeCoordinates: { data: coordinates, shape: ["NumberOfNodes", "Dimensionality"] } },
    groups: {
      Elements: { groups: { Hexahedrons: hexahedrons(mesh, ofElement) } },
      MaterialTable: {
        dimensions: { Size: materials.length },
        datasets: {
          ID: { data: Uint32Array.from(materials, (_, m) => m + 1), shape: ["Size"] },
          MaterialName: { data: materials.map((_, m) => nameOf(m)), shape: ["Size"] },
        },
      },
    },
  };
}

function hexahedrons(mesh: HexMesh, ofElement: Uint32Array): Hdf5Group {
  const elements = mesh.voxel.length;
  const numbers = new Uint32Array(8 * elements);
  for (let e = 0; e < elements; e++)
    numbers.set(
      cornersOf(mesh, e, gridOrder).map((at) => at + 1),
      8 * e,
    );
  return {
    dimensions: { NumberOfElements: elements, NumberOfNodesPerElement: 8 },
    datasets: {
      ElementNumber: { data: Uint32Array.from(mesh.voxel, (_, e) => e + 1), shape: ["NumberOfElements"] },
      NodeNumbers: { data: numbers, shape: ["NumberOfElements", "NumberOfNodesPerElement"] },
      MaterialID: { data: ofElement.map((m) => m + 1), shape: ["NumberOfElements"] },
    },
  };
}

const constraint = (held: readonly Prescribed[]): Hdf5Group => ({
  attributes: { Part: "Part1", Type: "NodeAxisDisplacement" },
  dimensions: { NumberOfValues: held.length },
  datasets: {
    NodeNumber: { data: Uint32Array.from(held, ({ at }) => at + 1), shape: ["NumberOfValues"] },
    Sense: { data: Int8Array.from(held, ({ axis }) => axis + 1), shape: ["NumberOfValues"] },
    Value: { data: Float32Array.from(held, ({ valueMm }) => valueMm), shape: ["NumberOfValues"] },
  },
});

const nodeSet = (positions: readonly number[]): Hdf5Group => ({
  attributes: { Part: "Part1" },
  dimensions: { NumberOfNodes: positions.length },
  datasets: { NodeNumber: { data: Uint32Array.from(positions, (at) => at + 1), shape: ["NumberOfNodes"] } },
});

const problem = (reaction: boolean): Hdf5Group => ({
  attributes: { Part: "Part1", Constraints: "prescribed", ...(reaction && { PostProcessingNodeSets: "reaction" }) },
});
