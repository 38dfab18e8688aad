import type { Random } from '../src/core/index.ts';

/** One of the items. @throws {RangeError} when there is none */
export const pick = <T>(items: readonly T[], random: Random): T => {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('There is nothing to pick from.');
  return item;
};

export const shuffled = <T>(items: readonly T[], random: Random): T[] =>
  items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
