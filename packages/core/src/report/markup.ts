import { escapeText as text } from "../formats/escape.js";
import type { Figure, Panel } from "./figure.js";

/** One line of a table of facts; left out when its value is undefined. */
export type Fact = readonly [label: string, value: string | undefined, note?: string | undefined];

/** Facts as a two-column table; nothing when none is known. Values and notes are text, not HTML. */
export function factTable(caption: string, facts: readonly Fact[]): string {
  const known = facts.filter(([, value]) => value !== undefined);
  if (known.length === 0) return "";
  const rows = known.map(
    ([label, value, note]) =>
      `<tr><th scope="row">${text(label)}</th><td>${text(value!)}${note ? `<span class="note">${text(note)}</span>` : ""}</td></tr>`,
  );
  return `<div class="table"><table class="facts"><caption>${text(caption)}</caption><tbody>${rows.join("")}</tbody></table></div>`;
}

/** A table with a head. `numeric` marks the columns of numbers, set to the right. */
export function dataTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[] = [],
): string {
  if (rows.length === 0) return "";
  const kind = (column: number) => (numeric.includes(column) ? ' class="number"' : "");
  const cells = (row: readonly string[]) =>
    row
      .map((cell, n) => (n === 0 ? `<th scope="row">${text(cell)}</th>` : `<td${kind(n)}>${text(cell)}</td>`))
      .join("");
  return (
    `<div class="table"><table><caption>${text(caption)}</caption><thead><tr>` +
    head.map((h, n) => `<th scope="col"${kind(n)}>${text(h)}</th>`).join("") +
    `</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join("")}</tbody></table></div>`
  );
}

/** A section with its heading; nothing when all its parts are empty. Parts are HTML. */
export function section(id: string, title: string, ...parts: readonly string[]): string {
  const body = parts.filter((part) => part !== "").join("\n");
  return body
    ? `<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${text(title)}</h2>\n${body}\n</section>`
    : "";
}

export const paragraph = (sentences: string): string => (sentences ? `<p>${text(sentences)}</p>` : "");

/** Pictures side by side at one scale; the caption holds legend and colour bar. */
export function figureHtml(figure: Figure | undefined): string {
  if (!figure) return "";
  const { id, panels, legend, bar = "", title, caption } = figure;
  const items = legend?.map(
    ({ name, colour }) => `<li><span class="swatch" style="background:${colour}"></span>${text(name)}</li>`,
  );
  const columns = panels.map((p) => `${p.widthMm.toFixed(2)}fr`).join(" ");
  return (
    `<figure id="figure-${id}" style="grid-template-columns:${columns}">${panels.map(panelHtml).join("")}` +
    `<figcaption>${items ? `<ul class="legend">${items.join("")}</ul>` : ""}${bar}` +
    `<p><strong>${text(title)}.</strong> ${text(caption)}</p></figcaption></figure>`
  );
}

const panelHtml = ({ title, svg }: Panel): string =>
  `<div class="panel">${svg}${title ? `<p class="panel-title">${text(title)}</p>` : ""}</div>`;
