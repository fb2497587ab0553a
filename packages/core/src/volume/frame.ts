import type { Vec3 } from "./volume.js";

/** A vertebra's own axes: unit vectors in LPS, mutually orthogonal, right × anterior = cranial. */
export interface AnatomicalFrame {
  readonly centre: Vec3; // mm, LPS: centroid of the vertebral body
  readonly right: Vec3; // the patient's right
  readonly anterior: Vec3;
  readonly cranial: Vec3; // normal of the mid-plane between the end-plates
}
