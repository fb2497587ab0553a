import type { Run } from "../run.js";
import { decimal } from "./decimal.js";
import { encodeLines } from "./encodeLines.js";
import type { ExportCase, Exported, ExportOptions } from "./exportCase.js";
import { coordinatesOf, cornersOf, type HexMesh, hexMesh, positionsOf, roundFaces } from "./hexMesh.js";
import { type Material, type MaterialTable, materialTable } from "./materialTable.js";
import { type Prescribed, prescribed } from "./prescribed.js";
import { xmlRemarks } from "./remarks.js";

/**
 * An input file for FEBio 4. FEBio computes with finite strains: the materials are neo-Hookean, and with a yield stress
 * "reactive plasticity" of one bond family, which is perfectly plastic. The load grows linearly from time 0 to 1; total
 * reactions go to reaction.csv. Nodes are numbered from 1 in the order of the grid, elements material by material.
 * @throws SpondylError as `hexMesh`, `prescribed` and `materialTable`
 * Source: FEBio User's Manual 4 (sections of the file); FEBio's TestSuite, Verify4 (layout, numbering of hex8).
 */
export async function exportFebio(given: ExportCase, options: ExportOptions = {}, run: Run = {}): Promise<Exported> {
  const mesh = hexMesh(given.model);
  const table = materialTable(mesh, given, options);
  const groups = sameDisplacement(prescribed(mesh, given.constraints));
  return {
    chunks: await encodeLines(feb(given, mesh, table, groups), run),
    elements: mesh.voxel.length,
    nodes: mesh.node.length,
    materials: table.materials.length,
    findings: table.findings,
  };
}

/** Nodes that move alike along one axis. */
interface Group {
  readonly name: string;
  readonly axis: number;
  readonly valueMm: number;
  readonly nodes: number[]; // numbers from 1
}

function sameDisplacement(entries: readonly Prescribed[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { at, axis, valueMm } of entries) {
    const key = `${axis} ${valueMm}`;
    const group = groups.get(key) ?? { name: `held${groups.size + 1}`, axis, valueMm, nodes: [] };
    group.nodes.push(at + 1);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function* feb(given: ExportCase, mesh: HexMesh, table: MaterialTable, groups: readonly Group[]): Generator<string> {
  const reaction = positionsOf(mesh, given.reactionNodes).map((at) => at + 1);
  yield '<?xml version="1.0" encoding="UTF-8"?>';
  yield* xmlRemarks(given, table.findings);
  yield* ['<febio_spec version="4.0">', '<Module type="solid"/>'];
  yield* control(table.materials.some((m) => m.yieldMPa > 0));
  yield "<Material>";
  for (const [m, material] of table.materials.entries()) yield* materialLines(m, material, given.model.poisson);
  yield* ["</Material>", "<Mesh>"];
  yield* nodes(mesh);
  yield* elements(mesh, table);
  for (const { name, nodes: numbers } of groups) yield* nodeSet(name, numbers);
  if (reaction.length > 0) yield* nodeSet("reaction", reaction);
  yield* ["</Mesh>", "<MeshDomains>"];
  yield* table.materials.map((_, m) => `<SolidDomain name="${partOf(m)}" mat="${nameOf(m)}"/>`);
  yield* ["</MeshDomains>", "<Boundary>"];
  for (const group of groups) yield* boundary(group);
  yield* ["</Boundary>", ...ramp, "<Output>", ...plotfile];
  if (reaction.length > 0)
    yield '<logfile><node_data data="Rx;Ry;Rz" name="reaction" file="reaction.csv" delim="," node_set="reaction"/></logfile>';
  yield* ["</Output>", "</febio_spec>"];
}

const nameOf = (material: number): string => `M${material + 1}`;
const partOf = (material: number): string => `P${material + 1}`;

const control = (plastic: boolean): string[] => [
  "<Control>",
  "<analysis>STATIC</analysis>",
  `<time_steps>${plastic ? 20 : 1}</time_steps>`,
  `<step_size>${plastic ? 0.05 : 1}</step_size>`,
  '<solver type="solid"><max_refs>50</max_refs><dtol>1e-4</dtol><etol>1e-4</etol><rtol>1e-4</rtol></solver>',
  ...(plastic
    ? [
        '<time_stepper type="default"><max_retries>20</max_retries><dtmin>1e-4</dtmin><dtmax>0.05</dtmax></time_stepper>',
      ]
    : []),
  "</Control>",
];

function* materialLines(m: number, { modulusMPa, yieldMPa }: Material, poisson: number): Generator<string> {
  const elastic = `<E>${decimal(modulusMPa)}</E><v>${decimal(poisson)}</v>`;
  const open = `<material id="${m + 1}" name="${nameOf(m)}"`;
  if (yieldMPa > 0)
    yield* [
      `${open} type="reactive plasticity"><isochoric>1</isochoric><elastic type="neo-Hookean">${elastic}</elastic>`,
      `<yield_criterion type="DC von Mises stress"/><flow_curve type="PFC paper"><nf>1</nf><Y0>${decimal(yieldMPa)}</Y0><w0>1</w0><we>0</we></flow_curve></material>`,
    ];
  else yield `${open} type="neo-Hookean">${elastic}</material>`;
}

function* nodes(mesh: HexMesh): Generator<string> {
  yield '<Nodes name="bone">';
  for (let at = 0; at < mesh.node.length; at++)
    yield `<node id="${at + 1}">${coordinatesOf(mesh, at).map(decimal).join(",")}</node>`;
  yield "</Nodes>";
}

/** Numbered in the order in which they stand, as in the files that FEBio Studio writes. */
function* elements(mesh: HexMesh, table: MaterialTable): Generator<string> {
  let id = 1;
  for (const [m, material] of table.materials.entries()) {
    yield `<Elements type="hex8" name="${partOf(m)}">`;
    for (const e of material.elements)
      yield `<elem id="${id++}">${cornersOf(mesh, e, roundFaces)
        .map((n) => n + 1)
        .join(",")}</elem>`;
    yield "</Elements>";
  }
}

function* nodeSet(name: string, numbers: readonly number[]): Generator<string> {
  yield `<NodeSet name="${name}">`;
  for (let at = 0; at < numbers.length; at += 16)
    yield numbers.slice(at, at + 16).join(", ") + (at + 16 < numbers.length ? "," : "");
  yield "</NodeSet>";
}

function* boundary({ name, axis, valueMm }: Group): Generator<string> {
  const dof = "xyz"[axis]!;
  const open = `<bc name="${name}" node_set="${name}"`;
  if (valueMm === 0) {
    const flags = ["x", "y", "z"].map((d) => `<${d}_dof>${d === dof ? 1 : 0}</${d}_dof>`).join("");
    yield `${open} type="zero displacement">${flags}</bc>`;
  } else {
    const value = `<value lc="1">${decimal(valueMm)}</value>`;
    yield `${open} type="prescribed displacement"><dof>${dof}</dof>${value}<relative>0</relative></bc>`;
  }
}

const ramp = [
  '<LoadData><load_controller id="1" name="ramp" type="loadcurve">',
  "<interpolate>LINEAR</interpolate><extend>CONSTANT</extend>",
  "<points><pt>0,0</pt><pt>1,1</pt></points>",
  "</load_controller></LoadData>",
];

const plotfile = [
  '<plotfile type="febio">',
  ...["displacement", "stress", "reaction forces"].map((type) => `<var type="${type}"/>`),
  "</plotfile>",
];
