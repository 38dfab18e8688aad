import type { Problem } from '../core/index.ts';
import { limitProblems } from './validate-limits.ts';
import { meaningProblems } from './validate-meaning.ts';
import { structureProblems } from './validate-structure.ts';
import type { Space } from './space.ts';

export const SPACE_PROBLEM_CODES = [
  'ID_FORMAT',
  'ID_DUPLICATE',
  'NOT_SORTED',
  'UNKNOWN_KEY',
  'DUPLICATE_SOURCE',
  'DUPLICATE_COLUMN',
  'IDENTIFIER_FORM',
  'LIMIT_EXCEEDED',
  'JOIN_SQL_FORM',
  'JOIN_SOURCE_UNKNOWN',
  'SNIPPET_NAME_MISSING',
  'SNIPPET_SQL_EMPTY',
  'FILTER_ALIAS',
  'ENTITY_MATCHING_NEEDS_FORMAT',
  'BENCHMARK_ANSWER_FORM',
] as const;
export type SpaceProblemCode = (typeof SPACE_PROBLEM_CODES)[number];
export type SpaceProblem = Problem<SpaceProblemCode>;

/**
 * Everything the API would refuse in a space (errors) or answer worse for (warnings); never throws.
 *
 * Wrong order is a warning, because {@link serializeSpace} writes the right one.
 * @see spec/databricks-apis.md §3.3–§3.9
 */
export const validateSpace = (space: Space): SpaceProblem[] => [
  ...structureProblems(space),
  ...meaningProblems(space),
  ...limitProblems(space),
];
