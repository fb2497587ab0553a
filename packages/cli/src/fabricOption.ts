import { type FabricImages, readVolume, type ScanFile, SpondylError } from "@spondyl/core";
import type { Given } from "./command.js";
import { readScanFiles } from "./files.js";
import { text } from "./given.js";

/** What `--fabric` takes. */
export const fabricHelp =
  "folder of six images, xx, yy, zz, yz, xz and xy: the fabric tensor along the axes of LPS, 0 where none is known; of fabric-damage";

const components = ["xx", "yy", "zz", "yz", "xz", "xy"] as const;

/** The measured fabric and the files that it came from; undefined when none is given. @throws SpondylError "bad-input" */
export async function readFabric(
  given: Given,
): Promise<{ readonly images: FabricImages; readonly files: readonly ScanFile[] } | undefined> {
  const folder = text(given, "fabric");
  if (folder === undefined) return undefined;
  const files = await readScanFiles(folder);
  const images = components.map((component) => {
    const own = files.filter(({ name }) => name.split(".")[0] === component);
    if (own.length === 0)
      throw new SpondylError(
        "bad-input",
        `--fabric: ${folder} holds no image called ${component}. Give ${components.join(", ")}, each with .nii.gz, .nrrd or .mha behind it.`,
      );
    return readVolume(own, "fraction");
  });
  return { images, files };
}
