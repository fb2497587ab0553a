import type { StoredMatrix } from "./arena.js";
import type { BlockMatrix } from "./blockMatrix.js";

/**
 * A square block matrix whose rows are written out a window at a time, so that the largest of them need not exist as a
 * whole. Rows and blocks keep the numbers that they have in the whole matrix.
 */
export interface WindowedMatrix extends Pick<BlockMatrix, "rows" | "columns" | "height" | "ptr" | "col"> {
  readonly at: readonly [ptr: number, col: number]; // in the arena
  readonly windows: readonly Window[];
  /**
   * Writes out the rows from … to of a window, over those of the one before.
   * @returns the address at which block 0 would be. Addresses are modulo 2³², so that it may lie outside of the memory.
   */
  write(window: Window): number;
}

/** Rows to work on, and those that are written out: these, and all that they are coupled with. */
export interface Window {
  readonly begin: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

/** A matrix that is stored as a whole. */
export const oneWindow = (matrix: StoredMatrix): WindowedMatrix => ({
  ...matrix,
  at: [matrix.at[0], matrix.at[1]],
  windows: [{ begin: 0, end: matrix.rows, from: 0, to: matrix.rows }],
  write: () => matrix.at[2],
});

/** Most blocks that any window of a pattern writes out. */
export const mostBlocks = ({ windows }: Pick<WindowedMatrix, "windows">, ptr: Uint32Array): number =>
  windows.reduce((most, { from, to }) => Math.max(most, ptr[to]! - ptr[from]!), 0);
