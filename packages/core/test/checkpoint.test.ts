import { expect, test } from "vitest";
import { packState, pathFingerprint, unpackState } from "../src/solve/path/checkpoint.js";
import { fail } from "../src/solve/path/fail.js";
import type { FailOptions } from "../src/solve/path/failOptions.js";
import type { PathState } from "../src/solve/path/pathPoint.js";
import { fixed, specimen } from "./failInputs.js";
import { lcg, modelOf } from "./solveModels.js";

const random = lcg(9);
const model = modelOf([6, 6, 8], [0.1, 0.1, 0.1], () => (random() < 0.3 ? 0 : 12_000));
const options: FailOptions = { steps: 10, floating: "remove" };
const cases = [
  { ...specimen(model, [0, 0, -0.024, 0, 0, 0], fixed), material: { law: "tissue-damage" } },
  { ...specimen(model, [0, 0, -0.016, 0, 0, 0], fixed), material: { law: "von-mises", yieldMPa: 80 } },
  {
    ...specimen(model, [0, 0, -0.02, 0, 0, 0], fixed, { leftArmMm: 0.1, posteriorArmMm: 0 }),
    material: { law: "tissue-damage" },
  },
] as const;

test.each([
  [cases[0], options],
  [cases[1], options],
  [cases[2], options],
  [cases[2], { ...options, control: "dissipation" as const }],
])("a path taken up from a checkpoint ends in the same bits: %#", async (input, options) => {
  const states: Uint8Array[] = [];
  const key = pathFingerprint(input, options);
  const whole = await fail(input, options, { onState: (state: PathState) => states.push(packState(state, key)) });
  const resumed = await fail({ ...input, resume: unpackState(states[3]!, key) }, options);
  expect(resumed.points).toEqual(whole.points);
  expect(resumed.fields).toEqual(whole.fields);
});

test("a checkpoint of another run, or a damaged one, is refused", () => {
  const key = pathFingerprint(cases[0], options);
  const state: PathState = {
    points: [],
    stepShare: 0.1,
    dissipateNMm: 0,
    arrays: { u: Float64Array.of(1, 2, 3), d: Float32Array.of(4) },
  };
  const bytes = packState(state, key);
  expect(unpackState(bytes, key)).toEqual(state);
  expect(() => unpackState(bytes, pathFingerprint(cases[1], options))).toThrow(/another model/);
  expect(() => unpackState(bytes, pathFingerprint(cases[0], { ...options, steps: 11 }))).toThrow(/another model/);
  const cut = bytes.slice(0, -8);
  expect(() => unpackState(cut, key)).toThrow(/damaged/);
  const flipped = bytes.slice();
  flipped[flipped.length - 12]! ^= 1;
  expect(() => unpackState(flipped, key)).toThrow(/damaged/);
  expect(() => unpackState(new Uint8Array(40), key)).toThrow(/no checkpoint/);
});
