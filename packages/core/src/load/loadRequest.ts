import { SpondylError } from "../error.js";
import { combinedMotion, type DirectionName, directions, type LoadCase } from "./loadCase.js";
import type { EndConditions } from "./rigidEnds.js";

/** How much: of a translation in mm or percent of the height, of a rotation in degrees, or by a lever arm. */
export type Amount =
  | { readonly unit: "mm" | "percentHeight" | "deg"; readonly value: number }
  | { readonly unit: "armMm"; readonly value: number }; // of a rotation: moment over the compressive force

/** A load as a user words it, before the height of the specimen is known. */
export interface LoadRequest {
  readonly parts: readonly { readonly direction: DirectionName; readonly amount: Amount }[];
  readonly freeTilt?: boolean; // the superior end tilts without moment, as under a ball joint
}

/**
 * The load case that a request means for a specimen of some height. Parts with a lever arm make a follower: they go with
 * a compression, and the end tilts as it must.
 *
 * @throws SpondylError "bad-option" for units that do not fit, arms without compression, and as `combinedMotion`
 */
export function loadCaseOf(
  { parts, freeTilt = false }: LoadRequest,
  heightMm: number,
  conditions: EndConditions,
): LoadCase {
  const bad = (message: string) => new SpondylError("bad-option", `load: ${message}`, { parts });
  if (parts.length === 0 && !freeTilt) throw bad("nothing is asked for. Give for example compression:2%.");
  const arms = parts.filter(({ amount }) => amount.unit === "armMm");
  const moved = parts.filter(({ amount }) => amount.unit !== "armMm");
  const amounts = moved.map(({ direction, amount }) => {
    const rotation = directions[direction].component >= 3;
    if (rotation !== (amount.unit === "deg"))
      throw bad(
        `${direction} is given in ${amount.unit}. Give ${rotation ? "degrees, or a lever arm in mm" : "mm or percent of the height"}.`,
      );
    const scale = amount.unit === "deg" ? Math.PI / 180 : amount.unit === "mm" ? 1 : heightMm / 100;
    return { direction, amount: amount.value * scale };
  });
  const following = arms.length > 0 || freeTilt;
  const pressed = amounts.length === 1 && amounts[0]!.direction === "compression" && amounts[0]!.amount > 0;
  if (following && !pressed)
    throw bad("lever arms and free tilt go with compression alone. Give for example compression:2%+flexion:25mm.");
  const name = parts.map(({ direction }) => direction).join(" + ") + (freeTilt ? " with free tilt" : "");
  const motion = combinedMotion(amounts, conditions);
  if (!following) return { name, ...conditions, motion };
  const armAbout = (component: 3 | 4) =>
    arms.reduce((sum, { direction, amount }) => {
      const { component: own, sign } = directions[direction];
      if (own !== 3 && own !== 4)
        throw bad(`${direction} cannot follow by a lever arm; flexion, extension and bending can.`);
      return own === component ? sum + sign * amount.value : sum;
    }, 0);
  return { name, ...conditions, motion, follower: { leftArmMm: armAbout(3), posteriorArmMm: armAbout(4) } };
}
