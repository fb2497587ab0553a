/** Levels that the phantom can be. Below T4 and above the sacrum the closed form below is a fair likeness. */
export const phantomLevels = [
  ...(["T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12"] as const),
  ...(["L1", "L2", "L3", "L4", "L5"] as const),
] as const;

export type PhantomLevel = (typeof phantomLevels)[number];

/** Size and form of a vertebra; lengths in mm, angles in degrees. */
export interface Dimensions {
  readonly upperWidth: number; // of the end-plates, left to right
  readonly lowerWidth: number;
  readonly upperDepth: number; // of the end-plates, front to back
  readonly lowerDepth: number;
  readonly posteriorHeight: number; // of the body
  readonly wedgeDeg: number; // between the end-plates; > 0 = the body is lower in front
  readonly canalWidth: number;
  readonly canalDepth: number;
  readonly pedicleWidth: number;
  readonly pedicleHeight: number;
  readonly transverseSpan: number; // from tip to tip
  readonly transverseBack: number; // from the back of the body to the tips
  readonly spinousReach: number; // from the back of the body to the tip of the spinous process
  readonly spinousDrop: number; // of that tip below the middle of the body
  readonly spinousHeight: number; // of the spinous process near its tip
  readonly interfacet: number; // between the middles of the two superior facets
  readonly facetDeg: number; // between the facets and the sagittal plane
  readonly upperConcavity: number; // greatest depth of the end-plates
  readonly lowerConcavity: number;
  readonly discHeight: number; // below the vertebra
}

const columns = [
  ...(["upperWidth", "lowerWidth", "upperDepth", "lowerDepth", "posteriorHeight", "wedgeDeg"] as const),
  ...(["canalWidth", "canalDepth", "pedicleWidth", "pedicleHeight"] as const),
  ...(["transverseSpan", "transverseBack", "spinousReach", "spinousDrop", "spinousHeight"] as const),
  ...(["interfacet", "facetDeg", "upperConcavity", "lowerConcavity", "discHeight"] as const),
] as const;

/**
 * One row a level, in the order of `columns`.
 *
 * End-plates, canal, pedicles and transverse span: means of Panjabi et al. 1991 (thoracic) and 1992 (lumbar, Spine
 * 17:299), from memory [B]. Posterior heights: those are of dried-out specimens; here the scale of living people,
 * 26.3 mm at L5 (Cook & Baker 2021, Int J Spine Surg 15:1072 [A]), other levels after it [C]. Wedge: mean of women and
 * men of Masharawi et al. (doi 10.1007/s00586-009-1256-6, table 1 [A]), T9 to L5; 4 degrees above [C]. End-plate
 * concavity: 1.5 mm on average at the lower end-plate of a vertebra and 0.7 mm at the upper (Wang et al. 2012, doi
 * 10.1007/s00586-012-2415-8 [A]); greatest depths of about 1.6 times that [C]. All else: chosen by eye beside
 * published surfaces of real lumbar vertebrae [C].
 */
const table: Readonly<Record<PhantomLevel, readonly number[]>> = {
  T4: [24.5, 26.0, 23.3, 24.5, 18.5, 4.0, 17.0, 16.2, 5.5, 11.9, 60, 26, 46, 31, 7, 22, 78, 0.9, 1.4, 4],
  T5: [24.9, 27.0, 24.3, 25.8, 19.0, 4.0, 17.2, 16.2, 5.4, 11.9, 61, 27, 48, 33, 7, 22, 78, 0.9, 1.4, 4],
  T6: [26.2, 28.2, 26.0, 26.9, 19.6, 4.0, 17.2, 16.4, 5.5, 12.2, 61, 27, 48, 34, 7, 22, 78, 0.9, 1.5, 4],
  T7: [27.8, 29.1, 27.4, 28.5, 20.2, 4.0, 17.3, 16.3, 5.9, 12.1, 61, 27, 48, 34, 7, 22, 78, 1.0, 1.6, 4.5],
  T8: [29.5, 30.5, 27.9, 29.4, 20.9, 4.0, 17.7, 16.1, 6.7, 12.5, 60, 27, 47, 32, 8, 23, 78, 1.0, 1.8, 4.5],
  T9: [30.6, 33.0, 29.3, 31.0, 21.6, 3.8, 17.9, 15.7, 7.4, 13.9, 59, 26, 46, 29, 9, 23, 78, 1.0, 2.0, 5],
  T10: [31.9, 35.4, 30.5, 31.6, 22.8, 3.2, 18.2, 15.5, 7.8, 14.9, 57, 24, 45, 25, 11, 24, 76, 1.1, 2.2, 5.5],
  T11: [34.9, 39.1, 31.9, 31.8, 24.2, 5.0, 19.4, 16.1, 8.5, 17.4, 52, 21, 45, 21, 14, 26, 70, 1.1, 2.4, 6],
  T12: [39.0, 42.1, 32.8, 33.4, 25.6, 4.2, 22.2, 18.1, 8.8, 16.7, 48, 17, 47, 16, 17, 28, 45, 1.2, 2.4, 7],
  L1: [41.2, 43.3, 34.1, 35.3, 26.6, 3.4, 23.7, 16.6, 8.6, 15.9, 71.2, 17, 51, 13, 22, 29, 25, 1.2, 2.4, 8],
  L2: [42.6, 45.5, 34.6, 34.9, 27.4, 1.7, 23.8, 16.2, 8.4, 15.0, 76.1, 17, 53, 12.5, 24, 30, 28, 1.2, 2.4, 9],
  L3: [44.1, 48.0, 35.2, 34.8, 27.4, 0.1, 24.3, 15.8, 10.2, 14.4, 85.7, 17, 53, 12, 24, 33, 34, 1.2, 2.4, 10],
  L4: [46.6, 49.5, 35.5, 33.9, 27.0, -1.9, 25.4, 15.7, 13.5, 15.2, 81.4, 18, 51, 11.5, 22, 37, 43, 1.2, 2.4, 11],
  L5: [47.3, 49.4, 34.7, 33.2, 26.0, -6.2, 27.1, 15.6, 16.1, 16.5, 88.5, 18, 47, 10, 18, 44, 52, 1.2, 2.2, 11],
};

/** Mean dimensions of a level. */
export function dimensionsOf(level: PhantomLevel): Dimensions {
  return Object.fromEntries(columns.map((name, i) => [name, table[level][i]!])) as unknown as Dimensions;
}

/** Code of a level in VerSe label maps. */
export const verseCode = (level: PhantomLevel): number => 11 + phantomLevels.indexOf(level);

/** Codes of the vertebrae next above and below in VerSe label maps; the sacrum is 26. */
export function neighbourCodes(level: PhantomLevel): { readonly above: number; readonly below: number } {
  const code = verseCode(level);
  return { above: code - 1, below: level === "L5" ? 26 : code + 1 };
}
