import { describe, expect, it } from 'vitest';
import { compareResults, type CompareOptions } from '../../src/judges/index.ts';
import { result } from './results.ts';
import { tier } from './tier.ts';

describe('compareResults: columns', () => {
  it('tells two columns of equal values apart by the rows they stand in', () => {
    const expected = result('a INT, b INT, c STRING', [
      ['1', '2', 'x'],
      ['2', '1', 'y'],
    ]);
    expect(
      tier(
        expected,
        result('p INT, q INT, c STRING', [
          ['2', '1', 'x'],
          ['1', '2', 'y'],
        ]),
      ),
    ).toEqual([true, 'column_alias']);
    expect(
      tier(
        expected,
        result('p INT, q INT, c STRING', [
          ['2', '1', 'x'],
          ['2', '1', 'y'],
        ]),
      ),
    ).toEqual([false, 'mismatch']);
  });

  it('does not accept swapped labels', () => {
    const expected = result('low INT, high INT', [['1', '9']]);
    expect(tier(expected, result('low INT, high INT', [['9', '1']]))).toEqual([false, 'mismatch']);
  });

  it('counts the values shown under the name of an optional column', () => {
    const expected = result('name STRING, n INT', [['Germany', '3']]);
    const options: CompareOptions = { optionalColumns: ['n'] };
    expect(tier(expected, result('name STRING', [['Germany']]), options)[0]).toBe(true);
    expect(tier(expected, result('name STRING, n INT', [['Germany', '3']]), options)[0]).toBe(true);
    expect(tier(expected, result('name STRING, N INT', [['Germany', '4']]), options)[0]).toBe(false);
  });

  it('lets optional columns be absent, with or without others in their place', () => {
    const expected = result('code STRING, name STRING, n INT', [['DE', 'Germany', '3']]);
    const options: CompareOptions = { optionalColumns: ['CODE'] };
    expect(tier(expected, result('name STRING, n INT', [['Germany', '3']]), options)).toEqual([
      true,
      'column_subset',
    ]);
    expect(tier(expected, result('who STRING, n INT, x INT', [['Germany', '3', '0']]), options)).toEqual([
      true,
      'column_subset',
    ]);
    expect(tier(expected, result('code STRING, n INT', [['DE', '3']]), options)).toEqual([
      false,
      'column_subset',
    ]);
  });

  it('accepts or refuses more and fewer columns as told', () => {
    const [narrow, wide] = [result('a INT', [['1']]), result('a INT, b INT', [['1', '2']])];
    expect(tier(narrow, wide, { acceptSuperset: false })).toEqual([false, 'column_superset']);
    expect(tier(wide, narrow, { acceptSubset: true })).toEqual([true, 'column_subset']);
  });

  it('does not call a renamed column missing when its values differ too', () => {
    const { diff } = compareResults(
      result('n STRING, total INT', [['x', '1']]),
      result('n STRING, amount INT', [['x', '2']]),
    );
    expect(diff).toMatchObject({ missingColumns: [], extraColumns: [], rowDelta: 0 });
  });

  it('reports what is missing, what is extra and the first row that differs', () => {
    const { diff } = compareResults(
      result('n STRING, total INT', [['x', '1']]),
      result('n STRING, d DATE', [
        ['x', '2024-01-01'],
        ['y', null],
      ]),
    );
    expect(diff).toMatchObject({ missingColumns: ['total'], extraColumns: ['d'], rowDelta: 1 });
    expect(diff?.firstDifference).toContain('only in the answer: (n=y, d=NULL)');
  });
});

describe('compareResults: order, ties and cut-off results', () => {
  const asked = { keys: [1], limit: null, asked: true };
  it('treats rows as a bag and only notes another order', () => {
    const [a, b] = [
      result('n STRING, v INT', [
        ['x', '2'],
        ['y', '1'],
      ]),
      result('n STRING, v INT', [
        ['y', '1'],
        ['x', '2'],
      ]),
    ];
    expect(compareResults(a, b)).toMatchObject({ match: true, orderMatch: null });
    expect(compareResults(a, b, { order: asked })).toMatchObject({ match: true, orderMatch: false });
    expect(compareResults(a, b, { order: { ...asked, asked: false } })).toMatchObject({
      match: true,
      orderMatch: null,
    });
    expect(compareResults(a, b, { order: asked, requireOrder: true })).toMatchObject({ match: false });
  });

  it('does not mind the order of rows that tie', () => {
    const [a, b] = [
      result('n STRING, v INT', [
        ['x', '2'],
        ['y', '2'],
      ]),
      result('n STRING, v INT', [
        ['y', '2'],
        ['x', '2'],
      ]),
    ];
    expect(compareResults(a, b, { order: asked })).toMatchObject({ match: true, orderMatch: true });
  });

  it('recognises another choice among rows that tie at the cut', () => {
    const order = { keys: [1], limit: 2, asked: true };
    const expected = result('n STRING, v INT', [
      ['x', '9'],
      ['y', '5'],
    ]);
    expect(
      tier(
        expected,
        result('n STRING, v INT', [
          ['x', '9'],
          ['z', '5'],
        ]),
        { order },
      ),
    ).toEqual([false, 'tied_limit']);
    expect(
      tier(
        expected,
        result('n STRING, v INT', [
          ['w', '9'],
          ['y', '5'],
        ]),
        { order },
      ),
    ).toEqual([false, 'mismatch']);
    expect(
      tier(
        expected,
        result('n STRING, v INT', [
          ['x', '9'],
          ['z', '5'],
          ['q', '5'],
        ]),
        { order },
      ),
    ).toEqual([false, 'mismatch']);
  });

  it('does not decide on results that were cut off', () => {
    expect(compareResults(result('a INT', [['1']], true), result('a INT', [['1']]))).toMatchObject({
      match: null,
      exclusion: 'row_cap',
      truncated: true,
    });
    expect(
      compareResults(result('a INT', [['1'], ['2']], true), result('a INT', [['1'], ['3']], true)),
    ).toMatchObject({ match: null, exclusion: 'row_cap' });
  });

  it('knows that a cut-off result with too many rows is wrong', () => {
    expect(compareResults(result('a INT', [['1']]), result('a INT', [['1'], ['2']], true))).toMatchObject({
      match: false,
      exclusion: null,
    });
  });

  it('takes the same statement as the same answer', () => {
    expect(tier(result('a INT', []), result('a INT', []), { identicalSql: true })).toEqual([
      true,
      'identical_sql',
    ]);
  });

  it('does not call a result empty because one side is', () => {
    expect(tier(result('a INT', [['1']]), result('a INT', []))).toEqual([false, 'mismatch']);
  });
});

describe('digests', () => {
  it('do not depend on the order of rows and columns', () => {
    const { expectedHash, actualHash } = compareResults(
      result('a INT, b INT', [
        ['1', '2'],
        ['3', '4'],
      ]),
      result('b INT, a INT', [
        ['4', '3'],
        ['2', '1'],
      ]),
    );
    expect(expectedHash).toMatch(/^[0-9a-f]{32}$/);
    expect(actualHash).toBe(expectedHash);
  });
});
