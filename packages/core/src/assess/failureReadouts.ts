/** A state on a load-displacement curve: six components each, translations and forces first, see `Motion`. */
export interface CurveState {
  readonly motion: readonly number[]; // mm, rad
  readonly resultant: readonly number[]; // N, N mm
  readonly workNMm: number;
}

export interface ReadoutOptions {
  readonly leading: number; // component of motion and resultant that the curve is read by
  readonly stiffness: number; // of that component before anything yields, N/mm or N mm/rad
  readonly heightMm: number; // that strains refer to
  readonly rimMm: number; // distance from the axis of a rotation at which its strain is meant
}

/** What a load-displacement curve says. Loads are N or, of rotations, N mm; displacements mm or rad; both positive. */
export interface FailureReadouts {
  readonly kind: "force" | "moment";
  readonly yield?: Reading; // at the offset of 0.2 % strain; absent: the curve ends before it
  readonly ultimate: Reading; // the largest load
  readonly peaked: boolean; // whether the load has fallen by 1 % or more after it; if not, it may go on rising
  readonly atStrain19?: number; // load at 1.9 % of the height, the convention of clinical finite-element strength
  readonly energyToUltimateNMm: number;
}

export interface Reading {
  readonly load: number;
  readonly displacement: number;
}

/** Offset and ultimate strains of the readings [B: conventions of the field]. */
const OFFSET_STRAIN = 0.002;
const CLINICAL_STRAIN = 0.019;

/**
 * Reads yield, ultimate load and energy off a curve. Strain is displacement over height; of a rotation, the
 * angle times the distance of the rim, over the height.
 * @param states from the unloaded one on
 */
export function failureReadouts(
  states: readonly CurveState[],
  { leading, stiffness, heightMm, rimMm }: ReadoutOptions,
): FailureReadouts {
  const sign = Math.sign(states.at(-1)!.motion[leading]!) || 1;
  const curve = states.map((s) => ({
    displacement: sign * s.motion[leading]!,
    load: sign * s.resultant[leading]!,
    workNMm: s.workNMm,
  }));
  const perStrain = leading < 3 ? heightMm : heightMm / rimMm; // displacement of a strain of 1
  const peak = curve.reduce((best, s) => (s.load > best.load ? s : best));
  const after = curve.slice(curve.indexOf(peak) + 1);
  const offset = yieldAt(curve, stiffness, OFFSET_STRAIN * perStrain);
  const clinical = leading === 2 ? loadAt(curve, CLINICAL_STRAIN * perStrain) : undefined;
  return {
    kind: leading < 3 ? "force" : "moment",
    ...(offset && { yield: offset }),
    ultimate: { load: peak.load, displacement: peak.displacement },
    peaked: after.some((s) => s.load < 0.99 * peak.load),
    ...(clinical !== undefined && { atStrain19: clinical }),
    energyToUltimateNMm: peak.workNMm,
  };
}

/** Distance of the rim of an end from the axis of a rotation, mm: flexion, bending to the left, torsion to the left. */
export function rimOf(
  leading: number,
  { widthMm, depthMm }: { readonly widthMm: number; readonly depthMm: number },
): number {
  return leading === 3 ? depthMm / 2 : leading === 4 ? widthMm / 2 : Math.max(widthMm, depthMm) / 2;
}

/** Where the curve first meets the line of the initial stiffness through an offset. */
function yieldAt(curve: readonly Reading[], stiffness: number, offset: number): Reading | undefined {
  const above = ({ load, displacement }: Reading) => load - stiffness * (displacement - offset);
  for (let i = 1; i < curve.length; i++) {
    const [before, now] = [curve[i - 1]!, curve[i]!];
    if (!(above(before) > 0 && above(now) <= 0)) continue; // also on a step back: control by dissipation takes them
    const t = above(before) / (above(before) - above(now));
    return {
      load: before.load + t * (now.load - before.load),
      displacement: before.displacement + t * (now.displacement - before.displacement),
    };
  }
  return undefined;
}

/** Load at a displacement, between the states around it; undefined beyond the curve. */
function loadAt(curve: readonly Reading[], displacement: number): number | undefined {
  for (let i = 1; i < curve.length; i++) {
    const [before, now] = [curve[i - 1]!, curve[i]!];
    if (!(before.displacement < displacement && displacement <= now.displacement)) continue;
    const t = (displacement - before.displacement) / (now.displacement - before.displacement);
    return before.load + t * (now.load - before.load);
  }
  return undefined;
}
