/** Index pairs of the six components of a symmetric tensor: xx, yy, zz, yz, xz, xy. */
export const voigtPairs = [
  [0, 0],
  [1, 1],
  [2, 2],
  [1, 2],
  [0, 2],
  [0, 1],
] as const;
