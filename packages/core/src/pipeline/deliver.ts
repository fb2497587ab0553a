import { writeGlb } from "../formats/glb.js";
import { writeNifti } from "../formats/nifti.js";
import { writePly } from "../formats/ply.js";
import { writeStl } from "../formats/stl.js";
import { writeVti } from "../formats/vti.js";
import { colourSurface } from "../report/colourSurface.js";
import { modelSurface } from "../report/modelSurface.js";
import { makePictures } from "../report/pictures.js";
import { reportHtml } from "../report/reportHtml.js";
import type { Result } from "../report/result.js";
import { sampleSurface } from "../report/sampleSurface.js";
import { scaleOf } from "../report/scale.js";
import type { Run } from "../run.js";
import { displacementField } from "../solve/fields.js";
import { isBone } from "../volume/compartment.js";
import { type Mask, maskWhere } from "../volume/mask.js";
import { valuesIn } from "../volume/statistics.js";
import type { TriangleMesh } from "../volume/triangleMesh.js";
import type { Prediction } from "./predict.js";

/** The files of a prediction but `result.json`: report, fields on the model's grid (VTI, NIfTI) and surface. */
export async function deliver(
  prediction: Prediction,
  result: Result,
  run: Run = {},
): Promise<Record<string, Uint8Array | string>> {
  const { model, energyDensity } = prediction;
  const bone = boneOf(prediction);
  const surface = modelSurface(bone, energyDensity, {}, run);
  const pictures = await makePictures(
    {
      scan: prediction.imported?.scan ?? prediction.calibration.density,
      labels: model.compartments,
      frame: prediction.segmentation.vertebra.frame,
      strainEnergyDensity: energyDensity,
      density: prediction.modelDensity,
      surface,
      residualHistory: prediction.solution.residualHistory,
      failures: (result.failures ?? []).map((failure, n) => ({
        result: failure,
        damage: prediction.broken[n]!.damage,
      })),
    },
    { strainEnergySampling: "mean over each element", tolerance: prediction.tolerance },
    run,
  );
  run.signal?.throwIfAborted();
  return {
    "report.html": reportHtml(result, pictures),
    "fields.vti": fieldsVti(prediction),
    "modulus.nii.gz": writeNifti(model.model.modulus),
    "compartments.nii.gz": writeNifti(model.compartments),
    "energy-density.nii.gz": writeNifti(energyDensity),
    ...surfaceFiles(surface, prediction, bone),
    ...Object.fromEntries(prediction.broken.map(({ damage }, n) => [`damage-${n + 1}.nii.gz`, writeNifti(damage)])),
  };
}

const boneOf = ({ model: { compartments } }: Prediction): Mask =>
  maskWhere(compartments.data.length, (n) => isBone(compartments.data[n]!));

function fieldsVti({ model, modelDensity, solution, energyDensity, axialStress, broken }: Prediction): Uint8Array {
  const grid = model.model.modulus;
  return writeVti(
    [
      { name: "compartment", data: Uint8Array.from(model.compartments.data) },
      { name: "densityMgPerCm3", data: modelDensity.data },
      { name: "modulusMPa", data: grid.data },
      { name: "strainEnergyDensityMPa", data: energyDensity.data },
      { name: "axialStressMPa", data: axialStress.data },
      { name: "displacementMm", data: displacementField(model.model, solution, "world"), components: 3, at: "node" },
      ...broken.flatMap(({ damage, failedAt, failure }, n) => [
        { name: `damage_${n + 1}`, data: damage.data },
        { name: `failedAtShareOfPath_${n + 1}`, data: failedAt.data },
        {
          name: `displacementAtEndMm_${n + 1}`,
          data: displacementField(model.model, failure, "world"),
          components: 3 as const,
          at: "node" as const,
        },
      ]),
    ],
    grid,
  );
}

function surfaceFiles(surface: TriangleMesh, { energyDensity }: Prediction, bone: Mask) {
  const values = sampleSurface(surface, energyDensity, bone);
  const scale = scaleOf(valuesIn(energyDensity, bone), {
    map: "viridis",
    title: "strain energy density",
    unit: "kJ/m³",
    factor: 1000,
  });
  const scalars = [{ name: "strainEnergyDensityMPa", values }];
  const colours = colourSurface(surface, values, scale);
  return {
    "surface.stl": writeStl(surface),
    "surface.ply": writePly(surface, { scalars, colours }),
    "surface.glb": writeGlb(surface, { scalars, colours }),
  };
}
