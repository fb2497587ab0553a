import type { Run } from "../run.js";
import type { Mask } from "../volume/mask.js";
import type { TriangleMesh } from "../volume/triangleMesh.js";
import type { Grid } from "../volume/volume.js";
import { isoSurface } from "./isoSurface.js";
import { type SmoothSurfaceOptions, smoothSurface } from "./smoothSurface.js";

/**
 * The closed surface of a set of voxels without their stairs, to look at and to export. It keeps the volume to about
 * one percent; single voxels and one-voxel bridges shrink.
 * @returns vertices in LPS, mm
 * @throws SpondylError "bad-input" for an empty mask
 */
export const modelSurface = (mask: Mask, grid: Grid, options: SmoothSurfaceOptions = {}, run: Run = {}): TriangleMesh =>
  smoothSurface(isoSurface(mask, grid, {}, run), options);
