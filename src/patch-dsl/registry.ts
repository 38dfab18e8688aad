import { addComplianceTag } from './patches/add-compliance-tag.ts';
import { removeComplianceTag } from './patches/remove-compliance-tag.ts';
import { updateTableComment } from './patches/update-table-comment.ts';
import { updateTvfComment } from './patches/update-tvf-comment.ts';
import { addColumnDescription } from './patches/add-column-description.ts';
import { addDefaultFilter } from './patches/add-default-filter.ts';
import { addDescription } from './patches/add-description.ts';
import { addExampleSql } from './patches/add-example-sql.ts';
import { addInstruction } from './patches/add-instruction.ts';
import { addJoin } from './patches/add-join.ts';
import { addMvDimension } from './patches/add-mv-dimension.ts';
import { addMvMeasure } from './patches/add-mv-measure.ts';
import { addSampleQuestion } from './patches/add-sample-question.ts';
import { addSqlSnippetExpression } from './patches/add-sql-snippet-expression.ts';
import { addSqlSnippetFilter } from './patches/add-sql-snippet-filter.ts';
import { addSqlSnippetMeasure } from './patches/add-sql-snippet-measure.ts';
import { addSynonym } from './patches/add-synonym.ts';
import { addTable } from './patches/add-table.ts';
import { addTvfParameter } from './patches/add-tvf-parameter.ts';
import { addTvf } from './patches/add-tvf.ts';
import { disableEntityMatching } from './patches/disable-entity-matching.ts';
import { disableFormatAssistance } from './patches/disable-format-assistance.ts';
import { enableEntityMatching } from './patches/enable-entity-matching.ts';
import { enableFormatAssistance } from './patches/enable-format-assistance.ts';
import { hideColumn } from './patches/hide-column.ts';
import { removeDefaultFilter } from './patches/remove-default-filter.ts';
import { removeExampleSql } from './patches/remove-example-sql.ts';
import { removeInstruction } from './patches/remove-instruction.ts';
import { removeJoin } from './patches/remove-join.ts';
import { removeMvDimension } from './patches/remove-mv-dimension.ts';
import { removeMvMeasure } from './patches/remove-mv-measure.ts';
import { removeSampleQuestion } from './patches/remove-sample-question.ts';
import { removeSqlSnippetExpression } from './patches/remove-sql-snippet-expression.ts';
import { removeSqlSnippetFilter } from './patches/remove-sql-snippet-filter.ts';
import { removeSqlSnippetMeasure } from './patches/remove-sql-snippet-measure.ts';
import { removeSynonym } from './patches/remove-synonym.ts';
import { removeTable } from './patches/remove-table.ts';
import { removeTvfParameter } from './patches/remove-tvf-parameter.ts';
import { removeTvf } from './patches/remove-tvf.ts';
import { renameColumnAlias } from './patches/rename-column-alias.ts';
import { unhideColumn } from './patches/unhide-column.ts';
import { updateColumnDescription } from './patches/update-column-description.ts';
import { updateDescription } from './patches/update-description.ts';
import { updateExampleSql } from './patches/update-example-sql.ts';
import { updateFilterCondition } from './patches/update-filter-condition.ts';
import { updateInstruction } from './patches/update-instruction.ts';
import { updateJoinCondition } from './patches/update-join-condition.ts';
import { updateMvMeasure } from './patches/update-mv-measure.ts';
import { updateMvYaml } from './patches/update-mv-yaml.ts';
import { updateSqlSnippetExpression } from './patches/update-sql-snippet-expression.ts';
import { updateSqlSnippetFilter } from './patches/update-sql-snippet-filter.ts';
import { updateSqlSnippetMeasure } from './patches/update-sql-snippet-measure.ts';
import { updateTvfSql } from './patches/update-tvf-sql.ts';
import type * as z from 'zod';
import { InvalidOptionError } from '../core/index.ts';
import type { AnyPatchDefinition, PatchDefinition } from './define-patch.ts';
import type { PatchEnvelope } from './envelope.ts';
import type { PatchType } from './patch-types.ts';

/** The definition of every type of ours. A type without definition does not compile. */
export const PATCH_DEFINITIONS = {
  add_instruction: addInstruction,
  update_instruction: updateInstruction,
  remove_instruction: removeInstruction,
  add_synonym: addSynonym,
  remove_synonym: removeSynonym,
  update_description: updateDescription,
  add_description: addDescription,
  add_table: addTable,
  remove_table: removeTable,
  hide_column: hideColumn,
  unhide_column: unhideColumn,
  rename_column_alias: renameColumnAlias,
  add_column_description: addColumnDescription,
  update_column_description: updateColumnDescription,
  add_join: addJoin,
  remove_join: removeJoin,
  update_join_condition: updateJoinCondition,
  add_default_filter: addDefaultFilter,
  remove_default_filter: removeDefaultFilter,
  update_filter_condition: updateFilterCondition,
  add_tvf_parameter: addTvfParameter,
  remove_tvf_parameter: removeTvfParameter,
  update_tvf_sql: updateTvfSql,
  add_tvf: addTvf,
  remove_tvf: removeTvf,
  add_mv_measure: addMvMeasure,
  update_mv_measure: updateMvMeasure,
  remove_mv_measure: removeMvMeasure,
  add_mv_dimension: addMvDimension,
  remove_mv_dimension: removeMvDimension,
  update_mv_yaml: updateMvYaml,
  add_compliance_tag: addComplianceTag,
  remove_compliance_tag: removeComplianceTag,
  update_table_comment: updateTableComment,
  update_tvf_comment: updateTvfComment,
  add_example_sql: addExampleSql,
  update_example_sql: updateExampleSql,
  remove_example_sql: removeExampleSql,
  add_sql_snippet_filter: addSqlSnippetFilter,
  update_sql_snippet_filter: updateSqlSnippetFilter,
  remove_sql_snippet_filter: removeSqlSnippetFilter,
  add_sql_snippet_expression: addSqlSnippetExpression,
  update_sql_snippet_expression: updateSqlSnippetExpression,
  remove_sql_snippet_expression: removeSqlSnippetExpression,
  add_sql_snippet_measure: addSqlSnippetMeasure,
  update_sql_snippet_measure: updateSqlSnippetMeasure,
  remove_sql_snippet_measure: removeSqlSnippetMeasure,
  add_sample_question: addSampleQuestion,
  remove_sample_question: removeSampleQuestion,
  enable_format_assistance: enableFormatAssistance,
  disable_format_assistance: disableFormatAssistance,
  enable_entity_matching: enableEntityMatching,
  disable_entity_matching: disableEntityMatching,
} as const satisfies { readonly [T in PatchType]: PatchDefinition<T> };

/** The payload of a type: what a patch has beside the envelope. */
export type PatchPayload<T extends PatchType> = z.output<(typeof PATCH_DEFINITIONS)[T]['schema']>;

/** A patch of one type. */
export type PatchOf<T extends PatchType> = PatchEnvelope & { type: T } & PatchPayload<T>;

/** A patch of any type of ours, told apart by `type`. */
export type Patch = { [T in PatchType]: PatchOf<T> }[PatchType];

/** The types that patches may have: ours, and those that the caller adds. */
export interface PatchRegistry {
  /** The definition of a type; `undefined` for types that the registry does not know. */
  definitionOf(type: string): AnyPatchDefinition | undefined;
  readonly types: readonly string[];
  readonly definitions: readonly AnyPatchDefinition[];
}

/**
 * A registry with our types and those of `extend`, which have the same rights.
 *
 * @throws {InvalidOptionError} when a type of `extend` exists already
 */
export function createPatchRegistry(
  options: { readonly extend?: readonly AnyPatchDefinition[] } = {},
): PatchRegistry {
  const definitions = new Map<string, AnyPatchDefinition>(Object.entries(PATCH_DEFINITIONS));
  for (const definition of options.extend ?? []) {
    if (definitions.has(definition.type))
      throw new InvalidOptionError(
        'extend',
        `defines '${definition.type}', which exists already. Choose another name`,
      );
    definitions.set(definition.type, definition);
  }
  return {
    definitionOf: (type) => definitions.get(type),
    types: [...definitions.keys()],
    definitions: [...definitions.values()],
  };
}

/** Our types alone; what every function uses unless it is given another registry. */
export const DEFAULT_REGISTRY: PatchRegistry = createPatchRegistry();
