import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH_LIMITS, type MlflowFlavor, safeKey, splitBatch } from '../../src/clients/index.ts';
import { InvalidOptionError } from '../../src/core/index.ts';

describe('splitting a batch', () => {
  const batches = fc.record({
    metrics: fc.array(
      fc.record({
        key: fc.constantFrom('a', 'b/mean'),
        value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      }),
      { maxLength: 2500 },
    ),
    params: fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.string({ maxLength: 400 }), { maxKeys: 300 }),
    tags: fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.string({ maxLength: 400, unit: 'grapheme' }), {
      maxKeys: 300,
    }),
  });

  it('keeps every limit of a request, loses nothing and keeps the order', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const requests = splitBatch(batch, 'databricks', 5);
        for (const request of requests) {
          expect(request.metrics.length).toBeLessThanOrEqual(BATCH_LIMITS.metrics);
          expect(request.params.length).toBeLessThanOrEqual(BATCH_LIMITS.params);
          expect(request.tags.length).toBeLessThanOrEqual(BATCH_LIMITS.tags);
          expect(request.metrics.length + request.params.length + request.tags.length).toBeLessThanOrEqual(
            BATCH_LIMITS.total,
          );
        }
        expect(requests.flatMap(({ metrics }) => metrics)).toEqual(
          batch.metrics.map(({ key, value }) => ({ key, value, timestamp: 5, step: 0 })),
        );
        expect(requests.flatMap(({ params }) => params)).toHaveLength(Object.keys(batch.params).length);
        expect(requests.flatMap(({ tags }) => tags)).toHaveLength(Object.keys(batch.tags).length);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps a request under one megabyte, counted in bytes', () => {
    const tags = Object.fromEntries(
      Array.from({ length: 400 }, (_, index) => [`t${index}`, '€'.repeat(5000)]),
    );
    const requests = splitBatch({ tags }, 'open-source', 0);
    for (const request of requests)
      expect(Buffer.byteLength(JSON.stringify({ run_id: 'r'.repeat(40), ...request }))).toBeLessThanOrEqual(
        BATCH_LIMITS.bytes,
      );
    expect(requests.length).toBeGreaterThan(4);
  });

  it.each<[MlflowFlavor, number, number]>([
    ['databricks', 250, 250],
    ['open-source', 6000, 5000],
  ])('cuts values for %s visibly and never in the middle of a character', (flavor, paramLimit, tagLimit) => {
    const text = `${'x'.repeat(paramLimit - 2)}😀${'y'.repeat(10)}`;
    const [request] = splitBatch({ params: { p: text }, tags: { t: 'z'.repeat(9000) } }, flavor, 0);
    expect(request?.params).toEqual([{ key: 'p', value: `${'x'.repeat(paramLimit - 2)}…` }]);
    expect(request?.tags).toEqual([{ key: 't', value: `${'z'.repeat(tagLimit - 1)}…` }]);
  });

  it.each([
    ['schema_accuracy/mean', 'schema_accuracy/mean'],
    ['result (strict)%', 'result _strict__'],
    ['/a//../b', 'a/b'],
    ['k'.repeat(300), 'k'.repeat(250)],
  ])('writes the key %j as %j', (key, expected) => {
    expect(safeKey(key)).toBe(expected);
  });

  it('refuses keys of nothing, and keys that become one', () => {
    expect(() => safeKey('/../')).toThrow(InvalidOptionError);
    expect(() => splitBatch({ params: { 'a%': '1', 'a&': '2' } }, 'databricks', 0)).toThrow(
      /both become 'a_'/,
    );
  });
});
