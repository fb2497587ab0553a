import { escapeText } from "../formats/escape.js";
import { encodePng, pngDataUri } from "../formats/png.js";
import { colourSteps } from "./colour.js";
import { number } from "./format.js";
import type { Pixels } from "./paint.js";
import { type ColourScale, roundUp } from "./scale.js";

/** One picture of a figure: SVG that needs nothing from outside. */
export interface Panel {
  readonly title: string; // "axial"
  readonly svg: string;
  readonly widthMm: number; // panels of one figure share a scale
  readonly heightMm: number;
}

/** Panels that belong together, with what is needed to read them. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly panels: readonly Panel[];
  readonly legend?: readonly { readonly name: string; readonly colour: string }[];
  readonly bar?: string; // SVG of the colour bar
}

export interface PanelText {
  readonly title: string;
  readonly alt: string; // what the picture shows, for those who cannot see it
  readonly letters?: { readonly left: string; readonly right: string; readonly top: string; readonly bottom: string };
  readonly ink?: "white" | "black"; // of letters and scale bar; default "white", on dark pictures
  readonly scaleBar?: boolean; // default true
  readonly extra?: string; // more SVG, in mm
}

/** Pixels as SVG in mm, with orientation letters and a scale bar in type that stays sharp at any size. */
export function panel(pixels: Pixels, pixelMm: number, text: PanelText): Panel {
  const w = pixels.width * pixelMm,
    h = pixels.height * pixelMm;
  const { title, alt, letters, ink = "white", scaleBar = true, extra = "" } = text;
  const halo = ink === "white" ? "#000" : "#fff";
  const style = `font-family="system-ui,sans-serif" font-size="3.6" font-weight="600" fill="${ink}" stroke="${halo}" stroke-width="0.7" paint-order="stroke" stroke-linejoin="round"`;
  const at = (x: number, y: number, anchor: string, what: string) =>
    `<text x="${mm(x)}" y="${mm(y)}" text-anchor="${anchor}">${escapeText(what)}</text>`;
  const marks = [
    ...(letters
      ? [
          at(1.6, h / 2 + 1.3, "start", letters.left),
          at(w - 1.6, h / 2 + 1.3, "end", letters.right),
          at(w / 2, 4.2, "middle", letters.top),
          at(w / 2, h - 1.6, "middle", letters.bottom),
        ]
      : []),
    ...(scaleBar ? [bar(w, h, ink, halo)] : []),
  ];
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${mm(w)} ${mm(h)}" role="img" aria-label="${escapeText(alt)}">` +
    `<image href="${pngDataUri(encodePng(pixels.rgba, pixels.width, pixels.height))}" width="${mm(w)}" height="${mm(h)}" preserveAspectRatio="none"/>` +
    `<g ${style}>${marks.join("")}${extra}</g></svg>`;
  return { title, svg, widthMm: w, heightMm: h };
}

/** A bar of 10 or 20 mm in the lower left corner. */
function bar(w: number, h: number, ink: string, halo: string): string {
  const length = w > 70 ? 20 : 10;
  const line = (colour: string, width: number) =>
    `<path d="M2 ${mm(h - 2.4)}h${length}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
  return `${line(halo, 1.3)}${line(ink, 0.7)}<text x="2" y="${mm(h - 3.8)}" font-size="3" stroke-width="0.6">${length} mm</text>`;
}

const mm = (value: number): string => String(Math.round(value * 1000) / 1000);

const tick = (value: number): string => String(Number(value.toPrecision(6)));

/** The colours of a scale with its numbers, in the printed unit. @param id of its own in the page */
export function colourBar({ map, title, unit, factor, high, highest }: ColourScale, id: string): string {
  const top = high * factor;
  const step = roundUp(top / 5.001);
  const ticks = Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, n) => n * step);
  const x = (value: number) => mm(10 + (260 * value) / top);
  const stops = colourSteps(map).map((c, n, all) => `<stop offset="${mm(n / (all.length - 1))}" stop-color="${c}"/>`);
  const beyond = highest * factor > top * 1.005;
  const alt = `Colour scale, ${map}: ${title}, ${unit}, from 0 to ${number(top, 3)}${beyond ? " and above" : ""}.`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="bar" viewBox="0 0 290 44" width="290" height="44" role="img" aria-label="${escapeText(alt)}" font-family="system-ui,sans-serif" font-size="11" fill="#1b2733">` +
    `<defs><linearGradient id="${id}">${stops.join("")}</linearGradient></defs>` +
    `<text x="10" y="11">${escapeText(title)}, ${escapeText(unit)}</text>` +
    `<rect x="10" y="16" width="260" height="11" fill="url(#${id})"/>` +
    (beyond ? `<path d="M270 16l9 5.500l-9 5.500z" fill="${colourSteps(map).at(-1)}"/>` : "") +
    ticks
      .map(
        (v) =>
          `<path d="M${x(v)} 27v4" stroke="#1b2733"/><text x="${x(v)}" y="42" text-anchor="middle">${tick(v)}</text>`,
      )
      .join("") +
    "</svg>"
  );
}
