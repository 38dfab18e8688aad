import { describe, expect, it } from 'vitest';
import { compareResults } from '../../src/judges/index.ts';
import { result } from './results.ts';
import { tier } from './tier.ts';

describe('compareResults: cases on which the earlier system went wrong (spec/evaluation.md §7.3)', () => {
  it.each([
    ['integer 1 and double 1.0', 'n BIGINT', [['1']], 'n DOUBLE', [['1.0']], [true, 'exact']],
    ['decimal 1.50 and double 1.5', 'n DECIMAL(5,2)', [['1.50']], 'n DOUBLE', [['1.5']], [true, 'exact']],
    [
      'decimals that differ in the 11th digit',
      'n DECIMAL(20,12)',
      [['1.000000000010']],
      'n DECIMAL(20,12)',
      [['1.000000000020']],
      [true, 'exact'],
    ],
    ['another alias', 'total BIGINT', [['7']], 'sum_of_it BIGINT', [['7']], [true, 'column_alias']],
    ['rows in another order', 'a INT', [['1'], ['2']], 'a INT', [['2'], ['1']], [true, 'exact']],
    [
      'columns in another order and case',
      'a INT, B STRING',
      [['1', 'x']],
      'b STRING, A INT',
      [['x', '1']],
      [true, 'exact'],
    ],
    ['a column missing', 'a INT, b STRING', [['1', 'x']], 'a INT', [['1']], [false, 'column_subset']],
    ['a column more', 'a INT', [['1']], 'a INT, b STRING', [['1', 'x']], [true, 'column_superset']],
    [
      'a column more under other names',
      'a INT',
      [['1']],
      'q INT, b STRING',
      [['1', 'x']],
      [true, 'column_superset'],
    ],
    ['both empty, same columns', 'a INT', [], 'a INT', [], [null, 'both_empty']],
    ['both empty, other columns', 'a INT', [], 'b INT', [], [null, 'both_empty']],
    ['aggregates over nothing on both sides', 'a INT', [[null]], 'b DOUBLE', [[null]], [null, 'both_empty']],
    ['trailing blanks', 'a STRING', [['x ']], 'a STRING', [['x']], [true, 'exact']],
    ['letter case of text', 'a STRING', [['x']], 'a STRING', [['X']], [false, 'mismatch']],
    [
      'a date and the same date as text',
      'a DATE',
      [['2024-01-31']],
      'a STRING',
      [['2024-01-31']],
      [true, 'exact'],
    ],
    ['same shape, other numbers', 'a INT', [['1'], ['2']], 'a INT', [['1'], ['3']], [false, 'mismatch']],
    [
      'one wrong aggregate (a signature never passes)',
      'a DOUBLE',
      [['100.0']],
      'a DOUBLE',
      [['250.0']],
      [false, 'mismatch'],
    ],
    ['boolean and text', 'a BOOLEAN', [['true']], 'a STRING', [['true']], [true, 'exact']],
    ['a mixed-type column', 'a STRING', [['1'], ['x']], 'a STRING', [['x'], ['1']], [true, 'exact']],
    ['duplicate column names', 'a INT, a INT', [['1', '2']], 'a INT, a INT', [['1', '2']], [true, 'exact']],
  ] as const)('%s', (_, expectedColumns, expectedRows, actualColumns, actualRows, outcome) => {
    expect(tier(result(expectedColumns, expectedRows), result(actualColumns, actualRows))).toEqual(outcome);
  });
});

describe('compareResults: values', () => {
  it.each([
    ['NULL is not the empty text', 'a STRING', [[null], ['x']], 'a STRING', [[''], ['x']], false],
    ['NULL is not the text null', 'a STRING', [[null], ['x']], 'a STRING', [['null'], ['x']], false],
    [
      'integers beyond 2^53 keep every digit',
      'a BIGINT',
      [['9007199254740993']],
      'a BIGINT',
      [['9007199254740992']],
      false,
    ],
    ['large integers are exact, not near', 'a BIGINT', [['1000000']], 'a BIGINT', [['1000001']], false],
    [
      'DECIMAL(38) keeps every digit',
      'a DECIMAL(38,2)',
      [['123456789012345678901234567890.12']],
      'a DECIMAL(38,2)',
      [['123456789012345678901234567890.13']],
      false,
    ],
    [
      'a zone offset is only another way to write the moment',
      'a TIMESTAMP',
      [['2024-01-01T12:00:00Z']],
      'a TIMESTAMP',
      [['2024-01-01 14:00:00+02:00']],
      true,
    ],
    [
      'an offset may cross midnight',
      'a TIMESTAMP',
      [['2023-12-31T23:30:00.5Z']],
      'a TIMESTAMP',
      [['2024-01-01T00:30:00.500+01:00']],
      true,
    ],
    [
      'midnight equals the date',
      'a DATE',
      [['2024-01-01']],
      'a TIMESTAMP',
      [['2024-01-01T00:00:00.000Z']],
      true,
    ],
    [
      'noon does not equal the date',
      'a DATE',
      [['2024-01-01']],
      'a TIMESTAMP',
      [['2024-01-01T12:00:00.000Z']],
      false,
    ],
    [
      'TIMESTAMP_NTZ is not shifted',
      'a TIMESTAMP_NTZ',
      [['2024-01-01 12:00:00']],
      'a TIMESTAMP_NTZ',
      [['2024-01-01T12:00:00']],
      true,
    ],
    ['minus zero is zero', 'a DOUBLE', [['-0.0']], 'a INT', [['0']], true],
    ['exponents are only notation', 'a DOUBLE', [['1.5E10']], 'a BIGINT', [['15000000000']], true],
    ['NaN equals NaN', 'a DOUBLE', [['NaN']], 'a DOUBLE', [['nan']], true],
    ['Infinity is not NaN', 'a DOUBLE', [['Infinity']], 'a DOUBLE', [['NaN']], false],
    ['the two infinities differ', 'a DOUBLE', [['-Infinity']], 'a DOUBLE', [['Infinity']], false],
    [
      'key order in structs does not matter',
      'a STRUCT<x INT>',
      [['{"x":1,"y":2}']],
      'a STRUCT<x INT>',
      [['{"y":"2","x":"1"}']],
      true,
    ],
    ['order in arrays does', 'a ARRAY<INT>', [['[1,2]']], 'a ARRAY<INT>', [['[2,1]']], false],
    [
      'big numbers in nested values keep their digits',
      'a ARRAY<BIGINT>',
      [['[9007199254740993]']],
      'a ARRAY<BIGINT>',
      [['[9007199254740992]']],
      false,
    ],
    ['binary compares as text', 'a BINARY', [['AQI=']], 'a BINARY', [['AQI=']], true],
    ['a text that looks like a number stays text', 'a STRING', [['007']], 'a STRING', [['7']], false],
    [
      'columns without types are numbers when all values are',
      'a ',
      [['1.50'], ['2']],
      'a DECIMAL(5,2)',
      [['1.5'], ['2.00']],
      true,
    ],
    [
      'separator characters in texts do not shift cells',
      'a STRING, b STRING',
      [['x\u0001y', 'z']],
      'a STRING, b STRING',
      [['x', 'y\u0001z']],
      false,
    ],
  ] as const)('%s', (_, expectedColumns, expectedRows, actualColumns, actualRows, match) => {
    expect(
      compareResults(result(expectedColumns, expectedRows), result(actualColumns, actualRows)).match,
    ).toBe(match);
  });
});

describe('compareResults: tolerance', () => {
  it.each([
    [
      'floats within 1e-4 pass as approx',
      'a DOUBLE',
      [['1000.0']],
      'a DOUBLE',
      [['1000.05']],
      [true, 'approx'],
    ],
    ['floats beyond do not', 'a DOUBLE', [['1000.0']], 'a DOUBLE', [['1000.2']], [false, 'mismatch']],
    [
      'rounding at the edge of a bucket does not separate',
      'a DOUBLE',
      [['0.1234565000001']],
      'a DOUBLE',
      [['0.1234564999999']],
      [true, 'approx'],
    ],
    [
      'a rounded decimal matches the unrounded one',
      'a DECIMAL(16,6)',
      [['12.345678']],
      'a DECIMAL(12,2)',
      [['12.35']],
      [true, 'approx'],
    ],
    [
      'decimals of one scale are exact',
      'a DECIMAL(12,2)',
      [['123456.78']],
      'a DECIMAL(12,2)',
      [['123456.79']],
      [false, 'mismatch'],
    ],
    [
      'a decimal never rounds to a whole-number type',
      'a INT',
      [['3']],
      'a DECIMAL(5,2)',
      [['3.40']],
      [false, 'mismatch'],
    ],
    [
      'near rows are matched by their keys',
      'k STRING, a DOUBLE',
      [
        ['x', '1'],
        ['y', '2'],
      ],
      'k STRING, a DOUBLE',
      [
        ['y', '2.00001'],
        ['x', '1.00001'],
      ],
      [true, 'approx'],
    ],
    [
      'near values of another key do not help',
      'k STRING, a DOUBLE',
      [
        ['x', '1'],
        ['y', '2'],
      ],
      'k STRING, a DOUBLE',
      [
        ['y', '1.00001'],
        ['x', '2.00001'],
      ],
      [false, 'mismatch'],
    ],
    [
      'an equal row may be the partner of a near one',
      'a DOUBLE, b DOUBLE',
      [
        ['1.0', '5'],
        ['1.0002', '5'],
      ],
      'a DOUBLE, b DOUBLE',
      [
        ['1.0', '5'],
        ['0.9998', '5'],
      ],
      [true, 'approx'],
    ],
    [
      'renamed and near at once',
      'a DOUBLE, n INT',
      [['10.0', '1']],
      'n2 INT, avg DOUBLE',
      [['1', '10.00001']],
      [true, 'approx'],
    ],
    ['NULL is near nothing', 'a DOUBLE', [[null], ['1']], 'a DOUBLE', [['0'], ['1']], [false, 'mismatch']],
  ] as const)('%s', (_, expectedColumns, expectedRows, actualColumns, actualRows, outcome) => {
    expect(tier(result(expectedColumns, expectedRows), result(actualColumns, actualRows))).toEqual(outcome);
  });

  it('can be switched off', () => {
    const sides = [result('a DOUBLE', [['1000.0']]), result('a DOUBLE', [['1000.05']])] as const;
    expect(compareResults(...sides, { tolerance: 0 }).match).toBe(false);
  });

  it.each([[{ tolerance: 2 }], [{ floatDigits: 1.5 }], [{ tolerance: Number.NaN }]])(
    'refuses %j',
    (options) => {
      expect(() => compareResults(result('a INT', []), result('a INT', []), options)).toThrow(/Option '/);
    },
  );
});
