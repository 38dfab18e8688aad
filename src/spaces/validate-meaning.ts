import { nameKey, nameParts } from '../core/index.ts';
import {
  DATA_SOURCE_SECTIONS,
  joinSpecs,
  matchDataSources,
  SNIPPET_KINDS,
  snippets,
  sqlFunctions,
  textOf,
} from './space-readers.ts';
import type { SpaceProblem, SpaceProblemCode } from './validate-space.ts';
import type { DataSource, Space } from './space.ts';

const problem = (
  code: SpaceProblemCode,
  severity: 'error' | 'warning',
  path: string,
  message: string,
): SpaceProblem => ({ code, severity, path, message });

/** Rules between fields: names, duplicates, joins, snippets, flags, answer keys. */
export const meaningProblems = (space: Space): SpaceProblem[] => [
  ...dataSourceProblems(space),
  ...joinProblems(space),
  ...snippetProblems(space),
  ...benchmarkProblems(space),
];

function dataSourceProblems(space: Space): SpaceProblem[] {
  const problems: SpaceProblem[] = [];
  const seen = new Map<string, string>();
  for (const section of DATA_SOURCE_SECTIONS) {
    space.data_sources?.[section]?.forEach((source, index) => {
      const path = `data_sources.${section}[${index}]`;
      problems.push(...nameProblems(source.identifier, `${path}.identifier`));
      const first = seen.get(nameKey(source.identifier));
      if (first === undefined) seen.set(nameKey(source.identifier), path);
      else
        problems.push(
          problem(
            'DUPLICATE_SOURCE',
            'error',
            path,
            `'${source.identifier}' is listed at ${first} already. Remove one of the two.`,
          ),
        );
      problems.push(...columnProblems(source, path));
    });
  }
  sqlFunctions(space).forEach((fn, index) => {
    problems.push(...nameProblems(fn.identifier, `instructions.sql_functions[${index}].identifier`));
  });
  return problems;
}

const nameProblems = (identifier: string, path: string): SpaceProblem[] =>
  nameParts(identifier).length === 3
    ? []
    : [
        problem(
          'IDENTIFIER_FORM',
          'error',
          path,
          `'${identifier}' is no name of the form catalog.schema.object. Write all three parts.`,
        ),
      ];

function columnProblems(source: DataSource, path: string): SpaceProblem[] {
  const problems: SpaceProblem[] = [];
  const seen = new Set<string>();
  source.column_configs?.forEach((column, index) => {
    const at = `${path}.column_configs[${index}]`;
    const key = column.column_name.toLowerCase();
    if (seen.has(key))
      problems.push(
        problem(
          'DUPLICATE_COLUMN',
          'error',
          at,
          `Column '${column.column_name}' is configured twice. Merge the two.`,
        ),
      );
    seen.add(key);
    if (column.enable_entity_matching === true && column.enable_format_assistance !== true) {
      problems.push(
        problem(
          'ENTITY_MATCHING_NEEDS_FORMAT',
          'error',
          at,
          `Entity matching on '${column.column_name}' needs format assistance. Set enable_format_assistance too.`,
        ),
      );
    }
  });
  return problems;
}

const JOIN_MARKER = /^--rt=FROM_RELATIONSHIP_TYPE_(?:MANY_TO_ONE|ONE_TO_MANY|ONE_TO_ONE|MANY_TO_MANY)--$/;

function joinProblems(space: Space): SpaceProblem[] {
  return joinSpecs(space).flatMap((join, index) => {
    const path = `instructions.join_specs[${index}]`;
    const problems: SpaceProblem[] = [];
    const [condition, marker] = join.sql;
    if (join.sql.length !== 2 || condition?.trim() === '' || !JOIN_MARKER.test(marker?.trim() ?? '')) {
      problems.push(
        problem(
          'JOIN_SQL_FORM',
          'error',
          `${path}.sql`,
          'A join needs two elements: the condition on back-quoted aliases, then --rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE-- or another of the four types.',
        ),
      );
    }
    for (const side of ['left', 'right'] as const) {
      if (matchDataSources(space, join[side].identifier).length === 1) continue;
      problems.push(
        problem(
          'JOIN_SOURCE_UNKNOWN',
          'warning',
          `${path}.${side}.identifier`,
          `'${join[side].identifier}' is no data source of the space. Add it or remove the join.`,
        ),
      );
    }
    return problems;
  });
}

function snippetProblems(space: Space): SpaceProblem[] {
  return SNIPPET_KINDS.flatMap((kind) =>
    snippets(space, kind).flatMap((snippet, index) => {
      const path = `instructions.sql_snippets.${kind}[${index}]`;
      const problems: SpaceProblem[] = [];
      if ((snippet.display_name ?? '').trim() === '') {
        problems.push(
          problem(
            'SNIPPET_NAME_MISSING',
            'error',
            `${path}.display_name`,
            'A snippet needs a display_name. Write one.',
          ),
        );
      }
      if (textOf(snippet.sql).trim() === '') {
        problems.push(
          problem(
            'SNIPPET_SQL_EMPTY',
            'error',
            `${path}.sql`,
            'A snippet needs SQL. Write it or remove the snippet.',
          ),
        );
      }
      if (kind === 'filters' && snippet.alias !== undefined) {
        problems.push(
          problem(
            'FILTER_ALIAS',
            'error',
            `${path}.alias`,
            'The API refuses an alias on filters. Remove it.',
          ),
        );
      }
      return problems;
    }),
  );
}

function benchmarkProblems(space: Space): SpaceProblem[] {
  return (space.benchmarks?.questions ?? []).flatMap((question, index) =>
    question.answer.length === 1 && question.answer[0]?.format === 'SQL'
      ? []
      : [
          problem(
            'BENCHMARK_ANSWER_FORM',
            'error',
            `benchmarks.questions[${index}].answer`,
            'A benchmark question needs exactly one answer of format "SQL". Correct it.',
          ),
        ],
  );
}
