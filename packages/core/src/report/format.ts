/**
 * A number for people: `digits` significant ones, thousands grouped by a narrow space from 10 000 on (SI brochure),
 * powers of ten beyond 1e-3 to 1e7, a real minus sign. "–" for what is not a number.
 */
export function number(value: number | null | undefined, digits = 4): string {
  if (value === undefined || value === null || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e9) return scientific(value, digits);
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return grouped(value.toFixed(Math.min(decimals, 20)));
}

/** A number that someone gave, such as an option: up to six digits, without zeros that it did not have. */
export function given(value: number | null | undefined): string {
  if (value === undefined || value === null || !Number.isFinite(value)) return "–";
  const plain = Number(value.toPrecision(6));
  if (plain === 0 || Math.abs(plain) >= 1e-3) return grouped(String(plain));
  return scientific(plain, plain.toExponential().split("e")[0]!.replace(/\D/g, "").length);
}

/** A whole number with all its digits. */
export const count = (value: number | null | undefined): string =>
  value === undefined || value === null ? "–" : grouped(value.toFixed(0));

/** A number with this many decimals. */
export const fixed = (value: number | null | undefined, decimals: number): string =>
  value === undefined || value === null || !Number.isFinite(value) ? "–" : grouped(value.toFixed(decimals));

function scientific(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e") as [string, string];
  return `${mantissa === "1" ? "" : `${minus(mantissa)}\u00d7`}${powerOfTen(Number(exponent))}`;
}

/** 10⁻⁶ */
export const powerOfTen = (exponent: number): string =>
  `10${String(exponent).replace(/[-\d]/g, (c) => superscript[c as "0"])}`;

const superscript = {
  "-": "⁻",
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
} as const;

function grouped(text: string): string {
  const [whole, decimals] = minus(text).split(".") as [string, string?];
  const digits = whole.replace("−", "");
  const parts = digits.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") : whole;
  return decimals ? `${parts}.${decimals}` : parts;
}

const minus = (text: string): string => text.replace("-", "−");

/** Bytes as kB, MB or GB (powers of 1000). */
export function bytes(value: number): string {
  const unit = value >= 1e9 ? "GB" : value >= 1e6 ? "MB" : "kB";
  return `${number(value / { kB: 1e3, MB: 1e6, GB: 1e9 }[unit], 3)} ${unit}`;
}

/** Seconds, down to milliseconds. */
export const seconds = (value: number): string =>
  value < 1 ? `${number(value * 1000, 3)} ms` : `${number(value, 3)} s`;
