import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One row of the table of results. */
export interface Row {
  readonly case: string;
  readonly quantity: string; // with its unit
  readonly published: number | null; // null: a finding of ours that nobody published
  readonly computed: number;
  readonly tolerancePercent: number | null; // of the published value; 0 = must be equal
  readonly source: string;
}

export const rowsFolder = join(import.meta.dirname, "rows");

/** Keeps the rows of one case for the table. @returns a row that is no number or deviates by more than its tolerance */
export function record(name: string, rows: readonly Row[]): Row | undefined {
  mkdirSync(rowsFolder, { recursive: true });
  writeFileSync(join(rowsFolder, `${name}.json`), `${JSON.stringify(rows, null, 1)}\n`);
  return rows.find((row) => !holds(row));
}

function holds(row: Row): boolean {
  if (!Number.isFinite(row.computed)) return false;
  if (row.tolerancePercent === null) return true;
  return row.computed === row.published || Math.abs(deviationPercent(row) ?? 0) <= row.tolerancePercent;
}

/** Deviation from the published value, %; null where there is none. */
export const deviationPercent = ({ published, computed }: Row): number | null =>
  published === null ? null : (100 * (computed - published)) / published;
