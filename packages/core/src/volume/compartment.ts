/**
 * What a voxel of a segmented vertebra belongs to. The first six are the codes of the published six-label
 * convention (Walle, Matheson & Boyd 2025), so that its masks need no translation.
 */
export const Compartment = {
  outside: 0,
  bodyCore: 1, // trabecular bone of the vertebral body
  bodyShell: 2, // cortex and end-plates of the body
  posteriorCore: 3, // trabecular bone of pedicles, arch and processes
  posteriorShell: 4,
  inferiorCap: 5, // disc, or PMMA cap, below
  superiorCap: 6, // disc, or PMMA cap, above
} as const;

export type Compartment = (typeof Compartment)[keyof typeof Compartment];

export const isCap = (code: number): boolean => code === Compartment.inferiorCap || code === Compartment.superiorCap;
export const isBody = (code: number): boolean => code === Compartment.bodyCore || code === Compartment.bodyShell;
export const isBone = (code: number): boolean => code >= Compartment.bodyCore && code <= Compartment.posteriorShell;
