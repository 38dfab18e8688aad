/**
 * What is known of a serialized space, as data: key order, sort keys, which fields are lists of strings.
 *
 * The canonical writer, the reader's repairs, the validator and the diff all walk this one tree.
 * Keys stand in the order in which they are written.
 * @see spec/databricks-apis.md §3.1, §3.4, §3.5
 */
export type FieldShape =
  | { readonly kind: 'value' }
  | { readonly kind: 'text'; readonly required?: true }
  | { readonly kind: 'object'; readonly shape: ObjectShape; readonly required?: true }
  | ListShape;

export interface ListShape {
  readonly kind: 'list';
  readonly shape: ObjectShape;
  /** Keys that the items are sorted by; empty when the order is content. */
  readonly sortKeys: readonly string[];
  /** Key that tells one item from another; `null` when items are told apart by place. */
  readonly identity: string | null;
  /** Word for one item in messages. */
  readonly label: string;
  readonly required?: true;
}

export interface ObjectShape {
  readonly [key: string]: FieldShape;
}

const VALUE = { kind: 'value' } as const;
const TEXT = { kind: 'text' } as const;
const REQUIRED_TEXT = { kind: 'text', required: true } as const;

const list = (
  label: string,
  identity: string | null,
  shape: ObjectShape,
  sortKeys?: readonly string[],
): ListShape => ({
  kind: 'list',
  label,
  identity,
  shape,
  sortKeys: sortKeys ?? (identity === null ? [] : [identity]),
});

const dataSource = (label: string): ListShape =>
  list(label, 'identifier', {
    identifier: VALUE,
    description: TEXT,
    column_configs: list('column', 'column_name', {
      column_name: VALUE,
      description: TEXT,
      synonyms: TEXT,
      exclude: VALUE,
      enable_format_assistance: VALUE,
      enable_entity_matching: VALUE,
    }),
  });

const snippet = (label: string): ListShape =>
  list(label, 'id', {
    id: VALUE,
    sql: REQUIRED_TEXT,
    display_name: VALUE,
    alias: VALUE,
    synonyms: TEXT,
    instruction: TEXT,
    comment: TEXT,
  });

const JOIN_SIDE = { kind: 'object', required: true, shape: { identifier: VALUE, alias: VALUE } } as const;

export const SPACE_SHAPE: ObjectShape = {
  version: VALUE,
  config: {
    kind: 'object',
    shape: { sample_questions: list('sample question', 'id', { id: VALUE, question: REQUIRED_TEXT }) },
  },
  data_sources: {
    kind: 'object',
    required: true,
    shape: { tables: dataSource('table'), metric_views: dataSource('metric view') },
  },
  instructions: {
    kind: 'object',
    shape: {
      text_instructions: list('text instruction', 'id', { id: VALUE, content: REQUIRED_TEXT }),
      example_question_sqls: list('example query', 'id', {
        id: VALUE,
        question: REQUIRED_TEXT,
        sql: REQUIRED_TEXT,
        usage_guidance: TEXT,
        parameters: list('parameter', 'name', {
          name: VALUE,
          type_hint: VALUE,
          description: TEXT,
          default_value: { kind: 'object', required: true, shape: { values: REQUIRED_TEXT } },
        }),
      }),
      sql_functions: list('function', 'id', { id: VALUE, identifier: VALUE, description: VALUE }, [
        'id',
        'identifier',
      ]),
      join_specs: list('join', 'id', {
        id: VALUE,
        left: JOIN_SIDE,
        right: JOIN_SIDE,
        sql: REQUIRED_TEXT,
        comment: TEXT,
        instruction: TEXT,
      }),
      sql_snippets: {
        kind: 'object',
        shape: {
          filters: snippet('filter'),
          expressions: snippet('expression'),
          measures: snippet('measure'),
        },
      },
    },
  },
  benchmarks: {
    kind: 'object',
    shape: {
      questions: list('benchmark question', 'id', {
        id: VALUE,
        question: REQUIRED_TEXT,
        answer: { ...list('answer', null, { format: VALUE, content: REQUIRED_TEXT }), required: true },
        evaluation_note: TEXT,
      }),
    },
  },
};
