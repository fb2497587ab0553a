import { expect, test } from "vitest";
import { parseLoad, parseLoads } from "../src/loadOption.js";
import { parseMaterial } from "../src/materialOption.js";

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

test("materials: names, constants, yield stresses", () => {
  expect(parseMaterial("tissue-damage:hardening=0.1, residual=1e-4", undefined)).toEqual({
    law: "tissue-damage",
    hardening: 0.1,
    residual: 1e-4,
  });
  const yieldMPa = Float32Array.of(1, 2);
  expect(parseMaterial("mohr-coulomb:compressionOverTension=1.6", yieldMPa)).toEqual({
    law: "mohr-coulomb",
    compressionMPa: yieldMPa,
    compressionOverTension: 1.6,
  });
  expect(() => parseMaterial("tresca", undefined)).toThrow(/--yield/);
  expect(() => parseMaterial("rubber", undefined)).toThrow(/Give one of: tissue-damage/);
  expect(() => parseMaterial("tissue-damage:hardening=much", undefined)).toThrow(/name=number/);
  expect(() => parseMaterial("fabric-damage", undefined)).toThrow(/predict/);
});
