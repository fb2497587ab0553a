import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deviationPercent, type Row, rowsFolder } from "./record.ts";

/** Before the cases run: forget the last rows. After: write RESULTS.md from the new ones, when all cases ran. */
export default function table(): () => void {
  rmSync(rowsFolder, { recursive: true, force: true });
  return () => {
    if (!existsSync(rowsFolder)) return;
    const rows = readdirSync(rowsFolder)
      .sort()
      .flatMap((file) => JSON.parse(readFileSync(join(rowsFolder, file), "utf8")) as Row[]);
    writeFileSync(join(import.meta.dirname, "RESULTS.md"), markdown(rows));
  };
}

function markdown(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const deviation = deviationPercent(row);
    return `| ${row.case} | ${row.quantity} | ${row.published ?? "-"} | ${digits(row.computed)} | ${
      deviation === null ? "-" : `${deviation.toFixed(3)} %`
    } | ${row.tolerancePercent === null ? "-" : `${row.tolerancePercent} %`} | ${row.source} |`;
  });
  return [
    "# Validation: computed against published",
    "",
    "Written by `npm run validate`, which fails when a deviation exceeds its tolerance. A tolerance of 0 % means equal;",
    "rows without a published value are findings of ours. The data sets are not part of the repository:",
    "CONTRIBUTING.md says where they come from.",
    "",
    "| case | quantity | published | computed | deviation | tolerance | source |",
    "|---|---|---|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
}

const digits = (value: number) => (Number.isInteger(value) ? String(value) : value.toPrecision(6));
