import type { ColourMap } from "./colour.js";
import { number } from "./format.js";

/** How the values of a field become colours: linear from 0 to `high`, at which larger ones stop. */
export interface ColourScale {
  readonly map: ColourMap;
  readonly title: string; // what it is
  readonly unit: string; // that the pictures print
  readonly factor: number; // from the field's unit to the printed one
  readonly high: number; // in the field's unit
  readonly highest: number; // of the field
}

/**
 * A scale for a field that is 0 or above, such as strain energy density: few voxels hold far more than the rest, so
 * it ends at a percentile and says so.
 * @param values of the voxels that count
 */
export function scaleOf(
  values: Float32Array,
  printed: Pick<ColourScale, "map" | "title" | "unit" | "factor">,
  percent = 98,
): ColourScale {
  const ascending = Float32Array.from(values).sort();
  const at = Math.min(ascending.length - 1, Math.round((percent / 100) * ascending.length));
  const highest = ascending.at(-1) ?? 0;
  const high = roundUp((ascending[at] ?? 0) * printed.factor) || 1;
  return { ...printed, high: high / printed.factor, highest };
}

/** The next round number: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((s) => s * power >= value * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(3));
}

/** What a caption must say of a scale that ends below the highest value. */
export const scaleNote = ({ highest, high, factor, unit }: ColourScale): string =>
  highest > high
    ? ` The scale ends near the 98th percentile of the bone's elements; the highest value is ${number(highest * factor, 3)} ${unit}.`
    : "";
