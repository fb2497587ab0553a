import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { requireWritable } from "../src/outputFolder.js";

const folder = mkdtempSync(join(tmpdir(), "spondyl-output-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);

test("a folder that exists or can be made is fine, and is not made yet", async () => {
  await requireWritable(folder);
  await requireWritable(at("new", "deep"));
  expect(existsSync(at("new"))).toBe(false);
});

test("an empty name, a file, and a folder below a file are refused", async () => {
  writeFileSync(at("file"), "");
  await expect(requireWritable("")).rejects.toMatchObject({
    code: "bad-option",
    message: "--out is empty. Give a folder.",
  });
  for (const place of [at("file"), at("file", "below"), at("file", "far", "below")])
    await expect(requireWritable(place)).rejects.toMatchObject({
      code: "write-failed",
      message: expect.stringContaining(`${at("file")} is a file. Choose another --out.`),
    });
});

test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
  "a write-protected folder is refused, also for folders in it",
  async () => {
    mkdirSync(at("locked"));
    chmodSync(at("locked"), 0o555);
    await expect(requireWritable(at("locked", "below"))).rejects.toThrow(/locked is write-protected/);
  },
);
