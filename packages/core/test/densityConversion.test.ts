import { expect, test } from "vitest";
import { conversionsBetween, densityConversion, densityConversions } from "../src/mesh/densityConversion.js";

const at = (name: string, value: number) => {
  const { slope, intercept } = densityConversion(name);
  return slope * value + intercept;
};

test("the published relations, at hand-computed values", () => {
  expect(at("qct-to-ash-keyak1994", 0.2)).toBeCloseTo(0.2509, 12); // 1.06·0.2 + 0.0389
  expect(at("qct-to-ash-les1994", 0.2)).toBeCloseTo(0.2963, 12);
  expect(at("ha-to-ash-schileo2008", 0.2)).toBeCloseTo(0.2543, 12);
  expect(at("ash-to-app-ratio0.6", 0.3)).toBeCloseTo(0.5, 12);
  expect(at("ha-to-bvtv-scanco", 0.12)).toBeCloseTo(0.1, 12);
  expect(at("bvtv-to-app-tissue1.9", 0.1)).toBeCloseTo(0.19, 12);
});

test("every conversion has its inverse, and the two undo each other", () => {
  for (const { name, from, to } of densityConversions) {
    const [, ...tag] = name.split("-to-")[1]!.split("-");
    const [a, b] = [name.split("-to-")[0]!, name.split("-to-")[1]!.split("-")[0]!];
    const back = densityConversion(`${b}-to-${a}-${tag.join("-")}`);
    expect([back.from, back.to]).toEqual([to, from]);
    expect(at(back.name, at(name, 0.37))).toBeCloseTo(0.37, 14);
  }
});

test("the two ways between HA and K2HPO4 go in opposite directions", () => {
  expect(at("ha-to-qct-attenuation-80kev", 1)).toBeGreaterThan(1);
  expect(at("ha-to-qct-goodsitt1992-80kvp", 1)).toBeLessThan(1);
});

test("a chain is its parts one after the other", () => {
  const chain = "qct-to-ash-keyak1994+ash-to-app-ratio0.6";
  expect(at(chain, 0.2)).toBeCloseTo(at("ash-to-app-ratio0.6", at("qct-to-ash-keyak1994", 0.2)), 14);
  expect(densityConversion(chain)).toMatchObject({ name: chain, from: "rhoQct", to: "rhoApp", mark: "A" });
  expect(densityConversion("ha-to-ash-schileo2008+ash-to-app-ratio0.6").mark).toBe("B"); // the weaker of the two
});

test("unknown names and links that do not meet are refused", () => {
  expect(() => densityConversion("qct-to-ash")).toThrow(/"qct-to-ash" is unknown.*qct-to-ash-keyak1994/);
  expect(() => densityConversion("qct-to-ash-keyak1994+bvtv-to-app-tissue1.9")).toThrow(/ends in rhoAsh/);
});

test("the listed ways lead where they are asked to", () => {
  for (const name of conversionsBetween("rhoQct", "rhoApp"))
    expect(densityConversion(name)).toMatchObject({ from: "rhoQct", to: "rhoApp" });
  expect(conversionsBetween("rhoQct", "rhoApp")).toContain("qct-to-ash-keyak1994+ash-to-app-ratio0.6");
  expect(conversionsBetween("rhoHa", "rhoQct")).toContain("ha-to-qct-goodsitt1992-140kvp");
});
