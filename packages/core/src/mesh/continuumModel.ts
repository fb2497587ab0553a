import { SpondylError } from "../error.js";
import { type Ends, visibleEnds } from "../load/ends.js";
import { Compartment, isCap } from "../volume/compartment.js";
import { components } from "../volume/components.js";
import type { Finding } from "../volume/finding.js";
import { type Density, sameGrid, type Volume, voxelCount } from "../volume/volume.js";
import type { VoxelModel } from "../volume/voxelModel.js";
import { addCaps, type CapOptions, type Capped, capSizes } from "./caps.js";
import { endPlateVoxels } from "./endPlateColumns.js";
import { type AppliedLaw, applyLaw, type ModulusOptions } from "./laws.js";
import { yieldStresses } from "./yieldStresses.js";

/** What the load enters through: PMMA caps, the discs of the label map, or the bare end-plates. */
export type EndSupport = "pmma" | "discs" | "none";

export interface ContinuumOptions extends ModulusOptions {
  readonly poisson?: number; // default 0.3 [A: isotropic models in the literature]
  readonly support?: EndSupport; // default "pmma"
  readonly cap?: CapOptions;
  readonly capYieldMPa?: number; // default 70 [A: PMMA in the published spine benchmark]; 0: elastic for ever
  readonly capModulusMPa?: number; // default 2500 [A: PMMA]; for discs give their own, e.g. 8 MPa (Yang 2012) [A]
}

/** What the ends were made of. */
export interface SupportEvidence {
  readonly support: EndSupport;
  readonly thicknessMm?: number;
  readonly intrusionMm?: number;
  readonly modulusMPa?: number;
  readonly inferiorAreaMm2?: number; // of contact with the end-plate, projected along the axis
  readonly superiorAreaMm2?: number;
}

/** A vertebra in which each voxel of bone is one brick with the modulus that its density gives. */
export interface ContinuumModel {
  readonly model: VoxelModel;
  readonly compartments: Volume<"label">; // of every element, caps included; `outside` where there is none
  readonly ends: Ends;
  readonly law: AppliedLaw;
  readonly support: SupportEvidence;
  readonly yieldMPa: Float32Array | undefined; // uniaxial, in compression, by voxel; undefined: the law has none
  readonly elements: number;
  readonly findings: readonly Finding[];
}

/**
 * The finite-element model of a vertebra at the resolution of its image.
 *
 * @param density      mg/cm³, on a grid whose axis 2 is cranial
 * @param compartments `Compartment` codes on the same grid
 * @throws SpondylError "bad-input" when the grids differ or there is no bone; "bad-option" as `applyLaw` and `addCaps`
 */
export function continuumModel(
  density: Density,
  compartments: Volume<"label">,
  {
    poisson = 0.3,
    support = "pmma",
    cap = {},
    capModulusMPa = 2500,
    capYieldMPa = 70,
    floorMPa = 0.1,
    ...law
  }: ContinuumOptions = {},
): ContinuumModel {
  if (!sameGrid(density, compartments))
    throw new SpondylError(
      "bad-input",
      "mesh: density and compartments lie on different grids. Resample one to the other.",
    );
  if (!(capModulusMPa > 0))
    throw new SpondylError(
      "bad-option",
      `mesh: a cap modulus of ${capModulusMPa} MPa carries nothing. Give more than 0.`,
    );
  const applied = applyLaw(density.quantity, { ...law, floorMPa });
  const { findings, ...supported } = withSupport(compartments, support, cap);
  const labels = supported.compartments;
  const modulus = labels.data.map((c, n) =>
    c === Compartment.outside ? 0 : isCap(c) ? capModulusMPa : applied.modulus(density.data[n]!),
  );
  const { compartments: _, ...areas } = supported;
  const evidence = {
    support,
    ...(support === "pmma" && capSizes(cap)),
    ...(support !== "none" && { modulusMPa: capModulusMPa }),
    ...areas,
  };
  const built = assemble({ ...density, quantity: "MPa", data: modulus }, labels, poisson, evidence, applied);
  return {
    ...built,
    yieldMPa: yieldStresses(applied, built.compartments, density.data, capYieldMPa),
    findings: [...findings, ...built.findings],
  };
}

/** Keeps the largest face-connected part and finds the nodes that are loaded. */
function assemble(
  modulus: Volume<"MPa">,
  compartments: Volume<"label">,
  poisson: number,
  support: SupportEvidence,
  law: AppliedLaw,
): Omit<ContinuumModel, "yieldMPa"> {
  const kept = largestPart(modulus);
  const labels = { ...compartments, data: compartments.data.map((c, n) => (kept.modulus.data[n]! > 0 ? c : 0)) };
  const element = kept.modulus.data;
  const ends =
    support.support === "none"
      ? visibleEnds(element, endPlateVoxels(labels), modulus.size, 2, [1], [2])
      : visibleEnds(element, labels.data, modulus.size, 2, [Compartment.inferiorCap], [Compartment.superiorCap]);
  return { model: { modulus: kept.modulus, poisson }, compartments: labels, ends, law, support, ...kept };
}

/** The largest face-connected part of a model: what hangs on by an edge or not at all carries nothing. */
export function largestPart(modulus: Volume<"MPa">): {
  readonly modulus: Volume<"MPa">;
  readonly elements: number;
  readonly findings: readonly Finding[];
} {
  const parts = components(modulus.data, modulus.size, 6);
  const elements = parts.sizes[0] ?? 0;
  if (elements === 0)
    throw new SpondylError(
      "bad-input",
      "mesh: the model has no elements: the modulus is 0 everywhere. Check mask, density and units.",
    );
  const dropped = parts.sizes.reduce((sum, size) => sum + size, 0) - elements;
  const data = modulus.data.map((e, n) => (parts.label[n] === 1 ? e : 0));
  const finding: Finding = {
    code: "loose-elements",
    severity: dropped > 0.01 * elements ? "warning" : "note",
    message: `${dropped} of ${dropped + elements} elements in ${parts.count - 1} loose parts were left out.`,
  };
  return { modulus: { ...modulus, data }, elements, findings: dropped ? [finding] : [] };
}

interface Supported extends Partial<Pick<Capped, "inferiorAreaMm2" | "superiorAreaMm2">> {
  readonly compartments: Volume<"label">;
  readonly findings: readonly Finding[];
}

function withSupport(compartments: Volume<"label">, support: EndSupport, cap: CapOptions): Supported {
  if (support === "pmma") return addCaps(compartments, cap);
  if (support === "none") {
    const bare = compartments.data.map((c) => (isCap(c) ? Compartment.outside : c));
    return { compartments: { ...compartments, data: bare }, findings: [] };
  }
  for (const disc of [Compartment.inferiorCap, Compartment.superiorCap])
    if (!compartments.data.includes(disc))
      throw new SpondylError(
        "bad-option",
        `mesh: the label map has no ${disc === Compartment.inferiorCap ? "inferior" : "superior"} disc. Use PMMA caps or bare end-plates.`,
      );
  return { compartments, findings: [] };
}

/** Nodes that touch an element. */
export function countNodes(modulus: Volume<"MPa">): number {
  const [nx, ny, nz] = modulus.size;
  const touched = new Uint8Array(voxelCount([nx + 1, ny + 1, nz + 1]));
  const row = nx + 1,
    plane = (nx + 1) * (ny + 1);
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        if (!modulus.data[n]) continue;
        const first = i + row * j + plane * k;
        for (const corner of [0, 1, row, row + 1, plane, plane + 1, plane + row, plane + row + 1])
          touched[first + corner] = 1;
      }
  return touched.reduce((sum, t) => sum + t, 0);
}
