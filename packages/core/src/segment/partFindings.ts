import { dot } from "../linalg/vec3.js";
import type { Finding } from "../volume/finding.js";
import { type Mask, maskCount } from "../volume/mask.js";
import type { Vertebra } from "../volume/vertebra.js";
import { type Grid, gridAxis, type Vec3 } from "../volume/volume.js";
import type { Anatomy } from "./anatomy.js";

const DEEPEST = 60; // mm from front to back: the largest lumbar bodies have about 45 [C]
const TALLEST = 100; // mm from the uppermost facet to the lowest tip: large lumbar vertebrae have about 75 [C]
const POSTERIOR = 0.05; // of the bone, at least, lies behind a body; nearly half in most vertebrae [C]

/** Warnings about a body that holds posterior elements, and a mask that holds more than one vertebra. */
export function partFindings(vertebra: Vertebra, { canal, symmetry }: Anatomy): Finding[] {
  const { level, body, whole, posterior, grid, frame } = vertebra;
  const warning = (code: string, message: string): Finding => ({ code, severity: "warning", message });
  const depth = extentMm(body, grid, frame.anterior),
    height = extentMm(whole, grid, frame.cranial);
  const behind = maskCount(posterior) / maskCount(whole);
  const check = "Check what the labels mean, and say it with --labels-map.";
  return [
    ...(depth > DEEPEST
      ? [
          warning(
            "body-deep",
            `The body of ${level} is ${depth.toFixed(0)} mm deep from front to back, more than any: arch and processes seem to count as body. ${check}`,
          ),
        ]
      : []),
    ...(behind < POSTERIOR && (canal || symmetry)
      ? [
          warning(
            "no-posterior",
            `By the labels ${(100 * (1 - behind)).toFixed(0)} % of ${level} is its body, yet its shape has an arch: that counts as body. ${check}`,
          ),
        ]
      : []),
    ...(height > TALLEST
      ? [
          warning(
            "vertebra-tall",
            `The mask of ${level} is ${height.toFixed(0)} mm high: it seems to hold more than one vertebra.`,
          ),
        ]
      : []),
  ];
}

/** Length of the mask along a direction, mm, from voxel face to voxel face. */
function extentMm(mask: Mask, grid: Grid, along: Vec3): number {
  const [nx, ny] = grid.size;
  const step = ([0, 1, 2] as const).map((axis) => grid.spacing[axis] * dot(along, gridAxis(grid, axis)));
  let low = Infinity,
    high = -Infinity;
  for (let n = 0; n < mask.length; n++) {
    if (!mask[n]) continue;
    const at = step[0]! * (n % nx) + step[1]! * (Math.floor(n / nx) % ny) + step[2]! * Math.floor(n / (nx * ny));
    if (at < low) low = at;
    if (at > high) high = at;
  }
  return high - low + Math.max(...step.map(Math.abs));
}
