/** Vertebrae from head to tail. T13 and L6 are variants that some people have. */
export const levelOrder: readonly string[] = [
  ...["C1", "C2", "C3", "C4", "C5", "C6", "C7"],
  ...["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12", "T13"],
  ...["L1", "L2", "L3", "L4", "L5", "L6", "S1"],
];

/** Levels from head to tail; unknown names last, as they came. */
export function sortLevels(levels: Iterable<string>): string[] {
  const rank = (level: string) => (levelOrder.indexOf(level) + levelOrder.length + 1) % (levelOrder.length + 1);
  return [...levels].sort((a, b) => rank(a) - rank(b));
}

/** The levels next above and below, of those that are there; undefined at an end. */
export function neighbours(
  level: string,
  present: Iterable<string>,
): { readonly above?: string; readonly below?: string } {
  const sorted = sortLevels(new Set([...present, level]));
  const at = sorted.indexOf(level);
  const above = sorted[at - 1],
    below = sorted[at + 1];
  return {
    ...(above && adjacent(above, level) && { above }),
    ...(below && adjacent(level, below) && { below }),
  };
}

/** Whether no vertebra that everyone has lies between the two. */
function adjacent(above: string, below: string): boolean {
  const between = levelOrder.slice(levelOrder.indexOf(above) + 1, levelOrder.indexOf(below));
  return between.every((level) => level === "T13" || level === "L6");
}

/** The level of a vertebra that neither the mask nor the user names. */
export const UNNAMED = "unnamed";
