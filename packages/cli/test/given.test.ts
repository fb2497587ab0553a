import { expect, test } from "vitest";
import { namesOf, number, refuse } from "../src/given.js";

test("a number that was typed, or the default", () => {
  expect(number({ poisson: "0.3" }, "poisson", 1)).toBe(0.3);
  expect(number({ poisson: "1e-6" }, "poisson", 1, [0, 1])).toBe(1e-6);
  expect(number({}, "poisson", undefined)).toBeUndefined();
});

test.each(["Infinity", "-Infinity", "1e999", "NaN", "", " ", "two", "1,5"])('"%s" is no number', (typed) => {
  const told = `--cap-modulus: "${typed}" is not a number.`;
  expect(() => number({ capModulus: typed }, "capModulus", 1)).toThrow(
    expect.objectContaining({ code: "bad-option", message: told }),
  );
});

test("a range is told, and an open end left out", () => {
  const of = (typed: string, range: readonly [number, number]) => () => number({ voxel: typed }, "voxel", 1, range);
  expect(of("11", [0.05, 10])).toThrow('--voxel: "11" is not a number from 0.05 to 10.');
  expect(of("-1", [0, Infinity])).toThrow('--voxel: "-1" is not a number of 0 or more.');
  expect(of("Infinity", [0, Infinity])).toThrow("is not a number of 0 or more.");
  expect(of("1", [-Infinity, 0])).toThrow("is not a number of 0 or less.");
});

test("names of options are those of the values, and what would be ignored is refused", () => {
  const names = namesOf([
    { flag: "--broken-below <share>", help: "" },
    { flag: "--nonlinear", help: "" },
  ]);
  expect(names).toEqual(["brokenBelow", "nonlinear"]);
  const of = (given: Record<string, string | boolean>) => () => refuse(given, names, "a line", "Leave it out.");
  expect(of({ brokenBelow: "0.1" })).toThrow("--broken-below means nothing to a line. Leave it out.");
  expect(of({ nonlinear: true })).toThrow("--nonlinear means nothing");
  expect(of({ nonlinear: false, steps: "3" })).not.toThrow();
});
