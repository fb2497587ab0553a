import { describe, expect, test } from "vitest";
import { far, sampleDistances } from "../src/phantom/distances.js";
import { dimensionsOf, type PhantomLevel, phantomLevels, verseCode } from "../src/phantom/levels.js";
import { poseMatrix, toOwn, toWorld, worldBox } from "../src/phantom/shape.js";
import { common, distanceTo, join, solid } from "../src/phantom/solids.js";
import { vertebra, whole } from "../src/phantom/vertebra.js";
import { random } from "../src/random.js";
import { components } from "../src/volume/components.js";
import { type Grid, identityDirection, type Vec3, voxelCount } from "../src/volume/volume.js";

const upright = poseMatrix({ tiltDeg: 0, bendDeg: 0, turnDeg: 0 });

describe("rods", () => {
  test("a round rod is a capsule: its distance is that to its axis, less the radius", () => {
    const s = solid({ from: [1, 2, 3], to: [1, 2, 13], up: [1, 0, 0], tall: [2, 2], thick: [2, 2] });
    expect(distanceTo(s, 6, 2, 8)).toBeCloseTo(3, 12); // beside it
    expect(distanceTo(s, 1, 2, 18)).toBeCloseTo(3, 12); // beyond its end
    expect(distanceTo(s, 4, 2, 17)).toBeCloseTo(3, 12); // off the end: 3-4-5
    expect(distanceTo(s, 1, 2, 8)).toBeCloseTo(-2, 12); // on the axis
  });

  test("a plate's flat sides lie half its thickness from the middle, and its distance rises by 1 mm per mm", () => {
    const s = solid({ from: [0, 0, 0], to: [20, 0, 0], up: [0, 0, 1], tall: [8, 8], thick: [2, 2] });
    expect(distanceTo(s, 10, 5, 3)).toBeCloseTo(3, 12);
    expect(distanceTo(s, 10, 0, 8)).toBeCloseTo(0, 12); // narrow side
    const { uniform } = random(3);
    for (let n = 0; n < 500; n++) {
      const p = [40 * uniform() - 10, 20 * uniform() - 10, 30 * uniform() - 15] as const;
      const slope = Math.hypot(...[0, 1, 2].map((i) => rise((x, y, z) => distanceTo(s, x, y, z), p, i)));
      if (distanceTo(s, ...p) > 0.01) expect(slope).toBeCloseTo(1, 4); // outside, where it has no kinks
    }
  });

  test("joining fills the notch and rounding takes the edge, by k/4 where the two meet, and neither reaches beyond k", () => {
    expect(join(1, 1, 4)).toBe(0);
    expect(common(1, 1, 4)).toBe(2);
    expect(join(1, 5, 4)).toBe(1);
    expect(common(1, 5, 4)).toBe(5);
  });
});

describe("the vertebra", () => {
  test.each(phantomLevels)("%s is one piece, has an open canal, and lies in its box", async (level) => {
    const { v, grid, inside } = await voxels(level, 1.2);
    const { count } = components(inside, grid.size, 6);
    expect(count).toBe(1);
    for (let z = -60; z <= 60; z += 2)
      expect(whole(v.body.distance(0, v.arch.canal.y, z), v.arch.distance(0, v.arch.canal.y, z))).toBeGreaterThan(3);
    expect(touchesBorder(inside, grid)).toBe(false);
  });

  test.each(phantomLevels)("%s has the widths, depth and height of its dimensions", (level) => {
    const d = dimensionsOf(level),
      { body } = vertebra(d);
    const at = (f: (t: number) => number) => crossing(f, 0, 60);
    const upper = body.height / 2 - 2.5; // just below the rounded rim, where the waist has taken little
    const width = 2 * at((t) => body.distance(t, 0, upper));
    expect(width).toBeGreaterThan(0.93 * d.upperWidth);
    expect(width).toBeLessThan(Math.max(d.upperWidth, d.lowerWidth));
    const depth = at((t) => body.distance(0, -t, upper)) + at((t) => body.distance(0, t, upper));
    expect(Math.abs(depth / d.upperDepth - 1)).toBeLessThan(0.06);
    const height = (y: number) => body.top(0, y) - body.bottom(0, y);
    expect(height(d.upperDepth / 2 + 4) - height(-d.upperDepth / 2 - 4)).toBeCloseTo(
      2 * Math.tan((d.wedgeDeg * Math.PI) / 360) * (d.upperDepth + 8), // the wedge, outside the bowls
      1,
    );
    const waist = 2 * at((t) => body.distance(t, 0, 0));
    expect(waist).toBeLessThan(0.9 * Math.max(d.upperWidth, d.lowerWidth)); // concave side walls
    expect(body.top(0, 2)).toBeLessThan(body.height / 2 - 0.8 * d.upperConcavity + 0.3); // concave end-plates
  });

  test("VerSe codes run from T4 = 11 over T12 = 19 and L1 = 20 to L5 = 24", () => {
    expect((["T4", "T12", "L1", "L5"] as const).map(verseCode)).toEqual([11, 19, 20, 24]);
  });

  test("skipping blocks and far rods changes nothing: every voxel near a surface holds the closed form", async () => {
    const pose = poseMatrix({ tiltDeg: 20, bendDeg: -15, turnDeg: 30 });
    const { v, grid, distances } = await voxels("L2", 0.9, pose);
    let near = 0,
      error = 0,
      skipped = Number.POSITIVE_INFINITY;
    for (let n = 0; n < distances.whole.length; n += 3) {
      const p = toOwn(pose, position(grid, n));
      const b = v.body.distance(...p),
        exact = whole(b, v.arch.distance(...p));
      const found = distances.whole[n]!,
        toBody = distances.body[n]!;
      if (Math.abs(found) === far) skipped = Math.min(skipped, Math.sign(found) * exact);
      else {
        error = Math.max(error, Math.abs(found - exact));
        near++;
      }
      if (found < 0 && Math.abs(toBody) === far) skipped = Math.min(skipped, Math.sign(toBody) * b);
    }
    expect(error).toBeLessThan(1e-5); // f32 of values below 100 mm
    expect(skipped).toBeGreaterThan(band); // what was decided by blocks lies farther from the surface than that
    expect(near).toBeGreaterThan(10_000);
  });

  test("a pose is a rotation: its inverse undoes it, and each angle turns the way it says", () => {
    const m = poseMatrix({ tiltDeg: 11, bendDeg: -23, turnDeg: 37 });
    const back = toOwn(m, toWorld(m, [1, 2, 3]));
    for (const i of [0, 1, 2] as const) expect(back[i]).toBeCloseTo(i + 1, 12);
    const up = (angles: { tiltDeg?: number; bendDeg?: number }) =>
      toWorld(poseMatrix({ tiltDeg: 0, bendDeg: 0, turnDeg: 0, ...angles }), [0, 0, 1]);
    expect(up({ tiltDeg: 10 })[1]).toBeCloseTo(-Math.sin(Math.PI / 18), 12); // forward: against posterior
    expect(up({ bendDeg: 10 })[0]).toBeCloseTo(Math.sin(Math.PI / 18), 12); // to the left
    const left = toWorld(poseMatrix({ tiltDeg: 0, bendDeg: 0, turnDeg: 10 }), [1, 0, 0]);
    expect(left[1]).toBeCloseTo(Math.sin(Math.PI / 18), 12); // the left side goes back
  });
});

const band = 1; // mm

async function voxels(level: PhantomLevel, mm: number, pose = upright) {
  const v = vertebra(dimensionsOf(level)),
    box = worldBox(v, pose);
  const size = [0, 1, 2].map((i) => Math.ceil((box.high[i]! - box.low[i]!) / mm) + 1) as unknown as Vec3;
  const grid: Grid = { size, spacing: [mm, mm, mm], origin: box.low, direction: identityDirection() };
  const distances = await sampleDistances(v, pose, grid, band, {});
  return { v, grid, distances, inside: Uint8Array.from(distances.whole, (d) => (d < 0 ? 1 : 0)) };
}

function position({ size, spacing, origin }: Grid, n: number): Vec3 {
  const index = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
  return [0, 1, 2].map((i) => origin[i]! + index[i]! * spacing[i]!) as unknown as Vec3;
}

function touchesBorder(inside: Uint8Array, grid: Grid): boolean {
  const [nx, ny, nz] = grid.size;
  for (let n = 0; n < voxelCount(grid.size); n++) {
    const i = n % nx,
      j = Math.floor(n / nx) % ny,
      k = Math.floor(n / (nx * ny));
    if (inside[n] && (i === 0 || j === 0 || k === 0 || i === nx - 1 || j === ny - 1 || k === nz - 1)) return true;
  }
  return false;
}

/** Where a rising function passes zero, by bisection. */
function crossing(f: (t: number) => number, low: number, high: number): number {
  for (let n = 0; n < 50; n++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return low;
}

function rise(f: (x: number, y: number, z: number) => number, p: Vec3, axis: number): number {
  const h = 1e-4,
    shifted = (by: number) =>
      f(p[0] + (axis === 0 ? by : 0), p[1] + (axis === 1 ? by : 0), p[2] + (axis === 2 ? by : 0));
  return (shifted(h) - shifted(-h)) / (2 * h);
}
