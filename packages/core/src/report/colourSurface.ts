import type { TriangleMesh } from "../volume/triangleMesh.js";
import { colourAt } from "./colour.js";
import type { ColourScale } from "./scale.js";

/** Colours of values at the vertices, [3·vertex + channel], sRGB; grey where the value is NaN. */
export function colourSurface({ vertices }: TriangleMesh, values: Float32Array, scale: ColourScale): Uint8Array {
  const colours = new Uint8Array(vertices.length).fill(128);
  values.forEach((value, v) => {
    if (!Number.isNaN(value)) colours.set(colourAt(scale.map, value / scale.high), 3 * v);
  });
  return colours;
}
