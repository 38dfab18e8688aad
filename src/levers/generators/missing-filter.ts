import type { Finding } from '../alignment/align.ts';
import type { Element } from '../alignment/element.ts';
import { SUBQUERY } from '../alignment/elements.ts';
import { writeFragment } from '../sql-fragment.ts';
import {
  evidenceConfidence,
  questionsNaming,
  quoteList,
  type Draft,
  type Generator,
  type GeneratorContext,
} from './draft.ts';

/** A rule is a default when this share of the questions on a table follows it, and so many of them. */
export const DEFAULT_FILTER_EVIDENCE = {
  minShare: 0.8,
  minQuestions: 3,
  minQuestionsForSubquery: 2,
} as const;

/**
 * Writes down business rules that answers lacked as a condition: a named filter where a phrase asks
 * for it, a default filter where nearly every question on the table follows it.
 */
export const proposeFilters: Generator = (context) =>
  [...context.findings.values()].flatMap((finding) => proposeFilter(finding, context));

function proposeFilter(finding: Finding, context: GeneratorContext): Draft[] {
  const { element } = finding;
  if (element.kind !== 'predicate') return [];
  const table = context.schema.tables.get(element.table);
  const condition = writeFragment(element.sql, context.schema, element.tables);
  if (table === undefined || condition === null || !table.inSpace) return [];
  const share = defaultShare(element, context);
  if (share !== null) {
    return [
      {
        failure_type: 'missing_filter',
        question_ids: finding.question_ids,
        changes: [{ type: 'add_default_filter', target: table.name, condition }],
        reason: `${Math.round(share * 100)} % of the questions on ${table.name} count only rows where ${condition}`,
        confidence: Math.min(0.9, 0.5 + 0.4 * share),
      },
    ];
  }
  const { phrases } = finding;
  const [first, ...others] = phrases;
  if (first === undefined) return [];
  const surfaces = phrases.map((phrase) => phrase.surface);
  return [
    {
      failure_type: 'missing_filter',
      question_ids: questionsNaming(finding, phrases, context.rows),
      changes: [
        {
          type: 'add_sql_snippet_filter',
          display_name: first.surface,
          sql: condition,
          ...(others.length > 0 ? { synonyms: others.map((phrase) => phrase.surface) } : {}),
          instruction: `${quoteList(surfaces)} means ${condition}.`,
        },
      ],
      reason: `${quoteList(surfaces)} means ${condition}, which the answers did not apply`,
      confidence: evidenceConfidence(
        phrases.map((phrase) => phrase.score),
        new Set(phrases.flatMap((phrase) => phrase.question_ids)).size,
      ),
    },
  ];
}

/** Share of the questions on a table whose answer key applies the rule, or `null` when it is no default. */
function defaultShare(
  { key, table, sql }: Element & { kind: 'predicate' },
  context: GeneratorContext,
): number | null {
  const onTable = context.rows.filter(
    (row) => row.row.facts.expected.engine === 'ast' && row.expected.has(`table:${table}`),
  );
  const following = onTable.filter((row) => row.expected.has(key));
  const { minShare, minQuestions, minQuestionsForSubquery } = DEFAULT_FILTER_EVIDENCE;
  // "The latest load only" is a rule of the table; nobody says it in a question.
  const needed = SUBQUERY.test(sql) ? minQuestionsForSubquery : minQuestions;
  if (following.length < needed || following.length < minShare * onTable.length) return null;
  return following.length / onTable.length;
}
