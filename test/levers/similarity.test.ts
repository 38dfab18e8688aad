import fc from 'fast-check';
import { expect, it } from 'vitest';
import { saysNothingNew, textSimilarity } from '../../src/levers/guards/similarity.ts';

const LONG = [
  'Positions of the orders, one per part and supplier, with what they cost and when they were shipped.',
  'Discounts are shares of the price, taxes are added afterwards, and returned goods keep their line.',
  'A line is open until everything was delivered; quantities are pieces, never boxes or pallets.',
].join(' ');

it.each([
  ['Orders of clients.', 'Orders  of CLIENTS.', true],
  [LONG, LONG.replace('pallets.', 'pallets!'), true],
  [LONG, `${LONG} Also called 'lines'.`, false],
  [
    LONG,
    `${LONG} A line is open until everything was delivered; quantities are pieces, never boxes or pallets.`,
    true,
  ],
  ['Orders.', 'Invoices.', false],
  ['', 'Orders.', false],
  ['', '', true],
])('saysNothingNew #%#', (current, proposed, expected) => {
  expect(saysNothingNew(current, proposed)).toBe(expected);
});

it('is 1 for a text and itself, the same both ways, and never outside 0 and 1', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(textSimilarity(a, a)).toBe(1);
      expect(textSimilarity(a, b)).toBe(textSimilarity(b, a));
      expect(textSimilarity(a, b)).toBeGreaterThanOrEqual(0);
      expect(textSimilarity(a, b)).toBeLessThanOrEqual(1);
    }),
  );
});
