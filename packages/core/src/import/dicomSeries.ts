import { SpondylError } from "../error.js";
import type { Finding } from "../volume/finding.js";
import { type DicomSlice, dicomSlices } from "./dicomSlice.js";
import { note, warning } from "./quality.js";
import type { ScanFile } from "./scanFile.js";

/** The images of one series, in the order of the files. */
export interface ChosenSeries {
  readonly slices: readonly DicomSlice[];
  readonly findings: readonly Finding[];
}

/**
 * The one CT series to read. Scouts, dose reports and other modalities are left out, and so are derived images where
 * there are original ones, and series of fewer than five; each with a note.
 * @param wanted series number, series UID, or #1, #2, ... as the error lists them
 * @throws SpondylError "bad-input" without CT images, "bad-option" when the series must be or was wrongly chosen
 */
export function chooseSeries(files: readonly ScanFile[], wanted?: string): ChosenSeries {
  const all = files.flatMap(dicomSlices);
  const ct = all.filter((s) => s.modality === "CT");
  if (all.length === 0)
    throw bad("the DICOM files hold no images (only reports or directories). Give the folder with the CT series");
  if (ct.length === 0)
    throw bad(
      `the images are of modality ${list(all.map((s) => s.modality || "(none named)"))}, not CT. Give a CT series`,
      { modalities: unique(all.map((s) => s.modality)) },
    );
  const tomograms = ct.filter((s) => !isLocalizer(s) && s.samples === 1);
  if (tomograms.length === 0)
    throw bad(`all ${ct.length} CT images are localizers or colour pictures. Give the series with the slices`);
  const series = groupSeries(tomograms);
  const chosen = pick(wanted === undefined ? likely(series) : series, wanted);
  const { kept, derived } = withoutDerived(chosen.slices);
  const skipped = [
    count(all.length - ct.length, "of another modality"),
    count(ct.length - tomograms.length, "scouts or colour pictures"),
    count(tomograms.length - chosen.slices.length, "of other series"),
    count(derived, "derived from others of their series"),
  ].filter((s) => s !== "");
  return {
    slices: kept,
    findings: [
      ...(skipped.length ? [note("images-skipped", `Images left out: ${skipped.join("; ")}.`)] : []),
      ...(kept.every(isDerived)
        ? [
            warning(
              "derived-images",
              `The series is marked as derived or secondary (${kept[0]!.imageType.slice(0, 2).join(" ")}): its voxels were processed after reconstruction, and their HU may not be the scanner's.`,
            ),
          ]
        : []),
      ...(kept.every((s) => s.seriesUid === "")
        ? [
            note(
              "no-series-uid",
              "The series has no UID (anonymised): all images without one were taken as one series.",
            ),
          ]
        : []),
    ],
  };
}

interface Series {
  readonly mark: string; // #1, #2, ... over all CT series of the scan
  readonly uid: string;
  readonly slices: readonly DicomSlice[];
}

function groupSeries(slices: readonly DicomSlice[]): readonly Series[] {
  const uids = unique(slices.map((s) => s.seriesUid));
  return uids.map((uid, n) => ({ mark: `#${n + 1}`, uid, slices: slices.filter((s) => s.seriesUid === uid) }));
}

/** A vertebra needs more slices than this at any spacing in use. */
export const fewestSlices = 5;

/** Series that can be what the user means: long enough, and not derived from another one, if there are such. */
function likely(series: readonly Series[]): readonly Series[] {
  const long = series.filter((s) => s.slices.length >= fewestSlices);
  const original = long.filter((s) => !s.slices.every(isDerived));
  return [original, long, series].find((list) => list.length > 0)!;
}

function pick(series: readonly Series[], wanted: string | undefined): Series {
  if (wanted === undefined && series.length === 1) return series[0]!;
  const named = series.filter(({ mark, uid, slices }) => [mark, uid, slices[0]!.seriesNumber].includes(wanted ?? ""));
  if (wanted !== undefined && named.length === 1) return named[0]!;
  const table = series.map(describe);
  const problem =
    wanted === undefined
      ? `${series.length} CT series are in the scan`
      : `series "${wanted}" names ${named.length} of the ${series.length} series`;
  throw new SpondylError(
    "bad-option",
    `import: ${problem}. Choose one by its #, number or UID with the option series:\n${table.join("\n")}`,
    { series: table },
  );
}

function describe({ mark, uid, slices }: Series): string {
  const { seriesNumber, seriesDescription, header } = slices[0]!;
  const kernel = header.text("x00181210").replaceAll("\\", "/");
  const thickness = header.number("x00180050");
  const parts = [
    `  ${mark}`,
    `number ${seriesNumber || "-"}`,
    `${slices.length} images`,
    thickness === undefined ? "" : `${thickness} mm thick`,
    kernel && `kernel ${kernel}`,
    seriesDescription && `"${seriesDescription}"`,
    slices.every(isDerived) ? "derived" : "",
    uid || "no UID",
  ];
  return parts.filter((p) => p !== "").join(", ");
}

function withoutDerived(slices: readonly DicomSlice[]): { kept: readonly DicomSlice[]; derived: number } {
  const kept = slices.filter((s) => !isDerived(s));
  return kept.length === 0 ? { kept: slices, derived: 0 } : { kept, derived: slices.length - kept.length };
}

const secondaryCapture = "1.2.840.10008.5.1.4.1.1.7";
const isLocalizer = (s: DicomSlice) => s.imageType.some((t) => /^(LOCALIZER|SCOUT|TOPOGRAM)$/i.test(t.trim()));
const isDerived = (s: DicomSlice) =>
  s.imageType[0]?.trim() === "DERIVED" ||
  s.imageType[1]?.trim() === "SECONDARY" ||
  s.sopClass.startsWith(secondaryCapture);

const unique = (values: readonly string[]) => [...new Set(values)];
const list = (values: readonly string[]) => unique(values).join(", ");
const count = (n: number, what: string) => (n > 0 ? `${n} ${what}` : "");
const bad = (what: string, details = {}) => new SpondylError("bad-input", `import: ${what}.`, details);
