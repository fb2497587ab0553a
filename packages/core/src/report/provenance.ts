import { bytes, count, number } from "./format.js";
import { dataTable, type Fact, factTable, section } from "./markup.js";
import type { Result } from "./result.js";

/** What it takes to get the same numbers again. */
export function provenanceSection({ spondyl, provenance: p, input, case: c }: Result): string {
  const run: Fact[] = [
    ["Spondyl", spondyl?.version],
    ["Schema of result.json", spondyl?.schema],
    ["Fidelity", c?.fidelity],
    ["Protocol", c?.protocol],
    ["Command", p?.command?.split(" ").map(hidePath).join(" ")],
    ["Started", p?.startedAt],
    ["Finished", p?.finishedAt],
  ];
  const machine = Object.entries(p?.machine ?? {}).map(
    ([name, value]): Fact => [machineNames[name] ?? name, measure(name, value)],
  );
  const files = p?.inputs ?? [
    ...(input?.image?.sha256 ? [{ role: "image", sha256: input.image.sha256 }] : []),
    ...(input?.labels?.sha256 ? [{ role: "labels", sha256: input.labels.sha256 }] : []),
  ];
  const hashes = files.map((f) => [f.role, f.sha256, f.bytes === undefined ? "–" : bytes(f.bytes)]);
  const options = flatten(p?.options ?? {}).map(([name, value]) => [name, value]);
  return section(
    "provenance",
    "Provenance",
    `<div class="columns">${factTable("Run", run)}${factTable("Machine", machine)}</div>`,
    dataTable("Input files, by their SHA-256", ["Role", "SHA-256", "Size"], hashes, [2]).replaceAll(
      /<td>([0-9a-f]{64})/g,
      '<td class="hash">$1',
    ),
    dataTable("Options", ["Option", "Value"], options),
  );
}

const machineNames: Readonly<Record<string, string>> = {
  cpu: "Processor",
  cores: "Cores",
  memoryBytes: "Memory",
  platform: "Platform",
  node: "Node.js",
};

const measure = (name: string, value: string | number): string =>
  typeof value === "string"
    ? value
    : name.endsWith("Bytes")
      ? bytes(value)
      : Number.isInteger(value)
        ? count(value)
        : number(value);

/** Nested options as dotted names with their values as text. */
function flatten(value: unknown, name = ""): [string, string][] {
  if (value === undefined) return [];
  if (value !== null && typeof value === "object" && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, inner]) => flatten(inner, name ? `${name}.${key}` : key));
  return [[name, typeof value === "string" ? hidePath(value) : JSON.stringify(value)]];
}

/** Paths and file names may name the patient: they do not enter the report. */
function hidePath(word: string): string {
  const path = /^(~|\.{1,2}|[A-Za-z]:)?[\\/]|\\|[^\s=]\.(nii|nrrd|nhdr|mha|mhd|dcm|zip|gz|json|csv|stl|vti)$/i;
  return path.test(word) || word.split("/").length > 2 ? "(file)" : word;
}
