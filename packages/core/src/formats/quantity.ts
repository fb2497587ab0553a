import { SpondylError } from "../error.js";
import type { Quantity } from "../volume/volume.js";

const quantities: readonly Quantity[] = ["HU", "mgK2HPO4/cm3", "mgHA/cm3", "MPa", "mm", "label", "fraction", "grey"];

/** The quantity of this name, if there is one: files that Spondyl writes carry it. */
export const quantityNamed = (name: string | undefined): Quantity | undefined => quantities.find((q) => q === name);

/**
 * A file that names its quantity is not read as another one; "grey" goes with everything.
 * @throws SpondylError "bad-input"
 */
export function requireQuantity(format: string, written: Quantity | undefined, asked: Quantity): void {
  if (written === undefined || written === asked || written === "grey" || asked === "grey") return;
  throw new SpondylError(
    "bad-input",
    `${format}: the file says that it holds ${written}, but ${asked} is needed here. Give another file.`,
    { written, asked },
  );
}
