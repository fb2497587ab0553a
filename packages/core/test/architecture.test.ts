import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { expect, test } from "vitest";

const source = join(import.meta.dirname, "../src");
const base = ["volume", "linalg", "formats", "load", "material", "gpu"]; // folders that every stage may use
const knowsAll = (file: string) => file === "index.ts" || file.startsWith("pipeline/");

/** Every import from one file of the core to another, as paths below `src`. */
function imports(): { from: string; to: string }[] {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
  return files.flatMap((file) => {
    const from = relative(source, join(source, file)).replaceAll("\\", "/");
    const text = readFileSync(join(source, file), "utf8");
    return [...text.matchAll(/from "(\.[^"]+)"|import\("(\.[^"]+)"\)/g)].map((m) => ({
      from,
      to: posix.join(posix.dirname(from), (m[1] ?? m[2])!),
    }));
  });
}
const folder = (path: string) => (path.includes("/") ? path.slice(0, path.indexOf("/")) : "");

test("stages do not import each other, and the base imports no stage", () => {
  const wrong = imports().filter(({ from, to }) => {
    if (knowsAll(from)) return false;
    const [a, b] = [folder(from), folder(to)];
    return b !== "" && a !== b && !base.includes(b);
  });
  expect(wrong).toEqual([]);
});

test("only the pipeline and the index know all stages: nobody imports them", () => {
  const wrong = imports().filter(({ from, to }) => !knowsAll(from) && /^(pipeline\/|index\.)/.test(to));
  expect(wrong).toEqual([]);
});

test("linalg stands alone below volume and formats", () => {
  const upward = imports().filter(({ from, to }) => folder(from) === "linalg" && ["formats"].includes(folder(to)));
  expect(upward).toEqual([]);
});

test("the core names no platform: no node: imports", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
  expect(files.filter((f) => /from "node:|import\("node:/.test(readFileSync(join(source, f), "utf8")))).toEqual([]);
});
