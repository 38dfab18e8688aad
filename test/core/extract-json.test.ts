import { describe, expect, it } from 'vitest';
import { extractJson } from '../../src/core/index.ts';

describe('extractJson', () => {
  it.each([
    ['bare', '{"a":1}', { a: 1 }],
    ['in a fence', 'Sure!\n```json\n{"a":1}\n```\nBye.', { a: 1 }],
    ['in a fence without language', '```\n[1]\n```', [1]],
    ['followed by words', '{"a":"}"} I hope this helps {really}', { a: '}' }],
    ['after words with brackets', 'The set {x} is: {"a":[1,2]}', { a: [1, 2] }],
    ['with escaped quotes', 'x {"a":"\\"}"} y', { a: '"}' }],
    ['nothing', 'I cannot do that.', undefined],
    ['cut off', '{"a":[1,', undefined],
  ])('reads an answer: %s', (_form, text, expected) => {
    expect(extractJson(text)).toEqual(expected);
  });

  it.each([
    ['a number', '42', undefined],
    ['a text', '"yes"', undefined],
    ['a list before an object', 'Of [1, 2] I take {"a":1}', [1, 2]],
  ])('takes structures only: %s', (_form, text, expected) => {
    expect(extractJson(text)).toEqual(expected);
  });

  it('passes over what is not wanted', () => {
    const isObject = (value: unknown): boolean => !Array.isArray(value);
    expect(extractJson('Of [1, 2] I take {"a":1}', isObject)).toEqual({ a: 1 });
    expect(extractJson('```json\n[1]\n```', isObject)).toBeUndefined();
  });
});
