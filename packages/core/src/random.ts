/** A stream of random numbers; the same seed and stream give the same numbers on every machine. */
export interface Random {
  /** The next 32 random bits, as an integer in [0, 2^32). */
  readonly bits: () => number;
  /** Uniform in [0, 1), 53 random bits. */
  readonly uniform: () => number;
  /** Normal, mean 0, standard deviation 1. */
  readonly normal: () => number;
}

/**
 * Small fast counting generator of 32 bits (sfc32): 128 bits of state, period at least 2^32 and about 2^127 on average.
 * Not for cryptography.
 *
 * Source: Doty-Humphrey, PractRand (public domain). Normal numbers: Marsaglia's polar method.
 *
 * @param seed   integer, 0 to 2^53 − 1
 * @param stream integer, 0 to 2^32 − 1: independent numbers for each use of one seed, so that asking more of one use
 *               leaves the others as they were
 */
export function random(seed: number, stream = 0): Random {
  const bits = sfc32(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, stream >>> 0);
  const uniform = () => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53;
  return { bits, uniform, normal: polar(uniform) };
}

function sfc32(a: number, b: number, c: number): () => number {
  let counter = 1;
  const next = () => {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return out >>> 0;
  };
  for (let i = 0; i < 15; i++) next(); // spreads the seed over the state
  return next;
}

/** Two normal numbers from each point that falls into the unit circle. */
function polar(uniform: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1,
        y = 2 * uniform() - 1;
      const s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      spare = y * scale;
      return x * scale;
    }
  };
}
