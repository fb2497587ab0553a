import { fwhmPerSigma } from "../volume/gaussian.js";
import { type Vec3, type Volume, voxelCount } from "../volume/volume.js";
import { alongStrand } from "./annotate.js";
import { type CalibrationTissue, tissueHu } from "./attenuation.js";
import type { Layout } from "./layout.js";
import type { PhantomSettings } from "./settings.js";
import { poseMatrix, toOwn } from "./shape.js";
import type { Vertebra } from "./vertebra.js";

/** Mean of a region of the scan. */
export interface Region {
  readonly label: number; // in its mask
  readonly hu: number; // mean CT number, HU
  readonly voxelSdHu: number; // of single voxels
  readonly voxels: number;
  readonly meanSdHu: number; // standard uncertainty of `hu`; the noise's correlation is taken into account
}

/** A calibration rod as the scan shows it. */
export interface InsertRegion extends Region {
  readonly density: number; // mg K2HPO4/cm³, known
}

/** A tissue as the scan shows it. */
export interface TissueRegion extends Region {
  readonly tissue: CalibrationTissue;
  readonly trueHu: number;
}

/** Means of the rods, two millimetres clear of their rims; labels 1, 2, ... in the mask. */
export function measureInserts(scan: Volume<"HU">, { inserts }: Layout, settings: PhantomSettings) {
  const mask = new Float32Array(voxelCount(scan.size));
  const regions = inserts.map(({ density, ...rod }, i): InsertRegion => {
    const members: number[] = [];
    alongStrand(scan, { ...rod, radius: rod.radius - 2 }, (n) => members.push(n));
    return { density, ...measured(scan, mask, members, i + 1, settings) };
  });
  return { regions, mask: { ...scan, quantity: "label" as const, data: mask } };
}

/** Means of the tissues, where no vertebra is near; a tissue that the spine covers nearly everywhere is left out. */
export function measureTissues(scan: Volume<"HU">, v: Vertebra, layout: Layout, settings: PhantomSettings) {
  const mask = new Float32Array(voxelCount(scan.size));
  const clear = clearOfSpine(v, settings);
  const regions = layout.sites.flatMap(({ tissue, ...site }, i): TissueRegion[] => {
    const members: number[] = [];
    alongStrand(scan, site, (n, position) => clear(position) && members.push(n));
    if (members.length < 50) return [];
    return [{ tissue, trueHu: tissueHu(tissue, settings.ct.kvp), ...measured(scan, mask, members, i + 1, settings) }];
  });
  return { regions, mask: { ...scan, quantity: "label" as const, data: mask } };
}

/** Whether a place is 3 mm or more from the vertebra, its discs and its neighbours. */
function clearOfSpine({ body, arch }: Vertebra, settings: PhantomSettings): (position: Vec3) => boolean {
  const pose = poseMatrix(settings.pose);
  return (position) => {
    const [x, y, z] = toOwn(pose, position);
    return body.side(x, y, Math.sign(z) * body.height) > 3 && arch.distance(x, y, z) > 3;
  };
}

function measured(
  scan: Volume<"HU">,
  mask: Float32Array,
  members: readonly number[],
  label: number,
  { ct }: PhantomSettings,
): Region {
  for (const n of members) mask[n] = label;
  const voxels = members.length;
  const hu = members.reduce((sum, n) => sum + scan.data[n]!, 0) / voxels;
  const squares = members.reduce((sum, n) => sum + (scan.data[n]! - hu) ** 2, 0);
  const voxelSdHu = Math.sqrt(squares / (voxels - 1));
  const sigma = ct.noiseFwhmMm / fwhmPerSigma;
  const alike = Math.max(1, (4 * Math.PI * sigma ** 2) / (ct.spacing[0] * ct.spacing[1])); // pixels per independent value
  return { label, hu, voxelSdHu, voxels, meanSdHu: voxelSdHu * Math.sqrt(alike / voxels) };
}
