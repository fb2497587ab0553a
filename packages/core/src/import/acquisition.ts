import type { Finding } from "../volume/finding.js";
import { encodingOf } from "./dicomPixels.js";
import type { DicomStack } from "./dicomStack.js";
import { type Acquisition, note, warning } from "./quality.js";

/** What the headers say of how the scan was made. Only technical tags are read. */
export function acquisitionOf(stack: DicomStack): Acquisition {
  const { slices, heights, pixelSpacing, tiltRadians } = stack;
  const { text, number } = slices[0]!.header;
  const encodings = slices.map(encodingOf);
  const lossy = slices.some(
    (s, n) =>
      s.lossy ||
      (encodings[n]!.compression === "lossy" && !declaredLossless(s.transferSyntax, s.header.text("x00282110"))),
  );
  const texts = {
    manufacturer: text("x00080070"),
    model: text("x00081090"),
    kernel: text("x00181210").replaceAll("\\", " "),
  };
  const numbers = {
    tubeVoltageKv: number("x00180060"),
    sliceThicknessMm: number("x00180050"),
    reconstructionDiameterMm: number("x00181100"),
  };
  return {
    images: slices.length,
    ...present(texts, ""),
    ...present(numbers, undefined),
    sliceSpacingMm: Number((heights.at(-1)! / (slices.length - 1)).toPrecision(9)),
    pixelSpacingMm: pixelSpacing,
    gantryTiltDegrees: Number(((tiltRadians * 180) / Math.PI).toFixed(2)),
    contrast: contrastOf(stack),
    transferSyntax: encodings[0]!.name,
    compression: lossy ? "lossy" : encodings.some((e) => e.scheme !== "raw") ? "lossless" : "none",
  };
}

/** JPEG-2000 part 1 may be either; the header's "00" says that it is lossless. */
const declaredLossless = (transferSyntax: string, lossyTag: string) =>
  transferSyntax === "1.2.840.10008.1.2.4.91" && lossyTag === "00";

/** A contrast agent is named, in the file itself or in the groups of a multi-frame file. */
function contrastOf({ slices }: DicomStack): boolean {
  const agent = slices[0]!.header.text("x00180010");
  return agent !== "" && !/^(no|none|without|nativ|plain)\b/i.test(agent);
}

/** Thicker slices than this blur the end-plates; the published models use 1 mm. */
const thickSliceMm = 3;

export function acquisitionFindings({ normal, slices }: DicomStack, a: Acquisition): readonly Finding[] {
  const findings: Finding[] = [];
  if (slices.some((s) => /^US$/i.test(s.rescaleType)))
    findings.push(
      warning("unspecified-units", 'The header calls the rescaled values "US" (unspecified): they were taken for HU.'),
    );
  if (a.compression === "lossy")
    findings.push(
      warning(
        "lossy",
        `The images were compressed with loss (${a.transferSyntax}, or marked so in the header): fine structure and HU are altered.`,
      ),
    );
  if (a.contrast)
    findings.push(
      warning(
        "contrast",
        "A contrast agent was given: marrow and vessels are brighter, which raises the density (by more than 6 mg/mL; Kaesmacher 2017, 10.1097/RCT.0000000000000518).",
      ),
    );
  if (a.tubeVoltageKv !== undefined && a.tubeVoltageKv !== 120)
    findings.push(
      note(
        "tube-voltage",
        `The tube voltage is ${a.tubeVoltageKv} kV: a calibration line found at 120 kV does not hold.`,
      ),
    );
  if (a.kernel !== undefined && isSharp(a.kernel))
    findings.push(
      warning(
        "sharp-kernel",
        `The kernel ${a.kernel} is a sharp one: edges overshoot and noise is high. A standard or soft kernel suits density better.`,
      ),
    );
  const thickness = a.sliceThicknessMm;
  if (thickness !== undefined && thickness > thickSliceMm)
    findings.push(warning("thick-slices", `The slices are ${thickness} mm thick: end-plates and cortex are blurred.`));
  if (thickness !== undefined && thickness < 0.95 * a.sliceSpacingMm)
    findings.push(
      warning(
        "slice-gaps",
        `The slices are ${thickness} mm thick but ${short(a.sliceSpacingMm)} mm apart: bone between them was not imaged.`,
      ),
    );
  if (thickness !== undefined && thickness > 1.05 * a.sliceSpacingMm)
    findings.push(note("overlap", `The slices overlap: ${thickness} mm thick, ${short(a.sliceSpacingMm)} mm apart.`));
  if (Math.abs(normal[2]) < Math.cos(Math.PI / 6))
    findings.push(
      note(
        "non-axial",
        `The slices are not axial (normal ${normal.map((v) => v.toFixed(2)).join(", ")} in LPS): a reformatted series. It was read as it is.`,
      ),
    );
  return findings;
}

/**
 * Kernels for bone edges and lungs, by the vendors' naming [C]: Siemens B/Br/Bl 60 and above, GE BONE, EDGE and LUNG, Philips D/E/L/YC, Canon FC30-FC89.
 * It only decides whether a warning is shown.
 */
const isSharp = (kernel: string) =>
  /^(B|Br|Bl|Hr|Ur|Qr)(6|7|8|9)\d/.test(kernel) ||
  /BONE|EDGE|LUNG|SHARP/i.test(kernel) ||
  /^(D|E|L|YC|YD)$/.test(kernel) ||
  /^FC[3-8]\d/.test(kernel);

const short = (mm: number) => Number(mm.toPrecision(4));

/** The entries that are there. */
function present<T extends Record<string, unknown>>(values: T, absent: unknown) {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== absent)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
