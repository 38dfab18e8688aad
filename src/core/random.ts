import { sha256 } from './hash.ts';

/** A source of numbers in [0, 1). `Math.random` satisfies it; tests and simulations pass a seeded one. */
export type Random = () => number;

/**
 * A deterministic generator (sfc32) for simulations and reproducible runs; not for security.
 *
 * @param seed - any text or number; equal seeds give equal sequences
 */
export function seededRandom(seed: string | number): Random {
  const digest = sha256(String(seed));
  let [a, b, c, d] = [0, 8, 16, 24].map((at) => Number.parseInt(digest.slice(at, at + 8), 16)) as [
    number,
    number,
    number,
    number,
  ];
  return () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return (t >>> 0) / 4_294_967_296;
  };
}
