/** Two types that must not meet in one set on one object, whichever comes first. */
export interface ConflictRule {
  /** Stable number, shown in findings. */
  readonly number: number;
  readonly first: string;
  /** `*`: any type. */
  readonly second: string;
  /** `object`: the same object key; `container`: `first`'s object is the container of `second`. */
  readonly on: 'object' | 'container';
  readonly severity: 'error' | 'warning';
  readonly because: string;
}

const pair = (number: number, first: string, second: string, because: string): ConflictRule => ({
  number,
  first,
  second,
  on: 'object',
  severity: 'error',
  because,
});

/** The sixteen pairs. @see spec/patch-dsl.md §4 */
export const CONFLICT_RULES: readonly ConflictRule[] = [
  pair(1, 'add_table', 'remove_table', 'they add and remove the same data source'),
  pair(2, 'add_synonym', 'remove_synonym', 'they edit one list of synonyms in opposite directions'),
  pair(3, 'add_instruction', 'remove_instruction', 'they add and remove the same instruction'),
  pair(4, 'add_instruction', 'update_instruction', 'they add and rewrite the same instruction'),
  pair(5, 'update_instruction', 'remove_instruction', 'they rewrite and remove the same instruction'),
  pair(6, 'add_join', 'remove_join', 'they add and remove the same join'),
  pair(7, 'add_default_filter', 'remove_default_filter', 'they add and remove the same filter'),
  pair(8, 'add_tvf_parameter', 'remove_tvf_parameter', 'they add and remove the same parameter'),
  pair(9, 'add_tvf', 'remove_tvf', 'they add and remove the same function'),
  pair(10, 'add_mv_measure', 'remove_mv_measure', 'they add and remove the same measure'),
  pair(11, 'add_mv_dimension', 'remove_mv_dimension', 'they add and remove the same dimension'),
  pair(12, 'add_compliance_tag', 'remove_compliance_tag', 'they set and remove the same tag'),
  pair(13, 'hide_column', 'unhide_column', 'they hide and show the same column'),
  pair(14, 'add_column_description', 'update_column_description', 'two patches write one description'),
  pair(15, 'add_description', 'update_description', 'two patches write one description'),
  pair(16, 'update_mv_measure', 'remove_mv_measure', 'they edit and remove the same measure'),
];

/** Further rules, on unless `parity: 'strict'` is asked for. Conflicts of read and write sets come on top. */
export const EXTENDED_CONFLICT_RULES: readonly ConflictRule[] = [
  {
    number: 17,
    first: 'remove_table',
    second: '*',
    on: 'container',
    severity: 'error',
    because: 'one removes the data source that the other works on',
  },
  {
    number: 18,
    first: 'remove_tvf',
    second: '*',
    on: 'container',
    severity: 'error',
    because: 'one removes the function that the other works on',
  },
  pair(19, 'add_tvf', 'update_tvf_sql', 'both define the function'),
  {
    number: 20,
    first: 'update_mv_yaml',
    second: 'add_mv_measure',
    on: 'container',
    severity: 'error',
    because: 'one replaces the whole definition that the other edits',
  },
  {
    number: 21,
    first: 'update_mv_yaml',
    second: 'update_mv_measure',
    on: 'container',
    severity: 'error',
    because: 'one replaces the whole definition that the other edits',
  },
  {
    number: 22,
    first: 'update_mv_yaml',
    second: 'remove_mv_measure',
    on: 'container',
    severity: 'error',
    because: 'one replaces the whole definition that the other edits',
  },
  {
    number: 23,
    first: 'update_mv_yaml',
    second: 'add_mv_dimension',
    on: 'container',
    severity: 'error',
    because: 'one replaces the whole definition that the other edits',
  },
  {
    number: 24,
    first: 'update_mv_yaml',
    second: 'remove_mv_dimension',
    on: 'container',
    severity: 'error',
    because: 'one replaces the whole definition that the other edits',
  },
  {
    number: 25,
    first: 'update_tvf_sql',
    second: 'add_tvf_parameter',
    on: 'container',
    severity: 'error',
    because: 'one replaces the whole definition that the other edits',
  },
  {
    number: 26,
    first: 'update_tvf_sql',
    second: 'remove_tvf_parameter',
    on: 'container',
    severity: 'error',
    because: 'one replaces the whole definition that the other edits',
  },
  pair(27, 'update_tvf_sql', 'update_tvf_comment', 'one replaces the whole definition that the other edits'),
  pair(28, 'remove_join', 'update_join_condition', 'they edit and remove the same join'),
  pair(29, 'add_join', 'update_join_condition', 'two patches write one join'),
  pair(30, 'remove_default_filter', 'update_filter_condition', 'they edit and remove the same filter'),
  {
    number: 31,
    first: 'hide_column',
    second: 'add_synonym',
    on: 'object',
    severity: 'warning',
    because: 'a hidden column needs no synonym',
  },
  {
    number: 32,
    first: 'hide_column',
    second: 'add_column_description',
    on: 'object',
    severity: 'warning',
    because: 'a hidden column needs no description',
  },
  {
    number: 33,
    first: 'hide_column',
    second: 'update_column_description',
    on: 'object',
    severity: 'warning',
    because: 'a hidden column needs no description',
  },
  pair(34, 'remove_tvf', 'update_tvf_comment', 'one removes the function that the other works on'),
  pair(35, 'remove_tvf', 'update_tvf_sql', 'one removes the function that the other works on'),
];
