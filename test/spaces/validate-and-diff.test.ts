import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/core/index.ts';
import {
  canonicalSpace,
  describeChange,
  diffSpaces,
  findColumnConfig,
  findDataSource,
  formatPath,
  instructionText,
  joinCondition,
  parseSpace,
  readAt,
  sameSpace,
  slotsUsed,
  SPACE_LIMITS,
  textOf,
  toTextLines,
  validateSpace,
  writeAt,
} from '../../src/spaces/index.ts';
import type { Space, SpaceProblemCode } from '../../src/spaces/index.ts';
import { arbitrarySpace } from './arbitrary-space.ts';

const id = (n: number) => n.toString(16).padStart(32, '0');
const MARKER = '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--';
const table = (identifier: string, more: object = {}) => ({ identifier, ...more });
/** The order of unknown keys is kept on a round trip, but reordering them is no change of content. */
const onlyUnknownOrderDiffers = (a: Space, b: Space): boolean =>
  hashOf(canonicalSpace(a)) === hashOf(canonicalSpace(b));
const space = (parts: object): Space => parseSpace({ version: 2, ...parts });

describe('validateSpace', () => {
  it('finds nothing in a sound space', () => {
    const sound = space({
      data_sources: {
        tables: [
          table('m.s.orders', {
            column_configs: [
              { column_name: 'a', enable_format_assistance: true, enable_entity_matching: true },
            ],
          }),
          table('m.s.users'),
        ],
      },
      instructions: {
        text_instructions: [{ id: id(1), content: ['Be brief.'] }],
        join_specs: [
          {
            id: id(2),
            left: { identifier: 'm.s.orders', alias: 'orders' },
            right: { identifier: 'm.s.users', alias: 'users' },
            sql: ['`orders`.`u` = `users`.`id`', MARKER],
          },
        ],
        sql_snippets: { filters: [{ id: id(3), sql: ['orders.a = 1'], display_name: 'a is one' }] },
      },
    });
    expect(validateSpace(sound)).toEqual([]);
  });

  const fifty = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
  it.each<[SpaceProblemCode, 'error' | 'warning', string, object]>([
    [
      'ID_FORMAT',
      'error',
      'instructions.text_instructions[0].id',
      { instructions: { text_instructions: [{ id: 'genie_opt', content: ['x'] }] } },
    ],
    [
      'ID_DUPLICATE',
      'error',
      'instructions.sql_snippets.filters[0].id',
      {
        instructions: {
          text_instructions: [{ id: id(1), content: ['x'] }],
          sql_snippets: { filters: [{ id: id(1), sql: ['a.b'], display_name: 'n' }] },
        },
      },
    ],
    [
      'NOT_SORTED',
      'warning',
      'data_sources.tables',
      { data_sources: { tables: [table('m.s.b'), table('m.s.a')] } },
    ],
    [
      'UNKNOWN_KEY',
      'warning',
      'data_sources.tables[0].default_filters',
      { data_sources: { tables: [table('m.s.b', { default_filters: [] })] } },
    ],
    [
      'DUPLICATE_SOURCE',
      'error',
      'data_sources.metric_views[0]',
      { data_sources: { tables: [table('m.s.b')], metric_views: [table('m.s.B')] } },
    ],
    [
      'DUPLICATE_COLUMN',
      'error',
      'data_sources.tables[0].column_configs[1]',
      {
        data_sources: {
          tables: [table('m.s.b', { column_configs: [{ column_name: 'X' }, { column_name: 'x' }] })],
        },
      },
    ],
    [
      'IDENTIFIER_FORM',
      'error',
      'data_sources.tables[0].identifier',
      { data_sources: { tables: [table('s.b')] } },
    ],
    [
      'ENTITY_MATCHING_NEEDS_FORMAT',
      'error',
      'data_sources.tables[0].column_configs[0]',
      {
        data_sources: {
          tables: [table('m.s.b', { column_configs: [{ column_name: 'x', enable_entity_matching: true }] })],
        },
      },
    ],
    [
      'JOIN_SQL_FORM',
      'error',
      'instructions.join_specs[0].sql',
      {
        data_sources: { tables: [table('m.s.a'), table('m.s.b')] },
        instructions: {
          join_specs: [
            { id: id(1), left: { identifier: 'm.s.a' }, right: { identifier: 'm.s.b' }, sql: ['a.x = b.y'] },
          ],
        },
      },
    ],
    [
      'JOIN_SOURCE_UNKNOWN',
      'warning',
      'instructions.join_specs[0].right.identifier',
      {
        data_sources: { tables: [table('m.s.a')] },
        instructions: {
          join_specs: [
            {
              id: id(1),
              left: { identifier: 'm.s.a' },
              right: { identifier: 'm.s.b' },
              sql: ['`a`.`x` = `b`.`y`', MARKER],
            },
          ],
        },
      },
    ],
    [
      'SNIPPET_NAME_MISSING',
      'error',
      'instructions.sql_snippets.measures[0].display_name',
      { instructions: { sql_snippets: { measures: [{ id: id(1), sql: ['SUM(a.b)'] }] } } },
    ],
    [
      'SNIPPET_SQL_EMPTY',
      'error',
      'instructions.sql_snippets.filters[0].sql',
      { instructions: { sql_snippets: { filters: [{ id: id(1), sql: [], display_name: 'n' }] } } },
    ],
    [
      'FILTER_ALIAS',
      'error',
      'instructions.sql_snippets.filters[0].alias',
      {
        instructions: {
          sql_snippets: { filters: [{ id: id(1), sql: ['a.b'], display_name: 'n', alias: 'x' }] },
        },
      },
    ],
    [
      'BENCHMARK_ANSWER_FORM',
      'error',
      'benchmarks.questions[0].answer',
      {
        benchmarks: {
          questions: [{ id: id(1), question: ['q'], answer: [{ format: 'sql', content: ['x'] }] }],
        },
      },
    ],
    [
      'LIMIT_EXCEEDED',
      'error',
      'instructions.text_instructions',
      { instructions: { text_instructions: [1, 2].map((n) => ({ id: id(n), content: ['x'] })) } },
    ],
    [
      'LIMIT_EXCEEDED',
      'warning',
      'data_sources',
      { data_sources: { tables: fifty(31).map((n) => table(`m.s.t${String(n).padStart(3, '0')}`)) } },
    ],
    [
      'LIMIT_EXCEEDED',
      'error',
      'instructions',
      {
        instructions: {
          example_question_sqls: fifty(101).map((n) => ({ id: id(n), question: ['q'], sql: ['s'] })),
        },
      },
    ],
    [
      'LIMIT_EXCEEDED',
      'error',
      'data_sources.tables[0].description[0]',
      { data_sources: { tables: [table('m.s.a', { description: ['x'.repeat(25_001)] })] } },
    ],
  ])('reports %s as %s at %s, and nothing else', (code, severity, path, parts) => {
    const problems = validateSpace(space(parts));
    expect(problems.map((problem) => [problem.code, problem.severity, problem.path])).toEqual([
      [code, severity, path],
    ]);
    expect(problems[0]?.message).toMatch(/\.$/);
  });

  it('gives every limit a positive number and a source', () => {
    for (const limit of Object.values(SPACE_LIMITS)) {
      expect(limit.max).toBeGreaterThan(0);
      expect(limit.source).not.toBe('');
    }
  });

  it('counts described tables, joins and snippets apart from examples, functions and the text block', () => {
    const used = slotsUsed(
      space({
        data_sources: { tables: [table('m.s.a', { description: ['d'] }), table('m.s.b')] },
        instructions: {
          text_instructions: [{ id: id(1), content: ['x'] }],
          example_question_sqls: [{ id: id(2), question: ['q'], sql: ['s'] }],
          sql_functions: [{ id: id(3), identifier: 'm.s.f' }],
          sql_snippets: { measures: [{ id: id(4), sql: ['SUM(a.b)'], display_name: 'n' }] },
        },
      }),
    );
    expect(used).toEqual({ instructions: 3, snippets: 2 });
  });
});

describe('diffSpaces', () => {
  const before = space({
    data_sources: {
      tables: [
        table('m.s.a', { column_configs: [{ column_name: 'x', synonyms: ['ex'] }] }),
        table('m.s.b'),
        table('m.s.c'),
      ],
    },
    instructions: { text_instructions: [{ id: id(1), content: ['one\n', 'two'] }] },
  });

  it('tells items apart by key: one removed table is one change', () => {
    const after = writeAt(before, ['data_sources', 'tables', { by: 'identifier', is: 'm.s.b' }], undefined);
    expect(
      diffSpaces(before, after).map((change) => [change.kind, change.what, formatPath(change.path)]),
    ).toEqual([['removed', 'table', 'data_sources.tables[m.s.b]']]);
  });

  it('says additions and changes with their values in one line each', () => {
    const path = [
      'data_sources',
      'tables',
      { by: 'identifier', is: 'm.s.a' },
      'column_configs',
      { by: 'column_name', is: 'x' },
      'synonyms',
    ];
    const after = writeAt(
      writeAt(before, path, ['ex', 'why']),
      ['data_sources', 'tables', { by: 'identifier', is: 'm.s.d' }],
      table('m.s.d'),
    );
    expect(diffSpaces(before, after).map(describeChange)).toEqual([
      '~ synonyms at data_sources.tables[m.s.a].column_configs[x].synonyms: ["ex"] → ["ex","why"]',
      '+ table at data_sources.tables[m.s.d]: {"identifier":"m.s.d"}',
    ]);
  });

  it('is empty exactly for equal spaces', () => {
    fc.assert(
      fc.property(arbitrarySpace, arbitrarySpace, (a, b) => {
        expect(diffSpaces(a, parseSpace(a))).toEqual([]);
        expect(diffSpaces(a, b).length > 0 || sameSpace(a, b) || onlyUnknownOrderDiffers(a, b)).toBe(true);
        expect(sameSpace(a, b) && diffSpaces(a, b).length > 0).toBe(false);
      }),
    );
  });
});

describe('writeAt', () => {
  it('shares everything off the path', () => {
    const before = space({ data_sources: { tables: [table('m.s.a'), table('m.s.b')] } });
    const after = writeAt(
      before,
      ['data_sources', 'tables', { by: 'identifier', is: 'm.s.a' }, 'description'],
      ['d'],
    );
    expect(after.data_sources?.tables?.[1]).toBe(before.data_sources?.tables?.[1]);
    expect(
      readAt(after, ['data_sources', 'tables', { by: 'identifier', is: 'm.s.a' }, 'description']),
    ).toEqual(['d']);
    expect(
      readAt(before, ['data_sources', 'tables', { by: 'identifier', is: 'm.s.a' }, 'description']),
    ).toBeUndefined();
  });

  it('makes what is missing on the way and returns the input when there is nothing to remove', () => {
    const empty = space({});
    const path = ['instructions', 'join_specs', { by: 'id', is: id(1) }];
    const join = { id: id(1), left: { identifier: 'a.b.c' }, right: { identifier: 'a.b.d' }, sql: [] };
    const added = writeAt(empty, path, join);
    expect(readAt(added, path)).toBe(join);
    expect(writeAt(empty, path, undefined)).toBe(empty);
    expect(sameSpace(writeAt(added, path, undefined), empty)).toBe(true);
  });
});

describe('readers', () => {
  const sources = space({
    data_sources: {
      tables: [table('m.s.Orders', { column_configs: [{ column_name: 'O_Key' }] }), table('m.t.users')],
      metric_views: [table('m.t.orders'), table('m.t.daily')],
    },
  });

  it.each([
    ['M.S.orders', 'm.s.Orders'],
    ['`m`.`s`.`orders`', 'm.s.Orders'],
    ['s.orders', 'm.s.Orders'],
    ['daily', 'm.t.daily'],
    ['orders', null],
    ['rders', null],
    ['nope', null],
    ['', null],
  ])('resolves the name %s to %s', (name, expected) => {
    expect(findDataSource(sources, name)?.identifier ?? null).toBe(expected);
  });

  it('finds columns without regard to case', () => {
    const source = findDataSource(sources, 'm.s.orders')!;
    expect(findColumnConfig(source, '`o_key`')?.column_name).toBe('O_Key');
    expect(findColumnConfig(source, 'other')).toBeNull();
  });

  it('joins and splits texts without loss', () => {
    fc.assert(fc.property(fc.string(), (text) => textOf(toTextLines(text)) === text));
    expect(toTextLines('a\nb')).toEqual(['a\n', 'b']);
    expect(
      instructionText(space({ instructions: { text_instructions: [{ id: id(1), content: ['a\n', 'b'] }] } })),
    ).toBe('a\nb');
  });

  it('reads predicate and relationship of a join', () => {
    const join = {
      id: id(1),
      left: { identifier: 'a' },
      right: { identifier: 'b' },
      sql: ['`a`.`x` = `b`.`y`', MARKER],
    };
    expect(joinCondition(join)).toEqual({ predicate: '`a`.`x` = `b`.`y`', relationship: 'MANY_TO_ONE' });
    expect(joinCondition({ ...join, sql: ['`a`.`x` = `b`.`y`'] }).relationship).toBeNull();
  });
});
