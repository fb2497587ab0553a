import { expect, test } from "vitest";
import { parseLoad, parseLoads } from "../src/loadOption.js";

test("loads: words, amounts, units, several of them", () => {
  expect(parseLoad("compression:-2%")).toEqual({
    parts: [{ direction: "compression", amount: { unit: "percentHeight", value: 2 } }],
  });
  expect(parseLoad("compression:0.5mm+flexion:25mm")).toEqual({
    parts: [
      { direction: "compression", amount: { unit: "mm", value: 0.5 } },
      { direction: "flexion", amount: { unit: "armMm", value: 25 } },
    ],
  });
  expect(parseLoad("compression:2%+tilt:free").freeTilt).toBe(true);
  expect(parseLoads("compression,flexion").map((l) => l.parts[0]!.amount)).toEqual([
    { unit: "percentHeight", value: 2 },
    { unit: "deg", value: 5 },
  ]);
  expect(parseLoad("torsion:-3deg").parts[0]).toEqual({
    direction: "torsion-left",
    amount: { unit: "deg", value: -3 },
  });
});

test.each([
  ["squash:2%", /"squash" is no way to load.*compression/],
  ["compression:2", /an amount with a unit/],
  ["flexion:five", /an amount with a unit/],
  ["", /no way to load/],
])("%s: an error that names the cure", (spec, message) => {
  expect(() => parseLoads(spec)).toThrow(message);
});
