import { describe, type Protocol, predict } from "@spondyl/core";
import { expect, test } from "vitest";
import { nodeThreads } from "../packages/cli/dist/threads.js";
import { type Row, record } from "./record.ts";
import { type MeshRow, publishedL2, readMeshTable } from "./vertebraMesh.ts";

const source = "Walle, Matheson & Boyd 2025, 10.1093/gigascience/giaf094";

/** Stiffness (N/mm) of the published L2. The published table has the first; the others were computed from its recipe. */
const published: readonly [Protocol, string, number][] = [
  ["bonelab-compat", "as published (bins shifted by one)", 12362],
  ["bonelab", "bins assigned correctly", 10451],
  ["bonelab-unbinned", "no bins", 10547],
];

test("the spineFE benchmark's L2, by the main job", async () => {
  const rows: Row[] = [];
  for (const [protocol, words, stiffness] of published) {
    const options = { protocol, calibration: { kind: "density" } } as const;
    const found = await predict(publishedL2(), options, { threads: nodeThreads(2) });
    const { model, linear } = describe(found, { version: "validation" });
    const row = { case: `L2 of VerSe 004, ${words}`, source };
    rows.push(
      { ...row, quantity: "elements", published: 67137, computed: model.elements, tolerancePercent: 0 },
      { ...row, quantity: "nodes", published: 77892, computed: model.nodes, tolerancePercent: 0 },
      {
        ...row,
        quantity: "stiffness, N/mm",
        published: stiffness,
        computed: linear.stiffnessNPerMm,
        tolerancePercent: 0.1,
      },
    );
  }
  expect(record("1-vertebra", rows)).toBeUndefined();
});

test("the same L2 broken by the benchmark's law: Tresca, yield by density, ends free sideways, 2 mm", async () => {
  const rows: Row[] = [];
  const breakIt = async (steps: number) => {
    const found = await predict(
      publishedL2(),
      {
        calibration: { kind: "density" },
        protocol: "bonelab",
        failure: {
          loads: [{ parts: [{ direction: "compression", amount: { unit: "mm", value: 2 } }] }],
          options: { steps },
        },
      },
      { threads: nodeThreads(2) },
    );
    return describe(found, { version: "validation" }).failures![0]!;
  };
  const worst = (f: Awaited<ReturnType<typeof breakIt>>) =>
    Math.max(...f.curve.map((c) => Math.abs(c.energyErrorPercent)));
  const coarse = await breakIt(8);
  const fine = await breakIt(24);
  const row = {
    case: "L2 of VerSe 004, bins assigned correctly, Tresca to 2 mm",
    source: "-",
    published: null,
    tolerancePercent: null,
  };
  rows.push(
    { ...row, quantity: "load at 2 mm, N, 24 steps", computed: fine.ultimateLoadN! },
    {
      ...row,
      quantity: "the same in 8 steps",
      computed: coarse.ultimateLoadN!,
      published: fine.ultimateLoadN!,
      tolerancePercent: 0.5,
    },
    { ...row, quantity: "yield load, 0.2 % offset, N", computed: fine.yieldLoadN! },
    { ...row, quantity: "load at 1.9 % of the height, N", computed: fine.loadAt19PercentHeightN! },
    { ...row, quantity: "largest error of the energy balance, %, 24 steps", computed: worst(fine) },
  );
  expect(record("7-vertebra-tresca", rows)).toBeUndefined();
});

const [voxels, split] = [1, 2].map((parts) => readMeshTable().find((row) => row.parts === parts));

test.skipIf(!voxels || !split)("the same L2 with each voxel split: how far the answer depends on the mesh", () => {
  const row = {
    case: "L2 of VerSe 004, each voxel split into eight, Tresca to 2 mm",
    source: "the voxels as they are",
  };
  const against = (quantity: string, of: (m: MeshRow) => number) => ({
    ...row,
    quantity,
    published: of(voxels!),
    computed: of(split!),
  });
  const rows: Row[] = [
    { ...against("stiffness, N/mm", (m) => m.stiffnessNPerMm), tolerancePercent: 5 },
    { ...against("yield load, 0.2 % offset, N", (m) => m.yieldLoadN), tolerancePercent: 5 },
    { ...against("load at 1.9 % of the height, N", (m) => m.loadAt19PercentHeightN), tolerancePercent: 5 },
    { ...against("load at 2 mm, N", (m) => m.loadAt2MmN), tolerancePercent: 5 },
  ];
  expect(record("8-vertebra-mesh", rows)).toBeUndefined();
});
