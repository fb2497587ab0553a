import { SpondylError } from "../error.js";
import type { Vec3, Volume } from "../volume/volume.js";
import { voxelVolume, worldToIndex } from "../volume/volume.js";
import type { LesionKind, LesionOptions, Pose } from "./settings.js";
import { poseMatrix, toWorld } from "./shape.js";
import type { Truth } from "./truth.js";
import { type Vertebra, whole } from "./vertebra.js";

/** A lesion as it was drawn. */
export interface Lesion {
  readonly kind: LesionKind;
  readonly diameterMm: number;
  readonly positionMm: Vec3; // left, back, up from the middle of the body, in the vertebra's own axes
  readonly centre: Vec3; // mm, LPS
  readonly densityMgPerCm3: number;
  readonly volumeMm3: number; // of the sphere's part that lies in the vertebra
  readonly sphereVolumeMm3: number;
}

const usualDensity: Readonly<Record<LesionKind, number>> = { lytic: 30, blastic: 450 };

/** @throws SpondylError "bad-option" for a lesion larger than the body, or whose middle lies outside the vertebra */
export function placeLesion(
  { kind, diameterMm, density = usualDensity[kind], positionMm }: LesionOptions,
  v: Vertebra,
  pose: Required<Pose>,
): Omit<Lesion, "volumeMm3"> {
  if (!(kind in usualDensity))
    throw new SpondylError("bad-option", `phantom: lesion "${kind}" is unknown. Give lytic or blastic.`);
  if (!(density >= 0 && density <= 1600))
    throw new SpondylError("bad-option", `phantom: the lesion's density is ${density}. Give 0 to 1600 mg/cm3.`);
  const d = v.dimensions;
  const most = Math.min(v.body.top(0, 0) - v.body.bottom(0, 0), d.upperWidth, d.upperDepth);
  if (!(diameterMm > 0 && diameterMm <= most))
    throw new SpondylError(
      "bad-option",
      `phantom: a lesion of ${diameterMm} mm does not fit: the body's smallest extent is ${most.toFixed(1)} mm. Give a diameter above 0 and up to that.`,
      { diameterMm, mostMm: most },
    );
  const position = positionMm ?? usualPosition(v, diameterMm);
  if (!(whole(v.body.distance(...position), v.arch.distance(...position)) < 0))
    throw new SpondylError(
      "bad-option",
      `phantom: the lesion's middle (${position.join(", ")} mm) lies outside the vertebra. Give mm to the left, back and up from the middle of the body.`,
      { positionMm: position },
    );
  const centre = toWorld(poseMatrix(pose), position);
  return {
    kind,
    diameterMm,
    positionMm: position,
    centre,
    densityMgPerCm3: density,
    sphereVolumeMm3: (Math.PI / 6) * diameterMm ** 3,
  };
}

/** To the right of the middle by two fifths of the room that the body's waist leaves, at half its inner height. */
function usualPosition({ body, dimensions }: Vertebra, diameter: number): Vec3 {
  const room = 0.43 * dimensions.upperWidth - diameter / 2;
  return [-0.4 * Math.max(0, room), -0.5, (body.top(0, 0) + body.bottom(0, 0)) / 2];
}

/**
 * The truth with the lesion in it. Lytic: bone of every kind is replaced by the lesion's density. Blastic: so is what
 * is less dense. The compartments stay as they are.
 */
export function addLesion(truth: Truth, placed: Omit<Lesion, "volumeMm3">) {
  const { density, bone } = truth;
  const { size, spacing } = density;
  const data = density.data.slice(),
    mask = new Float32Array(data.length);
  const radius = placed.diameterMm / 2,
    mm = spacing[0],
    reach = radius + mm;
  const low = worldToIndex(density, [placed.centre[0] - reach, placed.centre[1] - reach, placed.centre[2] - reach]);
  const high = worldToIndex(density, [placed.centre[0] + reach, placed.centre[1] + reach, placed.centre[2] + reach]);
  const middle = worldToIndex(density, placed.centre);
  const range = (axis: 0 | 1 | 2) =>
    [Math.max(0, Math.floor(low[axis])), Math.min(size[axis] - 1, Math.ceil(high[axis]))] as const;
  const [i0, i1] = range(0),
    [j0, j1] = range(1),
    [k0, k1] = range(2);
  let volume = 0;
  for (let k = k0; k <= k1; k++)
    for (let j = j0; j <= j1; j++)
      for (let i = i0; i <= i1; i++) {
        const n = i + size[0] * (j + size[1] * k);
        const share = bone[n]! / 255;
        if (share === 0) continue;
        const distance = mm * Math.hypot(i - middle[0], j - middle[1], k - middle[2]) - radius;
        const part = Math.max(0, Math.min(1, 0.5 - distance / mm));
        if (distance < 0 && truth.labels.data[n]! > 0) mask[n] = 1;
        volume += part * share;
        const filled = share * placed.densityMgPerCm3;
        if (placed.kind === "lytic" || filled > data[n]!) data[n] = Math.round(data[n]! + part * (filled - data[n]!));
      }
  const lesion: Lesion = { ...placed, volumeMm3: volume * voxelVolume(spacing) };
  const maskVolume: Volume<"label"> = { ...truth.labels, data: mask };
  return { density: { ...density, data }, mask: maskVolume, lesion };
}
