import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Published cases: minutes, not seconds. Each records its rows; when all have run, the table is written. */
export default defineConfig({
  resolve: { alias: { "@spondyl/core": here("../packages/core/src/index.ts") } },
  test: {
    root: here("."),
    include: ["*.validation.ts"],
    globalSetup: [here("./table.ts")],
    testTimeout: 600_000,
    fileParallelism: false, // each case may use both cores
  },
});
