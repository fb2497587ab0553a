import { random } from "./random.js";

/** Normal deviates of mean 0 and SD 1 from a seed (Box–Muller). */
export function normal(seed: number): () => number {
  const next = random(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}
