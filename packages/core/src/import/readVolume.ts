import { SpondylError } from "../error.js";
import { gunzip, isGzip } from "../formats/gzip.js";
import { isMetaImage, metaImageDataFile, readMetaImage } from "../formats/metaImage.js";
import { readNifti } from "../formats/nifti.js";
import { isNifti, parseNiftiHeader } from "../formats/niftiHeader.js";
import { isNrrd, nrrdDataFile, readNrrd } from "../formats/nrrd.js";
import type { Quantity, Volume } from "../volume/volume.js";
import { type ScanFile, unpackZips } from "./scanFile.js";

/** An image file and what it turned out to be. */
export interface ImageFile extends ScanFile {
  readonly format: "nifti" | "nrrd" | "metaimage";
  readonly oriented: boolean; // whether the header says how the grid lies in the patient
}

/**
 * One volume from NIfTI, NRRD, MHA or MHD files, told apart by their content; zip archives are unpacked in memory.
 * @param files the image, and the data file of a header that names one
 * @throws SpondylError "bad-input" when none or several of the files are images, and as the readers
 */
export function readVolume<Q extends Quantity>(files: readonly ScanFile[], quantity: Q): Volume<Q> {
  const unpacked = unpackZips(files);
  return readImage(oneImage(unpacked), unpacked, quantity);
}

/**
 * A label map: whole numbers, 0 where nothing is labelled.
 * @throws SpondylError "bad-input" also for values that are no labels, naming the first
 */
export function importLabels(files: readonly ScanFile[]): Volume<"label"> {
  const labels = readVolume(files, "label");
  const odd = labels.data.find((v) => !(Number.isInteger(v) && v >= 0 && v < 2 ** 24)); // exact in float32 up to there
  if (odd === undefined) return labels;
  throw new SpondylError(
    "bad-input",
    `import: the label map holds ${odd}, which is no label (0, 1, 2, ...). Give the segmentation, not the image, ` +
      "and resample it with nearest neighbours only.",
    { value: odd },
  );
}

/** The one image among the files; undefined formats are data files or clutter. */
export function oneImage(files: readonly ScanFile[]): ImageFile {
  const images = imagesAmong(files);
  if (images.length === 1) return images[0]!;
  const names = files
    .slice(0, 5)
    .map((f) => f.name)
    .join(", ");
  throw new SpondylError(
    "bad-input",
    images.length === 0
      ? `import: no image among ${files.length} files (${names}${files.length > 5 ? ", ..." : ""}). Give a DICOM folder or zip, .nii, .nii.gz, .nrrd, .nhdr, .mha or .mhd.`
      : `import: ${images.length} images were given (${images.map((f) => f.name).join(", ")}). Give one.`,
    { files: files.length, images: images.map((f) => f.name) },
  );
}

/** Files whose content is that of an image header. */
export const imagesAmong = (files: readonly ScanFile[]): readonly ImageFile[] =>
  files.flatMap((file) => {
    const found = recognise(file);
    return found ? [{ ...file, ...found }] : [];
  });

export function readImage<Q extends Quantity>(image: ImageFile, files: readonly ScanFile[], quantity: Q): Volume<Q> {
  switch (image.format) {
    case "nifti":
      return readNifti(image.bytes, quantity);
    case "nrrd":
      return readNrrd(image.bytes, quantity, companion(files, nrrdDataFile(image.bytes)));
    case "metaimage":
      return readMetaImage(image.bytes, quantity, companion(files, metaImageDataFile(image.bytes)));
  }
}

/** The file that a header names, found by its last path component. */
function companion(files: readonly ScanFile[], named: string | undefined): Uint8Array | undefined {
  const last = (path: string) => path.split(/[\\/]/).at(-1);
  return named === undefined ? undefined : files.find((f) => last(f.name) === last(named))?.bytes;
}

function recognise({ name, bytes }: ScanFile): Pick<ImageFile, "format" | "oriented" | "bytes"> | undefined {
  if (isNrrd(bytes))
    return {
      format: "nrrd",
      oriented: /^space:/m.test(new TextDecoder("latin1").decode(bytes.subarray(0, 4096))),
      bytes,
    };
  if (isMetaImage(bytes)) return { format: "metaimage", oriented: true, bytes };
  const file = isGzip(bytes) && !/\.(zraw|raw)(\.gz)?$/i.test(name) ? gunzip(bytes, name) : bytes; // not twice: kept unpacked
  return isNifti(file)
    ? { format: "nifti", oriented: parseNiftiHeader(file).orientation !== "none", bytes: file }
    : undefined;
}
