import { SpondylError } from "../error.js";
import type { Box } from "../volume/crop.js";
import type { Finding } from "../volume/finding.js";
import type { Mask } from "../volume/mask.js";
import { type Grid, gridAxis, type Vec3 } from "../volume/volume.js";

/** Where a mask meets the border of its grid. */
export interface BorderContact {
  readonly face: string; // "superior", "left", ...: the side of the patient, by the header
  readonly voxels: number;
  readonly areaMm2: number;
}

/**
 * The faces of an image that a mask touches, largest contact first.
 * @param grid  of the mask: a box cut out of the image
 * @param box   that box, in voxels of the image
 * @param image size of the image, voxels
 */
export function borderContacts(mask: Mask, grid: Grid, box: Box, image: Vec3): BorderContact[] {
  const { size, spacing } = grid;
  const stride = [1, size[0], size[0] * size[1]] as const;
  const contacts: BorderContact[] = [];
  for (const axis of [0, 1, 2] as const) {
    const [u, v] = axis === 0 ? ([1, 2] as const) : axis === 1 ? ([0, 2] as const) : ([0, 1] as const);
    for (const end of [0, 1] as const) {
      const plane = end * (image[axis] - 1) - box.lower[axis];
      if (plane < 0 || plane >= size[axis]) continue;
      const start = plane * stride[axis];
      let voxels = 0;
      for (let b = 0; b < size[v]; b++)
        for (let a = 0; a < size[u]; a++) if (mask[start + a * stride[u] + b * stride[v]]) voxels++;
      if (voxels > 0) contacts.push({ face: side(grid, axis, end), voxels, areaMm2: voxels * spacing[u] * spacing[v] });
    }
  }
  return contacts.sort((a, b) => b.areaMm2 - a.areaMm2);
}

/**
 * What a mask at the border of its image means for the vertebra.
 * @throws SpondylError "bad-input" when more than `touchMm2` of one face is touched, unless `allowCut`
 */
export function checkCut(
  contacts: readonly BorderContact[],
  level: string,
  { allowCut, touchMm2 }: { readonly allowCut: boolean; readonly touchMm2: number },
): Finding[] {
  if (contacts.length === 0) return [];
  const faces = contacts.map(describe).join(", ");
  if (contacts[0]!.areaMm2 <= touchMm2)
    return [
      {
        code: "vertebra-touches-border",
        severity: "note",
        message: `${level} touches the border of the image: ${faces}.`,
      },
    ];
  const cut = `${level} is cut by the field of view: ${faces}.`;
  if (allowCut)
    return [{ code: "vertebra-cut", severity: "warning", message: `${cut} What is missing counts as not there.` }];
  throw new SpondylError(
    "bad-input",
    `segment: ${cut} Give a scan with the whole vertebra, or allow the cut and read the results as those of the part.`,
    { contacts },
  );
}

const describe = ({ face, voxels, areaMm2 }: BorderContact) =>
  `${voxels} voxels (${Math.round(areaMm2)} mm²) on the ${face} face`;

/** The patient's side to which the end of a grid axis points. */
function side(grid: Grid, axis: 0 | 1 | 2, end: 0 | 1): string {
  const along = gridAxis(grid, axis).map((c) => (end ? c : -c));
  const main = along.reduce((best, c, n) => (Math.abs(c) > Math.abs(along[best]!) ? n : best), 0);
  const sides = [
    ["right", "left"],
    ["anterior", "posterior"],
    ["inferior", "superior"],
  ] as const;
  return sides[main]![along[main]! > 0 ? 1 : 0];
}
