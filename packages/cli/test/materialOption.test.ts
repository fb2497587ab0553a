import { expect, test } from "vitest";
import { parseBreakMaterial, parseMaterial } from "../src/materialOption.js";

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
});

test("words among the constants: which stress yields, and which set they come from", () => {
  expect(parseBreakMaterial("fabric-damage:yieldOn=effective,bandMm=3,constants=hfe-460f6d7")).toEqual({
    law: "fabric-damage",
    yieldOn: "effective",
    bandMm: 3,
    constants: "hfe-460f6d7",
  });
  expect(parseBreakMaterial("mohr-coulomb")).toEqual({ law: "mohr-coulomb", compressionOverTension: 1 });
});

test.each([
  ["rubber", /Give one of: tissue-damage/],
  ["tissue-damage:hardening=much", /hardening=number/],
  ["tissue-damage:hardening", /hardening=number/],
  ["tissue-damage:hardening=0.1=2", /hardening=number/],
  ["tissue-damage:hardening=0.1,hardening=0.2", /given twice/],
  [
    "tissue-damage:hardning=0.3",
    /tissue-damage has no constant "hardning". It has: youngMPa, .*hardening, .*residual\./,
  ],
  ["tissue-damage:poisson=0.3", /no constant "poisson"/],
  ["quasi-brittle:compressionStrain=0.01", /no constant "compressionStrain".*compressionYieldStrain/],
  ["tresca:foo=3", /tresca has no constants, such as "foo=3". Leave it out/],
  ["mohr-coulomb:toString=3", /It has: compressionOverTension/],
  ["fabric-damage:yieldOn=1", /yieldOn is "1". Give one of: nominal, effective/],
  ["fabric-damage:constants=hfe", /Give one of: hfe-77e9776, hfe-460f6d7/],
  ["fabric-damage:bandMm=3", /Add yieldOn=effective/],
  ["fabric-damage:bandMm=3,yieldOn=nominal", /Add yieldOn=effective/],
])("%s: an error that names the cure", (spec, message) => {
  expect(() => parseBreakMaterial(spec)).toThrow(message);
});

test("yield stresses are for the laws that have them, densities for predict", () => {
  expect(() => parseMaterial("tresca", undefined)).toThrow(/--yield/);
  expect(() => parseMaterial("tissue-damage", Float32Array.of(50))).toThrow(/no yield stress. Leave --yield out/);
  expect(() => parseMaterial("fabric-damage", undefined)).toThrow(/predict/);
});
