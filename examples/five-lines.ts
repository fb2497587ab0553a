import { phantom, predict, type Volume, writeNifti } from "@spondyl/core";

const file = (volume: Volume) => [{ name: "volume.nii.gz", bytes: writeNifti(volume) }];
const { scan, labels, inserts } = await phantom({ level: "L2", seed: 7, inserts: true });
const calibration = { kind: "inserts", inserts } as const;
const { stiffnessNPerMm } = await predict({ image: file(scan), labels: file(labels) }, { level: "L2", calibration });
console.log(`${stiffnessNPerMm.toFixed(0)} N/mm`);

export { stiffnessNPerMm };
