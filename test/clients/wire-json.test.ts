import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integerId, parseWireJson } from '../../src/clients/http/wire-json.ts';

describe('JSON at the wire', () => {
  it('reads like JSON.parse what numbers can hold', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\d{16}(?![.e\d])/.test(text));
        expect(parseWireJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps every digit of every integer, and its sign', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }), fc.nat(2), (id, depth) => {
        const wrap = [
          (text: string) => text,
          (text: string) => `[1, ${text}]`,
          (text: string) => `{"a": {"id":${text} }}`,
        ];
        const read = JSON.stringify(parseWireJson((wrap[depth] ?? String)(String(id))));
        expect(read.replaceAll('"', '')).toContain(String(id));
      }),
    );
  });

  it.each([
    ['{"id":9007199254740993}', { id: '9007199254740993' }],
    ['{"id":9007199254740991}', { id: 9007199254740991 }],
    ['{"id":-9007199254740993}', { id: '-9007199254740993' }],
    [
      '{"text":": 9007199254740993","x":1234567890123456.5}',
      { text: ': 9007199254740993', x: 1234567890123456.5 },
    ],
    ['{"x":[1,2e300,12345678901234567890]}', { x: [1, 2e300, '12345678901234567890'] }],
  ])('%s', (text, value) => {
    expect(parseWireJson(text)).toEqual(value);
  });

  it('writes an id as a number with all its digits', () => {
    expect(JSON.stringify({ id: integerId('jobId', '9007199254740993') })).toBe('{"id":9007199254740993}');
    expect(JSON.stringify({ id: integerId('jobId', '007') })).toBe('{"id":7}');
  });
});
