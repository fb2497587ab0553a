import { SpondylError } from "../error.js";
import { dot, length, perAxis, reject, scale, unit } from "../linalg/vec3.js";
import type { Grid, Vec3 } from "../volume/volume.js";

/** The three numbers of a header's field; NaN for those that it lacks, which `gridFromSteps` refuses. */
export const three = (numbers: readonly number[]): Vec3 => perAxis((axis) => numbers[axis] ?? Number.NaN);

/** Largest cosine between two grid axes that still counts as rounding in the file; 0.06 degrees. */
const orthogonalTolerance = 1e-3;

/**
 * Spacing, direction and origin from the steps that one voxel makes along each grid axis.
 * @param steps  LPS, mm: where a step of one voxel along grid axis 0, 1 and 2 leads
 * @param origin LPS, mm: centre of voxel (0, 0, 0)
 * @throws SpondylError "bad-input" when an axis has no length, "unsupported" when the axes are sheared
 */
export function gridFromSteps(
  format: string,
  size: Vec3,
  steps: readonly [Vec3, Vec3, Vec3],
  origin: Vec3,
  digits: 7 | 12 = 12, // that the file's numbers carry: 7 in 32-bit headers
): Grid {
  const tidy = (v: number) => shortest(v, digits);
  const lengths = steps.map(length);
  if (!origin.every(Number.isFinite) || !lengths.every((n) => Number.isFinite(n) && n > 1e-6 && n < 1e4))
    throw new SpondylError(
      "bad-input",
      `${format}: the header gives no usable voxel size (${lengths.join(" x ")} mm) or origin (${origin.join(", ")} mm). ` +
        "Convert the image again from its source.",
      { spacing: lengths, origin },
    );
  const [a, b, c] = steps.map((step, n) => scale(step, 1 / lengths[n]!)) as [Vec3, Vec3, Vec3];
  const worst = Math.max(Math.abs(dot(a, b)), Math.abs(dot(a, c)), Math.abs(dot(b, c)));
  if (!(worst <= orthogonalTolerance))
    throw new SpondylError(
      "unsupported",
      `${format}: the grid is sheared: two axes are ${degrees(Math.acos(worst))} degrees apart instead of 90. ` +
        "Resample the image to an orthogonal grid, or import the original DICOM series.",
      { cosine: worst },
    );
  const axes = orthonormal(a, b, c);
  return {
    size,
    spacing: [tidy(lengths[0]!), tidy(lengths[1]!), tidy(lengths[2]!)],
    origin: [tidy(origin[0]), tidy(origin[1]), tidy(origin[2])],
    direction: Float64Array.from({ length: 9 }, (_, n) => axes[n % 3]![Math.floor(n / 3)]! + 0), // + 0: no -0
  };
}

/** Gram-Schmidt, from axes that are all but orthonormal; the handedness stays. */
function orthonormal(a: Vec3, b: Vec3, c: Vec3): readonly [Vec3, Vec3, Vec3] {
  const x = unit(a);
  const y = unit(reject(b, x));
  return [x, y, unit(reject(reject(c, x), y))];
}

/** The number that was meant: 0.3 and not 0.30000001192092896, which is all that a 32-bit header can hold. */
function shortest(value: number, digits: number): number {
  const short = Number(value.toPrecision(digits));
  return Math.abs(short - value) <= 1.2 * 10 ** -digits * Math.abs(value) ? short + 0 : value; // + 0: no -0
}

const degrees = (radians: number) => ((radians * 180) / Math.PI).toFixed(2);
