import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lexSql } from '../../src/sql/index.ts';

const shown = (sql: string): string[] => lexSql(sql).map((token) => `${token.kind} ${token.text}`);

describe('lexSql', () => {
  it.each<[name: string, sql: string, tokens: string[]]>([
    ['doubled quotes', "'it''s'", ["string 'it''s'"]],
    ['backslash escapes', String.raw`'it\'s' x`, [String.raw`string 'it\'s'`, 'word x']],
    ['double-quoted strings', '"a ""b"" c"', ['string "a ""b"" c"']],
    ['raw strings, which know no escape', String.raw`r'a\' b`, [String.raw`string r'a\'`, 'word b']],
    ['names in backticks', '`a``b`.`c d`', ['quoted `a``b`', 'operator .', 'quoted `c d`']],
    ['line comments', 'a -- b; c\nd', ['word a', 'comment -- b; c', 'word d']],
    ['nested block comments', 'a /* b /* c */ d */ e', ['word a', 'comment /* b /* c */ d */', 'word e']],
    ['hints', 'SELECT /*+ BROADCAST(t) */ a', ['word SELECT', 'hint /*+ BROADCAST(t) */', 'word a']],
    [
      'numbers',
      '1 1.5 .5 1e3 10L 2.5BD',
      ['number 1', 'number 1.5', 'number .5', 'number 1e3', 'number 10L', 'number 2.5BD'],
    ],
    ['names that begin with a digit', 's.2023_sales', ['word s', 'operator .', 'word 2023_sales']],
    ['parameters', 'a = :x AND ?', ['word a', 'operator =', 'parameter :x', 'word AND', 'parameter ?']],
    ['semi-structured paths', 'raw:a.b', ['word raw', 'operator :', 'word a', 'operator .', 'word b']],
    ['casts', 'a::date', ['word a', 'operator ::', 'word date']],
    [
      'named arguments and lambdas',
      'f(a => 1, x -> y)',
      [
        'word f',
        'operator (',
        'word a',
        'operator =>',
        'number 1',
        'operator ,',
        'word x',
        'operator ->',
        'word y',
        'operator )',
      ],
    ],
    [
      'comparison operators',
      'a <=> b <> c != d',
      ['word a', 'operator <=>', 'word b', 'operator <>', 'word c', 'operator !=', 'word d'],
    ],
    ['template variables', '${catalog}.t', ['template ${catalog}', 'operator .', 'word t']],
    ['letters of any script', 'größe', ['word größe']],
  ])('knows %s', (_name, sql, tokens) => {
    expect(shown(sql)).toEqual(tokens);
  });

  it.each(["'open", '"open', '`open', '/* open', "r'open"])('ends %s with an unterminated token', (sql) => {
    expect(lexSql(`a ${sql}`).at(-1)).toMatchObject({ text: sql, unterminated: true });
  });

  it('covers every character that is no white space, in order', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from(`ab1_.:;,'"\`\\-/*+(){}$ \n=>é😀`)) }),
        (sql) => {
          let end = 0;
          for (const token of lexSql(sql)) {
            expect(sql.slice(end, token.start).trim()).toBe('');
            expect(sql.slice(token.start, token.end)).toBe(token.text);
            expect(token.end).toBeGreaterThan(token.start);
            end = token.end;
          }
          expect(sql.slice(end).trim()).toBe('');
        },
      ),
    );
  });
});
