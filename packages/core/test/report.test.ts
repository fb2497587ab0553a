import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { densityHistogram, ownDocument, residualChart } from "../src/report/charts.js";
import { given, number } from "../src/report/format.js";
import { makePictures, type PictureInput } from "../src/report/pictures.js";
import { reportHtml } from "../src/report/reportHtml.js";
import type { Result } from "../src/report/result.js";
import { palette } from "../src/report/style.js";
import { Compartment } from "../src/volume/compartment.js";
import { identityDirection, type Vec3, type Volume } from "../src/volume/volume.js";
import { fullResult } from "./reportResult.js";

/** A drum of bone with a shell, a stump behind it and caps; anterior is −y, as in LPS. */
function drum(): PictureInput {
  const size: Vec3 = [36, 46, 30];
  const grid = { size, spacing: [1, 1, 1] as Vec3, origin: [0, 0, 0] as Vec3, direction: identityDirection() };
  const code = (i: number, j: number, k: number): number => {
    const r = Math.hypot(i - 17.5, j - 16.5);
    if (k >= 6 && k < 24) {
      if (r < 11) return k === 6 || k === 23 ? Compartment.bodyShell : Compartment.bodyCore;
      if (r < 13) return Compartment.bodyShell;
      return Math.abs(i - 17.5) < 3 && j > 28 && j < 42 && k > 11 && k < 18 ? Compartment.posteriorShell : 0;
    }
    if (r >= 13 || k < 3 || k >= 27) return 0;
    return k < 6 ? Compartment.inferiorCap : Compartment.superiorCap;
  };
  const [nx, ny, nz] = size;
  const labels = Float32Array.from({ length: nx * ny * nz }, (_, n) =>
    code(n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))),
  );
  const densityOf: Record<number, number> = { 0: -60, 1: 120, 2: 400, 3: 150, 4: 500, 5: 0, 6: 0 };
  const scan: Volume<"mgHA/cm3"> = {
    ...grid,
    quantity: "mgHA/cm3",
    data: labels.map((l, n) => densityOf[l]! + (n % 7) * 4),
  };
  const energy = labels.map((l, n) => (l === 0 ? 0 : l > 4 ? 1e-4 : 1e-3 + 1e-5 * (n % 100)));
  return {
    scan,
    labels: { ...grid, quantity: "label", data: labels },
    frame: { centre: [17.5, 16.5, 14.5], right: [-1, 0, 0], anterior: [0, -1, 0], cranial: [0, 0, 1] },
    strainEnergyDensity: { ...grid, quantity: "MPa", data: energy },
    residualHistory: [1, 1e-2, 1e-4, 7e-7],
  };
}

const pictures = await makePictures(drum(), { strainEnergySampling: "mean over the element", tolerance: 1e-6 });
const html = reportHtml(fullResult, pictures);
const { document } = parseHTML(html);
const text = document.body.textContent!.replaceAll(/[ \n]+/g, " ");

test("the page needs nothing from outside and runs no script", () => {
  expect(html).not.toMatch(/<(script|link|iframe|object|embed)\b/i);
  for (const [, uri] of html.matchAll(/(?:src|href|xlink:href)="([^"]*)"/g))
    expect(uri!.slice(0, 22)).toMatch(/^(data:image\/png;base64|#|https:\/\/doi\.org\/)/);
  for (const link of document.querySelectorAll("[href^=http]")) expect(link.localName).toBe("a");
  expect(html).not.toMatch(/@import|url\((?!#)/);
});

test("the numbers that matter are on the page with their units", () => {
  expect(text).toContain("12\u202f362 N/mm");
  expect(text).toContain("2438");
  expect(text).toContain("0.0068·K·H");
  expect(text).toContain("46.2 %");
  expect(text).toContain("−0.2 mm");
  expect(text).toContain("−0.690 %");
  expect(text).toContain("free at both ends");
  expect(text).toContain("67\u202f137");
  expect(text).toContain("mean over the element");
  expect(text).toContain("mg K₂HPO₄/cm³");
});

test("an SD is named for what it is: none beside the vBMD itself, those of line and method in the table", () => {
  expect(document.querySelector(".tiles")!.textContent).toMatch(/75\.5 mg\/cm³/);
  expect(text).not.toMatch(/±/);
  expect(text).toMatch(/SD of the calibration line alone4\.6 mg/);
  expect(text).toMatch(/Published SD of this method17\.8 mg/);
});

test("elements are counted by what they are, and described as what they are", () => {
  expect(text).toContain("67\u202f137 elements (60\u202f001 of bone, the rest caps or discs)");
  expect(text).not.toContain("one for each voxel of bone");
  expect(text).toContain("The elements are eight-node bricks of 1 mm");
  expect(text).toContain("into 128 bins.");
  expect(text).toContain("No element of bone has a modulus below 0.0104 MPa; 321 elements of bone are at it.");
  expect(text).toMatch(/Superior cap on bone1012 mm²/);
  const own = reportHtml({ ...fullResult, case: { ...fullResult.case, protocol: "spondyl" } });
  expect(own).toContain("cubes of 1 mm along the vertebra&#39;s own axes");
});

test("a displacement that compresses presses, another pulls", () => {
  expect(text).toContain("Pressed by 0.200 mm");
  const pulled = reportHtml({ ...fullResult, load: { ...fullResult.load!, displacementMm: 0.2 } });
  expect(pulled).toContain("Pulled by 0.200 mm");
  expect(pulled).not.toContain("Pressed");
});

test("the calibration shows its points and its energy; rules and notes are told", () => {
  expect(text).toContain("cm²/g, mass attenuation at the effective energy");
  expect(text).toContain("cortical1226.20.19090.1910−1.2×10⁻⁴");
  expect(text).toContain("97 keV");
  expect(text).toContain("1.6103×10⁻⁵·HU + 0.17124");
  expect(text).toContain("The shell is what lies within 1.5 mm of the surface.");
  expect(text).toMatch(/Level of the section31\.5 mm/);
  expect(text).toContain("10⁻⁶ was asked for");
});

test("research use only stands at the top and at the bottom", () => {
  const notice = "Research use only. Not a medical device.";
  expect(document.querySelector("header")!.textContent).toContain(notice);
  expect(document.querySelector("footer")!.textContent).toContain(notice);
});

test("paths and file names, which may name the patient, do not enter the page", () => {
  expect(html).not.toMatch(/Doe_Jane|\/home|\/data/);
  expect(text).toContain("mgK2HPO4/cm3"); // a unit with a slash is no path
  expect(text).toContain("spondyl predict (file) --labels (file) --protocol bonelab");
});

test("text is escaped", () => {
  expect(html).toContain("Slices &lt;1 mm&gt; apart &amp; &quot;coarse&quot;.");
});

test("headings descend without gaps, ids are unique, links lead somewhere", () => {
  const levels = [...document.querySelectorAll("h1,h2,h3,h4")].map((h) => Number(h.localName[1]));
  expect(levels[0]).toBe(1);
  expect(levels.filter((l) => l === 1)).toHaveLength(1);
  for (const [n, level] of levels.entries()) if (n) expect(level - levels[n - 1]!).toBeLessThanOrEqual(1);
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const a of document.querySelectorAll("a[href^='#']")) expect(ids).toContain(a.getAttribute("href")!.slice(1));
});

test("pictures have words: every drawing a label, every figure and table a caption", () => {
  expect(document.documentElement.getAttribute("lang")).toBe("en");
  expect(document.querySelectorAll("figure").length).toBe(6); // scan, compartments, energy, model, histogram, residual
  for (const figure of document.querySelectorAll("figure")) {
    expect(figure.querySelector("figcaption")!.textContent!.length).toBeGreaterThan(20);
    for (const svg of figure.querySelectorAll("svg")) {
      if (svg.parentElement!.closest("svg")) continue;
      expect(svg.getAttribute("role")).toBe("img");
      expect(svg.getAttribute("aria-label")!.length).toBeGreaterThan(20);
    }
  }
  for (const table of document.querySelectorAll("table")) expect(table.querySelector("caption")).not.toBeNull();
  for (const th of document.querySelectorAll("th")) expect(th.getAttribute("scope")).toMatch(/row|col/);
});

test("text is readable on its ground: contrast of at least 4.5 to 1 (WCAG 2.1)", () => {
  const light = (hex: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string) => {
    const [dark, bright] = [light(a), light(b)].sort((x, y) => x - y) as [number, number];
    return (bright + 0.05) / (dark + 0.05);
  };
  for (const ground of [palette.paper, palette.shade])
    for (const ink of [palette.ink, palette.muted, palette.accent]) expect(contrast(ink, ground)).toBeGreaterThan(4.5);
  expect(contrast(palette.warn, palette.warnShade)).toBeGreaterThan(4.5);
});

test("what the result does not hold is left out, down to a bare one", () => {
  const bare = {
    spondyl: { version: "0.1.0", schema: "1" },
    researchUseOnly: "Research use only. Not a medical device.",
    case: { fidelity: "continuum", protocol: "spondyl" },
    model: { elements: 8, nodes: 27 },
    linear: { stiffnessNPerMm: 5, reactionN: -1 },
  } satisfies Result;
  const page = reportHtml(bare);
  expect(page).not.toMatch(/undefined|NaN|null|\[object/);
  const ids = [...parseHTML(page).document.querySelectorAll("section")].map((s) => s.id);
  expect(ids).toEqual(["summary", "load", "evidence", "methods", "provenance"]);
  const damaged = reportHtml({ spondyl: bare.spondyl, researchUseOnly: "" } as unknown as Result); // from a foreign file
  expect(damaged).toContain("Research use only. Not a medical device.");
  expect(damaged).not.toMatch(/undefined|NaN|\[object/);
});

test("the same input gives the same page", async () => {
  const again = await makePictures(drum(), { strainEnergySampling: "mean over the element", tolerance: 1e-6 });
  expect(reportHtml(fullResult, again)).toBe(html);
});

test("pictures of a scan alone: three planes, no field, no charts", async () => {
  const { scan } = drum();
  const bare = await makePictures({ scan: { ...scan, quantity: "HU" } });
  expect(bare.slices.map((f) => f.id)).toEqual(["scan"]);
  expect(Object.keys(bare)).toEqual(["slices"]);
});

test("an abort stops the pictures", async () => {
  const reason = new Error("stop");
  const signal = {
    aborted: true,
    reason,
    throwIfAborted: () => {
      throw reason;
    },
  } as unknown as AbortSignal;
  await expect(makePictures(drum(), {}, { signal })).rejects.toBe(reason);
});

test("numbers for people", () => {
  expect(number(12362.4)).toBe("12\u202f362");
  expect(number(1234.56)).toBe("1235");
  expect(number(-0.68999, 3)).toBe("−0.690");
  expect(number(7.1e-7, 2)).toBe("7.1×10⁻⁷");
  expect(number(1e-6, 1)).toBe("10⁻⁶");
  expect(number(Number.NaN)).toBe("–");
  expect(given(-0.2)).toBe("−0.2");
  expect(given(1e-6)).toBe("10⁻⁶");
  expect(given(2500)).toBe("2500");
});

test("charts of nothing are left out, and equal or endless densities do no harm", async () => {
  const document = await ownDocument();
  const of = (...values: number[]) => densityHistogram(Float32Array.from(values), new Float32Array(0), "mg", document);
  expect(await of()).toBeUndefined();
  expect(await of(Infinity, Number.NaN)).toBeUndefined();
  for (const values of [
    [3e38, 3e38],
    [7, 7, 7],
    [0, 0],
    [-3e38, Infinity, 3e38],
  ]) {
    const chart = await of(...values);
    expect(chart!.panels[0]!.svg).toContain("<path");
    expect(JSON.stringify(chart)).not.toMatch(/NaN|Infinity|undefined/);
  }
  expect(await residualChart([0], document)).toBeUndefined();
});
