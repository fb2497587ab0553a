import { escapeText as text } from "../formats/escape.js";
import { anatomySection, densitySection, evidenceSection, findingsSection, loadSection } from "./details.js";
import { failureSections } from "./failureSections.js";
import { figureHtml, section } from "./markup.js";
import { methodsSection } from "./methods.js";
import type { ReportPictures } from "./pictures.js";
import { provenanceSection } from "./provenance.js";
import { type Result, researchUseOnly } from "./result.js";
import { style } from "./style.js";
import { summary } from "./summary.js";

/**
 * The report as one page of HTML that needs nothing else: style, pictures and charts are inside, no script. Sections
 * without data are left out. It shows no file names and no patient.
 */
export function reportHtml(result: Result, pictures: ReportPictures = { slices: [] }): string {
  const sections = [
    summary(result),
    section("slices", "Slices", ...pictures.slices.map(figureHtml)).replace("<section ", '<section class="slices" '),
    section("model-3d", "Model", figureHtml(pictures.model)),
    ...failureSections(result, pictures),
    loadSection(result),
    densitySection(result, pictures),
    anatomySection(result),
    findingsSection(result),
    evidenceSection(result, pictures),
    methodsSection(result),
    provenanceSection(result),
  ].filter((html) => html !== "");
  const level = result.case?.level;
  const title = `Vertebral strength${level ? `, ${level}` : ""}`;
  const notice = `<p class="research" role="note">${text(result.researchUseOnly || researchUseOnly)}</p>`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Spondyl ${text(result.spondyl?.version ?? "")}">
<title>${text(title)} – Spondyl</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#summary">Skip to the summary</a>
<header>
<h1>${text(title)}</h1>
<p class="subtitle">${text(subtitle(result))}</p>
${notice}
<nav aria-label="Sections"><ul>${sections.map(entry).join("")}</ul></nav>
</header>
<main>
${sections.join("\n")}
</main>
<footer>
${notice.replace(' role="note"', "")}
</footer>
</body>
</html>
`;
}

function subtitle({ spondyl, case: c, provenance }: Result): string {
  const date = provenance?.startedAt?.slice(0, 10);
  return [
    c?.fidelity && `Finite-element report at ${c.fidelity} fidelity`,
    c?.protocol && `protocol ${c.protocol}`,
    spondyl?.version && `Spondyl ${spondyl.version}`,
    date,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** Link to a section, from its own heading. */
function entry(html: string): string {
  const [, id, title] = /<h2 id="(.+?)-title">(.*?)<\/h2>/.exec(html)!;
  return `<li><a href="#${id}">${title}</a></li>`;
}
