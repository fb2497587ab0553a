import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** `npm run validate:runs`: the long computations behind the tables kept as JSON; they stop and go on at any time. */
export default defineConfig({
  resolve: { alias: { "@spondyl/core": here("../packages/core/src/index.ts") } },
  test: { root: here("."), include: ["*.run.ts"], testTimeout: 7_200_000, fileParallelism: false },
});
