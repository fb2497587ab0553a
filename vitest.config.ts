import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@spondyl/core": fileURLToPath(new URL("./packages/core/src/index.ts", import.meta.url)) } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "examples/**/*.test.ts"],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
