import type { Run } from "../run.js";
import { decimal } from "./decimal.js";
import { encodeLines } from "./encodeLines.js";
import { type ExportCase, type Exported, type ExportOptions, oneLine } from "./exportCase.js";
import { coordinatesOf, cornersOf, type HexMesh, hexMesh, positionsOf, roundFaces } from "./hexMesh.js";
import { type MaterialTable, materialTable } from "./materialTable.js";
import { type Prescribed, prescribed } from "./prescribed.js";
import { remarks } from "./remarks.js";

/** Where the programs that read INP decks differ: the lines that open the step and those that ask for results. */
export interface Dialect {
  step(plastic: boolean): readonly string[];
  results(plastic: boolean): readonly string[];
  readonly reactions: readonly string[]; // of the node set REACTION
}

/**
 * A deck of keywords as Abaqus defined them: nodes, C3D8 elements by material, materials, and one static step with the
 * prescribed displacements. Nodes and elements are numbered from 1 in the order of the grid.
 * @throws SpondylError as `hexMesh`, `prescribed` and `materialTable`
 */
export async function inpDeck(
  given: ExportCase,
  options: ExportOptions,
  dialect: Dialect,
  run: Run = {},
): Promise<Exported> {
  const mesh = hexMesh(given.model);
  const table = materialTable(mesh, given, options);
  const held = prescribed(mesh, given.constraints);
  return {
    chunks: await encodeLines(deck(given, mesh, table, held, dialect), run),
    elements: mesh.voxel.length,
    nodes: mesh.node.length,
    materials: table.materials.length,
    findings: table.findings,
  };
}

function* deck(
  given: ExportCase,
  mesh: HexMesh,
  table: MaterialTable,
  held: readonly Prescribed[],
  dialect: Dialect,
): Generator<string> {
  const plastic = table.materials.some((m) => m.yieldMPa > 0);
  const reaction = positionsOf(mesh, given.reactionNodes).map((at) => at + 1);
  yield* ["*HEADING", oneLine(given.title)];
  yield* remarks(given, table.findings).map((line) => `** ${line}`);
  yield* nodes(mesh);
  yield* elements(mesh, table);
  yield* materials(table, given.model.poisson);
  if (reaction.length > 0) yield* ["*NSET, NSET=REACTION", ...inRows(reaction)];
  yield* dialect.step(plastic);
  yield "*BOUNDARY";
  for (const { at, axis, valueMm } of held) yield `${at + 1}, ${axis + 1}, ${axis + 1}, ${decimal(valueMm)}`;
  if (reaction.length > 0) yield* dialect.reactions;
  yield* dialect.results(plastic);
  yield "*END STEP";
}

function* nodes(mesh: HexMesh): Generator<string> {
  yield "*NODE, NSET=NALL";
  for (let at = 0; at < mesh.node.length; at++) yield `${at + 1}, ${coordinatesOf(mesh, at).map(decimal).join(", ")}`;
}

function* elements(mesh: HexMesh, table: MaterialTable): Generator<string> {
  for (const [m, material] of table.materials.entries()) {
    yield `*ELEMENT, TYPE=C3D8, ELSET=${nameOf(m)}`;
    for (const e of material.elements) yield [e, ...cornersOf(mesh, e, roundFaces)].map((n) => n + 1).join(", ");
  }
  yield* ["*ELSET, ELSET=EALL", ...inRows(table.materials.map((_, m) => nameOf(m)))];
}

function* materials({ materials: all }: MaterialTable, poisson: number): Generator<string> {
  for (const [m, { modulusMPa, yieldMPa }] of all.entries()) {
    yield* [`*MATERIAL, NAME=${nameOf(m)}`, "*ELASTIC", `${decimal(modulusMPa)}, ${decimal(poisson)}`];
    if (yieldMPa > 0) yield* ["*PLASTIC", `${decimal(yieldMPa)}, 0`];
    yield `*SOLID SECTION, ELSET=${nameOf(m)}, MATERIAL=${nameOf(m)}`;
  }
}

const nameOf = (material: number): string => `M${material + 1}`;

/** Words in lines of 16, which is the most that a data line may hold. */
function inRows(words: readonly (string | number)[]): string[] {
  const rows: string[] = [];
  for (let at = 0; at < words.length; at += 16) rows.push(words.slice(at, at + 16).join(", "));
  return rows;
}
