import { type Motion, type RigidEnds, resultantOn } from "../../load/rigidEnds.js";
import type { Session } from "../session.js";
import type { FixedPositions } from "../system.js";

/** The prescribed unknowns of a session, as those of a rigid end. */
export interface MovedEnd {
  readonly index: Uint32Array; // of each prescribed unknown in the session's vectors
  /** Writes what a motion prescribes. */
  prescribe(motion: Motion): void;
  /** Force (N) and moment (N mm) on the superior end, from the session's forces. */
  resultant(): Motion;
  /** Norm of the forces on all prescribed unknowns, N: what residuals are compared with. */
  forceNorm(): number;
}

export function movedEnd(session: Session, ends: RigidEnds, { unknown, entry }: FixedPositions): MovedEnd {
  const { level, slots, displacement, force } = session;
  const index = unknown.map((u) => (u % 3) * level.stride + slots[Math.floor(u / 3)]!);
  const modes = ends.modes.map((mode) => Float64Array.from(entry, (e) => mode[e]!));
  const reactions = () => Float64Array.from(index, (i) => force[i]!);
  return {
    index,
    prescribe: (motion) => {
      index.forEach((i, at) => {
        let u = 0;
        for (let m = 0; m < 6; m++) u += motion[m]! * modes[m]![at]!;
        displacement[i] = u;
      });
    },
    resultant: () => resultantOn({ modes }, reactions()),
    forceNorm: () => Math.sqrt(reactions().reduce((sum, f) => sum + f * f, 0)),
  };
}
