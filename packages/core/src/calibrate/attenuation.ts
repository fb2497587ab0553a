/** Tissues that every CT of the trunk shows. */
export const tissues = ["air", "adipose", "muscle", "blood", "cortical"] as const;
export type Tissue = (typeof tissues)[number];

export type Material = Tissue | "water" | "triglyceride" | "K2HPO4" | "HA";

/** How to read between two tabulated energies. */
export type Interpolation = "linear" | "log-log";

/** Tabulated photon energies, keV. No material here has an absorption edge between them. */
const energies = [10, 15, 20, 30, 40, 50, 60, 80, 100, 150, 200] as const;

/** First and last tabulated energy, keV. */
export const energyRangeKeV = [energies[0], energies[energies.length - 1]!] as const;

/**
 * Total mass attenuation coefficient with coherent scattering, cm²/g, at `energies`.
 *
 * Tissues and water: NIST SRD 126 (Hubbell & Seltzer), table 4: dry air near sea level; adipose tissue, whole blood,
 * skeletal muscle and cortical bone after ICRU 44; liquid water. Triglyceride C55H98O6, K2HPO4 and calcium
 * hydroxyapatite Ca10(PO4)6(OH)2: NIST XCOM from their formulas. The choice of materials is that of Michalski et al.
 * 2020 (Med Eng Phys).
 */
const massAttenuation: Readonly<Record<Material, readonly number[]>> = {
  air: [5.12, 1.614, 0.7779, 0.3538, 0.2485, 0.208, 0.1875, 0.1662, 0.1541, 0.1356, 0.1233],
  adipose: [3.268, 1.083, 0.5677, 0.3063, 0.2396, 0.2123, 0.1974, 0.18, 0.1688, 0.15, 0.1368],
  muscle: [5.356, 1.693, 0.8205, 0.3783, 0.2685, 0.2262, 0.2048, 0.1823, 0.1693, 0.1492, 0.1358],
  blood: [5.519, 1.744, 0.8428, 0.3852, 0.2715, 0.2278, 0.2057, 0.1827, 0.1695, 0.1492, 0.1358],
  cortical: [28.51, 9.032, 4.001, 1.331, 0.6655, 0.4242, 0.3148, 0.2229, 0.1855, 0.148, 0.1309],
  water: [5.329, 1.673, 0.8096, 0.3756, 0.2683, 0.2269, 0.2059, 0.1837, 0.1707, 0.1505, 0.137],
  triglyceride: [2.545, 0.8731, 0.4811, 0.2815, 0.2293, 0.2072, 0.1945, 0.1789, 0.1683, 0.1499, 0.1369],
  K2HPO4: [44.87, 14.11, 6.18, 1.975, 0.9327, 0.5573, 0.389, 0.2508, 0.1972, 0.148, 0.1283],
  HA: [47.2, 14.94, 6.56, 2.099, 0.9877, 0.5867, 0.4067, 0.2589, 0.2019, 0.1501, 0.1297],
};

/**
 * Mass attenuation coefficient of a material, cm²/g.
 *
 * @param energyKeV photon energy, 10 to 200 keV
 * @param interpolation "linear" in energy and coefficient, or "log-log" in their logarithms. Attenuation follows power
 *   laws between its edges, so "log-log" is the physics; "linear" is up to 3 % higher half-way between 60 and 80 keV
 */
export function attenuation(material: Material, energyKeV: number, interpolation: Interpolation = "linear"): number {
  const next = Math.max(
    1,
    energies.findIndex((e) => e >= energyKeV),
  );
  const [e0, e1] = [energies[next - 1]!, energies[next]!];
  const [u0, u1] = [massAttenuation[material][next - 1]!, massAttenuation[material][next]!];
  if (interpolation === "linear") return u0 + ((u1 - u0) * (energyKeV - e0)) / (e1 - e0);
  return u0 * (u1 / u0) ** (Math.log(energyKeV / e0) / Math.log(e1 / e0));
}
