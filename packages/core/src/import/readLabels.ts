import { SpondylError } from "../error.js";
import { sameGrid, type Volume } from "../volume/volume.js";
import { imagesAmong, importLabels } from "./readVolume.js";
import { type ScanFile, unpackZips } from "./scanFile.js";

/** A label map, and the convention of its values where the files tell it. */
export interface Labels {
  readonly labels: Volume<"label">;
  readonly convention?: "verse";
}

/**
 * A label map from one file, or from a folder of one mask per vertebra as TotalSegmentator writes it
 * (`vertebrae_L2.nii.gz`, ...): these become one map with VerSe codes. Other masks in the folder are left aside.
 * @throws SpondylError "bad-input" as `importLabels`, and for masks that lie on different grids
 */
export function readLabels(files: readonly ScanFile[]): Labels {
  const unpacked = unpackZips(files);
  const masks = imagesAmong(unpacked).flatMap((file) => {
    const code = verseCode(file.name);
    return code === undefined ? [] : [{ code, file }];
  });
  return masks.length > 0 && unpacked.length > 1
    ? { labels: merge(masks), convention: "verse" }
    : { labels: importLabels(files) };
}

/** VerSe code of a mask's file name; undefined for what is no vertebra. */
function verseCode(name: string): number | undefined {
  const [, region, number] = /(?:^|[\\/])vertebrae_([CTL])(\d+)\.[^\\/]+$/i.exec(name) ?? [];
  const before = { C: 0, T: 7, L: 19 }[region?.toUpperCase() ?? ""];
  return before === undefined ? undefined : before + Number(number);
}

function merge(masks: readonly { readonly code: number; readonly file: ScanFile }[]): Volume<"label"> {
  let map: Volume<"label"> | undefined;
  for (const { code, file } of masks) {
    const mask = importLabels([file]);
    map ??= { ...mask, data: new Float32Array(mask.data.length) };
    if (!sameGrid(map, mask))
      throw new SpondylError(
        "bad-input",
        `import: ${file.name} lies on another grid than the other masks of its folder. Give masks of one scan.`,
      );
    for (let n = 0; n < mask.data.length; n++) if (mask.data[n] && !map.data[n]) map.data[n] = code;
  }
  return map!;
}
