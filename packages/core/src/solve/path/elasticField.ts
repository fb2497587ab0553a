import type { Motion } from "../../load/rigidEnds.js";

/** The elastic answer to a motion of the end. */
export interface ElasticField {
  readonly motion: Motion;
  readonly displacement: Float64Array; // mm, [axis·stride + slot]
  readonly resultant: Motion;
}

/** Adds to displacements what a motion does elastically. The motions of the fields share no component. */
export function addElastic(fields: readonly ElasticField[], motion: Motion, u: Float64Array): void {
  for (const field of fields) {
    const m = field.motion.findIndex((q) => q !== 0);
    const amount = motion[m]! / field.motion[m]!;
    if (amount !== 0) for (let i = 0; i < u.length; i++) u[i]! += amount * field.displacement[i]!;
  }
}
