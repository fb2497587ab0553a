import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const read = (name: string) => readFileSync(join(import.meta.dirname, name), "utf8");

test("five lines: a phantom's scan in, its stiffness out; the README shows the same lines", async () => {
  const { stiffnessNPerMm } = await import("./five-lines.ts");
  expect(stiffnessNPerMm).toBeGreaterThan(5000); // the published range of vertebrae is 5 to 30 kN/mm
  expect(stiffnessNPerMm).toBeLessThan(30000);
  const shown = read("five-lines.ts").split("\n\nexport")[0]!;
  expect(read("../README.md")).toContain(shown);
});

test("bar in series", () => import("./bar-in-series.ts"));
test("lesion effect", () => import("./lesion-effect.ts"));
