import { parseComment, type AnyPatchDefinition, type NameResolver } from '../patch-dsl/index.ts';
import type { AnalyzedRow } from './alignment/row-analysis.ts';
import { indexOfRun, wordsOf } from './alignment/words.ts';
import type { Change } from './generators/draft.ts';
import type { Schema } from './schema.ts';

/** Chance that a change of a risk level spoils a question at risk. @see spec/asi-clustering-levers.md §6 */
export const REGRESSION_BASE = { low: 0.02, medium: 0.05, high: 0.12 } as const;

/** Added per container beyond the first. */
export const REGRESSION_PER_CONTAINER = 0.05;

/** A payload with its definition. */
export interface DefinedChange {
  readonly change: Change;
  readonly definition: AnyPatchDefinition;
  /** The change without its type. */
  readonly payload: Record<string, unknown>;
  readonly risk: keyof typeof REGRESSION_BASE;
}

/** Phrases by which a change takes effect; `null` when it may act on any question on its tables. */
function triggersOf(change: Change): readonly string[] | null {
  const reader = TRIGGERS[change.type];
  const phrases = reader === undefined ? [] : reader(change);
  return phrases.length > 0 ? phrases : null;
}

const textsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.flatMap(textsIn) : [];

const snippetNames = (change: Change): string[] => [
  ...textsIn(change['display_name']),
  ...textsIn(change['synonyms']),
];

/** Words of a member of a metric view: who says none of them is answered without it. */
const memberNames = (member: unknown): string[] => {
  const { name, synonyms } = (member ?? {}) as { readonly name?: unknown; readonly synonyms?: unknown };
  return [...textsIn(name).map((text) => text.replaceAll('_', ' ')), ...textsIn(synonyms)];
};

/** Phrases that a text quotes, and those that its sections say it is for or not for. */
function quotedIn(text: string): string[] {
  const { best_for = '', not_for = '' } = parseComment(text).sections;
  const uses = `${best_for}|${not_for}`.split('|').map((phrase) => phrase.replace(/\(use .*$/, '').trim());
  return [
    ...[...text.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? ''),
    ...uses.filter((phrase) => phrase !== ''),
  ];
}

/** Phrases that a text quotes and the text before it did not. */
const quotedAnew = (change: Change): string[] => {
  const old = new Set(textsIn(change['old_text']).flatMap(quotedIn));
  return [...textsIn(change['text']), ...textsIn(change['new_text'])]
    .flatMap(quotedIn)
    .filter((phrase) => !old.has(phrase));
};

const TRIGGERS: Readonly<Partial<Record<Change['type'], (change: Change) => string[]>>> = {
  add_synonym: (change) => textsIn(change['synonym']),
  add_mv_dimension: (change) => memberNames(change['dimension']),
  add_mv_measure: (change) => memberNames(change['measure']),
  add_sql_snippet_filter: snippetNames,
  add_sql_snippet_measure: snippetNames,
  add_sql_snippet_expression: snippetNames,
  add_instruction: quotedAnew,
  add_description: quotedAnew,
  update_description: quotedAnew,
  add_column_description: quotedAnew,
  update_column_description: quotedAnew,
  add_example_sql: (change) => textsIn(change['question']),
};

/**
 * Passing train questions that a change may touch: those that say its phrase and do without it,
 * else those whose answer key reads its tables, else all.
 */
export function questionsAtRisk(
  { change, definition, payload }: DefinedChange,
  rows: readonly AnalyzedRow[],
  schema: Schema,
  names: NameResolver,
  actsOn: readonly string[] | null = null,
): readonly string[] {
  const passing = rows.filter((row) => row.row.correct === true);
  const triggers = actsOn ?? triggersOf(change);
  if (triggers !== null) {
    const runs = triggers.map((trigger) => wordsOf(trigger).map((word) => word.folded));
    return idsOf(passing.filter((row) => runs.some((run) => indexOfRun(row.folded, run) >= 0)));
  }
  const tables = [
    ...new Set(definition.touched(payload, names).flatMap((name) => schema.table(name)?.key ?? [])),
  ];
  if (tables.length === 0) {
    const fn = schema.function(textsIn(payload['function'])[0] ?? '');
    if (fn === null) return idsOf(passing);
    return idsOf(
      passing.filter((row) =>
        row.row.facts.expected.tables.some((use) => schema.function(use.name)?.key === fn.key),
      ),
    );
  }
  // A join acts only where all of its tables meet.
  const needed = change.type === 'add_join' || change.type === 'update_join_condition' ? tables.length : 1;
  return idsOf(
    passing.filter((row) => tables.filter((table) => row.expected.has(`table:${table}`)).length >= needed),
  );
}

const idsOf = (rows: readonly AnalyzedRow[]): string[] => rows.map((row) => row.row.question_id);

/** Chance that a proposal spoils one question at risk. */
export function regressionProbability(changes: readonly DefinedChange[], names: NameResolver): number {
  const worst = Math.max(...changes.map((item) => REGRESSION_BASE[item.risk]));
  const containers = new Set(changes.map((item) => item.definition.containerKey(item.payload, names)));
  // An instruction without a case it excludes reaches further than it should.
  const vague = changes.some(
    (item) =>
      item.change.type === 'add_instruction' &&
      !/\b(?:unless|not|only|except)\b/i.test(String(item.payload['text'])),
  );
  return Math.min(1, (worst + REGRESSION_PER_CONTAINER * (containers.size - 1)) * (vague ? 2 : 1));
}

/** `fixed × confidence − at risk × regression probability`. */
export const netImpact = (fixed: number, confidence: number, atRisk: number, probability: number): number =>
  fixed * confidence - atRisk * probability;
