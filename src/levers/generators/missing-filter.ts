import type { Finding } from '../alignment/align.ts';
import type { Element } from '../alignment/element.ts';
import { literalInQuestion, SUBQUERY } from '../alignment/predicate-element.ts';
import { distinctivePhrases } from '../alignment/distinctive.ts';
import { isSaid } from '../alignment/said.ts';
import { indexOfRun } from '../alignment/words.ts';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import { writeFragment } from '../sql-fragment.ts';
import {
  evidenceConfidence,
  questionsNaming,
  quoteList,
  type Draft,
  type Generator,
  type GeneratorContext,
} from './draft.ts';
import { evidentPhrases } from './value-words.ts';

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
export const proposeFilters: Generator = (context) => {
  const together = rulesOfSeveral(context);
  const covered = new Set(together.flatMap((rule) => rule.map(({ element }) => element.key)));
  return [
    ...together.flatMap((rule) => proposeRule(rule, context)),
    ...[...context.findings.values()]
      .filter(({ element }) => !covered.has(element.key))
      .flatMap((finding) => proposeFilter(finding, context)),
  ];
};

/** Conditions on one table that answers lacked and that no key applies without the others: one rule in parts. */
function rulesOfSeveral(context: GeneratorContext): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of context.findings.values()) {
    const { element } = finding;
    if (element.kind !== 'predicate' || element.tables.length > 1) continue;
    if (defaultShare(element, context) !== null) continue;
    if (isSaidToAll(finding, context)) continue;
    const rows = context.rows.filter((row) => row.expected.has(element.key));
    const key = [element.table, ...rows.map((row) => row.row.question_id)].join('\u0001');
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].filter((group) => {
    const [first] = group;
    const sameRows = group.every((finding) => String(finding.question_ids) === String(first?.question_ids));
    // A rule all of whose values the question says is no rule but what was asked.
    return group.length > 1 && sameRows && group.some(({ element }) => !isSpoken(element, first, context));
  });
}

/** Whether the space states the condition for every question that lacked it. */
const isSaidToAll = (finding: Finding, { rows, schema, space }: GeneratorContext): boolean =>
  rows
    .filter((row) => finding.question_ids.includes(row.row.question_id))
    .every((row) => finding.element.kind === 'predicate' && isSaid(finding.element, row, schema, space));

/** Whether the questions say the values of a condition. */
const isSpoken = (element: Element, finding: Finding | undefined, { rows }: GeneratorContext): boolean =>
  element.kind === 'predicate' &&
  element.literals.length > 0 &&
  rows
    .filter((row) => finding?.question_ids.includes(row.row.question_id))
    .every((row) => element.literals.every((literal) => literalInQuestion(literal, row.folded)));

function proposeRule(rule: readonly Finding[], context: GeneratorContext): Draft[] {
  const [first] = rule;
  const row = context.rows.find((item) => first?.question_ids.includes(item.row.question_id));
  const parts = rule.map(({ element }) =>
    element.kind === 'predicate' ? writeFragment(element.sql, context.schema, element.tables) : null,
  );
  if (first === undefined || row === undefined || parts.includes(null)) return [];
  const table = context.schema.tables.get('table' in first.element ? first.element.table : '');
  if (table?.inSpace !== true) return [];
  const sql = parts.join(' AND ');
  const names = joinNeighbours(
    row,
    rule.flatMap(({ phrases }) => phrases.map((phrase) => phrase.key)),
  );
  const [display_name, ...synonyms] = names;
  if (display_name === undefined) return [];
  return [
    {
      failure_type: 'missing_filter',
      question_ids: first.question_ids,
      changes: [
        {
          type: 'add_sql_snippet_filter',
          display_name,
          sql,
          ...(synonyms.length > 0 ? { synonyms } : {}),
          instruction: `${quoteList(names)} means ${sql}.`,
        },
      ],
      reason: `${quoteList(names)} means ${sql}, which the answers did not apply`,
      confidence: Math.min(0.9, 0.65 + 0.05 * first.question_ids.length),
    },
  ];
}

/** Phrases as a question says them; those that stand side by side are one name. */
function joinNeighbours({ folded, words }: AnalyzedRow, keys: readonly string[]): string[] {
  const places = new Set(
    keys.flatMap((key) => {
      const run = key.split(' ');
      const at = indexOfRun(folded, run);
      return at < 0 ? [] : run.map((_, offset) => at + offset);
    }),
  );
  const names: string[][] = [];
  for (const [at, { surface }] of words.entries()) {
    if (!places.has(at)) continue;
    if (places.has(at - 1)) names.at(-1)?.push(surface);
    else names.push([surface]);
  }
  return names.map((name) => name.join(' ')).sort((a, b) => b.length - a.length);
}

function proposeFilter(finding: Finding, context: GeneratorContext): Draft[] {
  const { element } = finding;
  if (element.kind !== 'predicate') return [];
  const table = context.schema.tables.get(element.table);
  const condition = writeFragment(element.sql, context.schema, element.tables);
  if (table === undefined || condition === null || !table.inSpace) return [];
  if (isSaidToAll(finding, context)) return [];
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
  if (finding.phrases.length === 0) return nameRule(finding, condition, context);
  const phrases = evidentPhrases(finding, context);
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

/**
 * A rule whose words no single column or value explains gets the most telling words of the one question that asks
 * for it: `likely to leave us`, `expect to sell`.
 */
function nameRule(finding: Finding, condition: string, context: GeneratorContext): Draft[] {
  const { element } = finding;
  const [row, second] = context.rows.filter((item) => finding.question_ids.includes(item.row.question_id));
  if (row === undefined || second !== undefined || element.kind !== 'predicate') return [];
  // Only an answer that did not come near the table shows that the words were not understood.
  if (!row.lacking.has(`table:${element.table}`)) return [];
  const isNamed = element.literals.some((literal) => literalInQuestion(literal, row.folded));
  if (isNamed && !SUBQUERY.test(element.sql)) return [];
  const [name] = [
    ...distinctivePhrases(row, (other) => other.expected.has(element.key), context.rows),
    ...distinctivePhrases(row, (other) => other.expected.has(`table:${element.table}`), context.rows),
  ];
  if (name === undefined) return [];
  return [
    {
      failure_type: 'missing_filter',
      question_ids: finding.question_ids,
      changes: [
        {
          type: 'add_sql_snippet_filter',
          display_name: name,
          sql: condition,
          instruction: `'${name}' means ${condition}.`,
        },
      ],
      reason: `'${name}' means ${condition}, and the answers did not read the table`,
      confidence: 0.62,
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
