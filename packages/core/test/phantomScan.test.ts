import { describe, expect, test } from "vitest";
import { type PhantomOptions, phantom } from "../src/phantom/phantom.js";
import { imageVertebra } from "../src/phantom/scanner.js";
import { settle } from "../src/phantom/settings.js";
import { random } from "../src/random.js";
import {
  type Grid,
  identityDirection,
  indexToWorld,
  type Vec3,
  type Volume,
  voxelCount,
  voxelVolume,
} from "../src/volume/volume.js";

const spacing: Vec3 = [0.8, 0.8, 1.2];
const lesion = { kind: "blastic", diameterMm: 18, density: 400, positionMm: [0, 0, 0] } as const;
const options: PhantomOptions = {
  level: "L2",
  seed: 3,
  truthSpacingMm: 0.6,
  inserts: true,
  lesion,
  ct: { spacing, noiseFwhmMm: 1.8 },
};
const noisy = await phantom(options);
const quiet = await phantom({ ...options, ct: { spacing, noiseSdHu: 0 } });

describe("CT numbers", () => {
  test("of a large homogeneous region lie on the line", () => {
    const { slope, intercept } = quiet.calibration;
    const centre = quiet.truths.lesion!.centre;
    const inside = near(quiet.scan, centre, 6); // 3 mm clear of the lesion's edge: more than blur and slice reach
    expect(inside.length).toBeGreaterThan(500);
    const worst = Math.max(...inside.map((n) => Math.abs(quiet.scan.data[n]! - (slope * 400 + intercept))));
    expect(worst).toBeLessThanOrEqual(0.5 + 1e-3); // rounding
  });

  test("of the tissues are theirs, within the noise of their means", () => {
    expect(noisy.tissues.map((t) => t.tissue)).toEqual(["air", "adipose", "blood", "muscle", "cortical"]);
    for (const { hu, trueHu, meanSdHu, voxels } of noisy.tissues) {
      expect(voxels).toBeGreaterThan(500);
      expect(Math.abs(hu - trueHu)).toBeLessThan(4 * meanSdHu + 0.1); // 4 sigma, and rounding
    }
    for (const { hu, trueHu } of quiet.tissues) expect(Math.abs(hu - trueHu)).toBeLessThan(0.5);
  });

  test("are whole and within the scanner's range", () => {
    expect(noisy.scan.data.every((hu) => Number.isInteger(hu) && hu >= -1024 && hu <= 3071)).toBe(true);
  });

  test("rise less with density at a higher tube voltage", async () => {
    const low = await phantom({ ...options, ct: { kvp: 80, spacing: [1.5, 1.5, 3] } });
    expect(low.calibration.slope).toBeGreaterThan(1.3 * noisy.calibration.slope * 0.9);
    expect(noisy.calibration.slope).toBeGreaterThan(1.2); // 120 kVp: the order of 1.3 HU per mg/cm³
    expect(noisy.calibration.slope).toBeLessThan(1.45);
  });
});

describe("the inserts", () => {
  test("give the line back by least squares, within the noise of their means", () => {
    const points = noisy.inserts.map(({ density, hu }) => [density, hu] as const);
    expect(points.map(([density]) => density)).toEqual([0, 50, 100, 150, 200]);
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const [x, y] = [mean(points.map((p) => p[0])), mean(points.map((p) => p[1]))];
    const sxx = points.reduce((sum, p) => sum + (p[0] - x) ** 2, 0);
    const slope = points.reduce((sum, p) => sum + (p[0] - x) * (p[1] - y), 0) / sxx;
    const sd = Math.max(...noisy.inserts.map((i) => i.meanSdHu));
    expect(Math.abs(slope - noisy.calibration.slope)).toBeLessThan((4 * sd) / Math.sqrt(sxx));
    expect(Math.abs(y - slope * x - noisy.calibration.intercept)).toBeLessThan(
      4 * sd * Math.sqrt(1 / 5 + x ** 2 / sxx) + 0.1,
    );
  });

  test("are marked in the mask by their labels", () => {
    for (const { label, voxels, hu } of noisy.inserts) {
      const members = Array.from(noisy.insertMask.data.keys()).filter((n) => noisy.insertMask.data[n] === label);
      expect(members.length).toBe(voxels);
      expect(members.reduce((sum, n) => sum + noisy.scan.data[n]!, 0) / voxels).toBeCloseTo(hu, 6);
    }
  });

  test("are there only when asked for", async () => {
    const without = await phantom({ ...options, inserts: false, ct: { spacing: [1.5, 1.5, 3] } });
    expect(without.inserts).toEqual([]);
    expect(without.insertMask.data.every((l) => l === 0)).toBe(true);
  });
});

describe("the noise", () => {
  const noise = noisy.scan.data.map((hu, n) => hu - quiet.scan.data[n]!);
  const size = noisy.scan.size;

  test("has the asked standard deviation and no mean", () => {
    const mean = noise.reduce((sum, v) => sum + v, 0) / noise.length;
    const sd = Math.sqrt(noise.reduce((sum, v) => sum + v * v, 0) / noise.length - mean ** 2);
    expect(Math.abs(mean)).toBeLessThan(0.1); // 4 standard errors: millions of voxels, a dozen of them as one
    expect(Math.abs(sd / 12 - 1)).toBeLessThan(0.01); // rounding twice adds 1/6 to 144
  });

  test("is correlated within a slice as the blur says, and not between slices", () => {
    const sigma = 1.8 / (2 * Math.sqrt(2 * Math.LN2)); // mm
    const expected = Math.exp(-(spacing[0] ** 2) / (4 * sigma ** 2)); // of a Gaussian's own convolution, one pixel away
    expect(Math.abs(correlation(1) - expected)).toBeLessThan(0.02);
    expect(Math.abs(correlation(size[0]) - expected)).toBeLessThan(0.02);
    expect(Math.abs(correlation(size[0] * size[1]))).toBeLessThan(0.01);
  });

  function correlation(step: number): number {
    let product = 0,
      squares = 0;
    for (let n = 0; n + step < noise.length; n++) {
      product += noise[n]! * noise[n + step]!;
      squares += noise[n]! ** 2;
    }
    return product / squares;
  }
});

describe("the imaging of the vertebra", () => {
  const { random: blob, bone, fine, scan, backdrop } = scene();
  const settings = settle({ level: "L2", seed: 1, ct: { spacing: [0.6, 0.6, 1], sliceThicknessMm: 1 } });

  test("keeps mass: the scan's sum is that of the density", async () => {
    const image = await imageVertebra(blob, bone, backdrop, zero(scan), { slope: 1.3, intercept: 0 }, settings, {});
    const before = 1.3 * total(blob) * voxelVolume(fine.spacing),
      after = total(image) * voxelVolume(scan.spacing);
    expect(Math.abs(after / before - 1)).toBeLessThan(1e-3); // 0.34 mm blur sampled every 0.6 mm
  });

  test("blurs a point to the asked width in the slice, and to the box across slices", async () => {
    const point = { ...blob, data: blob.data.map((_, n) => (n === middle(fine) ? 1e4 : 0)) };
    const dense: Grid = {
      size: [41, 41, 41],
      spacing: [0.1, 0.1, 0.1],
      origin: centred([41, 41, 41], 0.1),
      direction: identityDirection(),
    };
    const image = await imageVertebra(
      point,
      bone.map((_, n) => (n === middle(fine) ? 255 : 0)),
      backdrop,
      zero(dense),
      { slope: 1, intercept: 0 },
      settings,
      {},
    );
    const line = (axis: 0 | 2) =>
      Array.from({ length: 41 }, (_, i) => image.data[(axis === 0 ? i : 20) + 41 * (20 + 41 * (axis === 2 ? i : 20))]!);
    const wide = (values: number[]) => values.filter((v) => v > 0.5 * Math.max(...values)).length * 0.1;
    expect(Math.abs(wide(line(0)) - 0.8)).toBeLessThanOrEqual(0.1 + 1e-9); // one pixel
    expect(Math.abs(wide(line(2)) - 1)).toBeLessThanOrEqual(0.2 + 1e-9); // one fine voxel
  });

  test("puts bone in place of what lies behind it", async () => {
    const behind = { ...backdrop, data: backdrop.data.map(() => -80) };
    const solid = { ...blob, data: blob.data.map(() => 100) };
    const image = await imageVertebra(
      solid,
      bone.map(() => 255),
      behind,
      { ...zero(scan), data: zero(scan).data.map(() => -80) },
      { slope: 1.3, intercept: 5 },
      settings,
      {},
    );
    const n = middle(scan);
    expect(image.data[n]).toBeCloseTo(135, 2);
  });
});

describe("the label maps", () => {
  test("hold the vertebra's volume, within the layer that the majority decides", () => {
    const count = noisy.labels.data.filter((l) => l === 21).length;
    expect(Math.abs((count * voxelVolume(noisy.labels.spacing)) / noisy.truths.vertebraVolumeMm3 - 1)).toBeLessThan(
      0.02,
    );
  });

  test("name the neighbours by their VerSe codes, above and below", () => {
    const found = new Set(noisy.labels.data);
    expect([...found].sort()).toEqual([0, 20, 21, 22]);
    const height = (code: number) => {
      const members = Array.from(noisy.labels.data.keys()).filter((n) => noisy.labels.data[n] === code);
      return members.reduce((sum, n) => sum + positionOf(noisy.labels, n)[2], 0) / members.length;
    };
    expect(height(20)).toBeGreaterThan(height(21));
    expect(height(22)).toBeLessThan(height(21));
  });

  test("agree: compartments 1 to 4 fill the vertebra's label and nothing else", () => {
    const { labels, compartments } = noisy;
    expect(compartments.data.every((c, n) => c > 0 === (labels.data[n] === 21))).toBe(true);
    expect([...new Set(compartments.data)].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  test("lie where the bone is: the scan is bright inside the label and dim around it", () => {
    const { labels, scan } = quiet;
    const ins: number[] = [],
      outs: number[] = [];
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    for (let n = 1; n < labels.data.length - 1; n++) {
      if (labels.data[n] === 21 && labels.data[n - 1] === 0 && labels.data[n - 2] === 0) ins.push(scan.data[n]!);
      if (labels.data[n] === 0 && labels.data[n + 2] === 21 && labels.data[n + 1] === 0) outs.push(scan.data[n]!);
    }
    expect(mean(ins)).toBeGreaterThan(350); // the cortex, blurred
    expect(mean(outs)).toBeLessThan(mean(ins) / 3); // two pixels away: the blur's tail
  });
});

function scene() {
  const spacing: Vec3 = [0.2, 0.2, 0.2],
    size: Vec3 = [51, 51, 51];
  const fine: Grid = { size, spacing, origin: centred(size, 0.2), direction: identityDirection() };
  const { uniform } = random(9);
  const data = Float32Array.from({ length: voxelCount(size) }, () => 1000 * uniform());
  const blob: Volume<"mgK2HPO4/cm3"> = { ...fine, quantity: "mgK2HPO4/cm3", data };
  const scan: Grid = {
    size: [31, 31, 31],
    spacing: [0.6, 0.6, 1],
    origin: [-9, -9, -15],
    direction: identityDirection(),
  };
  return { random: blob, bone: new Uint8Array(data.length).fill(255), fine, scan, backdrop: zero(scan) };
}

const centred = (size: Vec3, mm: number): Vec3 => [
  (-(size[0] - 1) / 2) * mm,
  (-(size[1] - 1) / 2) * mm,
  (-(size[2] - 1) / 2) * mm,
];
const middle = ({ size }: Pick<Grid, "size">) => (voxelCount(size) - 1) / 2;
const zero = (grid: Grid): Volume<"HU"> => ({ ...grid, quantity: "HU", data: new Float32Array(voxelCount(grid.size)) });
const total = ({ data }: Volume) => data.reduce((sum, v) => sum + v, 0);

function near(grid: Volume, centre: Vec3, radius: number): number[] {
  return Array.from(grid.data.keys()).filter((n) => {
    const p = positionOf(grid, n);
    return Math.hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]) < radius;
  });
}

function positionOf(grid: Grid, n: number): Vec3 {
  const [nx, ny] = grid.size;
  return indexToWorld(grid, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]);
}
