import { expect, test } from "vitest";
import { applyLaw, lawNames, materialLaw, modulusFromDensity } from "../src/mesh/laws.js";
import { type Density, identityDirection } from "../src/volume/volume.js";

const density = (values: readonly number[], quantity: Density["quantity"] = "mgK2HPO4/cm3") =>
  ({
    quantity,
    data: Float32Array.from(values),
    size: [values.length, 1, 1],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: identityDirection(),
  }) as Density;

const single = 2 ** -23; // results are stored in single precision

test("the published laws, at hand-computed values", () => {
  const at = (name: string, rho: number) => materialLaw(name).modulus(rho);
  expect(at("kopperdahl2002-power", 1)).toBe(2980);
  expect(at("kopperdahl2002-power", 0.1)).toBeCloseTo(298 * 10 ** -0.05, 10); // 265.6
  expect(at("kopperdahl2002-linear", 0.1)).toBeCloseTo(288.3, 10);
  expect(at("morgan2003-spine", 0.1)).toBeCloseTo(473 * 10 ** -0.56, 10);
  expect(at("keller1994-spine", 0.1)).toBeCloseTo(18.9 * 10 ** 0.08, 10);
  expect(at("kopperdahl1998", 0.1)).toBeCloseTo(130, 10);
  expect(at("keaveny1997-lumbar", 0.1)).toBeCloseTo(96, 10);
  expect(at("keyak1994", 0.1)).toBeCloseTo(105 * 10 ** -0.29, 10);
});

test("yield stress where the source has one", () => {
  expect(materialLaw("kopperdahl2002-power").yieldStress!.compression(0.1)).toBeCloseTo(3.74 * 10 ** -0.39, 10);
  expect(materialLaw("kopperdahl2002-linear").yieldStress!.tension(0.1)).toBeCloseTo(1.74, 10);
  expect(materialLaw("morgan2003-spine").yieldStress).toBeUndefined();
});

test("every law stiffens with density above its floor", () => {
  for (const name of lawNames) {
    const { modulus } = materialLaw(name);
    for (let rho = 0.05; rho < 1.2; rho += 0.05) expect(modulus(rho + 0.05)).toBeGreaterThan(modulus(rho));
  }
});

test("milligrams per image, grams per law: 100 mg/cm³ is 0.1 g/cm³", () => {
  const { data, quantity } = modulusFromDensity(density([100, 1000]));
  expect(quantity).toBe("MPa");
  expect(Math.abs(data[0]! / (2980 * 0.1 ** 1.05) - 1)).toBeLessThan(single);
  expect(data[1]).toBe(2980);
});

test("what a law makes negative becomes the floor", () => {
  const image = density([-31, 0, 5, 100]); // 5 mg/cm³ is below the linear law's zero at 10.7
  expect([...modulusFromDensity(image).data].slice(0, 2)).toEqual([0, 0]);
  const linear = modulusFromDensity(image, { law: "kopperdahl2002-linear", floorMPa: 1e-4 }).data;
  expect([...linear].slice(0, 3)).toEqual(Array(3).fill(Math.fround(1e-4)));
  expect(linear[3]).toBeCloseTo(288.3, 4);
  expect(image.data[0]).toBe(-31); // the input is left alone
});

test("a law in apparent density refuses a QCT image and lists the conversions that lead there", () => {
  const image = density([100]);
  expect(() => modulusFromDensity(image, { law: "morgan2003-spine" })).toThrow(
    /takes rhoApp, but the image \(mgK2HPO4\/cm3\) holds rhoQct.*qct-to-ash-keyak1994\+ash-to-app-ratio0\.6/,
  );
  const conversion = "qct-to-ash-keyak1994+ash-to-app-ratio0.6";
  const apparent = (1.06 * 0.1 + 0.0389) / 0.6;
  const got = modulusFromDensity(image, { law: "morgan2003-spine", conversion }).data[0]!;
  expect(Math.abs(got / (4730 * apparent ** 1.56) - 1)).toBeLessThan(single);
});

test("an HA image never passes for K2HPO4 without saying how", () => {
  const image = density([100], "mgHA/cm3");
  expect(() => modulusFromDensity(image)).toThrow(
    /holds rhoHa.*ha-to-qct-attenuation-80kev.*ha-to-qct-goodsitt1992-80kvp/,
  );
  const [attenuation, phantoms] = ["ha-to-qct-attenuation-80kev", "ha-to-qct-goodsitt1992-80kvp"].map(
    (conversion) => modulusFromDensity(image, { conversion }).data[0]!,
  );
  expect(Math.abs(attenuation! / phantoms! / (1.11 / 0.86) ** 1.05 - 1)).toBeLessThan(4 * single); // 31 % apart
});

test("a conversion that leads elsewhere, an unknown law and a bad floor are refused", () => {
  expect(() => applyLaw("mgK2HPO4/cm3", { conversion: "qct-to-ash-keyak1994" })).toThrow(/Name no conversion/);
  expect(() => applyLaw("mgHA/cm3", { law: "keyak1994", conversion: "qct-to-ash-keyak1994" })).toThrow(
    /leads from rhoQct.*ha-to-ash-schileo2008/,
  );
  expect(() => materialLaw("steel")).toThrow(/"steel" is unknown.*kopperdahl2002-power/);
  expect(() => applyLaw("mgK2HPO4/cm3", { floorMPa: -1 })).toThrow(/-1 MPa/);
});
