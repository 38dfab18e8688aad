import type { Benchmark } from '../benchmarks/index.ts';
import { nameParts, shortName } from '../core/index.ts';
import type { CatalogSnapshot, ChatModel, StatementResult } from '../ports/index.ts';
import {
  splitStatements,
  templatizeSql,
  resolveSql,
  UnresolvedTemplateError,
  type SqlFacts,
} from '../sql/index.ts';
import { isEmptyResult, runKey, type KeyRun, type RunKeyContext } from './ground-truth-check.ts';
import { addOrder, bindDefaults, nearNames, renameColumn, renameObject } from './ground-truth-edits.ts';
import { repairWithModel } from './ground-truth-model.ts';

export const REPAIR_KINDS = [
  'rename_column',
  'rename_object',
  'add_order',
  'bind_parameters',
  'first_statement',
  'model',
] as const;

/** Another answer key that ran; nothing is changed until somebody says so. */
export interface RepairProposal {
  readonly kind: (typeof REPAIR_KINDS)[number];
  /** With template variables, as it would stand in the file. */
  readonly expected_sql: string;
  readonly description: string;
  /** Rows of the run that verified it. */
  readonly row_count: number;
}

export interface RepairContext extends RunKeyContext {
  readonly catalog: CatalogSnapshot;
  readonly chatModel: ChatModel | undefined;
}

/** Most repairs that are run for one question. */
const MAX_TRIALS = 6;

type Draft = Omit<RepairProposal, 'row_count'>;

/** Repairs of a key that failed: only those that run and return something, in the order of likelihood. */
export async function repairsOf(
  question: Benchmark,
  run: Extract<KeyRun, { ok: false }>,
  facts: SqlFacts,
  context: RepairContext,
): Promise<{
  readonly proposals: readonly RepairProposal[];
  readonly attempts: number;
  readonly lastCandidate: string | null;
}> {
  const drafts = draftsFor(question, run, facts, context).slice(0, MAX_TRIALS);
  const proposals: RepairProposal[] = [];
  for (const draft of drafts) {
    const verified = await verify(question, draft, context);
    if (verified !== null) proposals.push(verified);
  }
  const lastDraft = drafts.at(-1)?.expected_sql ?? null;
  // A held-out question is never shown to a model.
  if (proposals.length > 0 || context.chatModel === undefined || question.split === 'held_out')
    return { proposals, attempts: 1 + drafts.length, lastCandidate: lastDraft };
  const model = await repairWithModel(question, run.error, context.chatModel, context, async (sql) => {
    const draft: Draft = {
      kind: 'model',
      expected_sql: templatizeSql(sql, context.variables),
      description: `Rewritten by ${context.chatModel?.name ?? 'a model'} after: ${run.error.slice(0, 120)}`,
    };
    const trial = await runKey(question, draft.expected_sql, context);
    if (!trial.ok) return { error: trial.error };
    return isEmptyResult(trial.result)
      ? { error: 'the statement returns nothing' }
      : { proposal: { ...draft, row_count: trial.result.rows.length } };
  });
  return {
    proposals: model.proposal === null ? [] : [model.proposal],
    attempts: 1 + drafts.length + model.attempts,
    lastCandidate: model.lastSql ?? lastDraft,
  };
}

/** An ORDER BY for a key whose LIMIT picks rows at random. */
export async function orderRepair(
  question: Benchmark,
  result: StatementResult,
  context: RunKeyContext,
): Promise<RepairProposal | null> {
  const expected_sql = addOrder(question.expected_sql, result.columns.length);
  if (expected_sql === null) return null;
  const description = 'Adds an ORDER BY over all columns, so that LIMIT keeps the same rows every time.';
  return verify(question, { kind: 'add_order', expected_sql, description }, context);
}

async function verify(
  question: Benchmark,
  draft: Draft,
  context: RunKeyContext,
): Promise<RepairProposal | null> {
  if (draft.expected_sql === question.expected_sql) return null;
  const trial = await runKey(question, draft.expected_sql, context);
  return trial.ok && !isEmptyResult(trial.result) ? { ...draft, row_count: trial.result.rows.length } : null;
}

function draftsFor(
  question: Benchmark,
  run: Extract<KeyRun, { ok: false }>,
  facts: SqlFacts,
  { catalog, variables }: RepairContext,
): Draft[] {
  const sql = question.expected_sql;
  const resolved = (text: string): string => {
    try {
      return resolveSql(text, variables);
    } catch (error) {
      if (error instanceof UnresolvedTemplateError) return text;
      throw error;
    }
  };
  switch (run.reason) {
    case 'unknown_column': {
      const wrong = quotedNames(run.error)[0]?.at(-1);
      if (wrong === undefined) return [];
      const suggested = quotedNames(run.error)
        .slice(1)
        .flatMap((parts) => parts.at(-1) ?? []);
      const used = new Set(facts.tables.map(({ name }) => shortName(name)));
      const there = catalog.tables
        .filter(({ name }) => used.has(shortName(name)))
        .flatMap(({ columns }) => columns.map(({ name }) => name));
      return nearNames(wrong, [...suggested, ...there]).map((name) => ({
        kind: 'rename_column',
        expected_sql: renameColumn(sql, wrong, name),
        description: `The column '${wrong}' does not exist; '${name}' is the nearest name.`,
      }));
    }
    case 'missing_object': {
      const wrong = quotedNames(run.error)[0]?.join('.');
      if (wrong === undefined) return [];
      const names = [...catalog.tables, ...catalog.functions].map(({ name }) => name);
      const moved = names.filter((name) => shortName(name) === shortName(wrong));
      const near = nearNames(shortName(wrong), names.map(shortName)).flatMap((short) =>
        names.filter((name) => shortName(name) === short),
      );
      return [...new Set([...moved, ...near])].map((name) => ({
        kind: 'rename_object',
        expected_sql: templatizeSql(renameObject(sql, wrong, name, resolved), variables),
        description: moved.includes(name)
          ? `'${wrong}' does not exist; an object of this name is in ${nameParts(name).slice(0, -1).join('.')}.`
          : `'${wrong}' does not exist; '${name}' is the nearest name.`,
      }));
    }
    case 'parameterized_sql': {
      const bound = bindDefaults(sql, question.parameters ?? []);
      return bound === null
        ? []
        : [
            {
              kind: 'bind_parameters',
              expected_sql: bound,
              description: 'The parameters are replaced by their default values.',
            },
          ];
    }
    case 'multiple_statements': {
      const [first] = splitStatements(sql);
      return first === undefined
        ? []
        : [
            {
              kind: 'first_statement',
              expected_sql: first,
              description: 'Only the first of the statements is kept; check that it answers the question.',
            },
          ];
    }
    case 'missing_ground_truth':
    case 'unresolved_template':
    case 'not_read_only':
    case 'syntax_error':
    case 'tvf_arguments':
    case 'metric_view_join':
    case 'permission_blocked':
    case 'sql_compile_error':
    case 'runtime_error':
    case 'too_many_rows':
      return [];
  }
}

/** Names in backticks of an error message, each as its parts: `` `o`.`total` ``. */
const quotedNames = (message: string): string[][] =>
  [...message.matchAll(/`(?:[^`]|``)+`(?:\.`(?:[^`]|``)+`)*/g)].map(([name]) => nameParts(name));
