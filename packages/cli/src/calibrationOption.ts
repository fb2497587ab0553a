import { type CalibrationMethod, type InternalMethod, type ReferenceMaterial, SpondylError } from "@spondyl/core";

/** What `--calibration` takes, for the help of every command that has it. */
export const calibrationHelp = `how CT numbers become density, one of:
  density[:HA]                       the image is a density already, mg/cm3
  line:SLOPE,INTERCEPT[,HA]          density = SLOPE*HU + INTERCEPT [,slopeSd=S,interceptSd=S]
  inserts:FILE.csv[,HA]              phantom inserts, columns hu,density[,sd]: sd of the mean HU
  mindways:FILE.csv                  Mindways rods, columns hu,density,water[,sd], from the certificate
  internal:air=-957,adipose=-83,blood=39,muscle=25,cortical=1226[,HA]
                                     the patient's tissues, three or more, in HU [,interpolation=log-log];
                                     or internal:FILE.json with the same names
The reference material is K2HPO4 unless HA is named; densities are in mg/cm3.`;

/**
 * The calibration that a user typed.
 *
 * @param spec see `calibrationHelp`
 * @param readText contents of a file that the spec names
 * @throws SpondylError "bad-option" for a spec or a table that does not follow the grammar
 */
export async function parseCalibration(
  spec: string,
  readText: (path: string) => Promise<string>,
): Promise<CalibrationMethod> {
  const colon = spec.indexOf(":");
  const kind = kindOf(spec);
  const rest = colon < 0 ? "" : spec.slice(colon + 1).trim();
  switch (kind) {
    case "density":
      return { kind, ...referenceOf(rest, spec) };
    case "line":
      return parseLine(rest, spec);
    case "inserts": {
      const { path, reference } = pathAndReference(rest, spec);
      const rows = parseTable(await readText(path), ["hu", "density"], path);
      return {
        kind,
        inserts: rows.map(({ hu, density, sd }) => ({ hu: hu!, density: density!, ...sdOf(sd) })),
        ...reference,
      };
    }
    case "mindways": {
      if (!rest) throw wrong(spec, "no file is named");
      const rows = parseTable(await readText(rest), ["hu", "density", "water"], rest);
      return {
        kind,
        rods: rows.map(({ hu, density, water, sd }) => ({ hu: hu!, density: density!, water: water!, ...sdOf(sd) })),
      };
    }
    case "internal":
      return parseInternal(rest, spec, readText);
    default:
      throw wrong(spec, `"${kind}" is not a calibration`);
  }
}

/** The grammar of each kind in one line, for errors. */
const forms = new Map([
  ["inserts", "inserts:FILE.csv[,HA]"],
  ["mindways", "mindways:FILE.csv"],
  ["internal", "internal:air=-957,adipose=-83,cortical=1226[,HA] or internal:FILE.json"],
  ["line", "line:SLOPE,INTERCEPT[,HA]"],
  ["density", "density[:HA]"],
]);

const wrong = (spec: string, what: string) => {
  const form = forms.get(kindOf(spec));
  const cure = form ? `Give ${form}` : `Give one of: ${[...forms.values()].join("; ")}`;
  return new SpondylError("bad-option", `--calibration "${spec}": ${what}. ${cure}.`, { spec });
};

const kindOf = (spec: string) => spec.split(":", 1)[0]!.trim();

const sdOf = (sd: number | undefined) => (sd === undefined ? {} : { sdHu: sd });

const referenceMaterial = (word: string): ReferenceMaterial | undefined =>
  (["K2HPO4", "HA"] as const).find((known) => known.toLowerCase() === word.trim().toLowerCase());

function referenceOf(word: string, spec: string): { reference?: ReferenceMaterial } {
  if (!word) return {};
  const reference = referenceMaterial(word);
  if (!reference) throw wrong(spec, `the reference material "${word}" is unknown`);
  return { reference };
}

/** A file name, and the reference material after its last comma. */
function pathAndReference(rest: string, spec: string) {
  const comma = rest.lastIndexOf(",");
  const reference = comma < 0 ? undefined : referenceMaterial(rest.slice(comma + 1));
  const path = reference ? rest.slice(0, comma).trim() : rest;
  if (!path) throw wrong(spec, "no file is named");
  return { path, reference: reference ? { reference } : {} };
}

function parseLine(rest: string, spec: string): CalibrationMethod {
  const { numbers, named, reference } = parseWords(rest, spec);
  const [slope, intercept] = numbers;
  if (slope === undefined || intercept === undefined || numbers.length > 2)
    throw wrong(spec, "a line needs a slope and an intercept");
  const known = ["slopeSd", "interceptSd"];
  const stranger = [...named.keys()].find((name) => !known.includes(name));
  if (stranger) throw wrong(spec, `"${stranger}" is unknown here`);
  const sds = Object.fromEntries([...named].map(([name, value]) => [name, toNumber(value, spec)]));
  return { kind: "line", slope, intercept, ...reference, ...sds };
}

async function parseInternal(
  rest: string,
  spec: string,
  readText: (path: string) => Promise<string>,
): Promise<InternalMethod> {
  const { path, reference } = pathAndReference(rest, spec);
  if (/\.json$/i.test(path)) return internalOf(parseJson(await readText(path), path), reference, spec);
  const { numbers, named, reference: inline } = parseWords(rest, spec);
  if (numbers.length) throw wrong(spec, "each tissue needs its name, as air=-957");
  return internalOf(Object.fromEntries(named), inline, spec);
}

/** Tissue names are left to the library to check. */
function internalOf(
  { interpolation, reference, ...hu }: Record<string, unknown>,
  given: { reference?: ReferenceMaterial },
  spec: string,
): InternalMethod {
  const own = typeof reference === "string" ? referenceOf(reference, spec) : {};
  if (own.reference && given.reference && own.reference !== given.reference)
    throw wrong(spec, `the reference material is ${given.reference} here and ${own.reference} in the file`);
  return {
    kind: "internal",
    hu: Object.fromEntries(Object.entries(hu).map(([tissue, value]) => [tissue, toNumber(value, spec)])),
    ...own,
    ...given,
    ...(interpolation === undefined ? {} : { interpolation: interpolation as "linear" | "log-log" }), // checked by the library
  };
}

/** Comma-separated numbers, name=value pairs and at most one reference material. */
function parseWords(rest: string, spec: string) {
  const numbers: number[] = [];
  const named = new Map<string, string>();
  let reference: { reference?: ReferenceMaterial } = {};
  for (const word of rest.split(",").map((w) => w.trim())) {
    const equals = word.indexOf("=");
    if (equals > 0) {
      const name = word.slice(0, equals).trim();
      if (named.has(name)) throw wrong(spec, `"${name}" is given twice`);
      named.set(name, word.slice(equals + 1).trim());
    } else if (/^[a-z]/i.test(word)) {
      if (reference.reference) throw wrong(spec, "the reference material is given twice");
      reference = referenceOf(word, spec);
    } else numbers.push(toNumber(word, spec));
  }
  return { numbers, named, reference };
}

function toNumber(value: unknown, spec: string): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) throw wrong(spec, `"${value}" is not a number`);
  return number;
}

function parseJson(text: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw new SpondylError(
      "bad-option",
      `${path}: is not JSON. Give an object as {"air": -957, "cortical": 1226}.`,
      {},
      { cause },
    );
  }
  throw new SpondylError("bad-option", `${path}: holds no object. Give one as {"air": -957, "cortical": 1226}.`);
}

/**
 * Rows of a table by column name. Separated by tabs, semicolons or commas; the first line names the columns, in any
 * order and among others, or is left out for the columns in their usual order. Blank lines and lines that begin with #
 * are skipped, and so are empty cells of "sd".
 */
function parseTable(text: string, columns: readonly string[], path: string): Record<string, number>[] {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() && !line.startsWith("#"));
  const separator = ["\t", ";"].find((mark) => text.includes(mark)) ?? ",";
  const rows = lines.map((line) =>
    line
      .replace(/^\uFEFF/, "")
      .split(separator)
      .map((cell) => cell.trim()),
  );
  const titled = rows[0]?.every((cell) => Number.isNaN(Number(cell)));
  const header = titled ? rows[0]!.map((name) => name.toLowerCase()) : [...columns, "sd"];
  const missing = columns.find((column) => !header.includes(column));
  if (missing)
    throw new SpondylError(
      "bad-option",
      `${path}: has no column "${missing}". Name the columns ${columns.join(",")}[,sd].`,
    );
  const twice = [...columns, "sd"].find((column) => header.indexOf(column) !== header.lastIndexOf(column));
  if (twice) throw new SpondylError("bad-option", `${path}: has two columns "${twice}". Leave one.`);
  const names = [...columns, "sd"].filter((name) => header.includes(name));
  return rows.slice(titled ? 1 : 0).map((cells, row) => {
    const typed = names.map((name) => [name, cells[header.indexOf(name)] ?? ""] as const);
    return Object.fromEntries(
      typed
        .filter(([name, cell]) => cell || name !== "sd")
        .map(([name, cell]) => [name, cellNumber(cell, name, row, path)]),
    );
  });
}

function cellNumber(cell: string, column: string, row: number, path: string): number {
  const value = cell ? Number(cell) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw new SpondylError("bad-option", `${path}: row ${row + 1} has "${cell}" for ${column}. Give a number.`);
}
