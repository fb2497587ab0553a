import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** `npm run validate:strength`: the long computation behind trabecular-strength.json; stops and goes on at any time. */
export default defineConfig({
  resolve: { alias: { "@spondyl/core": here("../packages/core/src/index.ts") } },
  test: { root: here("."), include: ["strength.run.ts"], testTimeout: 7_200_000 },
});
