import type { AnatomicalFrame } from "./frame.js";
import type { Mask } from "./mask.js";
import type { Grid, Vec3, Volume } from "./volume.js";

/** A plane through an end-plate. */
export interface EndPlate {
  readonly point: Vec3; // mm, LPS
  readonly normal: Vec3; // unit, to the head
  readonly rms: number; // mm, of the surface from the plane: flat end-plates 0.3 to 1
}

/** One segmented vertebra: its voxels, parts and axes. All masks are on `grid`. */
export interface Vertebra {
  readonly level: string; // "L2"; "unnamed" where nobody says
  readonly grid: Grid;
  readonly whole: Mask;
  readonly body: Mask; // with `posterior` it makes up `whole`
  readonly posterior: Mask; // pedicles, arch and processes
  readonly frame: AnatomicalFrame;
  readonly endPlates: { readonly superior: EndPlate; readonly inferior: EndPlate };
  readonly above?: Mask; // what of the next vertebra is in sight
  readonly below?: Mask;
  readonly superiorDisc?: Mask; // disc, or cap, that the label map gave
  readonly inferiorDisc?: Mask;
  /** Compartments that the label map gave: `Compartment` codes. */
  readonly compartments?: Volume<"label">;
}
