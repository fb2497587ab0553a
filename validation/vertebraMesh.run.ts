import { expect, test } from "vitest";
import { nodeThreads } from "../packages/cli/dist/threads.js";
import { breakSplit, keepMeshRow, readMeshTable } from "./vertebraMesh.ts";

const done = new Set(readMeshTable().map((row) => row.parts));

test.each([1, 2].filter((parts) => !done.has(parts)))("the L2 with each voxel's edge in %i", async (parts) => {
  const row = await breakSplit(parts, nodeThreads(Number(process.env.SPONDYL_THREADS ?? 2)));
  expect(row.loadAt2MmN).toBeGreaterThan(0);
  keepMeshRow(row);
  console.log(JSON.stringify(row));
});
