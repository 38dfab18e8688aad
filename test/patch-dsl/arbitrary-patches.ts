import fc from 'fast-check';
import type { CatalogSnapshot } from '../../src/ports/index.ts';
import { makePatch } from '../../src/patch-dsl/index.ts';
import type { Patch, PatchPayload, PatchType, Snapshot } from '../../src/patch-dsl/index.ts';
import {
  dataSources,
  exampleSqls,
  instructionText,
  locatedDataSources,
  sampleQuestions,
  snippets,
  SNIPPET_KINDS,
  sqlFunctions,
  textOf,
} from '../../src/spaces/index.ts';
import type { Space } from '../../src/spaces/index.ts';
import { arbitrarySpace } from '../spaces/arbitrary-space.ts';

const COLUMNS = ['alpha', 'beta', 'gamma'];

/** A catalog that fits a space: its data sources with their columns, its functions, and one table more. */
function catalogOf(space: Space): CatalogSnapshot {
  const tables = locatedDataSources(space).map(({ section, source }) => ({
    name: source.identifier,
    kind: section === 'metric_views' ? ('metric_view' as const) : ('table' as const),
    comment: null,
    tags: {},
    columns: [
      ...new Set([...(source.column_configs ?? []).map(({ column_name }) => column_name), ...COLUMNS]),
    ].map((name) => ({
      name,
      type: 'STRING',
      comment: null,
      tags: {},
    })),
    primaryKey: [],
    foreignKeys: [],
    definition: section === 'metric_views' ? METRIC_VIEW : null,
  }));
  const functions = [...new Set(sqlFunctions(space).map(({ identifier }) => identifier))].map((name) => ({
    name,
    comment: null,
    parameters: [],
    returns: [{ name: 'x', type: 'INT' }],
    body: 'SELECT 1',
  }));
  const spare = {
    ...(tables[0] ?? {
      kind: 'table' as const,
      comment: null,
      tags: {},
      primaryKey: [],
      foreignKeys: [],
      definition: null,
    }),
  };
  return {
    tables: [...tables, { ...spare, kind: 'table', definition: null, name: 'spare.s.t', columns: [] }],
    functions,
  };
}

const METRIC_VIEW =
  'version: "1.1"\nsource: a.b.c\ndimensions:\n  - name: alpha\n    expr: alpha\nmeasures:\n  - name: beta\n    expr: SUM(beta)\n  - name: gamma\n    expr: SUM(gamma)\n';

const word = fc.constantFrom('red', 'Green', 'blue sky', 'amber', 'zulu');
const sentence = fc.array(word, { minLength: 2, maxLength: 4 }).map((words) => `${words.join(' ')}.`);

/** One `[type, payload]` that is likely to fit the space; some do not, which is part of the point. */
function arbitraryEdit(space: Space): fc.Arbitrary<readonly [PatchType, object]> {
  const names = dataSources(space).map(({ identifier }) => identifier);
  const table = fc.constantFrom(...(names.length > 0 ? names : ['spare.s.t']));
  const views = space.data_sources?.metric_views?.map(({ identifier }) => identifier) ?? [];
  const mv = fc.constantFrom(...(views.length > 0 ? views : ['spare.s.t']));
  const column = fc.constantFrom(
    ...COLUMNS,
    ...new Set(
      dataSources(space).flatMap((source) =>
        (source.column_configs ?? []).map(({ column_name }) => column_name),
      ),
    ),
  );
  const place = fc.record({ table, column });
  const functions = sqlFunctions(space).map(({ identifier }) => identifier);
  const fn = fc.constantFrom(...(functions.length > 0 ? functions : ['main.fn.none']));
  const passage = fc.constantFrom(instructionText(space).slice(0, 4) || 'x', 'red', 'blue sky');
  const examples = exampleSqls(space).map(({ id }) => id);
  const example = fc.constantFrom(...(examples.length > 0 ? examples : ['none']));
  const samples = sampleQuestions(space)
    .map(({ question }) => textOf(question))
    .filter((text) => text.trim() !== '');
  const measureNames = ['beta', 'gamma', 'delta'];
  const of = <T extends PatchType>(
    type: T,
    payload: fc.Arbitrary<PatchPayload<T>>,
  ): fc.Arbitrary<readonly [PatchType, object]> => payload.map((value) => [type, value] as const);
  const withWord = fc.record({ table, column, synonym: word });
  const snippetEdits = SNIPPET_KINDS.flatMap((kind) => {
    const single = kind.slice(0, -1) as 'filter' | 'expression' | 'measure';
    const targets = snippets(space, kind).map(({ id }) => id);
    const target = fc.constantFrom(...(targets.length > 0 ? targets : ['none']));
    return [
      of(
        `add_sql_snippet_${single}`,
        fc.record({ display_name: word, sql: fc.constantFrom('t.alpha', 't.beta') }),
      ),
      of(
        `update_sql_snippet_${single}`,
        fc.record({ target, set: fc.record({ sql: fc.constantFrom('t.gamma', 't.beta') }) }),
      ),
      of(`remove_sql_snippet_${single}`, fc.record({ target })),
    ];
  });
  return fc.oneof(
    of('add_synonym', withWord),
    of('remove_synonym', withWord),
    of('rename_column_alias', fc.record({ table, column, new_alias: word })),
    of('add_column_description', fc.record({ table, column, text: sentence })),
    of('update_column_description', fc.record({ table, column, new_text: sentence })),
    of('add_description', fc.record({ target: table, text: sentence })),
    of('update_description', fc.record({ target: table, new_text: sentence })),
    of('hide_column', place),
    of('unhide_column', place),
    of('enable_format_assistance', place),
    of('disable_format_assistance', place),
    of('enable_entity_matching', place),
    of('disable_entity_matching', place),
    of('add_table', fc.constant({ asset: { identifier: 'spare.s.t', kind: 'table' as const } })),
    of('remove_table', fc.record({ target: table })),
    of('add_instruction', fc.record({ text: sentence }, { requiredKeys: ['text'] })),
    of('update_instruction', fc.record({ old_text: passage, new_text: sentence })),
    of('remove_instruction', fc.record({ old_text: passage })),
    of(
      'add_default_filter',
      fc.record({ target: table, condition: fc.constantFrom('alpha = 1', 'beta > 2') }),
    ),
    of(
      'remove_default_filter',
      fc.record({ target: table, condition: fc.constantFrom('alpha = 1', 'beta > 2') }),
    ),
    of('add_example_sql', fc.record({ question: sentence, sql: fc.constantFrom('SELECT 1', 'SELECT 2') })),
    of('update_example_sql', fc.record({ target: example, set: fc.record({ usage_guidance: sentence }) })),
    of('remove_example_sql', fc.record({ target: example })),
    of('add_sample_question', fc.record({ question: sentence })),
    of(
      'remove_sample_question',
      fc.record({ question: fc.constantFrom(...(samples.length > 0 ? samples : ['none'])) }),
    ),
    of('remove_tvf', fc.record({ function: fn })),
    of(
      'add_tvf_parameter',
      fc.record({
        function: fn,
        param: fc.record({ name: word.map((text) => text.replace(' ', '_')), type: fc.constant('INT') }),
      }),
    ),
    of('update_tvf_comment', fc.record({ function: fn, sections: fc.record({ purpose: sentence }) })),
    of(
      'add_mv_measure',
      fc.record({
        mv,
        measure: fc.record({ name: fc.constantFrom('delta', 'eps'), expr: fc.constant('COUNT(1)') }),
      }),
    ),
    of(
      'update_mv_measure',
      fc.record({
        mv,
        measure_name: fc.constantFrom(...measureNames),
        set: fc.record({ comment: sentence }),
      }),
    ),
    of('remove_mv_measure', fc.record({ mv, measure_name: fc.constantFrom(...measureNames) })),
    of(
      'add_compliance_tag',
      fc.record({ entity: fc.constant('table' as const), table, tag_key: word, tag_value: word }),
    ),
    ...snippetEdits,
  );
}

export interface World {
  readonly snapshot: Snapshot;
  readonly patches: readonly Patch[];
}

/** A space, a catalog that fits it, and patches on both. */
export const arbitraryWorld = (size: {
  readonly minLength: number;
  readonly maxLength: number;
}): fc.Arbitrary<World> =>
  arbitrarySpace.chain((space) => {
    const snapshot = { space, catalog: catalogOf(space) };
    return fc.array(arbitraryEdit(space), size).map((edits) => ({
      snapshot,
      patches: edits.map(([type, payload], index) =>
        makePatch(type, payload as PatchPayload<PatchType>, {
          id: `P${String(index + 1).padStart(3, '0')}`,
          snapshot,
        }),
      ) as Patch[],
    }));
  });
