import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identityDirection, type Vec3, writeNifti } from "@spondyl/core";
import { afterAll, expect, test } from "vitest";

const main = join(import.meta.dirname, "../dist/main.js"); // the set-up has built it
const folder = mkdtempSync(join(tmpdir(), "spondyl-main-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** Runs the built program. */
const spondyl = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    const child = execFile(process.execPath, [main, ...args], (_, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

function cube(name: string, n: number): string {
  const size: Vec3 = [n, n, n];
  const data = new Float32Array(n ** 3).fill(1000);
  const grid = { size, spacing: [1, 1, 1] as Vec3, origin: [0, 0, 0] as Vec3, direction: identityDirection() };
  writeFileSync(at(name), writeNifti({ quantity: "MPa", data, ...grid }));
  return at(name);
}
const guided = ["--inferior", "guided", "--superior", "guided"];

test("--help names every command, and each has an example", async () => {
  const { code, stdout } = await spondyl("--help");
  expect(code).toBe(0);
  for (const name of ["predict", "solve", "export", "info", "calibrate", "segment", "phantom"]) {
    expect(stdout).toContain(`${name} `);
    expect((await spondyl(name, "--help")).stdout).toContain(`Example:\n  spondyl ${name}`);
  }
});

test("--json prints one line that is the result, and nothing else anywhere", async () => {
  const run = await spondyl("solve", cube("json.nii.gz", 6), ...guided, "--out", at("json"), "--json");
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(run.stdout.trim().split("\n")).toHaveLength(1);
  expect(JSON.parse(run.stdout).stiffnessNPerMm).toBeCloseTo(6000, 1); // E·A/L
});

test("threads do not change the result by a bit", async () => {
  const image = cube("threads.nii.gz", 12);
  const run = async (threads: string) =>
    JSON.parse((await spondyl("solve", image, "--out", at(`t${threads}`), "--json", "--threads", threads)).stdout);
  const [one, two] = [await run("1"), await run("2")];
  expect(two).toMatchObject({
    stiffnessNPerMm: one.stiffnessNPerMm,
    residual: one.residual,
    iterations: one.iterations,
  });
});

test("what the user can mend ends with code 1 and one line that says how", async () => {
  const { code, stdout, stderr } = await spondyl("solve", at("missing.nii.gz"), "--out", at("none"));
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^spondyl: .*missing\.nii\.gz does not exist.*\n$/);
  expect((await spondyl("solve", at("missing.nii.gz"))).stderr).toMatch(/--out/);
  expect((await spondyl("fly")).code).not.toBe(0);
});

test("no progress and no colour codes in a pipe", async () => {
  const run = await spondyl("solve", cube("pipe.nii.gz", 6), "--out", at("pipe"));
  expect(`${run.stdout}${run.stderr}`.includes("\x1b")).toBe(false);
});

test.skipIf(process.platform === "win32")("a reader that leaves early ends it quietly", async () => {
  for (const verb of ["--help", `solve "${cube("head.nii.gz", 6)}" --out "${at("head")}"`]) {
    const piped = `"${process.execPath}" "${main}" ${verb} | true; echo "\${PIPESTATUS[0]}"`;
    const run = await new Promise<{ stdout: string; stderr: string }>((done) =>
      execFile("bash", ["-c", piped], (_, stdout, stderr) => done({ stdout, stderr })),
    );
    expect(run).toEqual({ stdout: "0\n", stderr: expect.not.stringMatching(/EPIPE|Error|at /) });
  }
});

test("an interrupt ends with code 130 and leaves nothing half-written", async () => {
  const child = spawn(process.execPath, [main, "phantom", "--truth-spacing", "0.2", "--out", at("stopped")]);
  const ended = new Promise<number | null>((done) => child.on("exit", done));
  await new Promise((wait) => setTimeout(wait, 1500)); // well inside its several seconds of work
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(existsSync(at("stopped")) ? readdirSync(at("stopped")) : []).toEqual([]);
});

test.skipIf(process.platform === "win32")(
  "a disk that takes no more: an error that names the file, and no partial ones",
  async () => {
    const limited = `ulimit -f 8; exec "$0" "$@"`; // 4 to 8 kB a file: writing fails in the middle, as on a full disk
    const run = await new Promise<{ code: number; stderr: string }>((done) => {
      const args = [
        "-c",
        limited,
        process.execPath,
        main,
        "phantom",
        "--truth-spacing",
        "1",
        "--spacing",
        "1,1,1",
        "--out",
        at("full"),
      ];
      const child = execFile("bash", args, (_, __, stderr) => done({ code: child.exitCode ?? -1, stderr }));
    });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/could not be written.*Check space/);
    expect(readdirSync(at("full"))).toEqual([]);
  },
);
