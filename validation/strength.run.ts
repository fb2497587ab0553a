import { test } from "vitest";
import { nodeThreads } from "../packages/cli/dist/threads.js";
import { breakCube, keep, readTable, sample } from "./trabecularStrength.ts";

const done = new Set(readTable().rows.map((row) => row.cube));

test.each(sample().filter((cube) => !done.has(cube)))("%s", async (cube) => {
  const row = await breakCube(cube, nodeThreads(Number(process.env.SPONDYL_THREADS ?? 2)));
  keep(row);
  console.log(
    `${cube}: BV/TV ${row.bvtv.toFixed(3)}, yield ${row.yieldMPa?.toFixed(2)} MPa at ${row.yieldStrainPercent?.toFixed(2)} %, ` +
      `ultimate ${row.ultimateMPa.toFixed(2)} MPa, ${row.elements} elements, ${row.seconds.toFixed(0)} s`,
  );
});
