import { SpondylError } from "../error.js";
import type { Finding } from "../volume/finding.js";
import { resample } from "../volume/resample.js";
import type { Grid, Vec3, Volume } from "../volume/volume.js";
import { indexToWorld, sameGrid, worldToIndex } from "../volume/volume.js";

/**
 * The label map on the grid of the image. On the same grid it comes back as it is; on another one it is resampled
 * (nearest voxel), with a finding that says so and how much of it lies beyond the image.
 * @throws SpondylError "bad-input" when no labelled voxel lies in the image: the two show different places
 */
export function matchLabels(
  labels: Volume<"label">,
  image: Grid,
): { readonly labels: Volume<"label">; readonly findings: readonly Finding[] } {
  if (sameGrid(labels, image)) return { labels, findings: [] };
  const { inside, total } = labelledInside(labels, image);
  if (inside === 0)
    throw new SpondylError(
      "bad-input",
      `labels: the mask lies elsewhere than the image: ${total} labelled voxels, none in the image (mask ${place(labels)}; image ${place(image)}). Give the mask of this scan.`,
      { labelled: total },
    );
  const lost = total - inside;
  const beyond = lost > 0 ? ` ${percent(lost / total)} of the labelled voxels lie outside the image and are lost.` : "";
  const message = `The mask has another grid than the image (mask ${grid(labels)}; image ${grid(image)}) and was resampled to it, nearest voxel.${beyond}`;
  return {
    labels: resample(labels, image),
    findings: [{ code: "labels-resampled", severity: lost > 0 ? "warning" : "repaired", message }],
  };
}

function labelledInside(labels: Volume<"label">, image: Grid): { inside: number; total: number } {
  const [nx, ny, nz] = labels.size;
  let inside = 0,
    total = 0;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        if (!labels.data[n]) continue;
        total++;
        const at = worldToIndex(image, indexToWorld(labels, [i, j, k]));
        if (at.every((c, axis) => c >= -0.5 && c < image.size[axis]! - 0.5)) inside++;
      }
  return { inside, total };
}

const percent = (share: number) => `${(100 * share).toPrecision(2)} %`;
const round = (v: Vec3) => v.map((x) => Math.round(x * 100) / 100).join(", ");
const grid = ({ size, spacing }: Grid) =>
  `${size.join(" x ")} voxels of ${spacing.map((s) => Math.round(s * 1000) / 1000).join(" x ")} mm`;

function place(g: Grid): string {
  const centre = indexToWorld(g, [(g.size[0] - 1) / 2, (g.size[1] - 1) / 2, (g.size[2] - 1) / 2]);
  return `centred at LPS ${round(centre)} mm`;
}
