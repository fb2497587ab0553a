import { SpondylError } from "../error.js";
import type { Finding } from "../volume/finding.js";
import { gridAxis, type Volume } from "../volume/volume.js";
import { note, repaired, type ScanQuality, warning } from "./quality.js";

/** Below this no tissue, air or noise lies: scanners write -2000, -3024 and the like outside the scanned circle. */
const paddingHu = -1500;
const airHu = -1024;
/** Above this it is metal (or the end of the scale), not bone. */
const metalHu = 3000;
/** Voxels longer than this cannot show end-plates and cortex; the published models use 1 mm. */
const coarseMm = 3;

type Plausibility = Pick<
  ScanQuality,
  "findings" | "minimumHu" | "maximumHu" | "medianHu" | "metalVoxels" | "fieldOfViewMm"
>;

/**
 * Checks that the values can be HU of a body and the grid fine enough; padding becomes air.
 * @throws SpondylError "bad-input" for a flat image, a constant one, or one that holds stored values without their rescale
 */
export function plausibleScan(scan: Volume<"HU">): { scan: Volume<"HU">; plausibility: Plausibility } {
  if (scan.size.some((n) => n < 2))
    throw new SpondylError(
      "bad-input",
      `import: the image has ${scan.size.join(" x ")} voxels: a picture, not a volume. Give the whole scan.`,
      { size: scan.size },
    );
  const filled = withoutPadding(scan);
  const { minimum, maximum, median, metal, offsetLike } = statistics(filled.scan.data);
  if (minimum === maximum)
    throw new SpondylError("bad-input", `import: every voxel is ${minimum}. The image is empty. Give another one.`, {
      value: minimum,
    });
  if (minimum >= 0 && offsetLike > 0.3)
    throw new SpondylError(
      "bad-input",
      `import: no value is below 0 (median ${median}), and ${Math.round(100 * offsetLike)} % lie about 1024: these are stored values without their rescale intercept, not HU. ` +
        "Convert the image again with the rescale applied, or subtract 1024.",
      { minimum, median },
    );
  const findings = [...filled.findings, ...valueFindings(minimum, maximum, metal), ...gridFindings(scan)];
  return {
    scan: filled.scan,
    plausibility: {
      findings,
      minimumHu: minimum,
      maximumHu: maximum,
      medianHu: median,
      metalVoxels: metal,
      fieldOfViewMm: [scan.size[0] * scan.spacing[0], scan.size[1] * scan.spacing[1], scan.size[2] * scan.spacing[2]],
    },
  };
}

function withoutPadding(scan: Volume<"HU">): { scan: Volume<"HU">; findings: readonly Finding[] } {
  let count = 0;
  for (let i = 0; i < scan.data.length; i++) if (scan.data[i]! <= paddingHu) count++;
  if (count === 0) return { scan, findings: [] };
  return {
    scan: { ...scan, data: scan.data.map((v) => (v <= paddingHu ? airHu : v)) },
    findings: [
      repaired(
        "below-air",
        `${count} voxels at or below ${paddingHu} HU lie outside the scanned circle and were set to air, ${airHu} HU.`,
      ),
    ],
  };
}

function valueFindings(minimum: number, maximum: number, metal: number): readonly Finding[] {
  return [
    ...(minimum >= 0
      ? [
          warning(
            "no-air-or-fat",
            `No value is below 0 HU (minimum ${minimum}): the image was masked or clipped, or it is not in HU.`,
          ),
        ]
      : []),
    ...(metal > 0
      ? [
          warning(
            "metal",
            `${metal} voxels are above ${metalHu} HU (up to ${maximum}): metal, whose streaks alter the density of bone near it.`,
          ),
        ]
      : []),
  ];
}

function gridFindings(scan: Volume<"HU">): readonly Finding[] {
  const longest = Math.max(...scan.spacing);
  const codes = ([0, 1, 2] as const).map((a) => anatomical(gridAxis(scan, a)));
  return [
    ...(longest >= coarseMm
      ? [
          warning(
            "coarse",
            `The voxels are ${scan.spacing.map((mm) => Number(mm.toPrecision(4))).join(" x ")} mm: too coarse for a strength; 1 mm or finer is advised.`,
          ),
        ]
      : []),
    ...(codes.join("") !== "LPS" ? [note("stored-axes", `The grid axes run towards ${codes.join(", ")}.`)] : []),
  ];
}

/** L, R, P, A, S or I: where a direction in LPS mostly points. */
function anatomical(v: readonly number[]): string {
  const axis = [0, 1, 2].reduce((best, a) => (Math.abs(v[a]!) > Math.abs(v[best]!) ? a : best), 0);
  return (v[axis]! > 0 ? "LPS" : "RAI")[axis]!;
}

function statistics(data: Float32Array) {
  let minimum = Number.POSITIVE_INFINITY,
    maximum = Number.NEGATIVE_INFINITY,
    metal = 0,
    offsetLike = 0;
  const histogram = new Uint32Array(8192); // HU from -2048, one a bin; the ends gather what lies beyond
  for (let i = 0; i < data.length; i++) {
    const v = data[i]!;
    if (v < minimum) minimum = v;
    if (v > maximum) maximum = v;
    if (v > metalHu) metal++;
    if (v >= 850 && v <= 1250) offsetLike++;
    histogram[Math.max(0, Math.min(8191, Math.floor(v) + 2048))]!++;
  }
  let bin = 0;
  for (let seen = histogram[0]!; 2 * seen < data.length; seen += histogram[++bin]!);
  return { minimum, maximum, median: bin - 2048, metal, offsetLike: offsetLike / data.length };
}
