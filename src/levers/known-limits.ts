import { compareCodeUnits, shortName } from '../core/index.ts';
import { createFunctionSql } from '../patch-dsl/index.ts';
import type { CatalogFunction, CatalogSnapshot } from '../ports/index.ts';
import { lexSql } from '../sql/index.ts';
import type { AnalyzedRow } from './alignment/row-analysis.ts';
import type { Draft } from './generators/draft.ts';
import type { HistoryEntry } from './memory.ts';
import type { Observation } from './pass-rate.ts';
import type { Schema } from './schema.ts';

export const KNOWN_LIMITS = ['KGL-1', 'KGL-2', 'KGL-3'] as const;
export type KnownLimitId = (typeof KNOWN_LIMITS)[number];

/** A limit of the platform that no more metadata will lift, and what to do about it. */
export interface KnownLimit {
  readonly id: KnownLimitId;
  readonly question_ids: readonly string[];
  /** What helps, for the owner of the space and the data; quotes no question. */
  readonly recommendation: string;
}

/** So many attempts at a cause make it a candidate for a known limit. */
export const KNOWN_LIMIT_ATTEMPTS = 2;

export interface KnownLimitInput {
  readonly rows: readonly AnalyzedRow[];
  readonly schema: Schema;
  readonly catalog: CatalogSnapshot;
  readonly history: readonly HistoryEntry[];
  readonly observations: readonly Observation[];
}

export interface KnownLimitResult {
  readonly limits: readonly KnownLimit[];
  /** Workarounds that are patches. */
  readonly drafts: readonly Draft[];
  /** Questions for which routing is not proposed again. */
  readonly routingSensitive: ReadonlySet<string>;
}

/**
 * Recognises failures that survived targeted changes as known limits, and answers with their workaround.
 *
 * @see spec/asi-clustering-levers.md §10
 */
export function knownLimits(input: KnownLimitInput): KnownLimitResult {
  const nulls = quotedNulls(input);
  const flips = wavering(input);
  const periods = nestedPeriods(input);
  return {
    limits: [...nulls.limits, ...flips, ...periods],
    drafts: nulls.drafts,
    routingSensitive: new Set(flips.flatMap(({ question_ids }) => question_ids)),
  };
}

/** Patches that were tried together are one attempt. */
const attempts = (
  history: readonly HistoryEntry[],
  questionId: string,
  type: HistoryEntry['failure_type'],
): number =>
  new Set(
    history
      .filter((entry) => entry.failure_type === type && entry.question_ids.includes(questionId))
      .map(({ attempt, fingerprint }) => attempt ?? fingerprint),
  ).size;

/** KGL-1: an optional argument goes on being passed as the text 'NULL', whatever the comment says. */
function quotedNulls({
  rows,
  schema,
  catalog,
  history,
}: KnownLimitInput): Pick<KnownLimitResult, 'limits' | 'drafts'> {
  const byFunction = new Map<
    string,
    { fn: CatalogFunction; parameters: Set<string>; questions: Set<string> }
  >();
  for (const { row, failed } of rows) {
    if (!failed || attempts(history, row.question_id, 'tvf_parameter_error') < KNOWN_LIMIT_ATTEMPTS) continue;
    for (const use of row.facts.generated?.tables ?? []) {
      const key = use.kind === 'function' ? schema.function(use.name)?.key : undefined;
      const fn = catalog.functions.find((item) => schema.function(item.name)?.key === key);
      if (key === undefined || fn === undefined) continue;
      for (const [at, arg] of use.args.entries()) {
        const parameter = arg.name ?? fn.parameters[at]?.name;
        if (!/^'null'$/i.test(arg.text.trim()) || parameter === undefined) continue;
        const entry = byFunction.get(key) ?? { fn, parameters: new Set(), questions: new Set() };
        entry.parameters.add(parameter.toLowerCase());
        entry.questions.add(row.question_id);
        byFunction.set(key, entry);
      }
    }
  }
  const limits: KnownLimit[] = [];
  const drafts: Draft[] = [];
  for (const [, { fn, parameters, questions }] of [...byFunction].sort(([a], [b]) =>
    compareCodeUnits(a, b),
  )) {
    const question_ids = [...questions].sort(compareCodeUnits);
    const name = shortName(fn.name);
    const names = [...parameters].sort(compareCodeUnits).join(', ');
    limits.push({
      id: 'KGL-1',
      question_ids,
      recommendation: `Genie passes the text 'NULL' for ${names} of ${name}. Let the body treat NULL and 'NULL' alike, and write examples in SYNTAX by position.`,
    });
    const body = fn.body === null ? null : coerceNulls(fn.body, name, parameters, catalog);
    if (body === null) continue;
    drafts.push({
      failure_type: 'tvf_parameter_error',
      question_ids,
      changes: [{ type: 'update_tvf_sql', function: fn.name, new_sql: createFunctionSql({ ...fn, body }) }],
      reason: `${name} is called with the text 'NULL' whatever its comment says, so its body has to read it as NULL`,
      confidence: 0.85,
    });
  }
  return { limits, drafts };
}

/**
 * The body with `NULLIF(parameter, 'NULL')` in place of each parameter; `null` when a bare name could be a column
 * as well or nothing is to change.
 */
export function coerceNulls(
  body: string,
  functionName: string,
  parameters: ReadonlySet<string>,
  catalog: CatalogSnapshot,
): string | null {
  const columns = new Set(
    catalog.tables.flatMap((table) => table.columns.map((column) => column.name.toLowerCase())),
  );
  const tokens = lexSql(body);
  let text = '';
  let from = 0;
  let changed = false;
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'word' || !parameters.has(token.text.toLowerCase())) continue;
    const isMember = tokens[at - 1]?.text === '.';
    const isQualified = isMember && tokens[at - 2]?.text.toLowerCase() === functionName.toLowerCase();
    if (isMember && !isQualified) continue;
    if (tokens[at + 1]?.text === '.' || tokens[at - 1]?.text.toLowerCase() === 'as') continue;
    if (!isQualified && columns.has(token.text.toLowerCase())) return null;
    const isCoerced = tokens
      .slice(Math.max(0, at - (isQualified ? 4 : 2)), at)
      .some((item) => /^nullif$/i.test(item.text));
    if (isCoerced) continue;
    const start = isQualified ? (tokens[at - 2]?.start ?? token.start) : token.start;
    text += `${body.slice(from, start)}NULLIF(${body.slice(start, token.end)}, 'NULL')`;
    from = token.end;
    changed = true;
  }
  return changed ? text + body.slice(from) : null;
}

/**
 * Answers that show whether routing wavers, and the share of them from the wrong asset (2 of 5).
 *
 * @see spec/asi-clustering-levers.md §9
 */
export const ROUTING_PASSES = { least: 3, most: 5, wrongShare: 0.4 } as const;

/** What helps where routing wavers whatever is said. */
export const WAVERING_ADVICE =
  'Which asset answers changes between runs although both sides are told apart. Accept it as a property of the platform, or take one of the assets out of the space.';

/** KGL-2: after both sides were told apart, the question still goes now here, now there. */
function wavering({ rows, history, observations }: KnownLimitInput): KnownLimit[] {
  const question_ids = rows
    .filter(({ row, failed }) => {
      if (!failed || attempts(history, row.question_id, 'asset_routing_error') === 0) return false;
      const assets = observations
        .filter((item) => item.question_id === row.question_id)
        .flatMap((item) => item.actual_asset ?? [])
        .slice(-ROUTING_PASSES.most);
      if (assets.length < ROUTING_PASSES.least || new Set(assets).size < 2) return false;
      const wrong = assets.filter((asset) => asset !== row.expected_asset).length;
      return wrong / assets.length >= ROUTING_PASSES.wrongShare;
    })
    .map(({ row }) => row.question_id)
    .sort(compareCodeUnits);
  return question_ids.length === 0
    ? []
    : [
        {
          id: 'KGL-2',
          question_ids,
          recommendation: WAVERING_ADVICE,
        },
      ];
}

const NESTED_PERIOD =
  /\b(?:last|previous|prior|this|current|same) (?:quarter|month)\b|\b(?:yoy|year over year|growth|versus last year)\b/i;

/** KGL-3: nested date arithmetic goes on being ignored. */
function nestedPeriods({ rows, history, schema }: KnownLimitInput): KnownLimit[] {
  const byColumn = new Map<string, Set<string>>();
  for (const { row, failed, lacking, expected } of rows) {
    if (!failed || !NESTED_PERIOD.test(row.question)) continue;
    if (attempts(history, row.question_id, 'missing_temporal_filter') < KNOWN_LIMIT_ATTEMPTS) continue;
    for (const key of lacking) {
      const element = expected.get(key)?.element;
      if (element?.kind !== 'date') continue;
      const name = `${schema.tables.get(element.table)?.name ?? element.table}.${element.column}`;
      byColumn.set(name, (byColumn.get(name) ?? new Set()).add(row.question_id));
    }
  }
  return [...byColumn]
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .map(([column, questions]) => ({
      id: 'KGL-3' as const,
      question_ids: [...questions].sort(compareCodeUnits),
      recommendation: `Periods that need nested date arithmetic on ${column} stay unanswered. Offer a function with the period as a parameter, or columns computed beforehand (fiscal_quarter, is_last_quarter, quarter_start_date).`,
    }));
}
