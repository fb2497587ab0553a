import { expect, test } from "vitest";
import { exportAbaqus } from "../src/export/abaqus.js";
import { exportCalculix } from "../src/export/calculix.js";
import type { Vec3 } from "../src/volume/volume.js";
import { expectSameModel, mixedCase, type ReadModel, textOf } from "./exportCases.js";

/** A keyword of an INP deck, its parameters, and its data lines as words. */
interface Keyword {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly lines: readonly (readonly string[])[];
}

function keywords(deck: string): Keyword[] {
  const found: { name: string; parameters: Record<string, string>; lines: string[][] }[] = [];
  for (const line of deck.split("\n").filter((l) => l !== "" && !l.startsWith("**"))) {
    const words = line.split(",").map((w) => w.trim());
    if (!line.startsWith("*")) found.at(-1)!.lines.push(words);
    else {
      const parameters = Object.fromEntries(words.slice(1).map((w) => w.split("=").map((p) => p.trim())));
      found.push({ name: words[0]!, parameters, lines: [] });
    }
  }
  return found;
}

function read(deck: string): ReadModel {
  const all = keywords(deck);
  const named = (name: string) => all.filter((k) => k.name === name);
  const sections = new Map(named("*SOLID SECTION").map(({ parameters: p }) => [p.ELSET, p.MATERIAL]));
  const start = (material: string) => all.findIndex((k) => k.name === "*MATERIAL" && k.parameters.NAME === material);
  const property = (material: string, name: string) => {
    const until = all.findIndex((k, i) => i > start(material) && k.name === "*SOLID SECTION");
    return all.slice(start(material), until).find((k) => k.name === name)?.lines[0];
  };
  return {
    nodes: new Map(named("*NODE")[0]!.lines.map(([id, ...x]) => [Number(id), x.map(Number) as unknown as Vec3])),
    elements: named("*ELEMENT").flatMap(({ parameters, lines }) => {
      expect(parameters.TYPE).toBe("C3D8");
      const material = sections.get(parameters.ELSET)!;
      const [modulusMPa, poisson] = property(material, "*ELASTIC")!.map(Number);
      expect(poisson).toBe(0.25);
      const [yieldMPa, plasticStrain] = property(material, "*PLASTIC")?.map(Number) ?? [0, 0];
      expect(plasticStrain).toBe(0);
      return lines.map(([, ...ids]) => ({ nodes: ids.map(Number), modulusMPa: modulusMPa!, yieldMPa: yieldMPa! }));
    }),
    held: named("*BOUNDARY")[0]!.lines.map(([node, first, last, value]) => {
      expect(last).toBe(first);
      return { node: Number(node), axis: Number(first) - 1, valueMm: Number(value) };
    }),
    reaction: named("*NSET")
      .find((k) => k.parameters.NSET === "REACTION")!
      .lines.flat()
      .map(Number),
  };
}

test.each([
  ["calculix", exportCalculix],
  ["abaqus", exportAbaqus],
] as const)("%s: the deck is the model", async (_, write) => {
  const given = mixedCase();
  const made = await write(given);
  const model = read(textOf(made.chunks));
  expectSameModel(model, given);
  expect(made).toMatchObject({ elements: model.elements.length, nodes: model.nodes.size, findings: [] });
});

test("elements are numbered in the order of the grid, and one set holds all materials", async () => {
  const { chunks, elements, materials } = await exportCalculix(mixedCase());
  const all = keywords(textOf(chunks));
  const ids = all.filter((k) => k.name === "*ELEMENT").flatMap((k) => k.lines.map(([id]) => Number(id)));
  expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: elements }, (_, e) => e + 1));
  const sets = all.filter((k) => k.name === "*ELEMENT").map((k) => k.parameters.ELSET!);
  expect(sets).toHaveLength(materials!);
  expect(all.find((k) => k.parameters.ELSET === "EALL" && k.name === "*ELSET")!.lines.flat()).toEqual(sets);
});

test("lines are what CalculiX reads: up to 132 characters, numbers up to 20, sets of 16", async () => {
  const { yieldMPa: _, ...given } = mixedCase([1 / 3, 1e-7 / 3, 1e5 / 3]);
  const deck = textOf((await exportCalculix(given)).chunks);
  expect(Math.max(...deck.split("\n").map((line) => line.length))).toBeLessThanOrEqual(132);
  for (const { name, lines } of keywords(deck))
    for (const line of lines.slice(name === "*HEADING" ? 1 : 0)) {
      expect(line.length).toBeLessThanOrEqual(16);
      for (const word of line) expect(word.length).toBeLessThanOrEqual(name === "*HEADING" ? 80 : 20);
    }
});

test("without a yield stress the step is linear; with one it is incremental", async () => {
  const { yieldMPa, ...elastic } = mixedCase();
  for (const write of [exportCalculix, exportAbaqus]) {
    const linear = textOf((await write(elastic)).chunks);
    expect(linear).not.toMatch(/\*PLASTIC|0\.05/);
    expect(textOf((await write({ ...elastic, yieldMPa: yieldMPa! })).chunks)).toMatch(
      /\*STEP.*INC=1000\n\*STATIC\n0\.05, 1,/,
    );
  }
});

test("the comments tell units, the place in the patient and the title on one line", async () => {
  const deck = textOf((await exportAbaqus(mixedCase())).chunks);
  expect(deck).toContain("*HEADING\nA mixed model -- with <markup> & more\n** A mixed model");
  expect(deck).toContain("mm, N, MPa");
  // lower corner: (10, -20, 30) + D (-0.25, -0.375, -0.625), D a quarter turn: x' = -y, y' = x
  expect(deck).toContain("(10.375, -20.25, 29.375) + D x, D by rows (0, -1, 0, 1, 0, 0, 0, 0, 1)");
});
