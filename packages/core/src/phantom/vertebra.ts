import type { Vec3 } from "../volume/volume.js";
import { type Arch, vertebralArch } from "./arch.js";
import { type Body, vertebralBody } from "./body.js";
import type { Dimensions } from "./levels.js";
import { type Box, join } from "./solids.js";

/** A whole vertebra in closed form, in its own axes (see `Body`). */
export interface Vertebra {
  readonly dimensions: Dimensions;
  readonly body: Body;
  readonly arch: Arch;
  readonly boxes: readonly Box[]; // that it lies in
}

const pedicleFillet = 6; // width of the rounding where a pedicle meets the body, mm

export function vertebra(dimensions: Dimensions): Vertebra {
  const body = vertebralBody(dimensions);
  const arch = vertebralArch(dimensions, body);
  const width = Math.max(dimensions.upperWidth, dimensions.lowerWidth) / 2;
  const depth = (Math.max(dimensions.upperDepth, dimensions.lowerDepth) + body.dent) / 2;
  const height = Math.max(body.top(0, depth), body.top(0, -depth)); // the end-plates mirror each other
  const high: Vec3 = [width, depth, height];
  return { dimensions, body, arch, boxes: [{ low: [-width, -depth, -height], high }, ...arch.boxes] };
}

/** Signed distance to the whole vertebra, mm, < 0 inside, from those to its two parts at the same place. */
export const whole = (toBody: number, toArch: number): number => join(toBody, toArch, pedicleFillet);
