import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  countingIds,
  HEX_ID,
  isOptimizerError,
  messageOf,
  nameKey,
  nameParts,
  nearestName,
  OptimizerError,
  quoteLiteral,
  quoteName,
  redactSecrets,
  sameObject,
  seededRandom,
  timeOrderedIds,
} from '../../src/core/index.ts';

describe('canonical JSON', () => {
  it('is equal for values that differ in key order only', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
    );
  });

  it('keeps the order of arrays', () => {
    expect(canonicalJson([2, 1])).toBe('[2,1]');
  });
});

describe('object names', () => {
  it.each([
    ['a.b.c', ['a', 'b', 'c']],
    ['`my cat`.b.`odd``name.x`', ['my cat', 'b', 'odd`name.x']],
    ['', []],
  ])('%s falls into parts', (name, parts) => {
    expect(nameParts(name)).toEqual(parts);
  });

  it('compare without regard to case and quotes, by whole parts from the end', () => {
    expect(nameKey('`A`.b.C')).toBe('a.b.c');
    expect(sameObject('main.x.Orders', 'orders')).toBe(true);
    expect(sameObject('main.x.reorders', 'orders')).toBe(false);
  });

  it('quote safely', () => {
    expect(quoteName('a.b`c.d')).toBe('`a`.`b`.`c`.`d`');
    expect(quoteLiteral(`O'Brien\\ \n`)).toBe(`'O\\'Brien\\\\ \\n'`);
  });
});

describe('redaction', () => {
  const token = `dapi${'0123456789abcdef'.repeat(2)}`;

  it.each([
    [`Authorization: Bearer ${token}`],
    [`https://user:hunter2hunter2@host/path`],
    [`client_secret=s3cr3t-value-of-an-app`],
    [JSON.stringify({ token, nested: { password: 'hunter2hunter2' } })],
  ])('leaves no secret in %#', (text) => {
    const redacted = redactSecrets(text);
    for (const secret of [token, 'hunter2hunter2', 's3cr3t-value-of-an-app'])
      expect(redacted).not.toContain(secret);
  });

  it('covers messages and details of errors', () => {
    const error = new OptimizerError(`Failed with Bearer ${token}`, {
      code: 'X',
      details: { token, at: 'host' },
    });
    expect(JSON.stringify(error)).not.toContain(token);
    expect(error.message).not.toContain(token);
    expect(error.toJSON().details).toMatchObject({ at: 'host' });
  });

  it('ends on circular values', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    expect(redactSecrets(circular)).toEqual({ self: '[circular]' });
  });
});

describe('errors', () => {
  it('are recognised across installed copies', () => {
    const foreign = Object.defineProperty(new Error('x'), Symbol.for('genie-optimizer.error'), {
      value: true,
    });
    expect(isOptimizerError(foreign)).toBe(true);
    expect(isOptimizerError(new Error('x'))).toBe(false);
  });

  it.each([
    ['an error', new Error('lost'), 'lost'],
    ['a text', 'lost', 'lost'],
    ['nothing', undefined, 'undefined'],
  ])('say what %s that was thrown says', (_, thrown, expected) => {
    expect(messageOf(thrown)).toBe(expected);
  });
});

describe('ids', () => {
  it('have the form a space demands and sort by time', () => {
    let now = 1_700_000_000_000;
    const next = timeOrderedIds(() => (now += 1), seededRandom(1));
    const ids = Array.from({ length: 50 }, next);
    expect(ids.every((id) => HEX_ID.test(id))).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(50);
    expect(HEX_ID.test(countingIds('ab')())).toBe(true);
  });
});

describe('the seeded generator', () => {
  it('repeats itself and stays within bounds', () => {
    const draw = (seed: number) => Array.from({ length: 1000 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7).every((value) => value >= 0 && value < 1)).toBe(true);
    expect(draw(7).reduce((a, b) => a + b) / 1000).toBeCloseTo(0.5, 1);
  });
});

describe('the nearest name', () => {
  it.each([
    ['optimise', ['optimize', 'demo'], 'optimize'],
    ['xyz', ['optimize', 'demo'], null],
  ])('of %s', (name, candidates, expected) => {
    expect(nearestName(name, candidates)).toBe(expected);
  });
});
