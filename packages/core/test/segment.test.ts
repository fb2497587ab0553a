import { expect, test } from "vitest";
import { angle, negate } from "../src/linalg/vec3.js";
import { labelsMap } from "../src/segment/labelsMap.js";
import { matchLabels } from "../src/segment/matchLabels.js";
import { recogniseConvention } from "../src/segment/recognise.js";
import { segment } from "../src/segment/segment.js";
import { cropToBox } from "../src/volume/crop.js";
import type { AnatomicalFrame } from "../src/volume/frame.js";
import { maskCount } from "../src/volume/mask.js";
import type { Vec3, Volume } from "../src/volume/volume.js";
import { indexToWorld } from "../src/volume/volume.js";
import { labelMap, ownAxes, partAt, turnedFrame } from "./syntheticVertebra.js";

const degree = Math.PI / 180;
const upright = turnedFrame([12, -150, 820], [0, 0, 1], 0);

const off = (a: AnatomicalFrame, b: AnatomicalFrame) =>
  Math.max(...(["right", "anterior", "cranial"] as const).map((k) => angle(a[k], b[k]) / degree));

test.each([
  { name: "upright", axis: [0, 0, 1], turn: 0, spacing: [1, 1, 1], within: 1 },
  { name: "tilted and turned", axis: [2, -1, 1.5], turn: 28, spacing: [1, 1, 1], within: 1 },
  { name: "in thick slices", axis: [1, 0.3, 0.2], turn: 15, spacing: [0.8, 0.8, 2.5], within: 1.5 },
  { name: "lying across the header's axes", axis: [1, 1, 1], turn: 100, spacing: [1, 1, 1], within: 1 },
] as const)("the frame follows the vertebra within $within degrees: $name", async ({ axis, turn, spacing, within }) => {
  const frame = turnedFrame([12, -150, 820], axis, turn * degree);
  const { vertebra, evidence } = await segment(labelMap(frame, { spacing }), { level: "L2" });
  expect(off(vertebra.frame, frame)).toBeLessThan(within); // half a voxel over the 30 mm of an end-plate is 1 degree
  expect(evidence.wedgeDeg).toBeLessThan(within);
  expect(evidence.upright?.confident).toBe(true);
});

test("body and posterior elements part where the pedicles leave the body", async () => {
  const frame = turnedFrame([0, 0, 0], [1, 2, 0], 12 * degree);
  const { vertebra, evidence } = await segment(labelMap(frame), { level: "L2" });
  expect(evidence.bodyFrom).toBe("geometry");
  const { grid, body, whole } = vertebra;
  let both = 0,
    truth = 0;
  for (let n = 0; n < whole.length; n++) {
    const at = ownAxes(
      frame,
      indexToWorld(grid, [
        n % grid.size[0],
        Math.floor(n / grid.size[0]) % grid.size[1],
        Math.floor(n / (grid.size[0] * grid.size[1])),
      ]),
    );
    const isBody = whole[n] && partAt(at) === "body";
    if (isBody) truth++;
    if (isBody && body[n]) both++;
  }
  expect((2 * both) / (truth + maskCount(body))).toBeGreaterThan(0.98); // the cut may lie a voxel off over both pedicles
  expect(maskCount(vertebra.posterior) + maskCount(body)).toBe(maskCount(whole));
  expect(angle(vertebra.frame.cranial, frame.cranial) / degree).toBeLessThan(1);
});

test("a wedge is seen between the end-plates, and the axis halves it", async () => {
  const { vertebra, evidence } = await segment(labelMap(upright, { wedge: 14 * degree }), { level: "L2" });
  expect(Math.abs(evidence.wedgeDeg - 14)).toBeLessThan(1.5); // end-plates in voxel steps
  expect(angle(vertebra.frame.cranial, upright.cranial) / degree).toBeLessThan(1);
});

/** The label map with its header's axes reversed about the centre: what a wrong orientation in a header does. */
function flip(map: Volume<"label">, axes: readonly number[]): Volume<"label"> {
  const direction = map.direction.slice();
  const origin = [...map.origin] as [number, number, number];
  for (const a of axes) {
    direction[4 * a] = -1;
    origin[a]! += (map.size[a]! - 1) * map.spacing[a]!;
  }
  return { ...map, direction, origin };
}

test("a header that puts the spinous process in front is found out, and anatomy followed", async () => {
  const { vertebra, findings, evidence } = await segment(flip(labelMap(upright), [1]), { level: "L2" });
  expect(evidence.flipped).toEqual(["anterior-posterior"]);
  expect(findings.map((f) => [f.code, f.severity])).toEqual([["image-flipped", "repaired"]]);
  expect(findings[0]!.message).toMatch(/spinous process in front.*mirror image/);
  expect(angle(vertebra.frame.anterior, [0, 1, 0]) / degree).toBeLessThan(1);
  expect(angle(vertebra.frame.cranial, [0, 0, 1]) / degree).toBeLessThan(1);
});

test("a vertebra upside down is known by its pedicles and spinous process", async () => {
  const alone = await segment(flip(labelMap(upright), [2]), { level: "L2" });
  expect(alone.evidence.flipped).toEqual(["superior-inferior"]);
  expect(alone.evidence.headFrom).toBe("shape");
  expect(angle(alone.vertebra.frame.cranial, negate(upright.cranial)) / degree).toBeLessThan(1);
  const turned = await segment(flip(labelMap(upright), [1, 2]), { level: "L2" });
  expect(turned.evidence.flipped).toEqual(["anterior-posterior", "superior-inferior"]);
  expect(turned.findings[0]!.message).toMatch(/Left and right are kept/);
});

test("a proper header gives no finding at all", async () => {
  const { findings, levels, convention } = await segment(labelMap(upright), { level: "L2", convention: "verse" });
  expect(findings).toEqual([]);
  expect([levels, convention]).toEqual([["L2"], "verse"]);
});

test("an arch that is not closed is named, and the frame still found", async () => {
  const { vertebra, findings } = await segment(labelMap(upright, { arch: "open" }), {
    level: "L2",
    convention: "verse",
  });
  expect(findings.map((f) => f.code)).toEqual(["arch-open"]);
  expect(off(vertebra.frame, upright)).toBeLessThan(3);
  const bare = await segment(labelMap(upright, { arch: "none" }), { level: "L2", convention: "verse" });
  expect(bare.findings.map((f) => f.code)).toEqual(["body-only"]);
  expect(off(bare.vertebra.frame, upright)).toBeLessThan(3);
  expect(maskCount(bare.vertebra.posterior)).toBe(0);
});

const blank = (map: Volume<"label">): Volume<"label"> => ({ ...map, data: new Float32Array(map.data.length) });

test("bad masks are refused with what is wrong and what to do", async () => {
  const map = labelMap(upright, { spacing: [2, 2, 2] });
  const verse = { convention: "verse" };
  await expect(segment(blank(map), { level: "L2" })).rejects.toThrow(/mask is empty/);
  await expect(segment({ ...map, data: map.data.map((v) => v + 0.5) }, { level: "L2" })).rejects.toThrow(
    /0.5 is no label/,
  );
  await expect(segment(map, { level: "L3", ...verse })).rejects.toThrow(/L3 is not in the mask, which has L2/);
  await expect(segment(map, { level: "S1" })).rejects.toThrow(/"S1" is no vertebra/);
  await expect(segment(map, { level: "l2" })).rejects.toThrow(/Give one of C3/);
  await expect(segment(map, { level: "L2", convention: "versa" })).rejects.toThrow(
    /no convention is called "versa".*verse, totalsegmentator/,
  );
  const ball = {
    ...blank(map),
    data: map.data.map((_, n) => (n % 68 < 3 && n < 68 * 68 * 3 && Math.floor(n / 68) % 68 < 3 ? 21 : 0)),
  };
  await expect(segment(ball, { level: "L2", ...verse, allowCut: true })).rejects.toThrow(/not the shape of a vertebra/);
});

test("a vertebra cut by the field of view is refused, unless the cut is allowed", async () => {
  const map = labelMap(upright);
  const box = (top: number) => ({ lower: [0, 0, 0] as Vec3, upper: [map.size[0], map.size[1], top] as Vec3 });
  const cut = cropToBox(map, box(68 + 12)); // the upper end-plate is at 68 + 13
  await expect(segment(cut, { level: "L2", convention: "verse" })).rejects.toThrow(
    /cut by the field of view: \d+ voxels .* superior face/,
  );
  const { findings } = await segment(cut, { level: "L2", convention: "verse", allowCut: true });
  expect(findings.map((f) => f.code)).toEqual(["vertebra-cut"]);
  const seen = { ...map, size: [map.size[0], map.size[1], 68 + 12] as Vec3 }; // the image is cut, the mask is not
  await expect(segment(map, { level: "L2", convention: "verse", image: seen })).rejects.toThrow(
    /cut by the field of view/,
  );
});

test("a tight crop only touches the border", async () => {
  const map = labelMap(upright);
  const tip = cropToBox(map, { lower: [68 - 37, 0, 0], upper: map.size }); // shaves a transverse process: 5 x 6 mm
  await expect(segment(tip, { level: "L2", convention: "verse" })).rejects.toThrow(/right face/);
  const { findings } = await segment(tip, { level: "L2", convention: "verse", touchMm2: 50 });
  expect(findings.map((f) => f.code)).toEqual(["vertebra-touches-border"]);
});

test("a mask of another grid is resampled where the two overlap, and refused where not", () => {
  const map = labelMap(upright, { spacing: [2, 2, 2] });
  expect(matchLabels(map, { ...map })).toEqual({ labels: map, findings: [] });
  const image = {
    ...map,
    size: [136, 136, 136] as Vec3,
    spacing: [1, 1, 1] as Vec3,
    origin: map.origin.map((o) => o - 0.5) as unknown as Vec3,
  };
  const { labels, findings } = matchLabels(map, image);
  expect(findings.map((f) => [f.code, f.severity])).toEqual([["labels-resampled", "repaired"]]);
  const count = (data: Float32Array) => data.reduce((s, v) => s + (v ? 1 : 0), 0);
  expect(count(labels.data)).toBe(8 * count(map.data));
  const half = matchLabels(map, { ...image, size: [68, 136, 136] });
  expect(half.findings[0]!.severity).toBe("warning");
  expect(half.findings[0]!.message).toMatch(/% of the labelled voxels lie outside/);
  expect(() => matchLabels(map, { ...map, origin: [500, 0, 0] })).toThrow(/lies elsewhere than the image/);
});

const heights = (from: number, to: number, up: boolean) =>
  new Map(Array.from({ length: to - from + 1 }, (_, n) => [from + n, (up ? 30 : -30) * n]));
const named = (map: Map<number, number>, options = {}) => recogniseConvention(map, options).convention.name;

test("the convention is known by the values, the level and the order from head to tail", () => {
  expect(named(heights(16, 24, false))).toBe("verse"); // numbers grow to the tail
  expect(named(heights(18, 24, true))).toBe("totalsegmentator-v1"); // and here to the head
  expect(named(heights(26, 33, true), { level: "L2" })).toBe("totalsegmentator");
  expect(named(heights(26, 50, true), { level: "T9" })).toBe("totalsegmentator");
  expect(named(heights(1, 117, true))).toBe("totalsegmentator");
  expect(named(heights(21, 21, true), { level: "L2" })).toBe("verse"); // version 1 of TotalSegmentator reads it alike
  expect(named(heights(41, 50, true), { level: "L3" })).toBe("tptbox-subregion");
  expect(named(heights(1, 6, true), { level: "L2" })).toBe("six-label");
  expect(recogniseConvention(heights(20, 24, false), { level: "L2" }).findings.map((f) => f.code)).toEqual([
    "convention-by-order",
  ]);
});

test("what fits several conventions is an error that names them, what fits none another", () => {
  expect(() => named(heights(1, 6, false), { level: "C4" })).toThrow(/several conventions: verse = .*six-label/);
  expect(() => named(heights(1, 104, true), { level: "L2" })).toThrow(
    /several conventions: totalsegmentator = .*totalsegmentator-v1/,
  );
  expect(() => named(heights(300, 310, true))).toThrow(/fit none of verse.*--labels-map/);
});

test("the level may be left out for one vertebra, and must not for several", async () => {
  const map = labelMap(upright, { spacing: [2, 2, 2] });
  const level = async (m: Volume<"label">, convention: string) => (await segment(m, { convention })).vertebra.level;
  expect(await level(map, "verse")).toBe("L2");
  const parts = labelMap(upright, { spacing: [2, 2, 2], label: { body: 50, posterior: 41 } });
  expect(await level(parts, "tptbox-subregion")).toBe("unnamed");
  const two = { ...map, data: map.data.map((v, n) => (n < 50 ? 22 : v)) };
  await expect(level(two, "verse")).rejects.toThrow(/the mask has L2, L3. Say which/);
});

test("a label map of the user's is read, and its mistakes are named", async () => {
  const map = labelMap(upright, { label: { body: 7, posterior: 9 } });
  const { evidence, vertebra, findings, convention } = await segment(map, {
    level: "T12",
    convention: labelsMap({ body: 7, posterior: [9, 10] }),
  });
  expect([convention, evidence.bodyFrom, findings[0]!.code, vertebra.level]).toEqual([
    "user",
    "labels",
    "level-not-in-labels",
    "T12",
  ]);
  expect(maskCount(vertebra.body)).toBe(map.data.reduce((s, v) => s + (v === 7 ? 1 : 0), 0));
  expect(() => labelsMap({ L9: 3 })).toThrow(/unknown key "L9"/);
  expect(() => labelsMap({ L2: 1.5 })).toThrow(/whole number/);
  expect(() => labelsMap({ L2: 4, L3: [4] })).toThrow(/4 stands for both "L2" and "L3"/);
  expect(() => labelsMap([21])).toThrow(/not an object/);
});
