/** A stream of random numbers that is the same for the same seed, everywhere: a schedule can be played again. */
export interface Random {
  /** A whole number from 0 up to, not including, `bound`. */
  below(bound: number): number;
  chance(probability: number): boolean;
}

// Looked up once: a global costs much more inside a test's own realm.
const { imul } = Math;

/** Mulberry32: 32 bits of state, fast, and good enough to choose who goes next. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    below: (bound) => next() % bound,
    chance: (probability) => next() < probability * 0x1_0000_0000,
  };
}
