import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeNifti } from "@spondyl/core";
import { afterAll, expect, test } from "vitest";
import { dicomFile, sliceTags } from "../../core/test/dicomWriter.js";
import { labelMap, turnedFrame } from "../../core/test/syntheticVertebra.js";
import { segmentCommand } from "../src/commands/segment.js";

const folder = mkdtempSync(join(tmpdir(), "spondyl-segment-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...parts: string[]) => join(folder, ...parts);

let said: string[] = [];
const segment = (labels: string, given: Record<string, string | boolean>) => {
  said = [];
  return segmentCommand.run([at(labels)], given, { say: (message) => said.push(message), stage: () => {} });
};

const map = labelMap(turnedFrame([0, 0, 0], [0, 0, 1], 0), { spacing: [2, 2, 2], label: { body: 1, posterior: 1 } });
writeFileSync(at("labels.nii.gz"), writeNifti(map));

/** A DICOM series with the voxels of the label map, half a voxel further to the left. */
function writeSeries(name: string): void {
  mkdirSync(at(name));
  const [columns, rows, slices] = map.size;
  const pixels = new Uint8Array(Uint16Array.from({ length: columns * rows }, (_, n) => (n % 7 ? 1050 : 24)).buffer);
  for (let k = 0; k < slices; k++) {
    const position: [number, number, number] = [map.origin[0] + 1, map.origin[1], map.origin[2] + 2 * k];
    const size = { "00280010": ["US", rows], "00280011": ["US", columns] } as const;
    const tags = sliceTags(k, { position, spacing: [2, 2], tags: size });
    writeFileSync(at(name, `${k}.dcm`), dicomFile({ ...tags, "7fe00010": ["OW", pixels] }));
  }
}

test("a plain mask on a DICOM folder: one vertebra on the image's grid, in files and in words", async () => {
  writeSeries("ct");
  const { data, text } = await segment("labels.nii.gz", { level: "L2", image: at("ct"), out: at("l2") });
  expect(readdirSync(at("l2")).sort()).toEqual(["body.nii.gz", "posterior.nii.gz", "segment.json"]);
  expect(JSON.parse(readFileSync(at("l2", "segment.json"), "utf8"))).toEqual({ ...data, out: undefined });
  expect(data).toMatchObject({ level: "L2", convention: "single", evidence: { bodyFrom: "geometry" } });
  expect(said.join("\n")).toMatch(/only value of the mask, 1, is read as one whole vertebra/);
  expect(said.join("\n")).toMatch(/resampled to it, nearest voxel/);
  expect(text).toMatch(/L2, labels read as single/);
});

test("a convention that does not fit is refused with the options that mend it", async () => {
  const refused = segment("labels.nii.gz", { level: "L2", convention: "tptbox-subregion", out: at("none") });
  await expect(refused).rejects.toThrow(/does not know 1. Give another --convention, or a --labels-map/);
  expect(readdirSync(folder)).not.toContain("none");
});
