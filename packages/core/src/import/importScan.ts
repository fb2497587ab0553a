import type { Run } from "../run.js";
import type { Volume } from "../volume/volume.js";
import { isDicom } from "./dicomSlice.js";
import { type ImportDicomOptions, importDicom } from "./importDicom.js";
import { plausibleScan } from "./plausibility.js";
import { type Acquisition, type Finding, note, type ScanQuality, warning } from "./quality.js";
import { oneImage, readImage } from "./readVolume.js";
import { type ScanFile, unpackZips } from "./scanFile.js";

/** A CT in HU on an upright, even grid, and what is known and was noticed about it. */
export interface ImportedScan {
  readonly scan: Volume<"HU">;
  readonly quality: ScanQuality;
}

export type ImportScanOptions = ImportDicomOptions;

/**
 * Reads a CT scan: a DICOM series (any files of a folder or zip), NIfTI, NRRD, MHA or MHD, told apart by content.
 * Everything that would make a wrong volume is either an error or a repair that the findings name.
 * @throws SpondylError "bad-input", "bad-option" (a series must be chosen) or "unsupported", with the cure
 */
export async function importScan(
  files: readonly ScanFile[],
  options: ImportScanOptions = {},
  run: Run = {},
): Promise<ImportedScan> {
  const unpacked = unpackZips(files);
  const dicom = unpacked.filter((f) => isDicom(f.bytes));
  const read = dicom.length > 0 ? await fromDicom(dicom, unpacked.length, options, run) : fromImage(unpacked);
  run.signal?.throwIfAborted();
  const { scan, plausibility } = plausibleScan(read.scan);
  run.progress?.(1);
  return {
    scan,
    quality: {
      format: read.format,
      ...plausibility,
      findings: [...read.findings, ...plausibility.findings],
      ...(read.acquisition && { acquisition: read.acquisition }),
    },
  };
}

interface Read {
  readonly format: ScanQuality["format"];
  readonly scan: Volume<"HU">;
  readonly findings: readonly Finding[];
  readonly acquisition?: Acquisition;
}

async function fromDicom(
  dicom: readonly ScanFile[],
  given: number,
  options: ImportScanOptions,
  run: Run,
): Promise<Read> {
  const { scan, findings, acquisition } = await importDicom(dicom, options, run);
  const others = given - dicom.length;
  const skipped = others > 0 ? [note("files-skipped", `${others} files are not DICOM and were left out.`)] : [];
  return { format: "dicom", scan, findings: [...skipped, ...findings], acquisition };
}

function fromImage(files: readonly ScanFile[]): Read {
  const image = oneImage(files);
  const unoriented = warning(
    "no-orientation",
    "The header does not say how the grid lies in the patient: left and right may be swapped.",
  );
  return {
    format: image.format,
    scan: readImage(image, files, "HU"),
    findings: image.oriented ? [] : [unoriented],
  };
}
