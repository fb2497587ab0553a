import { expect, test } from "vitest";
import { labelsMap } from "../src/segment/labelsMap.js";
import { recogniseConvention } from "../src/segment/recognise.js";
import { segment } from "../src/segment/segment.js";
import { maskCount } from "../src/volume/mask.js";
import { indexToWorld, type Volume } from "../src/volume/volume.js";
import { labelMap, ownAxes, turnedFrame } from "./syntheticVertebra.js";

// Masks whose values say little: what is made of them, and when they are refused.

const upright = turnedFrame([12, -150, 820], [0, 0, 1], 0);
const verse = labelMap(upright);
const coarse = labelMap(upright, { spacing: [2, 2, 2] });
const twoParts = labelMap(upright, { spacing: [2, 2, 2], label: { body: 1, posterior: 2 } });
const withValue = (map: Volume<"label">, value: number) => ({ ...map, data: map.data.map((v) => (v ? value : 0)) });
const only = (value: number) => new Map([[value, 0]]);
const codes = ({ findings }: { readonly findings: readonly { readonly code: string }[] }) =>
  findings.map((f) => f.code);

test.each([1, 255])(
  "a plain mask of one vertebra with the value %i is the whole vertebra, cut by its shape",
  async (value) => {
    const asL2 = await segment(verse, { level: "L2", convention: "verse" });
    const plain = await segment(withValue(verse, value), { level: "L2" });
    expect([plain.convention, plain.evidence.bodyFrom, plain.vertebra.compartments]).toEqual([
      "single",
      "geometry",
      undefined,
    ]);
    expect(plain.vertebra.body).toEqual(asL2.vertebra.body); // the same bone, whatever its number
    expect(maskCount(plain.vertebra.posterior)).toBeGreaterThan(0);
    expect(codes(plain)).toEqual(["single-value", "level-not-in-labels"]);
  },
);

test("a single value keeps its meaning where level and code agree, and is refused where not", () => {
  const read = (value: number, level: string) => recogniseConvention(only(value), { level });
  expect(read(20, "L1").convention.name).toBe("verse");
  expect(read(20, "L3")).toMatchObject({
    convention: { name: "totalsegmentator-v1" },
    findings: [{ code: "convention-by-level" }], // VerSe would call it L1
  });
  expect(read(21, "L2").findings).toEqual([]); // both call it L2
  expect(() => read(20, "L2")).toThrow(
    /value, 20, is L1 in verse, L3 in totalsegmentator-v1, not L2.*--convention single.*\{"L2": 20\}/,
  );
  expect(() => read(120, "L2")).toThrow(
    /120, is no vertebra in any known convention, not L2. If it is L2 all the same/,
  ); // VerSe's disc
  expect(read(50, "L2").convention.name).toBe("tptbox-subregion");
  expect(recogniseConvention(only(20), { level: "L2", asked: "single" }).convention.parts).toEqual({ vertebra: [20] });
});

test("1 and 2 alone are refused with the two label maps that they may mean; so are three parts of four", async () => {
  const refusal = segment(twoParts, { level: "L2" });
  await expect(refusal).rejects.toThrow(
    /--labels-map: \{"body": 1, "posterior": 2\} or \{"bodyCore": 1, "bodyShell": 2\}/,
  );
  const { evidence } = await segment(twoParts, { level: "L2", convention: labelsMap({ body: 1, posterior: 2 }) });
  expect(evidence.bodyFrom).toBe("labels");
  const values = (...list: number[]) => new Map(list.map((v) => [v, 0]));
  expect(recogniseConvention(values(1, 2, 3, 4), { level: "L2" }).convention.name).toBe("six-label");
  expect(recogniseConvention(values(1, 2), { asked: "six-label" }).convention.name).toBe("six-label"); // asked by name
  await expect(segment(coarse, { level: "L3", convention: "verse" })).rejects.toThrow(/--convention or --labels-map/);
  const partOf = { ...twoParts, data: twoParts.data.map((v, n) => (v === 2 && n % 2 ? 3 : v)) };
  await expect(segment(partOf, { level: "L2" })).rejects.toThrow(/1, 2, 3 .*--labels-map/);
});

test("a convention that is asked for must fit, and errors name the cure", () => {
  const values = new Map([20, 21, 77].map((v) => [v, 0]));
  expect(() => recogniseConvention(values, { asked: "verse" })).toThrow(
    /20, 21, 77 are not those of VerSe \(20 is L1\), which does not know 77. Give another --convention, or a --labels-map/,
  );
  expect(() => recogniseConvention(only(105), { asked: "verse" })).toThrow(/has no vertebra in them/); // discs
  expect(() => recogniseConvention(values, { asked: "single" })).toThrow(/does not know 21, 77/);
  expect(() => recogniseConvention(new Map([1, 2, 3, 4].map((v) => [v, -v])), { level: "C4" })).toThrow(
    /--convention verse or six-label, or give a --labels-map/,
  );
  expect(() => recogniseConvention(new Map([300, 301].map((v) => [v, 0])))).toThrow(/fit none.*--labels-map/);
});

test("a body that holds the arch is warned of, one without posterior elements as well", async () => {
  const swallowed = await segment(withValue(verse, 1), { level: "L2", convention: "six-label" });
  expect(codes(swallowed)).toEqual(["level-not-in-labels", "body-deep", "no-posterior"]);
  expect(swallowed.findings.map((f) => f.severity)).toEqual(["note", "warning", "warning"]);
  expect(swallowed.findings[1]!.message).toMatch(/7\d mm deep/); // -15 to 56
  const bare = await segment(withValue(labelMap(upright, { arch: "none" }), 1), {
    level: "L2",
    convention: "six-label",
  });
  expect(codes(bare)).toEqual(["level-not-in-labels", "body-only"]);
});

test("a mask of parts with one value is the body; with 1 and 2 it is refused", async () => {
  const body = { ...twoParts, data: twoParts.data.map((v) => (v === 1 ? 1 : 0)) };
  const { vertebra, evidence } = await segment(coarse, { level: "L2", convention: "verse", parts: body });
  expect(evidence.bodyFrom).toBe("labels");
  expect(maskCount(vertebra.body)).toBe(body.data.reduce((s, v) => s + v, 0));
  const both = segment(coarse, { level: "L2", convention: "verse", parts: twoParts });
  await expect(both).rejects.toThrow(/fit none.*one value for the body/);
});

test("a plain mask of several vertebrae names none and is refused; one in two pieces is warned of", async () => {
  const { size, data } = coarse;
  const stacked = (count: number): Volume<"label"> => {
    const all = new Float32Array(data.length * count);
    for (let n = 0; n < count; n++) all.set(data, n * data.length);
    return { ...coarse, size: [size[0], size[1], size[2] * count], data: all.map((v) => (v ? 1 : 0)) };
  };
  await expect(segment(stacked(3), { level: "L2" })).rejects.toThrow(/shows 3 vertebrae and names none/);
});

test("one vertebra in two pieces is warned of, and a mask too high for one", async () => {
  const place = (n: number) => {
    const [nx, ny] = verse.size;
    return ownAxes(upright, indexToWorld(verse, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]));
  };
  const broken = verse.data.map((v, n) => (v && Math.abs(place(n)[1] - 19) > 1.5 ? 1 : 0)); // through both pedicles
  expect(codes(await segment({ ...verse, data: broken }, { level: "L2" }))).toContain("mask-in-pieces");
  const rod = verse.data.map((v, n) => {
    const [x, y, z] = place(n);
    return v || (Math.abs(x) <= 1 && Math.abs(y - 50) <= 1 && Math.abs(z) < 55) ? 1 : 0;
  });
  const { findings } = await segment({ ...verse, data: rod }, { level: "L2" });
  expect(findings.find((f) => f.code === "vertebra-tall")?.message).toMatch(/is 1\d\d mm high/);
});
