/**
 * The names of all patch types, in four disjoint families.
 *
 * @see spec/patch-dsl.md §1
 */
export const CORE_PATCH_TYPES = [
  'add_instruction',
  'update_instruction',
  'remove_instruction',
  'add_synonym',
  'remove_synonym',
  'update_description',
  'add_description',
  'add_table',
  'remove_table',
  'hide_column',
  'unhide_column',
  'rename_column_alias',
  'add_column_description',
  'update_column_description',
  'add_join',
  'remove_join',
  'update_join_condition',
  'add_default_filter',
  'remove_default_filter',
  'update_filter_condition',
  'add_tvf_parameter',
  'remove_tvf_parameter',
  'update_tvf_sql',
  'add_tvf',
  'remove_tvf',
  'add_mv_measure',
  'update_mv_measure',
  'remove_mv_measure',
  'add_mv_dimension',
  'remove_mv_dimension',
  'update_mv_yaml',
] as const;

/** Tags that other systems act on; removing one is refused unless the caller allows it. */
export const GOVERNANCE_PATCH_TYPES = ['add_compliance_tag', 'remove_compliance_tag'] as const;

/** Types that imported proposals use for comments in Unity Catalog. */
export const BRIDGE_PATCH_TYPES = ['update_table_comment', 'update_tvf_comment'] as const;

/** Edits of what a space's author writes by hand. */
export const AUTHORING_PATCH_TYPES = [
  'add_example_sql',
  'update_example_sql',
  'remove_example_sql',
  'add_sql_snippet_filter',
  'update_sql_snippet_filter',
  'remove_sql_snippet_filter',
  'add_sql_snippet_expression',
  'update_sql_snippet_expression',
  'remove_sql_snippet_expression',
  'add_sql_snippet_measure',
  'update_sql_snippet_measure',
  'remove_sql_snippet_measure',
  'add_sample_question',
  'remove_sample_question',
  'enable_format_assistance',
  'disable_format_assistance',
  'enable_entity_matching',
  'disable_entity_matching',
] as const;

export const PATCH_TYPES = [
  ...CORE_PATCH_TYPES,
  ...GOVERNANCE_PATCH_TYPES,
  ...BRIDGE_PATCH_TYPES,
  ...AUTHORING_PATCH_TYPES,
] as const;

export type PatchType = (typeof PATCH_TYPES)[number];
