import { type CalibrationMethod, calibrate } from "@spondyl/core";
import { expect, test } from "vitest";
import { parseCalibration } from "../src/calibrationOption.js";

const files: Record<string, string> = {
  "plain.csv": "0,0\n130,100\n",
  "titled.csv": "\uFEFF# phantom 12\nname;Density;HU;sd\nA;0;0.5;0.2\nB;100;130;\n\n",
  "rods.csv": "hu,density,water\n900,-50,1012\n1500,376,923\n",
  "tissues.json": '{"air": -957, "adipose": -83, "cortical": "1226", "reference": "HA"}',
  "no-hu.csv": "ct,density\n1,2\n",
  "word.csv": "hu,density\n12,many\n",
  "broken.json": "{air: 1}",
  "list.json": "[1]",
  "twice.csv": "hu,density,HU\n1,2,3\n",
};
const parse = (spec: string): Promise<CalibrationMethod> => parseCalibration(spec, async (path) => files[path]!);

test("every form of the grammar", async () => {
  expect(await parse("density")).toEqual({ kind: "density" });
  expect(await parse("density:ha")).toEqual({ kind: "density", reference: "HA" });
  expect(await parse("line:0.8,-4")).toEqual({ kind: "line", slope: 0.8, intercept: -4 });
  expect(await parse("line: 0.8, -4, HA, slopeSd=0.01, interceptSd=2")).toEqual({
    kind: "line",
    slope: 0.8,
    intercept: -4,
    reference: "HA",
    slopeSd: 0.01,
    interceptSd: 2,
  });
  const plain = [
    { hu: 0, density: 0 },
    { hu: 130, density: 100 },
  ];
  expect(await parse("inserts:plain.csv")).toEqual({ kind: "inserts", inserts: plain });
  expect(await parse("inserts:plain.csv,HA")).toEqual({ kind: "inserts", inserts: plain, reference: "HA" });
  expect(await parse("mindways:rods.csv")).toEqual({
    kind: "mindways",
    rods: [
      { hu: 900, density: -50, water: 1012 },
      { hu: 1500, density: 376, water: 923 },
    ],
  });
  expect(await parse("internal:air=-957,adipose=-83,cortical=1226,K2HPO4,interpolation=log-log")).toEqual({
    kind: "internal",
    hu: { air: -957, adipose: -83, cortical: 1226 },
    reference: "K2HPO4",
    interpolation: "log-log",
  });
  const tissues = { kind: "internal", hu: { air: -957, adipose: -83, cortical: 1226 }, reference: "HA" };
  expect(await parse("internal:tissues.json")).toEqual(tissues);
});

test("a table may name its columns in any order, among others, and leave out an SD", async () => {
  expect(await parse("inserts:titled.csv")).toEqual({
    kind: "inserts",
    inserts: [
      { hu: 0.5, density: 0, sdHu: 0.2 },
      { hu: 130, density: 100 },
    ],
  });
});

test("what does not follow the grammar is refused with the grammar, in one line", async () => {
  await expect(parse("")).rejects.toThrow(/is not a calibration.*one of:/);
  await expect(parse("phantom:x")).rejects.toThrow(
    /^--calibration "phantom:x": "phantom" is not a calibration\. Give one of: inserts:.*mindways:.*internal:air.*line:.*density.*$/,
  );
  await expect(parse("constructor")).rejects.toThrow(/one of: inserts/);
  await expect(parse("line:1")).rejects.toThrow(/^[^\n]*Give line:SLOPE,INTERCEPT\[,HA\]\.$/);
  await expect(parse("density:water")).rejects.toThrow(/reference material "water" is unknown/);
  await expect(parse("line:0.8")).rejects.toThrow(/needs a slope and an intercept/);
  await expect(parse("line:0.8,")).rejects.toThrow(/"" is not a number/);
  await expect(parse("line:1,2,3")).rejects.toThrow(/needs a slope and an intercept/);
  await expect(parse("line:1,2,sd=3")).rejects.toThrow(/"sd" is unknown/);
  await expect(parse("inserts:")).rejects.toThrow(/no file is named/);
  await expect(parse("mindways")).rejects.toThrow(/no file is named/);
  await expect(parse("internal:-957,-83")).rejects.toThrow(/needs its name/);
  await expect(parse("internal:air=cold")).rejects.toThrow(/"cold" is not a number/);
});

test("what is said twice is refused, not the last taken", async () => {
  await expect(parse("line:1,0,HA,K2HPO4")).rejects.toThrow(/reference material is given twice/);
  await expect(parse("line:1,0,slopeSd=1,slopeSd=2,interceptSd=1")).rejects.toThrow(/"slopeSd" is given twice/);
  await expect(parse("internal:air=-957,air=-900,adipose=-83,cortical=1226")).rejects.toThrow(/"air" is given twice/);
  await expect(parse("internal:tissues.json,K2HPO4")).rejects.toThrow(/K2HPO4 here and HA in the file/);
  expect(await parse("internal:tissues.json,HA")).toMatchObject({ reference: "HA" });
  await expect(parse("inserts:twice.csv")).rejects.toThrow(/twice\.csv: has two columns "hu"/);
});

test("damaged tables say where", async () => {
  await expect(parse("inserts:no-hu.csv")).rejects.toThrow(/no-hu\.csv: has no column "hu"/);
  await expect(parse("inserts:word.csv")).rejects.toThrow(/word\.csv: row 1 has "many" for density/);
  await expect(parse("mindways:plain.csv")).rejects.toThrow(/plain\.csv: row 1 has "" for water/);
  await expect(parse("internal:broken.json")).rejects.toThrow(/broken\.json: is not JSON/);
  await expect(parse("internal:list.json")).rejects.toThrow(/list\.json: holds no object/);
});

test("what the grammar lets pass the library checks: tissue names and interpolation", async () => {
  const scan = {
    quantity: "HU",
    data: Float32Array.of(0),
    size: [1, 1, 1],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
  } as const;
  const run = async (spec: string) => calibrate({ ...scan, direction: new Float64Array(9) }, await parse(spec));
  await expect(run("internal:air=-957,liver=60,cortical=1226")).rejects.toThrow(/tissue "liver" is unknown/);
  await expect(run("internal:air=-957,adipose=-83,cortical=1226,interpolation=cubic")).rejects.toThrow(/"cubic"/);
});
