import type { Result } from "./result.js";

/** A published source that the report cites. */
export interface Reference {
  readonly key: string;
  readonly text: string;
  readonly doi?: string; // left out where it could not be checked
  /** Whether this result rests on it. */
  readonly used: (result: Result) => boolean;
}

const law = (name: string) => (result: Result) => result.model?.law?.name.startsWith(name) ?? false;
const strength = (name: string) => (result: Result) => result.strength?.some((s) => s.name === name) ?? false;
const calibration = (method: string) => (result: Result) => result.calibration?.method === method;

const library: readonly Reference[] = [
  {
    key: "kopperdahl2002",
    text: "Kopperdahl DL, Morgan EF, Keaveny TM. Quantitative computed tomography estimates of the mechanical properties of human vertebral trabecular bone. J Orthop Res 2002;20:801–805.",
    used: law("kopperdahl2002"),
  },
  {
    key: "morgan2003",
    text: "Morgan EF, Bayraktar HH, Keaveny TM. Trabecular bone modulus–density relationships depend on anatomic site. J Biomech 2003;36:897–904.",
    doi: "10.1016/S0021-9290(03)00071-X",
    used: law("morgan2003"),
  },
  {
    key: "keller1994",
    text: "Keller TS. Predicting the compressive mechanical behavior of bone. J Biomech 1994;27:1159–1168.",
    doi: "10.1016/0021-9290(94)90056-6",
    used: law("keller1994"),
  },
  {
    key: "michalski2020",
    text: "Michalski AS, Besler BA, Michalak GJ, Boyd SK. CT-based internal density calibration for opportunistic skeletal assessment using abdominal CT scans. Med Eng Phys 2020;78:55–63.",
    doi: "10.1016/j.medengphy.2020.01.009",
    used: calibration("internal"),
  },
  {
    key: "crawford2003",
    text: "Crawford RP, Cann CE, Keaveny TM. Finite element models predict in vitro vertebral body compressive strength better than quantitative computed tomography. Bone 2003;33:744–750.",
    doi: "10.1016/S8756-3282(03)00210-2",
    used: strength("crawford"),
  },
  {
    key: "pistoia2002",
    text: "Pistoia W, van Rietbergen B, Lochmüller EM, Lill CA, Eckstein F, Rüegsegger P. Estimation of distal radius failure load with micro-finite element analysis models based on three-dimensional peripheral quantitative computed tomography images. Bone 2002;30:842–848.",
    doi: "10.1016/S8756-3282(02)00736-6",
    used: strength("pistoia"),
  },
  {
    key: "walle2025",
    text: "Walle M, Matheson BE, Boyd SK. Comparing linear and nonlinear finite element models of vertebral strength across the thoracolumbar spine: a benchmark from density-calibrated computed tomography. GigaScience 2025;14.",
    doi: "10.1093/gigascience/giaf094",
    used: (result) =>
      /^bonelab/.test(result.case?.protocol ?? "") ||
      strength("stiffness-times-0.2mm")(result) ||
      strength("crawford")(result),
  },
];

/** The sources that this result rests on, in the order of the list. */
export const referencesOf = (result: Result): Reference[] => library.filter((reference) => reference.used(result));
