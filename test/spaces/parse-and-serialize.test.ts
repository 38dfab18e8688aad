import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalSpace,
  isExactNumber,
  parseSpace,
  sameSpace,
  serializeSpace,
  SpaceFormatError,
  spaceHash,
} from '../../src/spaces/index.ts';
import { arbitrarySpace } from './arbitrary-space.ts';

const id = (n: number) => n.toString(16).padStart(32, '0');

describe('parseSpace', () => {
  it('takes the text, the object and the API envelope around either', () => {
    const text = '{"version":2,"data_sources":{}}';
    const spaces = [
      text,
      JSON.parse(text),
      { space_id: 's', etag: 'e', serialized_space: text },
      { space_id: 's', serialized_space: JSON.parse(text) },
      JSON.stringify({ space_id: 's', serialized_space: text }),
    ].map((input) => serializeSpace(parseSpace(input)));
    expect(new Set(spaces)).toEqual(new Set([text]));
  });

  it('renames the column flags of version 1 and keeps their values and places', () => {
    const space = parseSpace({
      version: 1,
      data_sources: {
        tables: [
          {
            identifier: 'a.b.c',
            column_configs: [{ column_name: 'x', get_example_values: true, build_value_dictionary: false }],
          },
        ],
      },
    });
    expect(space).toEqual({
      version: 2,
      data_sources: {
        tables: [
          {
            identifier: 'a.b.c',
            column_configs: [
              { column_name: 'x', enable_format_assistance: true, enable_entity_matching: false },
            ],
          },
        ],
      },
    });
  });

  it('drops a version-1 flag that stands beside its version-2 name', () => {
    const column = { column_name: 'x', get_example_values: true, enable_format_assistance: false };
    const space = parseSpace({
      version: 2,
      data_sources: { tables: [{ identifier: 'a.b.c', column_configs: [column] }] },
    });
    expect(space.data_sources?.tables?.[0]?.column_configs?.[0]).toEqual({
      column_name: 'x',
      enable_format_assistance: false,
    });
  });

  it('wraps a single string where the format wants a list', () => {
    const space = parseSpace({
      version: 2,
      data_sources: { tables: [{ identifier: 'a.b.c', description: 'orders' }] },
    });
    expect(space.data_sources?.tables?.[0]?.description).toEqual(['orders']);
  });

  it('shares nothing with the object it read', () => {
    const input = { version: 2 as const, data_sources: { tables: [{ identifier: 'a.b.c' }] } };
    const space = parseSpace(input);
    input.data_sources.tables[0]!.identifier = 'changed';
    expect(space.data_sources?.tables?.[0]?.identifier).toBe('a.b.c');
  });

  const cyclic: Record<string, unknown> = { version: 2 };
  cyclic['self'] = cyclic;
  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{"version":2', /it is no JSON/],
    ['an array', [], /found an array/],
    ['nothing', undefined, /no JSON value|found nothing/],
    ['no version', {}, /at version: 1 or 2 is needed, found nothing/],
    ['a version of the future', { version: 3 }, /at version: 1 or 2 is needed, found 3/],
    ['an envelope without content', { space_id: 's', title: 't' }, /include_serialized_space=true/],
    [
      'a table without identifier',
      { version: 2, data_sources: { tables: [{}] } },
      /data_sources\.tables\[0\]\.identifier/,
    ],
    [
      'a number for a text',
      { version: 2, instructions: { text_instructions: [{ id: id(1), content: 5 }] } },
      /text_instructions\[0\]\.content/,
    ],
    ['a cycle', cyclic, /cyclic/],
    ['a function', { version: 2, f: () => 1 }, /at f: a function is no JSON value/],
  ])('refuses %s and names the place', (_name, input, message) => {
    expect(() => parseSpace(input)).toThrow(SpaceFormatError);
    expect(() => parseSpace(input)).toThrow(message);
  });

  it('has code SPACE_FORMAT', () => {
    expect(() => parseSpace('x')).toThrow(expect.objectContaining({ code: 'SPACE_FORMAT' }));
  });
});

describe('round trip', () => {
  it('keeps numbers that JavaScript would write differently', () => {
    const text =
      '{"version":2,"data_sources":{"tables":[{"identifier":"a.b.c","weight":1.0,"big":12345678901234567890,"list":[1e3,-0,0.10,7]}]},"extra":{"deep":[{"n":1.50}]}}';
    expect(serializeSpace(parseSpace(text))).toBe(text);
    expect(serializeSpace(structuredClone(parseSpace(text)))).toBe(text);
    expect(serializeSpace(JSON.parse(JSON.stringify(parseSpace(text))))).toBe(text);
  });

  it('reads such a number as plain data that says its digits', () => {
    const space = parseSpace('{"version":2,"data_sources":{},"n":1.0}');
    expect(space['n']).toEqual({ $number: '1.0' });
    expect(isExactNumber(space['n'])).toBe(true);
  });

  it.each([
    '{"$number":"1.0"}',
    '{"$$number":"1.0"}',
    '{"$number":1.0}',
    '{"$number":{"$number":"x"}}',
    '{"$number":[],"b":1}',
  ])('does not mistake %s of the wire for an exact number', (value) => {
    const text = `{"version":2,"data_sources":{},"odd":${value}}`;
    expect(serializeSpace(parseSpace(text))).toBe(text);
  });

  it('accepts version 2.0', () => {
    expect(parseSpace('{"version":2.0,"data_sources":{}}').version).toBe(2);
  });

  it('keeps prototype-named keys as data', () => {
    const text = '{"version":2,"data_sources":{},"__proto__":{"polluted":true},"constructor":1}';
    const space = parseSpace(text);
    expect(serializeSpace(space)).toBe(text);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((space as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('keeps unknown keys at every depth, after the documented ones and in their order', () => {
    const text =
      '{"zeta":1,"instructions":{"x":[],"join_specs":[]},"version":2,"alpha":{},"data_sources":{"tables":[{"q":null,"identifier":"a.b.c"}]}}';
    expect(serializeSpace(parseSpace(text))).toBe(
      '{"version":2,"data_sources":{"tables":[{"identifier":"a.b.c","q":null}]},"instructions":{"x":[]},"zeta":1,"alpha":{}}',
    );
  });

  it('keeps non-breaking spaces, typographic characters, emoji and lone surrogates', () => {
    const text = JSON.stringify({
      version: 2,
      data_sources: { tables: [{ identifier: 'a.b.c', description: ['a\u00a0b “c” 🙂 \u202e \ud800'] }] },
    });
    expect(serializeSpace(parseSpace(text))).toBe(text);
  });

  it('is lossless and idempotent for any space', () => {
    fc.assert(
      fc.property(arbitrarySpace, (space) => {
        const text = serializeSpace(space);
        const again = parseSpace(text);
        expect(serializeSpace(again)).toBe(text);
        expect(serializeSpace(canonicalSpace(again))).toBe(text);
        expect(canonicalSpace(canonicalSpace(space))).toEqual(canonicalSpace(space));
      }),
    );
  });

  it('does not change its input', () => {
    fc.assert(
      fc.property(arbitrarySpace, (space) => {
        const before = structuredClone(space);
        serializeSpace(space);
        canonicalSpace(space);
        expect(space).toEqual(before);
      }),
    );
  });
});

describe('canonical order', () => {
  it('sorts every list by its key, by code unit', () => {
    const column = (column_name: string) => ({ column_name });
    const space = parseSpace({
      version: 2,
      config: { sample_questions: [2, 1].map((n) => ({ id: id(n), question: ['q'] })) },
      data_sources: {
        tables: ['main.b.t', 'main.B.t', 'main.a.t'].map((identifier) => ({
          identifier,
          column_configs: ['avg_x', 'Patient Id'].map(column),
        })),
        metric_views: ['m.v.b', 'm.v.a'].map((identifier) => ({ identifier })),
      },
      instructions: {
        sql_functions: [
          { id: id(2), identifier: 'm.f.a' },
          { id: id(1), identifier: 'm.f.z' },
          { id: id(1), identifier: 'm.f.b' },
        ],
        example_question_sqls: [
          { id: id(9), question: ['q'], sql: ['s'], parameters: [{ name: 'b' }, { name: 'a' }] },
        ],
      },
    });
    const sorted = canonicalSpace(space);
    expect(sorted.config?.sample_questions?.map((q) => q.id)).toEqual([id(1), id(2)]);
    expect(sorted.data_sources?.tables?.map((t) => t.identifier)).toEqual([
      'main.B.t',
      'main.a.t',
      'main.b.t',
    ]);
    expect(sorted.data_sources?.tables?.[0]?.column_configs?.map((c) => c.column_name)).toEqual([
      'Patient Id',
      'avg_x',
    ]);
    expect(sorted.data_sources?.metric_views?.map((v) => v.identifier)).toEqual(['m.v.a', 'm.v.b']);
    expect(sorted.instructions?.sql_functions?.map((f) => f.identifier)).toEqual(['m.f.b', 'm.f.z', 'm.f.a']);
    expect(sorted.instructions?.example_question_sqls?.[0]?.parameters?.map((p) => p.name)).toEqual([
      'a',
      'b',
    ]);
  });

  it('leaves out empty sections but data_sources', () => {
    const space = parseSpace({
      version: 2,
      config: { sample_questions: [] },
      instructions: { join_specs: [], sql_snippets: { filters: [] } },
      benchmarks: {},
    });
    expect(serializeSpace(space)).toBe('{"version":2,"data_sources":{}}');
  });

  it('gives one hash to an export in descending order and to our own form', () => {
    const questions = [3, 2, 1].map((n) => ({ id: id(n), question: [`q${n}`] }));
    const server = parseSpace({ version: 2, config: { sample_questions: questions } });
    const ours = parseSpace({
      version: 2,
      data_sources: {},
      config: { sample_questions: questions.toReversed() },
    });
    expect(sameSpace(server, ours)).toBe(true);
    expect(spaceHash(server)).toBe(spaceHash(ours));
    expect(spaceHash(server)).toMatch(/^[0-9a-f]{64}$/);
  });
});
