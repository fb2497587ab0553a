export type Rgb = readonly [number, number, number]; // sRGB, 0 to 255

/**
 * Perceptual colour maps: lightness rises steadily, so that they survive grey printing and colour blindness.
 * 17 steps of the 256 of matplotlib's tables (CC0), linear between: at most 7 of 255 off, 2 on average.
 */
const tables = {
  viridis: "44015448186a472d7b4240863b528b33638d2c728e26828e21918c1fa08828ae803fbc735ec96284d44baddc30d8e219fde725",
  inferno: "0000040b0724210c4a3d096557106e71196e8a226aa32c61bc3754d24644e45a31f1731df98e09fcac11f9cb35f2ea69fcffa4",
} as const;

export type ColourMap = keyof typeof tables;

const steps = 16;
const anchors = Object.fromEntries(
  Object.entries(tables).map(([name, hex]) => [
    name,
    Uint8Array.from({ length: 3 * (steps + 1) }, (_, n) => Number.parseInt(hex.slice(2 * n, 2 * n + 2), 16)),
  ]),
) as Record<ColourMap, Uint8Array>;

/** Colour at 0 to 1; beyond, the end colours. */
export function colourAt(map: ColourMap, t: number): Rgb {
  const x = Math.min(1, Math.max(0, t)) * steps;
  const n = Math.min(steps - 1, Math.floor(x));
  const table = anchors[map];
  const channel = (c: number) => Math.round(table[3 * n + c]! + (x - n) * (table[3 * n + 3 + c]! - table[3 * n + c]!));
  return [channel(0), channel(1), channel(2)];
}

/** The map's steps as CSS colours, lowest first, evenly spaced. */
export const colourSteps = (map: ColourMap): string[] =>
  Array.from({ length: steps + 1 }, (_, n) => css(colourAt(map, n / steps)));

/** "#rrggbb" */
export const css = (colour: Rgb): string => `#${colour.map((c) => c.toString(16).padStart(2, "0")).join("")}`;

/** Distinct with any colour vision: Okabe & Ito, Color Universal Design (2008), as recommended in Nature Methods 8:441. */
export const distinct = {
  orange: [230, 159, 0],
  skyBlue: [86, 180, 233],
  green: [0, 158, 115],
  yellow: [240, 228, 66],
  blue: [0, 114, 178],
  vermilion: [213, 94, 0],
  purple: [204, 121, 167],
} as const satisfies Record<string, Rgb>;
