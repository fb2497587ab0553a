import { expect, test } from "vitest";
import type { ExportCase } from "../src/export/exportCase.js";
import { exportFebio } from "../src/export/febio.js";
import type { Vec3 } from "../src/volume/volume.js";
import { expectSameModel, mixedCase, type ReadModel, textOf } from "./exportCases.js";

/** Every element with this tag: its attributes and what it holds. */
function tags(xml: string, tag: string): { readonly attributes: Record<string, string>; readonly inner: string }[] {
  const pattern = new RegExp(`<${tag}((?: [\\w-]+="[^"]*")*)(?:/>|>(.*?)</${tag}>)`, "gs");
  return [...xml.matchAll(pattern)].map(([, attributes = "", inner = ""]) => ({
    attributes: Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, v]) => [name!, v!])),
    inner,
  }));
}
const one = (xml: string, tag: string): string => tags(xml, tag)[0]!.inner;
const list = (text: string): number[] => text.split(",").map(Number);

function read(xml: string): ReadModel {
  const materials = new Map(tags(one(xml, "Material"), "material").map((m) => [m.attributes.name!, m]));
  const domains = new Map(tags(xml, "SolidDomain").map(({ attributes: a }) => [a.name!, materials.get(a.mat!)!]));
  const sets = new Map(tags(xml, "NodeSet").map((s) => [s.attributes.name!, list(s.inner)]));
  return {
    nodes: new Map(
      tags(one(xml, "Nodes"), "node").map((n) => [Number(n.attributes.id), list(n.inner) as unknown as Vec3]),
    ),
    elements: tags(one(xml, "Mesh"), "Elements").flatMap(({ attributes, inner }) => {
      expect(attributes.type).toBe("hex8");
      const { attributes: material, inner: law } = domains.get(attributes.name!)!;
      expect(Number(one(law, "v"))).toBe(0.25);
      const plastic = material.type === "reactive plasticity";
      expect(plastic ? tags(law, "elastic")[0]!.attributes.type : material.type).toBe("neo-Hookean");
      const [modulusMPa, yieldMPa] = [Number(one(law, "E")), plastic ? Number(one(law, "Y0")) : 0];
      return tags(inner, "elem").map((e) => ({ nodes: list(e.inner), modulusMPa, yieldMPa }));
    }),
    held: tags(one(xml, "Boundary"), "bc").flatMap(({ attributes, inner }) =>
      sets.get(attributes.node_set!)!.map((node) => ({ node, ...displacement(attributes.type!, inner) })),
    ),
    reaction: sets.get("reaction") ?? [],
  };
}

function displacement(type: string, inner: string): { axis: number; valueMm: number } {
  if (type === "prescribed displacement") {
    expect(tags(inner, "value")[0]!.attributes.lc).toBe("1"); // the curve that rises from 0 to 1
    return { axis: "xyz".indexOf(one(inner, "dof")), valueMm: Number(one(inner, "value")) };
  }
  expect(type).toBe("zero displacement");
  const axes = ["x", "y", "z"].map((d) => one(inner, `${d}_dof`));
  expect(axes.filter((flag) => flag === "1")).toHaveLength(1);
  return { axis: axes.indexOf("1"), valueMm: 0 };
}

test("the file is the model", async () => {
  const given = mixedCase();
  const { chunks } = await exportFebio(given);
  expectSameModel(read(textOf(chunks)), given);
});

test("elements are numbered in the order in which they stand", async () => {
  const { chunks, elements } = await exportFebio(mixedCase());
  const ids = tags(one(textOf(chunks), "Mesh"), "elem").map((e) => Number(e.attributes.id));
  expect(ids).toEqual(Array.from({ length: elements }, (_, e) => e + 1));
});

test("the sections of FEBio 4 are there, in its order, and the XML is well-formed", async () => {
  const xml = textOf((await exportFebio(mixedCase())).chunks);
  const names = [...xml.matchAll(/^<(Module|Control|Material|Mesh|MeshDomains|Boundary|LoadData|Output)\b/gm)];
  expect(names.map(([, name]) => name)).toEqual([
    "Module",
    "Control",
    "Material",
    "Mesh",
    "MeshDomains",
    "Boundary",
    "LoadData",
    "Output",
  ]);
  expect(xml).toContain('<febio_spec version="4.0">');
  expect(unclosed(xml)).toEqual([]);
});

/** Tags that are not closed in their order; throws at a comment that XML forbids. */
function unclosed(xml: string): string[] {
  const open: string[] = [];
  const body = xml.replace(/<!--(.*?)-->/gs, (_, comment: string) => {
    expect(comment).not.toContain("--");
    return "";
  });
  for (const [, closing, name, self] of body.matchAll(/<(\/?)([A-Za-z_]\w*)[^<>]*?(\/?)>/g)) {
    if (closing) expect(open.pop()).toBe(name);
    else if (!self) open.push(name!);
  }
  return open;
}

test("a linear model is solved in one step, a plastic one in twenty", async () => {
  const { yieldMPa, ...elastic } = mixedCase();
  const steps = async (given: ExportCase) => {
    const control = one(textOf((await exportFebio(given)).chunks), "Control");
    return [Number(one(control, "time_steps")), Number(one(control, "step_size"))];
  };
  expect(await steps(elastic)).toEqual([1, 1]);
  expect(await steps({ ...elastic, yieldMPa: yieldMPa! })).toEqual([20, 0.05]); // the load is whole at time 1
  expect(textOf((await exportFebio(elastic)).chunks)).not.toContain("plasticity");
});
