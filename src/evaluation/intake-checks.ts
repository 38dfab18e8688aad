import { questionKey, unknownVariables, type Asset, type Benchmark } from '../benchmarks/index.ts';
import { nearestName, sameObject, shortName, nameParts } from '../core/index.ts';
import {
  instructionText,
  snippets,
  dataSources,
  SNIPPET_KINDS,
  type Space,
  sqlFunctions,
} from '../spaces/index.ts';
import { resolveSql, type SqlFacts, type TemplateVariables } from '../sql/index.ts';
import type { GroundTruthCheck } from './ground-truth-validation.ts';

/** Which way a suite comes about. @see spec/benchmarks.md §3 */
export const INTAKE_PATHS = ['full', 'partial', 'none'] as const;
export type IntakePath = (typeof INTAKE_PATHS)[number];

/** A supplied question with what was found out about it. */
export interface CheckedQuestion {
  readonly question: Benchmark;
  readonly status: IntakeStatus;
  readonly issues: readonly IntakeIssue[];
  /** What the run of its answer key showed. */
  readonly groundTruth: GroundTruthCheck;
}

/** What can be wrong with a supplied question. @see spec/benchmarks.md §3.1 */
export const INTAKE_ISSUES = [
  'no_matching_asset',
  'missing_trusted_asset',
  'invalid_measure',
  'ambiguous_term',
  'unqualified_object',
  'tvf_arguments',
  'duplicate_question',
  'ground_truth_failed',
] as const;
export type IntakeIssueType = (typeof INTAKE_ISSUES)[number];

export interface IntakeIssue {
  readonly type: IntakeIssueType;
  readonly message: string;
  /** The object, term or column it is about. */
  readonly detail: string;
}

/** What a check of the text and statement of a question needs. */
export interface IntakeCheckContext {
  readonly assets: readonly Asset[];
  readonly space: Space;
  readonly variables: TemplateVariables;
  /** Texts of the questions before this one, by {@link questionKey}, with their ids. */
  readonly earlier: ReadonlyMap<string, string>;
}

/** Words that mean nothing certain until somebody says what. */
const VAGUE_TERMS =
  /\b(best|worst|top(?!\s+(?:\d+|two|three|four|five|ten))|recent(?:ly)?|big|large|small|good|bad|active|inactive|popular|important|valuable|performance|performing|successful|healthy|healthier|loyal|high[- ]value|underperforming|key (?:customers|accounts|products)|frequent(?:ly)?)\b/gi;

/** Issues of a question that can be seen without running anything. */
export function intakeIssues(
  question: Benchmark,
  facts: SqlFacts,
  context: IntakeCheckContext,
): IntakeIssue[] {
  const { assets, variables, earlier } = context;
  const issues: IntakeIssue[] = [];
  const add = (type: IntakeIssueType, detail: string, message: string): void =>
    void issues.push({ type, detail, message });
  const twin = earlier.get(questionKey(question.question));
  if (twin !== undefined && twin !== question.id)
    add('duplicate_question', twin, `The text repeats ${twin}. Reword or remove one of them.`);

  const used: Asset[] = [];
  for (const { name, args, kind } of facts.tables) {
    const asset = assets.find((one) => sameObject(one.name, name));
    if (asset === undefined) {
      const near = nearestName(
        shortName(name),
        assets.map((one) => shortName(one.name)),
      );
      add(
        'missing_trusted_asset',
        name,
        `The answer key reads ${name}, which is not in the space. ${near === null ? 'Add it to the space, or write the key with its objects.' : `Did you mean ${near}?`}`,
      );
      continue;
    }
    used.push(asset);
    const required = asset.parameters.filter(({ defaultValue }) => defaultValue === null);
    if (kind === 'function' && args.length < required.length)
      add(
        'tvf_arguments',
        asset.name,
        `${asset.name} needs ${required.map((one) => one.name).join(', ')}; the answer key passes ${args.length}.`,
      );
    if (nameParts(name).length < 3)
      add(
        'unqualified_object',
        name,
        `The answer key reads ${name} without catalog and schema. Write \${catalog}.\${gold_schema}.${shortName(name)}.`,
      );
  }
  if (facts.tables.length === 0)
    add(
      'no_matching_asset',
      question.id,
      'The answer key reads no object, so no asset of the space can be credited with the answer.',
    );
  else if (used.length === 0 && facts.tables.length > 0)
    add('no_matching_asset', question.id, 'No table, metric view or function of the space can answer this.');

  const views = used.filter(({ kind }) => kind === 'MV');
  const measures = new Set(
    views.flatMap(({ columns }) =>
      columns.filter(({ role }) => role === 'measure').map(({ name }) => name.toLowerCase()),
    ),
  );
  for (const measure of views.length === 0 ? [] : facts.measures) {
    if (measures.size === 0 || measures.has(measure)) continue;
    const near = nearestName(measure, [...measures]);
    add(
      'invalid_measure',
      measure,
      `${views.map(({ name }) => name).join(', ')} has no measure '${measure}'.${near === null ? '' : ` Did you mean '${near}'?`}`,
    );
  }
  for (const name of unknownVariables(question.expected_sql, variables))
    if (!(name === 'schema' && Object.hasOwn(variables, 'gold_schema')))
      add(
        'unqualified_object',
        `\${${name}}`,
        `\${${name}} has no value. Known: ${Object.keys(variables).join(', ') || 'none'}.`,
      );
  for (const term of vagueTerms(question.question, context.space))
    add(
      'ambiguous_term',
      term,
      `'${term}' can mean many things. Say what it means in the question or in the instructions of the space.`,
    );
  return issues;
}

/** Vague words of a question that neither the question nor the space defines. */
export function vagueTerms(question: string, space: Space): string[] {
  const known = definitionsOf(space);
  const terms = [...question.matchAll(VAGUE_TERMS)].map(([term]) => term.toLowerCase());
  return [...new Set(terms)].filter((term) => {
    // "the best customers by revenue" says by what.
    const after = question.toLowerCase().split(term)[1] ?? '';
    return (
      !/\b(?:by|in terms of|measured|based on|according to|defined as)\b/.test(after) && !known.includes(term)
    );
  });
}

/** All text in which a space can say what a word means, lower case. */
function definitionsOf(space: Space): string {
  return [
    instructionText(space),
    ...sqlFunctions(space).map(({ identifier }) => shortName(identifier).replaceAll('_', ' ')),
    ...SNIPPET_KINDS.flatMap((kind) =>
      snippets(space, kind).flatMap(({ display_name, alias, synonyms = [] }) => [
        display_name ?? '',
        alias ?? '',
        ...synonyms,
      ]),
    ),
    ...dataSources(space).flatMap(({ column_configs = [] }) =>
      column_configs.flatMap(({ column_name, synonyms = [] }) => [
        column_name.replaceAll('_', ' '),
        ...synonyms,
      ]),
    ),
  ]
    .join('\n')
    .toLowerCase();
}

/** The statement with the variables that have values; others stay as written. */
export const resolvedAsFarAsKnown = (sql: string, variables: TemplateVariables): string => {
  const missing = unknownVariables(sql, variables).filter((name) => name !== 'schema');
  const filled = { ...variables, ...Object.fromEntries(missing.map((name) => [name, `unknown_${name}`])) };
  return unknownVariables(sql, filled).length > 0 && !Object.hasOwn(filled, 'gold_schema')
    ? resolveSql(sql, { ...filled, gold_schema: 'unknown_schema' })
    : resolveSql(sql, filled);
};

/** How a question stands after its checks. */
export type IntakeStatus = 'valid' | 'needs_info' | 'invalid';

const INVALIDATING: ReadonlySet<IntakeIssueType> = new Set([
  'no_matching_asset',
  'missing_trusted_asset',
  'invalid_measure',
  'duplicate_question',
  'ground_truth_failed',
]);

/** `invalid` when any issue keeps the question from being asked or compared. */
export const intakeStatus = (issues: readonly IntakeIssue[]): IntakeStatus =>
  issues.length === 0
    ? 'valid'
    : issues.some(({ type }) => INVALIDATING.has(type))
      ? 'invalid'
      : 'needs_info';
