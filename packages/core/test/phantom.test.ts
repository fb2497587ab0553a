import { describe, expect, test } from "vitest";
import { addLesion, placeLesion } from "../src/phantom/lesion.js";
import { type LesionOptions, type PhantomOptions, phantom } from "../src/phantom/phantom.js";
import { settle } from "../src/phantom/settings.js";
import { drawVertebra } from "../src/phantom/shape.js";
import { drawTruth } from "../src/phantom/truth.js";
import { random } from "../src/random.js";
import { Compartment } from "../src/volume/compartment.js";
import { indexToWorld, type Vec3, type Volume, voxelVolume } from "../src/volume/volume.js";

/** A coarse truth and a coarser scan: these tests look at laws that hold at any spacing. */
const plain: PhantomOptions = { level: "L2", seed: 5, truthSpacingMm: 0.8, ct: { spacing: [2, 2, 3] } };
const healthy = await phantom(plain);

/** The truth alone, without a scan of it. */
const truthOf = (options: Partial<PhantomOptions>) => {
  const settings = settle({ ...plain, ...options });
  return drawTruth(drawVertebra(settings.level, settings.seed, settings.shapeVariation), settings, {});
};
const fine = await truthOf({ truthSpacingMm: 0.4 });

describe("the truth on the fine grid", () => {
  test("the body's volume is that of the closed form", () => {
    const { body, dimensions } = drawVertebra("L2", 5, 0.02);
    const half: Vec3 = [dimensions.lowerWidth / 2 + 2, body.back + 2, body.height / 2 + 2];
    const { uniform } = random(1),
      tries = 400_000;
    let hits = 0;
    for (let n = 0; n < tries; n++) {
      const p = half.map((h) => (2 * uniform() - 1) * h) as unknown as Vec3;
      if (body.distance(...p) < 0) hits++;
    }
    const share = hits / tries,
      drawn = 8 * half[0] * half[1] * half[2] * share;
    const spread = Math.sqrt((1 - share) / share / tries); // relative, of the random estimate: 0.14 %
    expect(Math.abs(healthy.truths.bodyVolumeMm3 / drawn - 1)).toBeLessThan(4 * spread);
  });

  test("volumes and masses converge: half the spacing changes them by less than 1 %", () => {
    const coarse = healthy.truths;
    expect(Math.abs(coarse.bodyVolumeMm3 / fine.bodyVolumeMm3 - 1)).toBeLessThan(0.01);
    expect(Math.abs(coarse.vertebraVolumeMm3 / fine.vertebraVolumeMm3 - 1)).toBeLessThan(0.01);
    expect(Math.abs(coarse.mineralMg / mineralOf(fine.density) - 1)).toBeLessThan(0.01);
  });

  test("the cortex has the asked thickness, along rays through side walls and end-plates", async () => {
    const pose = { tiltDeg: 9, turnDeg: 9 }; // walls askew to the grid, so that rays meet voxels at all phases
    for (const cortexThicknessMm of [0.35, 0.8]) {
      const { labels } = await truthOf({ truthSpacingMm: 0.4, cortexThicknessMm, pose });
      const up = shellAlong(labels, 2, 8),
        sideways = shellAlong(labels, 0, 6);
      // The mean over hundreds of rays beats the voxel. Rays cross the walls at 9 to 20 degrees: 1 to 6 % longer.
      expect(up / cortexThicknessMm).toBeGreaterThan(0.98);
      expect(up / cortexThicknessMm).toBeLessThan(1.08);
      expect(sideways / cortexThicknessMm).toBeGreaterThan(0.98);
      expect(sideways / cortexThicknessMm).toBeLessThan(1.08);
    }
  });

  test("the cortex holds the mineral of its thickness, though it is thinner than a voxel", async () => {
    const pose = { tiltDeg: 9, turnDeg: 9 };
    const { density } = await truthOf({ truthSpacingMm: 0.8, coreDensity: 1, pose }); // next to nothing but cortex
    const [nx, ny] = density.size;
    let mass = 0,
      rays = 0; // mg/cm3 times mm
    for (let column = 0; column < nx * ny; column++) {
      const p = positionOf(density, column);
      if (Math.hypot(p[0], p[1]) > 8) continue;
      rays++;
      for (let n = column; n < density.data.length; n += nx * ny) mass += density.data[n]! * density.spacing[2];
    }
    const core = 26; // 1 mg/cm3 over about 26 mm: a fiftieth of a wall
    const thickness = (mass / rays - core) / (2 * 1000);
    expect(thickness / 0.35).toBeGreaterThan(0.98); // as for the rays above
    expect(thickness / 0.35).toBeLessThan(1.08);
  });

  test("the core has the asked mean, varies by about the asked share, and smoothly", () => {
    const { density: truthDensity, labels: truthLabels } = fine;
    expect(Math.abs(healthy.truths.coreDensityMgPerCm3 - 100)).toBeLessThan(0.1); // whole mg per voxel, rounded without bias
    const [nx, ny] = truthDensity.size,
      strides = [1, nx, nx * ny];
    const core = (n: number) => truthLabels.data[n] === Compartment.bodyCore;
    const deep = (n: number) => core(n) && strides.every((s) => core(n + 2 * s) && core(n - 2 * s)); // holds no cortex
    let count = 0,
      sum = 0,
      squares = 0,
      product = 0;
    for (let n = 3; n < truthDensity.data.length - 3; n++) {
      if (!deep(n)) continue;
      const [a, b] = [truthDensity.data[n]! - 100, truthDensity.data[n + 1]! - 100];
      count++;
      sum += a;
      squares += a * a;
      product += a * b;
    }
    const variance = squares / count - (sum / count) ** 2;
    expect(Math.sqrt(variance)).toBeGreaterThan(8); // 12 % at random, and zones
    expect(Math.sqrt(variance)).toBeLessThan(25);
    expect((product / count - (sum / count) ** 2) / variance).toBeGreaterThan(0.95); // 0.4 mm apart: no white noise
  });

  test("nothing but the body's shell and core, and the arch's, has density, and all of it is whole numbers", () => {
    const { truthDensity, truthLabels } = healthy;
    const kinds = new Set(truthLabels.data);
    expect([...kinds].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(truthDensity.data.every((d) => Number.isInteger(d) && d >= 0 && d <= 1000)).toBe(true);
    expect(truthLabels.data.every((l, n) => l === 0 || truthDensity.data[n]! > 0)).toBe(true);
  });
});

describe("a lesion", () => {
  const v = drawVertebra("L2", 5, 0.02),
    pose = settle(plain).pose;
  const add = (lesion: LesionOptions) => addLesion(fine, placeLesion(lesion, v, pose));
  const h = 0.4; // mm, spacing of the truth

  test.each([6, 10, 15])("of %i mm inside the body has the volume of its sphere", (diameterMm) => {
    const { lesion, mask } = add({ kind: "lytic", diameterMm });
    const sphere = (Math.PI / 6) * diameterMm ** 3;
    expect(lesion.sphereVolumeMm3).toBeCloseTo(sphere, 9);
    const smoothed = sphere * (1 + (h / diameterMm) ** 2); // integral of the linear edge, h wide, in closed form
    expect(Math.abs(lesion.volumeMm3 / smoothed - 1)).toBeLessThan(0.002); // bone shares are stored in 255ths
    const counted = mask.data.reduce((sum, l) => sum + l, 0) * h ** 3;
    expect(Math.abs(counted / sphere - 1)).toBeLessThan((0.5 * h) / diameterMm); // centres: far below one layer of voxels
  });

  test("takes away its own mineral and nothing else", () => {
    const { density, lesion } = add({ kind: "lytic", diameterMm: 12, density: 0 });
    expect(mineralOf(density)).toBeLessThan(mineralOf(fine.density));
    expect(farthestChange(density, fine.density, lesion.centre)).toBeLessThan(6 + h);
  });

  test("that is blastic only adds, and reaches its density", () => {
    const { density, mask } = add({ kind: "blastic", diameterMm: 12, density: 500 });
    expect(density.data.every((d, n) => d >= fine.density.data[n]!)).toBe(true);
    const inside = Array.from(mask.data.keys()).filter((n) => mask.data[n]);
    expect(inside.map((n) => density.data[n]!).sort((a, b) => a - b)[inside.length >> 1]).toBe(500);
  });

  test("may break through the cortex: only its part in bone counts", () => {
    const { lesion } = add({ kind: "lytic", diameterMm: 12, positionMm: [16, 0, 0] });
    expect(lesion.volumeMm3).toBeLessThan(0.95 * lesion.sphereVolumeMm3);
    expect(lesion.volumeMm3).toBeGreaterThan(0.4 * lesion.sphereVolumeMm3);
  });

  test("moves with the pose", () => {
    const positionMm: Vec3 = [-5, 1, 2];
    const turned = placeLesion({ kind: "lytic", diameterMm: 8, positionMm }, v, {
      tiltDeg: 90 / 2,
      bendDeg: 0,
      turnDeg: 0,
    });
    const [c, s] = [Math.SQRT1_2, Math.SQRT1_2];
    expect(turned.centre[0]).toBeCloseTo(-5, 12);
    expect(turned.centre[1]).toBeCloseTo(c * 1 - s * 2, 12);
    expect(turned.centre[2]).toBeCloseTo(s * 1 + c * 2, 12);
  });
});

describe("a pose", () => {
  test("turns the frame and the grid's contents alike, and changes no volume", async () => {
    const turned = await phantom({ ...plain, pose: { tiltDeg: 15, bendDeg: -10, turnDeg: 20 } });
    const { right, anterior, cranial, centre } = turned.truths.frame;
    const cross = [
      right[1] * anterior[2] - right[2] * anterior[1],
      right[2] * anterior[0] - right[0] * anterior[2],
      right[0] * anterior[1] - right[1] * anterior[0],
    ];
    for (const i of [0, 1, 2] as const) expect(cross[i]).toBeCloseTo(cranial[i], 12);
    for (const name of ["bodyVolumeMm3", "vertebraVolumeMm3", "mineralMg"] as const)
      expect(Math.abs(turned.truths[name] / healthy.truths[name] - 1)).toBeLessThan(0.01); // as another spacing would
    const own = healthy.truths.frame.centre,
      axes = [right.map((c) => -c), anterior.map((c) => -c), cranial];
    for (const i of [0, 1, 2] as const)
      expect(centre[i]).toBeCloseTo(
        axes.reduce((sum, a, k) => sum + own[k]! * a[i]!, 0),
        1,
      );
  });
});

describe("the seed", () => {
  test("fixes every byte", async () => {
    const again = await phantom(plain);
    for (const name of ["scan", "labels", "truthDensity", "truthLabels"] as const)
      expect(same(again[name], healthy[name])).toBe(true);
    expect(again.truths).toEqual(healthy.truths);
  });

  test("changes shape, texture and noise", async () => {
    const other = await phantom({ ...plain, seed: 6 });
    expect(other.truths.dimensions).not.toEqual(healthy.truths.dimensions);
    const sameShape = await phantom({ ...plain, seed: 6, shapeVariation: 0 });
    const mean = await phantom({ ...plain, shapeVariation: 0 });
    expect(same(sameShape.truthLabels, mean.truthLabels)).toBe(true);
    expect(same(sameShape.truthDensity, mean.truthDensity)).toBe(false);
    expect(same(sameShape.scan, mean.scan)).toBe(false);
  });

  test("feeds separate streams: a lesion changes the scan near itself alone", async () => {
    const sick = await phantom({ ...plain, lesion: { kind: "lytic", diameterMm: 10 } });
    expect(same(sick.scan, healthy.scan)).toBe(false);
    expect(same(sick.truthLabels, healthy.truthLabels)).toBe(true);
    expect(farthestChange(sick.scan, healthy.scan, sick.truths.lesion!.centre)).toBeLessThan(5 + 4); // radius, blur and slice
  });
});

describe("what cannot be made is refused", () => {
  const refused: [string, Partial<PhantomOptions>][] = [
    ["an unknown level", { level: "L9" as "L1" }],
    ["a fractional seed", { seed: 1.5 }],
    ["a negative seed", { seed: -1 }],
    ["a negative cortex", { cortexThicknessMm: -0.3 }],
    ["no cortex", { cortexThicknessMm: 0 }],
    ["a cortex that is no number", { cortexThicknessMm: Number.NaN }],
    ["a core below air", { coreDensity: -5 }],
    ["a truth too fine", { truthSpacingMm: 0.01 }],
    ["a lesion of no size", { lesion: { kind: "lytic", diameterMm: 0 } }],
    ["a lesion larger than the body", { lesion: { kind: "lytic", diameterMm: 40 } }],
    ["a lesion outside the vertebra", { lesion: { kind: "lytic", diameterMm: 5, positionMm: [60, 0, 0] } }],
    ["a lesion in the canal", { lesion: { kind: "lytic", diameterMm: 5, positionMm: [0, 22, 0] } }],
    ["an unknown lesion", { lesion: { kind: "mixed" as "lytic", diameterMm: 5 } }],
    ["a pose upside down", { pose: { tiltDeg: 180 } }],
    ["voxels of no size", { ct: { spacing: [0, 1, 1] } }],
    ["negative noise", { ct: { noiseSdHu: -1 } }],
    ["an unknown tube voltage", { ct: { kvp: 90 as 80 } }],
  ];
  test.each(refused)("%s", async (_, wrong) => {
    await expect(phantom({ ...plain, ...wrong })).rejects.toMatchObject({
      name: "SpondylError",
      code: "bad-option",
      message: /^phantom: /,
    });
  });

  test("an abort stops it", async () => {
    const abort = new AbortController();
    const progress = (done: number) => {
      if (done > 0.3) abort.abort(new Error("enough"));
    };
    await expect(phantom(plain, { signal: abort.signal, progress })).rejects.toThrow("enough");
  });

  test("progress rises from 0 to 1", async () => {
    const seen: number[] = [];
    await phantom(plain, { progress: (done) => seen.push(done) });
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(1);
    expect(seen.every((done, i) => i === 0 || done >= seen[i - 1]!)).toBe(true);
  });
});

/** Mean length of shell voxels, mm per wall, on rays along an axis within `reach` mm of the body's middle. */
function shellAlong(labels: Volume<"label">, axis: 0 | 2, reach: number): number {
  let shell = 0;
  const rays = new Set<string>();
  for (let n = 0; n < labels.data.length; n++) {
    if (labels.data[n] !== Compartment.bodyShell) continue;
    const p = positionOf(labels, n);
    const others = axis === 2 ? [p[0], p[1]] : [p[1] + 3, p[2]]; // +3 mm: side walls are steepest before the pedicles
    if (Math.hypot(...others) > reach) continue;
    rays.add(others.map((o) => o.toFixed(3)).join());
    shell++;
  }
  return (shell * labels.spacing[axis]) / (2 * rays.size);
}

const same = (a: Volume, b: Volume) => a.data.length === b.data.length && a.data.every((v, n) => v === b.data[n]);

const mineralOf = (density: Volume) =>
  (density.data.reduce((sum, d) => sum + d, 0) * voxelVolume(density.spacing)) / 1000;

/** Distance from `centre` of the farthest voxel in which two volumes differ, mm. */
function farthestChange(a: Volume, b: Volume, centre: Vec3): number {
  let farthest = 0;
  for (let n = 0; n < a.data.length; n++) {
    if (a.data[n] === b.data[n]) continue;
    const p = positionOf(a, n);
    farthest = Math.max(farthest, Math.hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]));
  }
  return farthest;
}

function positionOf(grid: Volume, n: number): Vec3 {
  const [nx, ny] = grid.size;
  return indexToWorld(grid, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]);
}
